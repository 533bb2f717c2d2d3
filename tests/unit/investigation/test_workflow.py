"""The workflow of the template, run from the finding to the report, with every way in which it can end."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from investigation.refused import Throttled
from notifier.brief import Brief
from notifier.destinations import chat_notification, pagerduty_event, slack_card, teams_card, webhook_document
from notifier.destinations.text import body
from notifier.items.event import read
from notifier.ledger.sight import Sight
from tests.findings import ACCOUNT, REGION, leaked_user_credentials
from tests.unit.investigation.states import ExecutionFailed
from tests.unit.investigation.world import (
    AWS_ADDRESS,
    EGRESS,
    ROLE_ARN,
    THIEF,
    World,
    busy_case,
    facts,
    settings,
    titles,
)
from tests.unit.notifier.limits import check, check_plain

MEMBER = "444455556666"


def never_quiet(brief: Brief) -> None:
    """What every report owes its reader: what it could not see, and no word of quiet."""
    assert facts(brief, "Not known")
    said = body(brief).lower()
    assert "no activity" not in said
    assert "nothing happened" not in said.replace("does not mean that nothing happened", "")


def test_the_thief_is_told_apart_from_the_workload(case: World) -> None:
    first, told = case.first_message(), case.investigate()
    assert (told.case, told.severity, told.finding_id) == (first.case, first.severity, first.finding_id)
    assert told.follow_up
    assert told.headline == (
        "The key ASIAIOSFODNN7EXAMPLE was used from 1 outside address: 4 calls (1 changed something, 1 was denied)."
    )
    thief = facts(told, f"Outside: {THIEF}")
    assert thief["Outside, because of"] == "the address in the finding"
    assert thief["Regions"] == "eu-west-1, us-east-1"
    assert thief["Calls"] == (
        "s3:PutBucketPolicy (1, changed something), iam:CreateUser (1, denied), s3:ListBuckets (1), "
        "sts:GetCallerIdentity (1)"
    )
    assert thief["On"] == "bucketName customer-exports"
    did = facts(told, "What the key did")
    assert did["From outside"] == "4 calls (1 changed something, 1 was denied)"
    assert did["From inside"] == "22 calls (1 read a secret)"
    assert did["Not attributable"] == "1 call (it only read)"
    assert did["First use outside"] == "2026-11-23 04:06:00 UTC"
    assert did["Services, outside"] == "iam, s3, sts"
    others = facts(told, "Other callers")
    assert set(others) == {AWS_ADDRESS, EGRESS, "10.0.0.12", "secretsmanager.amazonaws.com"}
    assert others[EGRESS].endswith("secretsmanager:GetSecretValue (1, read a secret)")
    never_quiet(told)


def test_a_users_key_is_looked_into_like_a_roles() -> None:
    case = World(event=leaked_user_credentials())
    case.plant_user("build", path="/ci/")
    case.iam.keys = {"AKIAIOSFODNN7EXAMPLE": "Active", "AKIAI44QH8DHBEXAMPLE": "Active"}
    case.plant("iam:CreateAccessKey", address=THIEF, minutes=60 * 24 * 70, read_only=False)
    told = case.investigate()
    (asked,) = case.detective.started
    assert asked["entity"] == f"arn:aws:iam::{ACCOUNT}:user/ci/build"
    assert told.headline == (
        "The key AKIAIOSFODNN7EXAMPLE was used from 1 outside address: 1 call (1 changed something, 1 took other "
        "credentials)."
    )
    assert facts(told, "What the user may do") == {
        "Policies": "none",
        "Access keys": "AKIAIOSFODNN7EXAMPLE (active, made 2026-11-23), AKIAI44QH8DHBEXAMPLE (active, made 2026-11-23)",
    }
    assert "Role" not in facts(told, "Not known")
    assert facts(told, "Not known")["Permissions"].startswith("only the policies of the user and its groups were read")
    others = "and deactivate each that is not: AKIAI44QH8DHBEXAMPLE (active, made 2026-11-23)."
    (step,) = (one.text for one in told.steps if "other keys" in one.text)
    assert step.endswith(others)
    never_quiet(told)


def test_who_calls_from_aws_with_a_users_key_is_not_taken_for_a_workload() -> None:
    """Anybody can rent a host on AWS, and a user's key is of none."""
    case = World(event=leaked_user_credentials())
    case.plant("sts:GetCallerIdentity", address=THIEF, minutes=14)
    case.plant("iam:CreateUser", address=AWS_ADDRESS, minutes=8, read_only=False)
    case.plant("iam:AttachUserPolicy", address=AWS_ADDRESS, minutes=7, read_only=False)
    told = case.investigate()
    assert told.subject == "Investigated: 1 call from outside, and of the unclear ones 2 changed something"
    assert told.headline == (
        "The key AKIAIOSFODNN7EXAMPLE was used from 1 outside address: 1 call (it only read). Of 2 calls that cannot "
        "be told from its owner's, 2 changed something."
    )
    assert facts(told, "What the key did")["Not attributable"] == "2 calls (2 changed something)"
    assert facts(told, "Other callers")[AWS_ADDRESS].startswith(
        "unclear (an address of AWS, and the key is of no workload there: anybody's); 2 calls"
    )
    assert told.notes[1] == (
        "The key's owner calls with it too. Inside or outside is judged by the address alone: a thief who works from "
        "your own network counts as inside, and nobody can tell whose an address of AWS is."
    )
    said = " ".join(step.text for step in told.steps)
    assert "Unless the key's owner knows this use as their own" in said
    assert "nothing was seen to be changed" not in said
    assert (
        "Find out who made the calls that cannot be told from its owner's, of which 2 changed something: they know "
        "which they made." in said
    )
    assert "workload" not in said
    never_quiet(told)


