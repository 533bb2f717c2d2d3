"""Every destination's whole message, word for word: for a brief that has everything, and for one that has nothing."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from syrupy.assertion import SnapshotAssertion

from notifier.brief import Brief
from notifier.egress_verdict import EgressVerdict
from notifier.items.severity import severity_of
from notifier.links import Link
from notifier.section import Fact, Section
from notifier.step import Snippet, Step
from shared.egress import EgressRange
from tests.unit.notifier.forms import FULL, PLAIN

HOSTILE = "<@U1> <a href='x'>&amp;</a> [x](y) *b* _i_ ~s~ `c` |s|| :bell: @all #1 \\n ^ > q"
"""What acts in Slack's, Teams' or a mail program's markup, all at once."""

EVERYTHING = Brief(
    deployment="prod_*1*",
    headline=f"Credentials were used outside AWS by {HOSTILE}.",
    subject=f"Credentials of {HOSTILE}",
    severity=severity_of(8.0),
    severity_label="High 8.0",
    case="111122223333|arn:aws:iam::111122223333:role/payments",
    finding_type="UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS",
    finding_id="c6b1c2e3f4a5968778695a4b3c2d1e0f",
    account="111122223333",
    named_account=f"111122223333 ({HOSTILE}, owner shop)",
    region="eu-west-1",
    sample=True,
    updated=datetime(2026, 11, 23, 4, 14, 58, tzinfo=UTC),
    egress=EgressVerdict(
        address="198.51.100.7",
        ranges=(EgressRange(name="dc_1", owner="net*ops*", networks=(ip_network("198.51.100.0/28"),)),),
        sentence=f"198.51.100.7 is in dc_1, of {HOSTILE}.",
    ),
    link=Link("Open in GuardDuty", "https://console.aws.amazon.com/guardduty/home?region=eu-west-1#/a_b~c*d"),
    steps=(
        Step(
            f"Look at {HOSTILE}.",
            (
                Link("Open in GuardDuty", "https://console.aws.amazon.com/guardduty/home?region=eu-west-1#/a_b~c*d"),
                Link("Role <x>", "https://console.aws.amazon.com/iam/home#/roles/x_y"),
            ),
            (Snippet("Disable *it*", "aws iam update-access-key \\\n  --status Inactive # ``` <x> & _y_"),),
        ),
        Step("Then rotate it."),
    ),
    sections=(
        Section("Who", (Fact("Role", f"payments {HOSTILE}"), Fact("A longer label", "short"))),
        Section("Where *x*", (Fact("Address", "203.0.113.9"),)),
    ),
    notes=(f"You were told before: {HOSTILE}.", "A second note."),
    description=f"GuardDuty's own  words:\n{HOSTILE}.",
)

NOTHING = Brief(
    deployment="sandbox",
    headline="Something came that is no finding.",
    subject="A message that is no finding",
    severity=severity_of(None),
    severity_label="Unknown (treated as highest)",
    case="unrecognised",
    recognised=False,
    raw="{\n ``` <@U1> & *b*\n}",
)

BRIEFS = {
    "everything": EVERYTHING,
    "nothing": NOTHING,
    "archived": replace(EVERYTHING, closes=True, sample=False),
    "link-and-no-steps": replace(EVERYTHING, steps=(), sample=False, named_account="", egress=None, notes=()),
    "low-notice": replace(
        NOTHING, recognised=True, notice=True, raw="", severity=severity_of(2.0), severity_label="Low 2.0"
    ),
    "medium-follow-up": replace(EVERYTHING, follow_up=True, severity=severity_of(5.0), severity_label="Medium 5.0"),
    "critical-call": replace(EVERYTHING, call=True, severity=severity_of(9.5), severity_label="Critical 9.5"),
    "too-long": replace(
        EVERYTHING,
        headline="word " * 900,
        subject="word " * 90,
        description="word " * 200,
        sections=tuple(Section(f"Section {number}", (Fact("Fact", f"{number} " + "x" * 400),)) for number in range(45)),
        raw="raw " * 60,
    ),
}


def told(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text.split("\n")


@pytest.mark.parametrize("kind", sorted(FULL))
@pytest.mark.parametrize("name", BRIEFS)
def test_a_brief_is_told_in_exactly_these_words(kind: str, name: str, snapshot: SnapshotAssertion) -> None:
    assert told(FULL[kind](BRIEFS[name])) == snapshot


@pytest.mark.parametrize("kind", sorted(PLAIN))
@pytest.mark.parametrize("name", ["everything", "nothing", "too-long", "archived"])
def test_the_plain_form_is_told_in_exactly_these_words(kind: str, name: str, snapshot: SnapshotAssertion) -> None:
    assert told(PLAIN[kind](BRIEFS[name])) == snapshot
