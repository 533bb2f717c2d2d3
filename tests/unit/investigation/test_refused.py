"""What may pass is tried again, wherever it is said; what will not is told."""

import threading
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from infra.constructs.investigation_definition import RETRY
from investigation.aws import Aws, Service
from investigation.event import ReportRefused, put
from investigation.history import MOST_SILENCES
from investigation.refused import Refusal, Throttled, raised
from investigation.subject import subject_of
from tests.findings import REGION
from tests.unit.investigation.fakes import refusal
from tests.unit.investigation.world import THIEF, World, facts, settings

MEMBER = "444455556666"
AT = "https://cloudtrail.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    "error",
    [
        refusal("PutEvents", "InternalException"),
        refusal("GetRole", "ServiceFailure"),
        ClientError({"Error": {"Code": "502"}, "ResponseMetadata": {"HTTPStatusCode": 502}}, "GetRole"),  # type: ignore[typeddict-item]
        ReadTimeoutError(endpoint_url=AT),
        ConnectTimeoutError(endpoint_url=AT),
        EndpointConnectionError(endpoint_url=AT),
    ],
)
def test_what_may_pass_is_tried_again(error: ClientError | BotoCoreError) -> None:
    assert isinstance(raised(error), Throttled)
    assert "Throttled" in RETRY[0]["ErrorEquals"]  # type: ignore[operator]


@pytest.mark.parametrize("error", [refusal("GetRole", "AccessDenied"), NoCredentialsError()])
def test_what_will_not_pass_is_told(error: ClientError | BotoCoreError) -> None:
    assert isinstance(raised(error), Refusal)


@dataclass
class Bus:
    """A findings bus that refuses each entry for a reason."""

    code: str | None

    def call(self, _operation: str, /, **_: object) -> dict[str, Any]:
        return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": self.code, "ErrorMessage": "m"}]}


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("InternalFailure", Throttled),
        ("ThrottlingException", Throttled),
        ("NotAuthorizedForSourceException", ReportRefused),
        (None, ReportRefused),
    ],
)
def test_a_bus_that_is_busy_gets_the_report_again(code: str | None, error: type[Exception]) -> None:
    with pytest.raises(error, match=f"the bus findings did not take a report: {code}"):
        put("{}", events=Bus(code), bus_name="findings")


def test_a_report_that_the_bus_takes_at_the_third_attempt_is_the_one_that_is_told(case: World) -> None:
    attempts: list[str] = []

    def invoke(given: dict[str, Any]) -> object:
        if given["step"] == "report":
            attempts.append(given["step"])
            case.events.refuses = len(attempts) < 3
        return case.worker().run(given)

    assert case.investigate(invoke=invoke).headline.startswith("The key ")
    assert len(attempts) == 3


class Sessions:
    """boto3 in a function whose AssumeRole is refused."""

    region_name = REGION

    def __init__(self, code: str) -> None:
        self.code = code

    def get_partition_for_region(self, _region: str) -> str:
        return "aws"

    def client(self, _service: str, **_: object) -> "Sessions":
        return self

    def assume_role(self, **_: object) -> object:
        raise refusal("AssumeRole", self.code)


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        ("Throttling", Throttled, r"AssumeRole was refused \(Throttling\)"),
        ("AccessDenied", Refusal, r"the role reader of 444455556666 cannot be assumed: AssumeRole was refused \(Acc"),
    ],
)
def test_a_member_whose_door_is_busy_is_tried_again_and_one_that_is_shut_is_told(
    monkeypatch: pytest.MonkeyPatch, code: str, error: type[Exception], said: str
) -> None:
    monkeypatch.setattr("boto3.Session", lambda **_: Sessions(code))
    with pytest.raises(error, match=said):
        Aws(settings(member_role="reader", external_id="x" * 16)).of(MEMBER, "iam")


def test_clients_are_made_one_after_the_other_and_by_the_one_thread_that_asks(world: World) -> None:
    made: list[tuple[str, threading.Thread]] = []
    of = world.of

    def noted(account: str, service: str, region: str | None = None) -> Service:
        made.append((region or "", threading.current_thread()))
        return of(account, service, region)

    world.of = noted  # type: ignore[method-assign]
    world.settings = settings(regions=(REGION, "us-east-1", "us-east-2"))
    subject = subject_of(world.event)
    world.worker().look(subject, world.worker().plan(subject))
    assert made == [(name, threading.current_thread()) for name in (REGION, "us-east-1", "us-east-2")]


def test_a_member_that_is_busy_has_the_whole_look_tried_again(world: World) -> None:
    def busy(_account: str, _service: str, _region: str | None = None) -> Service:
        raise Throttled

    subject = subject_of(world.event)
    plan = world.worker().plan(subject)
    world.of = busy  # type: ignore[assignment,method-assign]
    with pytest.raises(Throttled):
        world.worker().look(subject, plan)


def test_a_region_that_never_answers_is_given_up_and_holds_up_no_other(case: World) -> None:
    asked = 0

    def silent(**_: object) -> dict[str, Any]:
        nonlocal asked
        asked += 1
        raise EndpointConnectionError(endpoint_url=AT)

    case.trail("us-east-1").lookup_events = silent  # type: ignore[method-assign]
    told = case.investigate()
    assert asked == 2 * MOST_SILENCES
    assert "us-east-1: no answer (EndpointConnectionError), 4 times" in facts(told, "Not known").values()
    assert facts(told, f"Outside: {THIEF}")["Regions"] == REGION
