"""A roll-up in words: how many, of what, whose, and where the others are."""

from dataclasses import replace

import pytest

from notifier.brief import Brief
from notifier.ledger.flood import lost
from notifier.ledger.rollup import RollUp
from notifier.ledger.rollup_words import brief_of_rollup
from notifier.ledger.sight import WATCHED
from notifier.ledger.ticket import Ticket
from notifier.links import Console
from notifier.section import Fact, Section
from notifier.step import Step

PROBE = "Recon:EC2/PortProbeUnprotectedPort"
STOPPED = f"{WATCHED}guardduty DeleteDetector"
BEGAN = 1_795_406_400.0  # 2026-11-23 04:00 UTC

PROBES = RollUp(
    account="111122223333",
    type=PROBE,
    began=BEGAN,
    count=1_234,
    rank=5.0,
    severity="5.0",
    first=(("f1", "eu-west-1", "2.0"), ("f2", "us-east-1", "5.0"), ("f3", "eu-west-1", "2.0"), ("f4", "", "2.0")),
    regions=("eu-west-1", "us-east-1"),
)


def brief(rollup: RollUp, *, per_minute: int = 20, seconds: int = 300) -> Brief:
    return brief_of_rollup(rollup, deployment="sandbox", per_minute=per_minute, seconds=seconds)


def link(region: str, finding: str) -> object:
    console = Console.of(region)
    assert console is not None
    return console.guardduty_finding(finding)


def test_many_findings_are_counted_and_the_first_are_named_with_one_link_for_each_region() -> None:
    said = brief(PROBES)
    assert said.deployment == "sandbox"
    assert said.headline == f"1,234 more findings of the same kind, in account 111122223333: {PROBE}."
    assert said.subject == f"1,234 more: {PROBE}"
    assert (said.severity.number, said.severity_label) == (5.0, "Medium 5.0")
    assert (said.finding_type, said.finding_id, said.account) == (PROBE, "several", "111122223333")
    assert said.region == "several Regions"
    assert said.case == f"more|111122223333|{PROBE}|{BEGAN:.0f}"
    assert said.notes == (
        "They came within 5 minutes from 2026-11-23 04:00 UTC, when there were more than the 20 messages a minute that "
        "this destination is set to, and are told in this one message. Each of them is in GuardDuty, which keeps it "
        "for 90 days.",
    )
    (step,) = said.steps
    assert step.text == (
        "Open GuardDuty, take the finding's id out of the filter, and filter by the finding type "
        f"{PROBE} and the account 111122223333."
    )
    assert list(step.links) == [link("eu-west-1", "f1"), link("us-east-1", "f2")]
    assert said.sections == (
        Section(
            "The most severe of them",
            (
                Fact("Finding 1", "f1 (severity 2.0, eu-west-1)"),
                Fact("Finding 2", "f2 (severity 5.0, us-east-1)"),
                Fact("Finding 3", "f3 (severity 2.0, eu-west-1)"),
                Fact("Finding 4", "f4 (severity 2.0, unknown)"),
                Fact("Regions", "eu-west-1, us-east-1"),
            ),
        ),
    )


@pytest.mark.usefixtures("far_east")
def test_times_are_told_in_utc_wherever_the_code_runs() -> None:
    assert "from 2026-11-23 04:00 UTC," in brief(PROBES).notes[0]


def test_of_a_single_one_the_message_has_the_id_and_the_region() -> None:
    said = brief(replace(PROBES, count=1, first=PROBES.first[:1], regions=("eu-west-1",)))
    assert said.headline == f"1 more finding of the same kind, in account 111122223333: {PROBE}."
    assert (said.finding_id, said.region) == ("f1", "eu-west-1")


def test_two_are_several_although_only_one_is_named() -> None:
    said = brief(replace(PROBES, count=2, first=PROBES.first[:1], regions=("eu-west-1",)))
    assert said.headline.startswith("2 more findings of")
    assert said.finding_id == "several"


def test_calls_are_called_calls_and_are_looked_for_in_cloudtrail() -> None:
    calls = replace(PROBES, type=STOPPED, count=2, first=(("e1", "eu-west-1", "8.0"),), regions=("eu-west-1",))
    said = brief(calls, seconds=120, per_minute=7)
    assert said.headline == f"2 more calls of the same kind, in account 111122223333: {STOPPED}."
    assert said.steps == (Step(f"Look in CloudTrail's event history who made the calls: {STOPPED}."),)
    assert said.notes == (
        "They came within 2 minutes from 2026-11-23 04:00 UTC, when there were more than the 7 messages a minute that "
        "this destination is set to, and are told in this one message. Each of them is in CloudTrail's event history, "
        "which keeps it for 90 days.",
    )
    (section,) = said.sections
    assert section.facts[0] == Fact("Call 1", "e1 (severity 8.0, eu-west-1)")
    assert brief(replace(calls, count=1)).headline.startswith("1 more call of")


def test_what_the_table_has_lost_is_told_as_the_highest_and_without_a_number() -> None:
    ticket = Ticket(key="security-slack/more/0/1/x", account="111122223333", type=PROBE, began=BEGAN)
    rollup = lost(ticket)
    said = brief(rollup)
    assert (rollup.account, rollup.type, rollup.began) == ("111122223333", PROBE, BEGAN)
    assert (rollup.count, rollup.rank) == (None, 10.0)
    assert said.headline == f"An unknown number of more findings of the same kind, in account 111122223333: {PROBE}."
    assert said.notes[0].endswith(
        "which keeps it for 90 days. The table that counts them has lost the count; they are there."
    )
    assert (said.severity.word, said.region, said.finding_id) == ("Unknown", "unknown", "several")
    assert said.sections == ()
    (step,) = said.steps
    assert step.links == ()


def test_without_a_type_and_an_account_it_is_still_told() -> None:
    said = brief(RollUp(account="", type="", began=0.0, count=3, severity="2.0"))
    assert said.headline == "3 more findings of the same kind, in account unknown: unknown type."
    assert said.steps[0].text.endswith("filter by the finding type unknown type.")
    assert said.sections == ()


def test_regions_without_a_named_finding_make_no_section() -> None:
    assert brief(replace(PROBES, first=())).sections == ()
    assert brief(replace(PROBES, regions=())).sections[0].facts[-1].label == "Finding 4"


def test_what_others_wrote_is_inert_and_bounded_wherever_it_stands() -> None:
    rollup = replace(
        PROBES,
        type="T\u202e" + "t" * 500,
        account="1\x1b" + "2" * 500,
        first=(("f\x1b" + "f" * 500, "r\x1b", "s\x1b"),),
        regions=("r\x1b" + "r" * 500,),
        count=1,
    )
    said = brief(rollup)
    texts = [said.headline, said.subject, said.finding_type, said.finding_id, said.account, said.region]
    texts += [step.text for step in said.steps]
    texts += [fact.value for section in said.sections for fact in section.facts]
    assert all(text.isprintable() for text in texts)
    assert (len(said.finding_type), len(said.finding_id), len(said.account), len(said.region)) == (120, 120, 80, 80)
    assert all(len(fact.value) <= 160 for section in said.sections for fact in section.facts)
    assert len(said.case) == 255
