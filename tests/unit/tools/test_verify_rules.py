"""What the targets of a rule are told, and when a rule comes that has a schedule."""

import json
from typing import Any

import pytest

from tests.unit.tools.stubbed_account import ACCOUNT, REGION, delivering, home
from tools.live.verdict import State
from tools.verify.check import Check

PATTERN = {"source": ["aws.guardduty"]}
TARGET: dict[str, Any] = {"Id": "mail", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:mail"}
HOURLY, DAILY = {"Input": '{"review": "hourly"}'}, {"Input": '{"review": "daily"}'}
OWN_WORDS: dict[str, dict[str, Any]] = {
    "Input": HOURLY,
    "InputPath": {"InputPath": "$.detail"},
    "InputTransformer": {"InputTransformer": {"InputPathsMap": {"id": "$.id"}, "InputTemplate": '"<id>"'}},
}


def compared(declared: dict[str, Any], found: dict[str, Any]) -> Check:
    """The check of a rule, from what of it and of its target is declared and what is found beside the common."""
    account = home(services=("events",), names={"R": "high"})
    rule, live = ({"EventPattern": PATTERN, **one.get("rule", {})} for one in (declared, found))
    live["EventPattern"] = json.dumps(live["EventPattern"])
    account.stubs["events"].add_response("describe_rule", {"State": "ENABLED", **live})
    targets = [{**TARGET, **found.get("target", {})}]
    account.stubs["events"].add_response("list_targets_by_rule", {"Targets": targets})
    rule["Targets"] = [{**TARGET, **declared.get("target", {})}]
    (check,) = delivering(account, ("R", "AWS::Events::Rule", rule))
    return check


@pytest.mark.parametrize("member", OWN_WORDS)
def test_a_target_that_is_not_told_what_came_is_wrong(member: str) -> None:
    """A finding of which only a part arrives is lost as surely as one that does not."""
    check = compared({}, {"target": OWN_WORDS[member]})
    assert check.state is State.WRONG
    assert check.detail == f"mail is not told what came: nobody declared its {member}; deploy"


@pytest.mark.parametrize("member", OWN_WORDS)
def test_what_a_target_is_declared_to_be_told_is_fine(member: str) -> None:
    assert compared({"target": OWN_WORDS[member]}, {"target": OWN_WORDS[member]}).state is State.OK


@pytest.mark.parametrize("found", [pytest.param(DAILY, id="another"), pytest.param({}, id="nothing")])
def test_a_review_that_is_told_to_do_something_else_is_wrong(found: dict[str, Any]) -> None:
    check = compared({"target": HOURLY}, {"target": found})
    assert (check.state, check.detail) == (State.WRONG, "mail is told something else than declared (Input); deploy")


@pytest.mark.parametrize(
    ("declared", "found", "state"),
    [
        pytest.param("rate(1 hour)", "rate(1 hour)", State.OK, id="as-declared"),
        pytest.param("rate(1 hour)", "rate(365 days)", State.WRONG, id="hardly-ever"),
        pytest.param("rate(1 hour)", "", State.WRONG, id="never"),
        pytest.param("", "rate(1 hour)", State.WRONG, id="for-nobody"),
    ],
)
def test_a_rule_that_comes_at_other_times_is_wrong(declared: str, found: str, state: State) -> None:
    def of(schedule: str) -> dict[str, Any]:
        return {"rule": {"ScheduleExpression": schedule} if schedule else {}}

    check = compared(of(declared), of(found))
    assert check.state is state
    assert state is State.OK or check.detail == "comes at other times than declared (ScheduleExpression); deploy"


EVEN_READS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


@pytest.mark.parametrize(
    ("declared", "found", "says"),
    [
        pytest.param({}, "ENABLED", "enabled, as declared", id="as-declared"),
        pytest.param({"State": "DISABLED"}, "DISABLED", "disabled, as declared", id="off-as-declared"),
        pytest.param({}, "DISABLED", "is DISABLED, so nothing takes what it matches; enable it", id="switched-off"),
        pytest.param({}, EVEN_READS, f"is {EVEN_READS}, declared is ENABLED; deploy", id="takes-more"),
        pytest.param({"State": EVEN_READS}, "ENABLED", f"is ENABLED, declared is {EVEN_READS}; deploy", id="less"),
        pytest.param({"State": "DISABLED"}, "ENABLED", "is ENABLED, declared is DISABLED; deploy", id="switched-on"),
    ],
)
def test_a_rule_in_another_state_than_declared_is_wrong(declared: dict[str, Any], found: str, says: str) -> None:
    """There is a third one, in which a rule takes calls that only read as well (EventBridge API reference, PutRule)."""
    check = compared({"rule": declared}, {"rule": {"State": found}})
    assert (check.state, check.detail) == (State.OK if says.endswith("as declared") else State.WRONG, says)


def test_a_rule_that_matches_something_else_is_wrong() -> None:
    check = compared({}, {"rule": {"EventPattern": {"source": ["aws.guardduty"], "account": ["111122223333"]}}})
    assert (check.state, check.detail) == (State.WRONG, "matches something else than declared; deploy")
