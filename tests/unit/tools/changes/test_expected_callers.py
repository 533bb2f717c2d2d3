"""Whoever the watch takes for a deployment changes the stack in silence, so one more is something to stop for."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.tools.changes.assemblies import compared, home, resource, said, sentences
from tools.changes.change import Kind, Topic

PIPELINE, ALICE = ["deploy", "pipeline"], ["AWSReservedSSO_*", "alice@example.com*"]


def notifier(expected: object, **more: str) -> dict[str, Any]:
    variables = {} if expected is None else {"WATCH_EXPECTED": expected}
    return resource("AWS::Lambda::Function", Environment={"Variables": {**variables, **more}})


def rows(*callers: list[str]) -> str:
    return json.dumps(callers)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        pytest.param(
            rows(PIPELINE),
            rows(PIPELINE, ALICE),
            "blind: the watch newly takes AWSReservedSSO_* / alice@example.com* for a deployment: nobody is told what "
            "it changes",
            id="one-more",
        ),
        pytest.param(
            None,
            rows(PIPELINE),
            "blind: the watch newly takes deploy / pipeline for a deployment: nobody is told what it changes",
            id="the-first",
        ),
        pytest.param(
            rows(PIPELINE, ALICE),
            rows(ALICE),
            "the watch no longer takes deploy / pipeline for a deployment: what it changes is told",
            id="one-less",
        ),
        pytest.param(
            rows(PIPELINE),
            {"Ref": "Callers"},
            "blind?: whom the watch takes for a deployment changes, and whether that is anybody more cannot be told",
            id="computed",
        ),
    ],
)
def test_who_is_newly_expected_is_told_once_for_all_functions(
    tmp_path: Path, before: object, after: object, says: str
) -> None:
    base, new = ({name: notifier(value) for name in ("A", "B")} for value in (before, after))
    assert said(tmp_path, home(base), home(new), topic=Topic.ROUTES) == [says]


def test_a_gate_stops_for_one_more_and_not_for_other_settings(tmp_path: Path) -> None:
    base = home({"A": notifier(rows(PIPELINE))})
    assert compared(tmp_path / "more", base, home({"A": notifier(rows(PIPELINE, ALICE))})).failing({Kind.BLIND})
    other = compared(
        tmp_path / "other", base, home({"A": notifier(rows(PIPELINE), RUNBOOKS_URL="https://wiki.example.com")})
    )
    assert (sentences(other), other.others) == ([], {"AWS::Lambda::Function": 1})


def test_of_a_watch_that_is_switched_off_nobody_is_said_to_be_told(tmp_path: Path) -> None:
    on = home({"A": notifier(rows(PIPELINE), WATCH_CLOUDFORMATION_ROLES="a,b")})
    off = home({"A": resource("AWS::Lambda::Function", Environment={"Variables": {}})})
    assert [one for one in sentences(compared(tmp_path, on, off)) if "what it changes is told" in one] == []


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        pytest.param({}, {"WATCH_FILTERS": "prod-"}, [], id="an-older-version-knew-none"),
        pytest.param({"WATCH_FILTERS": "prod-"}, {"WATCH_FILTERS": "prod-"}, [], id="the-same"),
        pytest.param(
            {"WATCH_FILTERS": "prod-"},
            {"WATCH_FILTERS": "p"},
            [
                "blind: of the filters in GuardDuty the watch takes those named p… for the deployment's own: nobody is "
                "told when a deployment makes such a one"
            ],
            id="more-of-them",
        ),
        pytest.param(
            {"WATCH_FILTERS": "prod-"},
            {},
            [
                "blind: of the filters in GuardDuty the watch takes all of them for the deployment's own: nobody is "
                "told when a deployment makes such a one"
            ],
            id="all-of-them",
        ),
    ],
)
def test_whose_filters_a_deployment_may_change_in_silence(
    tmp_path: Path, before: dict[str, str], after: dict[str, str], says: list[str]
) -> None:
    base, new = ({"A": notifier(rows(PIPELINE), **more)} for more in (before, after))
    assert said(tmp_path, home(base), home(new), topic=Topic.ROUTES) == says
