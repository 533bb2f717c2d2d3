"""Alternatives of a pattern: however they are grouped, none falls away in silence."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tools.changes.assemblies import Regions, home, resource, said
from tools.changes.change import Topic

Clause = dict[str, Any]


def clause(source: str, *names: object, on: list[object] | None = None) -> Clause:
    found: Clause = {"eventSource": [f"{source}.amazonaws.com"], "eventName": list(names)}
    return {**found, "requestParameters": {"name": on}} if on else found


def watch(*clauses: Clause) -> Regions:
    pattern = {
        "source": ["aws.events"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {"$or": list(clauses)},
    }
    return home({"It": resource("AWS::Events::Rule", Name="watch", EventPattern=pattern, Targets=[])})


SQS, EVENTS = clause("sqs", "DeleteQueue", "PurgeQueue"), clause("events", "PutRule", on=["a", {"prefix": "b"}])
UNKNOWN = "blind?: the rule of the watch watch "


@pytest.mark.parametrize(
    ("base", "new", "says"),
    [
        pytest.param([SQS, EVENTS], [EVENTS, SQS], "groups its alternatives in another way", id="another-order"),
        pytest.param(
            [SQS], [clause("sqs", "DeleteQueue"), clause("sqs", "PurgeQueue")], "groups its alternatives", id="parted"
        ),
        pytest.param([SQS], [SQS, EVENTS], "takes more alternatives in detail.$or", id="more"),
        pytest.param([EVENTS], [clause("events", "PutRule")], "takes more alternatives", id="of-any-name"),
        pytest.param([EVENTS], [clause("events", "PutRule", on=[{"wildcard": "*"}])], "takes more", id="by-a-wildcard"),
    ],
)
def test_what_loses_none_goes_blind_nobody(tmp_path: Path, base: list[Clause], new: list[Clause], says: str) -> None:
    (told,) = said(tmp_path, watch(*base), watch(*new), topic=Topic.ROUTES)
    assert told.startswith(f"the rule of the watch watch {says}")


@pytest.mark.parametrize(
    ("base", "new", "says"),
    [
        pytest.param([SQS, EVENTS], [EVENTS], "no longer takes sqs DeleteQueue, sqs PurgeQueue in", id="a-service"),
        pytest.param([SQS], [clause("sqs", "DeleteQueue")], "no longer takes sqs PurgeQueue in", id="a-call"),
        pytest.param(
            [EVENTS],
            [clause("events", "PutRule", on=[{"prefix": "b"}])],
            "no longer takes events PutRule a",
            id="a-name",
        ),
        pytest.param([clause("sqs", "a")], [clause("sqs", "a", on=["x"])], "no longer takes sqs a in", id="condition"),
        pytest.param(
            [clause("sqs", *"abcdef")],
            [clause("sqs", "a")],
            "no longer takes sqs b, sqs c, sqs d, sqs e and 1 more in",
            id="many",
        ),
        # Something that is not there at all has no name that a wildcard could stand for.
        pytest.param(
            [clause("sqs", "a", on=[{"exists": False}])],
            [clause("sqs", "a", on=[{"wildcard": "*"}])],
            'no longer takes sqs a {"exists": false} in',
            id="what-is-absent",
        ),
        pytest.param([{}], [SQS], "asks for other alternatives in", id="everything"),
        pytest.param(
            [clause("sqs", *(f"a{n}" for n in range(80)), on=[f"b{n}" for n in range(80)])],
            [SQS],
            "asks for other alternatives in",
            id="too-many-to-compare",
        ),
    ],
)
def test_what_falls_away_is_named_and_stops_a_gate(
    tmp_path: Path, base: list[Clause], new: list[Clause], says: str
) -> None:
    (told,) = said(tmp_path, watch(*base), watch(*new), topic=Topic.ROUTES)
    assert told.startswith(UNKNOWN + says), told


def test_a_rule_of_the_watch_is_described_by_whose_calls_it_takes(tmp_path: Path) -> None:
    told = said(tmp_path, home({}), watch(SQS, EVENTS), topic=Topic.ROUTES)
    assert "the rule of the watch watch is new: it notifies nobody of calls of events, sqs" in told[0]