def test_a_users_key_of_which_nothing_is_certainly_outside() -> None:
    case = World(event=leaked_user_credentials())
    case.plant("iam:CreateUser", address=AWS_ADDRESS, minutes=8, read_only=False)
    told = case.investigate()
    assert told.headline == (
        "GuardDuty saw a use from outside, and of the calls with the key AKIAIOSFODNN7EXAMPLE some cannot be told from "
        "its owner's; none is certainly from outside."
    )
    assert any(step.text.startswith("Ask the key's owner about the address in the finding") for step in told.steps)


def test_a_note_says_what_counts_as_inside_where_the_thief_is_on_aws(world: World) -> None:
    world.event["detail"]["type"] = "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.InsideAWS"
    assert world.investigate().notes[1] == (
        "The workload's own calls use the same key. Inside or outside is judged by the address alone: a thief who "
        "works from the workload's own network counts as inside."
    )


def test_a_user_that_is_gone_is_said_to_be_unknown() -> None:
    told = World(event=leaked_user_credentials()).investigate()
    reason = "the path of the user build is not known: GetUser was refused (NoSuchEntity)"
    assert facts(told, "Not known")["User"] == reason
    assert facts(told, "Not known")["Detective"] == f"an investigation was not possible: {reason}"


def test_changes_that_cannot_be_told_from_the_workloads_own_are_named_and_nothing_is_called_unchanged(
    case: World,
) -> None:
    (ours,) = case.settings.egress
    case.settings = replace(case.settings, egress=(ours._replace(scoped=True),))
    case.plant("iam:CreateUser", address=EGRESS, minutes=3, read_only=False)
    case.plant("iam:CreateAccessKey", address=EGRESS, minutes=3, read_only=False)
    told = case.investigate()
    assert "which is for some workloads only" in facts(told, "Other callers")[EGRESS]
    assert any(
        step.text.startswith(
            "Find out who made the calls that cannot be told from the workload's own, of which 2 changed something, "
            "1 took other credentials, 1 read a secret: "
        )
        for step in told.steps
    )
    assert not any("nothing was seen to be changed" in step.text for step in told.steps)
    assert told.headline.endswith(
        " Of 4 calls that cannot be told from the workload's own, 2 changed something, 1 took other credentials, 1 "
        "read a secret."
    )


def test_calls_that_come_late_are_in_the_one_report(world: World) -> None:
    world.plant("s3:DeleteBucket", address=THIEF, minutes=2, read_only=False)
    told = world.investigate()
    assert facts(told, "What the key did")["Arrived late"] == "1 call that only the second look saw"
    assert facts(told, f"Outside: {THIEF}")["Did"] == "1 call (1 changed something)"
    assert len(world.events.taken) == 1
    assert world.machine
    assert world.machine.trail.count("WaitForHistory") == 1


