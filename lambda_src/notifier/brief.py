"""What a responder needs to know about one message: the domain object that every destination renders."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from notifier.case import case_of
from notifier.egress import EgressRange, owned, ranges_of
from notifier.event import Item, Unrecognised
from notifier.facts import Fact, Section, sections_of
from notifier.finding import Finding
from notifier.headline import headline_of, is_leaked_credentials, subject_of
from notifier.inert import inert, inert_lines
from notifier.links import Console, Link
from notifier.notice import Notice
from notifier.severity import NOTICE, Severity
from notifier.steps import Step, steps_of

_TITLE = 400
_SUBJECT = 160
_DESCRIPTION = 700
_RAW = 2500
_ID = 120
_NAME = 80

UNKNOWN = "unknown"
LEARNED = (
    "GuardDuty learns a host that keeps calling and may not report it again: "
    "this message can be the only one, and silence does not mean that it stopped."
)
SAMPLE = "This is a sample finding: somebody asked GuardDuty for it, nothing happened."
ARCHIVED = "The finding is archived in GuardDuty."


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressVerdict:
    """Whether the caller's address is one of our own."""

    address: str
    ranges: tuple[EgressRange, ...]
    sentence: str

    @property
    def ours(self) -> bool:
        """Whether the address is inside one of our ranges."""
        return bool(self.ranges)


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
        notice: True for a notice of our own about suppression: to be read at work, never to wake.
        case: What the message is about, the same for every message about it (see `case_of`).
        archived: Somebody archived the finding in GuardDuty: they are done with it.
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
    finding_type: str = UNKNOWN
    finding_id: str = UNKNOWN
    account: str = UNKNOWN
    region: str = UNKNOWN
    sample: bool = False
    archived: bool = False
    updated: datetime | None = None
    egress: EgressVerdict | None = None
    link: Link | None = None
    steps: tuple[Step, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    description: str = ""
    raw: str = field(default="", repr=False)

    @property
    def shortened(self) -> str:
        """What a destination says that shows less than it has."""
        return "Shortened." if self.notice else "Shortened; all of it is in GuardDuty."

    def links(self) -> tuple[Link, ...]:
        """Every link of the message once, in the order in which they are needed."""
        first = (self.link,) if self.link else ()
        return tuple(dict.fromkeys((*first, *(link for step in self.steps for link in step.links))))


def brief_of(
    item: Item,
    *,
    deployment: str,
    egress: Sequence[EgressRange] = (),
    detective: Collection[str] = (),
) -> Brief:
    """The brief of a finding or of a message that is none. Pure.

    Args:
        item: What was read from the message.
        deployment: Name of the deployment that sends it.
        egress: Our own address ranges.
        detective: Regions in which the deployment keeps a Detective graph.
    """
    if isinstance(item, Unrecognised):
        return _unrecognised(item, deployment=deployment)
    if isinstance(item, Notice):
        return _notice(item, deployment=deployment)
    return _finding(item, deployment=deployment, egress=egress, detective=detective)


def plain_brief(item: Item, *, deployment: str) -> Brief:
    """Type, severity, account, Region, id and link, and nothing that could go wrong on the way there.

    For when `brief_of` or a destination's full rendering fails: a plain notice is better than none.
    """
    if isinstance(item, Unrecognised):
        return _unrecognised(item, deployment=deployment)
    if isinstance(item, Notice):
        return _plain_notice(item, deployment=deployment)
    shown_type = inert(item.type or UNKNOWN, limit=_ID)
    return Brief(
        deployment=deployment,
        headline=f"GuardDuty reported {shown_type}.",
        subject=shown_type,
        severity=item.severity,
        severity_label=inert(item.severity.label, limit=_NAME),
        case=case_of(item),
        finding_type=shown_type,
        finding_id=inert(item.finding_id or UNKNOWN, limit=_ID),
        account=inert(item.account or UNKNOWN, limit=_NAME),
        region=inert(_region(item) or UNKNOWN, limit=_NAME),
        sample=item.sample,
        archived=item.archived,
        updated=item.updated or item.created or item.envelope.time,
        link=_link(item),
    )


def _finding(finding: Finding, *, deployment: str, egress: Sequence[EgressRange], detective: Collection[str]) -> Brief:
    plain = plain_brief(finding, deployment=deployment)
    verdict = _verdict(finding, egress)
    leaked = is_leaked_credentials(finding.type)
    notes = [SAMPLE] if finding.sample else []
    if finding.archived:
        notes.append(ARCHIVED)
    if finding.envelope.replay_name:
        notes.append(f"Replayed from the archive by {inert(finding.envelope.replay_name, limit=_NAME)}.")
    if leaked and not finding.sample:
        notes.append(LEARNED)
    return Brief(
        deployment=deployment,
        headline=headline_of(finding, limit=_TITLE),
        subject=subject_of(finding, limit=_SUBJECT),
        severity=plain.severity,
        severity_label=plain.severity_label,
        case=plain.case,
        finding_type=plain.finding_type,
        finding_id=plain.finding_id,
        account=plain.account,
        region=plain.region,
        sample=plain.sample,
        archived=plain.archived,
        updated=plain.updated,
        egress=verdict,
        link=plain.link,
        steps=steps_of(
            finding,
            leaked=leaked,
            console=_console(finding, detective=detective),
            own=verdict.ranges if verdict else (),
        ),
        sections=sections_of(finding),
        notes=tuple(notes),
        description=inert_lines(finding.description or "", limit=_DESCRIPTION),
    )


def _plain_notice(notice: Notice, *, deployment: str) -> Brief:
    region = inert(notice.region or "all Regions", limit=_NAME)
    console = Console.of(notice.region)
    return Brief(
        deployment=deployment,
        headline=inert(notice.headline or "A notice about suppression without words.", limit=_TITLE),
        subject=inert(notice.subject or "Notice about suppression", limit=_SUBJECT),
        severity=NOTICE,
        severity_label=NOTICE.word,
        case=case_of(notice),
        notice=True,
        finding_type=f"suppression notice ({inert(notice.kind or UNKNOWN, limit=_NAME)})",
        finding_id=inert(notice.finding_id or "none", limit=_ID),
        account=inert(notice.account or "all accounts", limit=_NAME),
        region=region,
        link=console.guardduty_finding(notice.finding_id) if console and notice.finding_id else None,
    )


def _notice(notice: Notice, *, deployment: str) -> Brief:
    plain = _plain_notice(notice, deployment=deployment)
    steps = [Step(inert(text, limit=_DESCRIPTION)) for text in notice.steps]
    if plain.link and steps:
        steps[0] = Step(steps[0].text, (plain.link,))
    sections = (
        Section(
            inert(title, limit=_SUBJECT),
            tuple(Fact(inert(label, limit=_NAME), inert(value, limit=_TITLE)) for label, value in facts),
        )
        for title, facts in notice.sections
    )
    return replace(
        plain,
        steps=tuple(steps),
        sections=tuple(section for section in sections if section.facts),
        notes=tuple(inert(note, limit=_DESCRIPTION) for note in notice.notes),
    )


def _unrecognised(item: Unrecognised, *, deployment: str) -> Brief:
    envelope = item.envelope
    called = f" of type {inert(item.detail_type, limit=_NAME)}" if item.detail_type else ""
    return Brief(
        deployment=deployment,
        headline=f"Unrecognised GuardDuty event{called}: {item.reason}.",
        subject=f"Unrecognised GuardDuty event{called}",
        severity=Severity("Unknown", None),
        severity_label="Unrecognised",
        case=case_of(item),
        recognised=False,
        account=inert((envelope and envelope.account) or UNKNOWN, limit=_NAME),
        region=inert((envelope and envelope.region) or UNKNOWN, limit=_NAME),
        notes=("It was not lost: what came stands below, cut to a readable length; the bus's archive has the whole.",),
        raw=inert_lines(item.raw, limit=_RAW),
    )


def _verdict(finding: Finding, egress: Sequence[EgressRange]) -> EgressVerdict | None:
    if finding.caller is None or finding.caller.address is None:
        return None
    address = inert(finding.caller.address, limit=_NAME)
    found = ranges_of(finding.caller.address, egress)
    if not found:
        # None were given, or too many to fit the function's environment: then nothing is claimed.
        unknown = "was not compared with your egress ranges: the notifier has none"
        missing = "is not one of your egress ranges" if egress else unknown
        return EgressVerdict(address=address, ranges=(), sentence=f"{address} {missing}.")
    several = "s" if len(found) > 1 else ""
    sentence = f"{address} is in your egress range{several} {owned(found)}: it may be your own traffic."
    return EgressVerdict(address=address, ranges=found, sentence=sentence)


def _region(finding: Finding) -> str | None:
    # Where GuardDuty found it; `detail.region` may name us-east-1 for a global call detected elsewhere.
    return finding.envelope.region or finding.region


def _console(finding: Finding, *, detective: Collection[str] = ()) -> Console | None:
    return Console.of(_region(finding), partition=finding.partition, detective=detective)


def _link(finding: Finding) -> Link | None:
    console = _console(finding)
    return console.guardduty_finding(finding.finding_id) if console and finding.finding_id else None
