"""What a responder needs to know about one message: the domain object that every destination renders."""

from dataclasses import dataclass, field
from datetime import datetime

from notifier.egress_verdict import EgressVerdict
from notifier.inert import ascii_only
from notifier.items.severity import Severity
from notifier.links import Link
from notifier.section import Section
from notifier.step import Step

UNKNOWN = "unknown"

_ID = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One message, in words, before any destination's format.

    Every text is inert and bounded already; links are ours. A destination escapes for its own format, and leaves
    away what does not fit.

    Attributes:
        deployment: Name of the deployment that sends it.
        headline: What happened, in one plain sentence.
        subject: The same in a few words, without severity.
        recognised: False for a message that is no GuardDuty finding; then `raw` holds what came.
        follow_up: True for a report of an investigation: a second message about a case that was told.
        notice: True for a notice, of our own about suppression or of GuardDuty: to be read at work, never to wake.
        account: Number of the account.
        named_account: The same with the name and the owner that the configuration has for it; else empty.
        case: What the message is about, the same for every message about it (see `case_of`).
        call: True for an API call that could blind the stack, which is no finding and may wake somebody.
        closes: All there is to tell is that somebody archived every finding of the case in GuardDuty: an incident can
            end. Only the ledger knows that; a finding by itself never says it.
        updated: When GuardDuty last changed the finding; None when it does not say.
    """

    deployment: str
    headline: str
    subject: str
    severity: Severity
    severity_label: str
    case: str
    recognised: bool = True
    notice: bool = False
    follow_up: bool = False
    call: bool = False
    finding_type: str = UNKNOWN
    finding_id: str = UNKNOWN
    account: str = UNKNOWN
    named_account: str = ""
    region: str = UNKNOWN
    sample: bool = False
    closes: bool = False
    updated: datetime | None = None
    egress: EgressVerdict | None = None
    link: Link | None = None
    steps: tuple[Step, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    description: str = ""
    raw: str = field(default="", repr=False)

    @property
    def account_in_words(self) -> str:
        """The account as people are shown it."""
        return self.named_account or self.account

    @property
    def in_a_line(self) -> str:
        """What a locked screen shows: how bad, where, and what happened."""
        place = f" · {self.account_in_words} · {self.region}" if self.recognised else ""
        return f"{self.severity_label}{place}: {self.headline}"

    @property
    def shortened(self) -> str:
        """What a destination says that shows less than it has."""
        if self.call:
            return "Shortened; all of it is in CloudTrail."
        return "Shortened." if self.notice or self.follow_up else "Shortened; all of it is in GuardDuty."

    def links(self) -> tuple[Link, ...]:
        """Every link of the message once, in the order in which they are needed."""
        first = (self.link,) if self.link else ()
        return tuple(dict.fromkeys((*first, *(link for step in self.steps for link in step.links))))


def pointer_brief(brief: Brief) -> Brief:
    """Where to find what came, in constant words: for when not even the plain form can be made."""
    found = ascii_only(brief.finding_id)[:_ID] or UNKNOWN
    return Brief(
        deployment=brief.deployment,
        headline="A message of GuardDuty could not be shown; it was not lost.",
        subject="A message that could not be shown",
        severity=Severity("Unknown", None),
        severity_label="Unknown",
        case=brief.case,
        recognised=False,
        finding_id=found,
        raw=f"Look for the finding {found} in GuardDuty, or read the event in the archive of the findings bus.",
    )