def test_detective_is_asked_about_the_role_with_its_path_and_within_its_limits(case: World) -> None:
    case.detective.indicators = [
        {
            "IndicatorType": "IMPOSSIBLE_TRAVEL",
            "IndicatorDetail": {
                "ImpossibleTravelDetail": {
                    "StartingIpAddress": AWS_ADDRESS,
                    "StartingLocation": "Dublin",
                    "EndingIpAddress": THIEF,
                    "EndingLocation": "Amsterdam",
                    "HourlyTimeDelta": 1,
                }
            },
        },
        {
            "IndicatorType": "TTP_OBSERVED",
            "IndicatorDetail": {
                "TTPsObservedDetail": {
                    "Tactic": "Persistence",
                    "Technique": "Create Account",
                    "APIName": "CreateUser",
                    "IpAddress": THIEF,
                    "APISuccessCount": 0,
                    "APIFailureCount": 1,
                }
            },
        },
        {"IndicatorType": "FLAGGED_IP_ADDRESS", "IndicatorDetail": {"FlaggedIpAddressDetail": {"IpAddress": THIEF}}},
        {"IndicatorType": "NEW_ASO", "IndicatorDetail": {"NewAsoDetail": {"Aso": "ExampleNet"}}},
        {"IndicatorType": "RELATED_FINDING", "IndicatorDetail": {"RelatedFindingDetail": {"Type": "Recon:A/B"}}},
    ]
    told = case.investigate()
    (asked,) = case.detective.started
    assert asked["entity"] == ROLE_ARN
    assert facts(told, "Detective") == {
        "Severity": "HIGH",
        "Impossible travel": f"from Dublin ({AWS_ADDRESS}) to Amsterdam ({THIEF}), within 1 h",
        "Technique": f"Persistence / Create Account, by CreateUser, from {THIEF}, 0 succeeded, 1 failed",
        "Flagged address": THIEF,
        "New network": "ExampleNet, new for this identity",
        "Related finding": "Recon:A/B",
    }
    assert "Detective" not in facts(told, "Not known")


def members(world: World, **status: str) -> None:
    """Let the finding be of a member account."""
    world.event["detail"]["accountId"] = MEMBER
    world.event["detail"]["resource"]["lambdaDetails"]["role"] = ROLE_ARN.replace(ACCOUNT, MEMBER)
    world.detective.members = {MEMBER: status} if status else {}


ENDS: list[tuple[str, Callable[[World], Any], str]] = [
    ("failed", lambda w: setattr(w.detective, "ends", "FAILED"), "an investigation failed: Detective says FAILED"),
    (
        "timed-out",
        lambda w: setattr(w.detective, "takes_minutes", 999),
        "an investigation was not over in time: Detective still says RUNNING after 30 questions",
    ),
    (
        "no-graph-in-the-account",
        lambda w: setattr(w.detective, "has_graph", False),
        "an investigation was not possible: this account administers no Detective graph in eu-west-1",
    ),
    (
        "no-graph-in-the-region",
        lambda w: setattr(w, "settings", settings(detective_regions=frozenset({"us-east-1"}))),
        "an investigation was not possible: this deployment keeps no Detective graph in eu-west-1",
    ),
    ("not-a-member", members, f"an investigation was not possible: {MEMBER} is not a member of the Detective graph"),
    (
        "member-without-history",
        lambda w: members(w, Status="ACCEPTED_BUT_DISABLED", DisabledReason="VOLUME_TOO_HIGH"),
        f"an investigation was not possible: {MEMBER} is in the Detective graph as ACCEPTED_BUT_DISABLED "
        "(VOLUME_TOO_HIGH): it sends no history",
    ),
    (
        "refused",
        lambda w: setattr(w.detective, "refuses", "AccessDeniedException"),
        "an investigation was refused: ListGraphs was refused (AccessDeniedException)",
    ),
    (
        "throttled-for-good",
        lambda w: setattr(w.detective, "busy", 999),
        "an investigation came to no result: Throttled",
    ),
]


