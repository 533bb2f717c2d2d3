"""A Region that the account has not enabled hides nothing; one that only does not know us may."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import botocore.session
import pytest

from infra.config import region_facts
from infra.config.regions import GUARDDUTY_REGIONS
from investigation.not_enabled import HOME
from notifier.brief import Brief
from tests.findings import REGION
from tests.unit.investigation.fakes import BEGAN
from tests.unit.investigation.test_workflow import MEMBER, members
from tests.unit.investigation.world import EGRESS, THIEF, World, facts, settings

COMMERCIAL = tuple(name for name in GUARDDUTY_REGIONS if region_facts(name).partition == "aws")
OPT_IN = tuple(name for name in COMMERCIAL if region_facts(name).opt_in)
OFF = "af-south-1"
STRANGER = f"{OFF}: LookupEvents was refused (UnrecognizedClientException); "


@pytest.fixture(name="wide")
def fixture_wide(world: World) -> World:
    """A member account of an organization in every Region, which has enabled none of those that it has to."""
    members(world, Status="ENABLED")
    world.members = {MEMBER}
    world.settings = settings(regions=COMMERCIAL)
    world.not_enabled(*OPT_IN)
    return world


@pytest.fixture(name="one")
def fixture_one(world: World) -> World:
    """An account that has not enabled one Region."""
    world.settings = settings(regions=(REGION, "us-east-1", OFF))
    world.not_enabled(OFF)
    return world


def reasons(told: Brief) -> list[str]:
    """Why Regions were not read."""
    (section,) = (one for one in told.sections if one.title == "Not known")
    return [fact.value for fact in section.facts if fact.label == "Event history"]


def seen_as_blind(told: Brief, why: str) -> None:
    """One Region is not known, for a reason."""
    assert "it could not be told what else was done" in told.headline
    assert reasons(told) == [why]
    assert "Not enabled" not in facts(told, "Looked at")
    assert any(note.startswith(f"Not everything could be looked at ({OFF})") for note in told.notes)


def test_an_account_that_has_enabled_no_region_is_told_what_its_history_shows(wide: World) -> None:
    told = wide.investigate()
    assert len(OPT_IN) == 17
    assert told.headline == (
        "GuardDuty saw a use from outside, and CloudTrail's event history of 17 Regions shows none: either the calls "
        "were data events, or they are not there yet, or they went to another Region."
    )
    assert told.subject == "Investigated: the calls from outside are not in the event history"
    assert reasons(told) == []
    assert facts(told, "Not known")["Other Regions"] == "only 17 Regions were looked at; they are named below"
    assert not any("Not everything" in note for note in told.notes)
    assert [step.text for step in told.steps] == [
        "Ask the workload's owner about the address in the finding before you call it a false alarm.",
        "Look into the data events of S3 and DynamoDB, if a trail keeps them: they do not show here.",
    ]
    looked = facts(told, "Looked at")
    assert looked["Not enabled"] == (
        f"{', '.join(OPT_IN)}: the account has not enabled them, so no key of it can be used there"
    )
    assert set(looked["Event history"].split(", ")) == set(COMMERCIAL) - set(OPT_IN)


def test_calls_to_account_management_are_where_its_endpoint_is() -> None:
    client: Any = botocore.session.get_session().create_client(
        "account", region_name=REGION, aws_access_key_id="a", aws_secret_access_key="b"
    )
    assert client.meta.endpoint_url == f"https://account.{HOME}.amazonaws.com"
    assert client.list_regions


def test_calls_elsewhere_are_no_longer_at_least(wide: World) -> None:
    wide.plant("s3:ListBuckets", address=THIEF, minutes=20)
    assert wide.investigate().headline == (
        "The key ASIAIOSFODNN7EXAMPLE was used from 1 outside address: 1 call (it only read)."
    )


def test_the_account_is_asked_at_each_look_and_only_where_a_region_does_not_know_us(one: World) -> None:
    one.investigate()
    assert len(one.account.asked) == 2
    assert one.account.asked[1] - one.account.asked[0] >= timedelta(minutes=15)
    other = World()
    other.trail("us-east-1").refuses = "AccessDeniedException"
    other.account.states = {"us-east-1": "DISABLED"}
    assert reasons(other.investigate()) == ["us-east-1: LookupEvents was refused (AccessDeniedException)"]
    assert other.account.asked == []


@pytest.mark.parametrize(
    ("state", "doubt"),
    [
        ("ENABLED", "the account has it as ENABLED"),
        ("ENABLED_BY_DEFAULT", "the account has it as ENABLED_BY_DEFAULT"),
        ("ENABLING", "the account has it as ENABLING"),
        ("DISABLING", "the account has it as DISABLING"),
        ("DISABLED_BY_SOMEBODY", "the account does not say that it is disabled"),
        ("", "the account does not say that it is disabled"),
    ],
)
def test_a_region_in_any_other_state_stays_unknown(one: World, state: str, doubt: str) -> None:
    one.account.states = {OFF: state} if state else {}
    seen_as_blind(one.investigate(), STRANGER + doubt)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ExpiredTokenException", "InvalidSignatureException"])
def test_any_other_refusal_stays_unknown_although_the_region_is_disabled(one: World, code: str) -> None:
    one.trail(OFF).refuses = code
    seen_as_blind(one.investigate(), f"{OFF}: LookupEvents was refused ({code})")
    assert one.account.asked == []


def test_a_throttled_region_stays_unknown_although_it_is_disabled(one: World) -> None:
    one.trail(OFF).refuses = "ThrottlingException"
    (why,) = reasons(one.investigate())
    assert why.startswith(f"{OFF}: LookupEvents was refused (ThrottlingException), ")


@pytest.mark.parametrize("code", ["AccessDeniedException", "TooManyRequestsException"])
def test_without_the_accounts_word_nothing_is_known_and_the_report_is_made(one: World, code: str) -> None:
    one.account.refuses = code
    why = f"ListRegions was refused ({code}), so that it is not known whether the account has enabled the Region"
    seen_as_blind(one.investigate(), STRANGER + why)


@pytest.mark.parametrize("error", ["", "AccessDenied"])
def test_a_region_that_was_enabled_used_and_disabled_again_stays_unknown(one: World, error: str) -> None:
    one.plant(
        "account:DisableRegion", address=EGRESS, minutes=90, region="us-east-1", read_only=False, error=error,
        userIdentity={"type": "AssumedRole", "accessKeyId": "ASIAANOTHERKEYEXAMPLE"},
    )  # fmt: skip
    seen_as_blind(
        one.investigate(),
        f"{STRANGER}somebody called DisableRegion in this time, and what was done before in a Region that is disabled "
        "now is lost",
    )


def test_what_was_disabled_before_the_key_was_used_counts_as_disabled(one: World) -> None:
    one.plant("account:DisableRegion", address=EGRESS, minutes=60 * 24 * 30, region="us-east-1", read_only=False)
    assert facts(one.investigate(), "Looked at")["Not enabled"].startswith(f"{OFF}: the account has not enabled it, ")


def test_where_nobody_can_tell_whether_a_region_was_disabled_it_stays_unknown(one: World) -> None:
    one.trail("us-east-1").refuses = "AccessDeniedException"
    refused = "LookupEvents was refused (AccessDeniedException)"
    assert reasons(one.investigate()) == [
        f"us-east-1: {refused}",
        f"{STRANGER}{refused}, so that it is not known whether it was enabled before",
    ]


def between_the_looks(world: World, change: Callable[[], Any]) -> Callable[[Any], object]:
    def invoke(given: dict[str, Any]) -> object:
        if given["step"] == "look-again":
            change()
        return world.worker().run(given)

    return invoke


def test_what_was_read_before_a_region_was_disabled_is_kept_and_the_rest_is_unknown(one: World) -> None:
    one.account.states, one.trail(OFF).refuses = {}, ""
    one.plant("ec2:RunInstances", address=THIEF, minutes=30, region=OFF, read_only=False)
    told = one.investigate(invoke=between_the_looks(one, lambda: one.not_enabled(OFF)))
    assert told.headline.endswith("from at least 1 outside address: at least 1 call (1 changed something).")
    assert reasons(told) == [f"{OFF}: read in part: only before the lag; after it the account had disabled the Region"]
    assert "Not enabled" not in facts(told, "Looked at")


def test_what_is_done_in_a_region_that_was_enabled_between_the_looks_is_told(one: World) -> None:
    def enable() -> None:
        one.account.states[OFF], one.trail(OFF).refuses = "ENABLED", ""
        one.plant("ec2:RunInstances", address=THIEF, minutes=-1, region=OFF, late=timedelta(), read_only=False)

    told = one.investigate(invoke=between_the_looks(one, enable))
    assert one.clock.now > BEGAN
    assert (
        told.headline == "The key ASIAIOSFODNN7EXAMPLE was used from 1 outside address: 1 call (1 changed something)."
    )
    assert facts(told, f"Outside: {THIEF}")["Regions"] == OFF
    assert facts(told, "What the key did")["Arrived late"] == "1 call that only the second look saw"
