"""What bounds an investigation, how it enters a member account, which Regions it reads, and what it admits."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from investigation.aws import Aws
from investigation.documents import Caller, History, RegionHistory
from investigation.joined import joined
from investigation.look import CALLERS, bounded
from investigation.refused import Throttled, raised
from investigation.subject import subject_of
from tests.findings import REGION
from tests.unit.investigation.test_looks import caller, history, region
from tests.unit.investigation.world import THIEF, World, facts, settings

MEMBER = "444455556666"
STATE_BYTES = 262_144
"""Input or output of a state (Step Functions quotas)."""


def loud(number: int) -> Caller:
    """A thief who writes signs of many bytes wherever CloudTrail keeps what he writes."""
    return Caller(
        address=f"203.0.113.{number}", side="outside", how="h", calls=1, writes=1, denied=0,
        failed=0, first="", last="", apis={f"{n:080}": 1 for n in range(12)}, more_apis=0,
        agents=["😀" * 100] * 2, resources={f"denied|{n}{'😀' * 159}": 1 for n in range(8)},
    )  # fmt: skip


def test_a_thief_who_writes_many_bytes_does_not_end_the_investigation() -> None:
    one = RegionHistory(read="all", reason="", calls=CALLERS, callers=[loud(n) for n in range(CALLERS)], rest={})
    kept = bounded(History(regions={REGION: one}, late=0, looks=1, unsorted=""))
    assert 2 * len(json.dumps(kept)) < STATE_BYTES
    assert 0 < len(kept["regions"][REGION]["callers"]) < CALLERS


def test_what_the_first_look_hands_over_is_bounded_too(world: World) -> None:
    for number in range(2 * CALLERS):
        world.plant("s3:ListBuckets", address=f"203.0.113.{number}", minutes=20 + number)
    subject = subject_of(world.event)
    looked = world.worker().look(subject, world.worker().plan(subject))
    assert sum(len(one["callers"]) for one in looked["regions"].values()) == CALLERS


@dataclass
class Opened:
    """boto3 in a function that a member lets in, and what it was asked for."""

    given: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    region_name = REGION

    def __call__(self, **given: Any) -> "Opened":
        self.given = given
        return self

    def get_partition_for_region(self, _region: str) -> str:
        return "aws"

    def client(self, service: str, **given: Any) -> "Opened":
        self.asked.append((service, given))
        return self

    def assume_role(self, **given: Any) -> dict[str, Any]:
        self.asked.append(("AssumeRole", given))
        return {"Credentials": {"AccessKeyId": "ASIA", "SecretAccessKey": "secret", "SessionToken": "token"}}


def test_a_member_is_entered_by_its_role_and_external_id_and_read_with_what_that_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = Opened()
    monkeypatch.setattr("boto3.Session", opened)
    Aws(settings(member_role="reader", external_id="x" * 16)).of(MEMBER, "cloudtrail", "us-east-1")
    (_, entered) = next(one for one in opened.asked if one[0] == "AssumeRole")
    assert entered["RoleArn"] == f"arn:aws:iam::{MEMBER}:role/reader"
    assert entered["ExternalId"] == "x" * 16
    assert opened.given == {
        "aws_access_key_id": "ASIA", "aws_secret_access_key": "secret", "aws_session_token": "token",
    }  # fmt: skip
    service, client = opened.asked[-1]
    assert (service, client["region_name"]) == ("cloudtrail", "us-east-1")
    # Its pace and patience are our own: a retry of botocore's would count against it.
    assert client["config"].retries["total_max_attempts"] == 1


def test_the_regions_of_the_call_and_of_the_finding_are_read_wherever_the_deployment_is(world: World) -> None:
    world.settings = settings(regions=("eu-central-1",))
    world.event["region"], world.event["detail"]["region"] = "eu-north-1", "ap-south-1"
    assert world.worker().plan(subject_of(world.event))["regions"] == ["ap-south-1", "eu-north-1", "eu-central-1"]


@pytest.mark.parametrize("address", ["100.64.0.1", "fd00::1", "fe80::1", "127.0.0.1", "169.254.1.1", "172.16.0.1"])
def test_an_address_behind_a_nat_is_nobody_s(world: World, address: str) -> None:
    world.plant("s3:ListBuckets", address=address, minutes=5)
    assert facts(world.investigate(), "Other callers")[address].startswith("unclear (a private address")


@pytest.mark.parametrize("status", [500, 503])
def test_a_fault_of_the_server_may_pass_whatever_it_is_called(status: int) -> None:
    error: Any = {"Error": {"Code": "Oops"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    assert isinstance(raised(ClientError(error, "LookupEvents")), Throttled)


def test_a_graph_behind_an_empty_page_is_found(case: World, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = case.detective.list_graphs

    def in_two_pages(NextToken: str = "") -> dict[str, Any]:  # noqa: N803
        return listed() if NextToken else {"GraphList": [], "NextToken": "more"}

    monkeypatch.setattr(case.detective, "list_graphs", in_two_pages)
    case.investigate()
    assert len(case.detective.started) == 1


def test_more_than_detective_is_asked_for_is_admitted(case: World) -> None:
    one = {"IndicatorType": "FLAGGED_IP_ADDRESS", "IndicatorDetail": {"FlaggedIpAddressDetail": {"IpAddress": THIEF}}}
    case.detective.indicators = [one] * 100
    assert facts(case.investigate(), "Not known")["Detective"] == "it found more than is shown here"


def test_a_region_that_cannot_be_read_leaves_a_step_to_read_it(case: World) -> None:
    case.trail("us-east-1").refuses = "AccessDeniedException"
    (step,) = (step for step in case.investigate().steps if step.text.startswith("Read the event history"))
    assert step.text == (
        "Read the event history of the Regions that were not read in full, since 2026-11-22 03:52:10 UTC: us-east-1."
    )
    detail = json.loads(case.entry["Detail"])
    assert detail["unread"] == {
        "step": detail["steps"].index(step.text), "since": "2026-11-22T03:52:10+00:00", "regions": ["us-east-1"],
    }  # fmt: skip
    (snippet,) = step.snippets
    assert "--region us-east-1 --lookup-attributes AttributeKey=AccessKeyId,AttributeValue=ASIAIOSF" in snippet.text


def test_where_all_was_read_nothing_is_left_to_read(case: World) -> None:
    case.investigate()
    assert json.loads(case.entry["Detail"])["unread"] is None


@pytest.mark.parametrize(
    ("earlier", "late"),
    [
        ({}, 0),
        ({"a": region(read="none", reason="LookupEvents was refused (ThrottlingException)")}, 0),
        ({"a": region(read="off")}, 5),
        ({"a": region(caller("1", calls=2), read="part", reason="there are more than 2,000 calls")}, 3),
        ({"a": region(caller("1", calls=2))}, 3),
        ({"a": region()}, 5),
    ],
)
def test_what_the_first_look_could_not_see_at_all_did_not_arrive_late(
    earlier: dict[str, RegionHistory], late: int
) -> None:
    first = History(regions=earlier, late=0, looks=1, unsorted="")
    assert joined(first, history(a=region(caller("1", calls=5))))["late"] == late


def test_a_region_that_refused_the_first_look_says_nothing_of_late_calls(case: World) -> None:
    case.trail(REGION).refuses = "AccessDeniedException"

    def invoke(given: dict[str, Any]) -> object:
        if given["step"] == "look-again":
            case.trail(REGION).refuses = ""
        return case.worker().run(given)

    did = facts(case.investigate(invoke=invoke), "What the key did")
    assert did["From outside"].startswith("4 calls")
    assert did["Arrived late"] == "1 call that only the second look saw"