@pytest.mark.parametrize(("change", "said"), [pytest.param(*rest, id=name) for name, *rest in ENDS])
def test_detective_ends_otherwise_and_the_report_says_why(
    case: World, change: Callable[[World], Any], said: str
) -> None:
    change(case)
    told = case.investigate()
    assert facts(told, "Not known")["Detective"].startswith(said)
    assert "Detective" not in titles(told)
    assert any("An investigation by Detective" in note for note in told.notes)
    never_quiet(told)


def test_a_busy_detective_is_asked_again_later(case: World) -> None:
    case.detective.busy = 4
    told = case.investigate()
    assert len(case.detective.started) == 1
    assert facts(told, "Detective")["Severity"] == "HIGH"
    assert case.machine
    assert case.machine.waited >= 10 + 20 + 40 + 80


def test_a_member_is_investigated_like_ourselves(world: World) -> None:
    members(world, Status="ENABLED")
    world.members = {MEMBER}
    busy_case(world)
    told = world.investigate()
    assert facts(told, "Detective")["Severity"] == "HIGH"
    assert THIEF in str(titles(told))


def test_a_member_that_lets_nobody_read_is_told_as_unknown(case: World) -> None:
    members(case, Status="ENABLED")
    told = case.investigate()
    assert "it could not be told what else was done" in told.headline
    unknown = facts(told, "Not known")
    why = f"{MEMBER} is another account, and investigation.member_role is not configured"
    assert unknown["Event history"] == f"eu-west-1, us-east-1: {why}"
    assert unknown["Permissions"] == why
    never_quiet(told)


def test_an_empty_history_is_not_called_quiet(world: World) -> None:
    told = world.investigate()
    assert told.headline == (
        "GuardDuty saw a use from outside, and CloudTrail's event history of 2 Regions shows none: either the calls "
        "were data events, or they are not there yet, or they went to another Region."
    )
    never_quiet(told)


def test_one_region_that_cannot_be_read_is_named_and_holds_up_no_other(case: World) -> None:
    case.trail("us-east-1").refuses = "AccessDeniedException"
    told = case.investigate()
    assert "us-east-1: LookupEvents was refused (AccessDeniedException)" in facts(told, "Not known").values()
    assert any(note.startswith("Not everything could be looked at (us-east-1)") for note in told.notes)
    assert facts(told, f"Outside: {THIEF}")["Regions"] == "eu-west-1"


def test_what_only_the_first_look_could_read_is_kept(case: World) -> None:
    world, looked = case, []

    def invoke(given: dict[str, Any]) -> object:
        looked.append(given["step"])
        if given["step"] == "look-again":
            world.trail(REGION).refuses = "AccessDeniedException"
        return world.worker().run(given)

    told = case.investigate(invoke=invoke)
    assert "look-again" in looked
    # 04:20 less ten minutes of lag: the first look saw what was older.
    assert facts(told, f"Outside: {THIEF}")["Regions"] == "eu-west-1, us-east-1"
    assert any(
        "only before the lag; after it LookupEvents was refused" in one for one in facts(told, "Not known").values()
    )


@pytest.mark.parametrize("step", ["look", "look-again"])
def test_a_look_that_breaks_leaves_the_other(case: World, step: str) -> None:
    def invoke(given: dict[str, Any]) -> object:
        if given["step"] == step:
            raise RuntimeError
        return case.worker().run(given)

    told = case.investigate(invoke=invoke)
    assert f"Outside: {THIEF}" in titles(told)
    assert ("Second look" in facts(told, "Not known")) == (step == "look-again")


def test_two_looks_that_break_are_told_as_unknown(case: World) -> None:
    def invoke(given: dict[str, Any]) -> object:
        if given["step"].startswith("look"):
            raise RuntimeError
        return case.worker().run(given)

    told = case.investigate(invoke=invoke)
    assert "it could not be told what else was done" in told.headline
    assert facts(told, "Not known")["Event history"] == "eu-west-1, us-east-1: the look failed as a whole"
    never_quiet(told)


def test_a_busy_event_history_is_read_all_the_same(case: World) -> None:
    case.trail(REGION).busy = 5
    told = case.investigate()
    assert facts(told, "What the key did")["From outside"].startswith("4 calls")
    assert "Event history" not in facts(told, "Not known")


@pytest.mark.parametrize("step", ["plan", "report"])
def test_whatever_breaks_somebody_is_told_that_nothing_is_known(case: World, step: str) -> None:
    def invoke(given: dict[str, Any]) -> object:
        if given["step"] == step:
            raise KeyError("text of an attacker")
        return case.worker().run(given)

    with pytest.raises(ExecutionFailed, match="InvestigationFailed"):
        case.investigate(invoke=invoke)
    told = case.follow_up
    assert told.case == case.first_message().case
    assert told.headline == ("The investigation of this finding failed, so nothing is known beyond the finding itself.")
    assert facts(told, "Not known") == {"Everything": "the workflow ended with KeyError"}
    assert "attacker" not in body(told)


def test_permissions_that_break_are_told_as_unknown(case: World) -> None:
    def invoke(given: dict[str, Any]) -> object:
        if given["step"] == "permissions":
            raise Throttled
        return case.worker().run(given)

    told = case.investigate(invoke=invoke)
    assert facts(told, "Not known")["Permissions"] == "Throttled"
    assert f"Outside: {THIEF}" in titles(told)


def test_the_report_goes_where_the_finding_went_and_wakes_the_same_incident(case: World) -> None:
    told, first = case.investigate(), case.first_message()
    shown = pagerduty_event.message(told, routing_key="k")
    assert f'"dedup_key": "{first.case}"' in shown
    for made in (slack_card, teams_card, webhook_document, chat_notification):
        assert "Investigated" in made.message(told)
    check(told)
    check_plain(told)


def test_the_ledger_lets_a_report_through_once_and_beside_the_finding(case: World) -> None:
    case.investigate()
    event = {"source": "detection-stack", "detail-type": "Investigation Report"}
    detail = json.loads(case.entry["Detail"])
    (one,) = read(json.dumps({**event, "id": "1", "detail": detail}))
    (again,) = read(json.dumps({**event, "id": "2", "detail": detail}))
    (finding,) = read(json.dumps(case.event))
    assert Sight.of(one) == Sight.of(again)
    ours, its = Sight.of(one), Sight.of(finding)
    assert ours
    assert its
    assert ours.case != its.case


def test_guardduty_is_asked_only_where_that_is_on(world: World) -> None:
    busy_case(world)
    world.settings = settings(guardduty_regions=frozenset({REGION}))
    told = world.investigate()
    assert world.guardduty.prompts == ["Investigate the GuardDuty finding 1ab2c3d4e5f60718293a4b5c6d7e8f90"]
    assert facts(told, "GuardDuty investigation (preview)") == {
        "Severity": "High",
        "Risk": "Likely stolen",
        "Confidence": "Medium",
        "Summary": "A summary",
    }


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            "The finding is not in this detector, see https://evil.example/x",
            "an investigation failed: GuardDuty says FAILED: The finding is not in this detector, see "
            "https[:]//evil.example/x",
        ),
        ("", "an investigation failed: GuardDuty says FAILED, and not why"),
        ("x" * 2048, f"an investigation failed: GuardDuty says FAILED: {'x' * 300}"),
    ],
)
def test_why_an_investigation_of_guardduty_failed_is_told(world: World, error: str, said: str) -> None:
    world.settings = settings(guardduty_regions=frozenset({REGION}))
    world.guardduty.ends, world.guardduty.error = "FAILED", error
    assert facts(world.investigate(), "Not known")["GuardDuty's investigation"] == said


@pytest.mark.parametrize(("day", "before", "said"), [(10, 0, "10 of 10 within a day"), (3, 97, "100 of 100 in all")])
def test_the_quota_of_the_preview_is_left_alone(world: World, day: int, before: int, said: str) -> None:
    world.settings = settings(guardduty_regions=frozenset({REGION}))
    now = world.clock.now
    world.guardduty.used = [now - timedelta(hours=1)] * day + [now - timedelta(days=3)] * before
    told = world.investigate()
    assert world.guardduty.prompts == []
    assert said in facts(told, "Not known")["GuardDuty's investigation"]
