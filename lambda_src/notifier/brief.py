"""What a responder needs to know about one message: the domain object that every destination renders."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from notifier import watched_brief
from notifier.accounts import Account, shown_account
from notifier.case import case_of
from notifier.egress import EgressRange, owned, ranges_of
from notifier.event import Item, Unrecognised
from notifier.facts import Fact, Section, sections_of
from notifier.finding import Finding
from notifier.headline import headline_of, is_leaked_credentials, subject_of
from notifier.heartbeat import Heartbeat
from notifier.hidden import without_secrets
from notifier.inert import ascii_only, inert, inert_lines
from notifier.leak import leak_of
from notifier.links import Console, Link, Portal
from notifier.notice import Notice
from notifier.report import Report
from notifier.report_parts import report_link, report_notes, report_sections, report_steps
from notifier.runbooks import Runbook, link_to, named, runbook_of
from notifier.severity import NOTICE, Severity
from notifier.step import Step
from notifier.steps import steps_of
from notifier.watched_call import WatchedCall
from notifier.watched_words import severity_of_call

_TITLE = 400
_SUBJECT = 160
_DESCRIPTION = 700
_RAW = 2500
_ID = 120
_NAME = 80
_NO_ACCOUNTS: Mapping[str, Account] = {}

UNKNOWN = "unknown"
RUNBOOKS = "docs/runbooks"
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
        follow_up: True for a report of an investigation: a second message about a case that was told.
        notice: True for a notice, of our own about suppression or of GuardDuty: to be read at work, never to wake.
        account: Number of the account.
        named_account: The same with the name and the owner that the configuration has for it; else empty.
        case: What the message is about, the same for every message about it (see `case_of`).
        call: True for an API call that could blind the stack, which is no finding and may wake somebody.
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
    follow_up: bool = False
    call: bool = False
    finding_type: str = UNKNOWN
    finding_id: str = UNKNOWN
    account: str = UNKNOWN
    named_account: str = ""
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
    def account_in_words(self) -> str:
        """The account as people are shown it."""
        return self.named_account or self.account

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


def brief_of(
    item: Item,
    *,
    deployment: str,
    egress: Sequence[EgressRange] = (),
    detective: Collection[str] = (),
    accounts: Mapping[str, Account] = _NO_ACCOUNTS,
    portal: Portal | None = None,
    runbooks: str = RUNBOOKS,
) -> Brief:
    """The brief of a finding or of a message that is none. Pure.

    Args:
        item: What was read from the message.
        deployment: Name of the deployment that sends it.
        egress: Our own address ranges.
        detective: Regions in which the deployment keeps a Detective graph.
        accounts: What people call their accounts, by number.
        portal: The way to the console for those who sign in by IAM Identity Center.
        runbooks: Address or path of the folder with a page for each family of findings.
    """
    plain = plain_brief(item, deployment=deployment, accounts=accounts, portal=portal)
    if isinstance(item, Unrecognised):
        return plain
    if isinstance(item, Notice):
        return _notice(item, plain)
    if isinstance(item, Report):
        return replace(
            plain,
            steps=report_steps(item, detective=detective, portal=portal),
            sections=report_sections(item),
            notes=report_notes(item),
        )
    if isinstance(item, Heartbeat):
        return plain
    if isinstance(item, WatchedCall):
        return _watched(item, plain, portal=portal)
    told = _finding(item, plain, egress=egress, detective=detective, portal=portal)
    return told if item.sample else _with_runbook(told, runbook_of(item.type or ""), at=runbooks)


def _with_runbook(brief: Brief, runbook: Runbook, *, at: str) -> Brief:
    """The brief with the page to work by: beside the first step, or in words where it has no address."""
    link = link_to(runbook, at=at)
    if link is None or not brief.steps:
        return replace(brief, notes=(*brief.notes, named(runbook, at=at)))
    first, *others = brief.steps
    return replace(brief, steps=(first._replace(links=(*first.links, link)), *others))


def plain_brief(
    item: Item, *, deployment: str, accounts: Mapping[str, Account] = _NO_ACCOUNTS, portal: Portal | None = None
) -> Brief:
    """Type, severity, account, Region, id and link, and nothing that could go wrong on the way there.

    For when `brief_of` or a destination's full rendering fails: a plain notice is better than none.
    """
    if isinstance(item, Unrecognised):
        return _unrecognised(item, deployment=deployment, accounts=accounts)
    if isinstance(item, Notice):
        return _plain_notice(item, deployment=deployment, accounts=accounts, portal=portal)
    if isinstance(item, Report):
        return _plain_report(item, deployment=deployment, accounts=accounts, portal=portal)
    if isinstance(item, Heartbeat):
        return _heartbeat(item, deployment=deployment)
    if isinstance(item, WatchedCall):
        return _plain_watched(item, deployment=deployment, accounts=accounts)
    shown_type = inert(item.type or UNKNOWN, limit=_ID)
    account = inert(item.account or UNKNOWN, limit=_NAME)
    console = _console(item, portal=portal)
    return Brief(
        deployment=deployment,
        headline=f"GuardDuty reported {shown_type}.",
        subject=shown_type,
        severity=item.severity,
        severity_label=inert(item.severity.label, limit=_NAME),
        case=case_of(item),
        finding_type=shown_type,
        finding_id=inert(item.finding_id or UNKNOWN, limit=_ID),
        account=account,
        named_account=shown_account(account, accounts),
        region=inert(_region(item) or UNKNOWN, limit=_NAME),
        sample=item.sample,
        archived=item.archived,
        updated=item.updated or item.created or item.envelope.time,
        link=console.guardduty_finding(item.finding_id) if console and item.finding_id else None,
    )


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


def _finding(
    finding: Finding, plain: Brief, *, egress: Sequence[EgressRange], detective: Collection[str], portal: Portal | None
) -> Brief:
    verdict = _verdict(finding, egress)
    leaked = is_leaked_credentials(finding.type)
    return replace(
        plain,
        headline=headline_of(finding, limit=_TITLE),
        subject=subject_of(finding, limit=_SUBJECT),
        egress=verdict,
        steps=steps_of(
            finding,
            leaked=leaked,
            console=_console(finding, detective=detective, portal=portal),
            own=verdict.ranges if verdict else (),
            account=plain.account_in_words,
            portal=portal,
        ),
        sections=sections_of(finding, account=plain.account_in_words),
        notes=tuple(_notes(finding, leaked=leaked)),
        description=inert_lines(without_secrets(finding.description or ""), limit=_DESCRIPTION),
    )


def _notes(finding: Finding, *, leaked: bool) -> Iterator[str]:
    if finding.sample:
        yield SAMPLE
    if finding.archived:
        yield ARCHIVED
    if finding.envelope.replay_name:
        yield f"Replayed from the archive by {inert(finding.envelope.replay_name, limit=_NAME)}."
    if leaked and not finding.sample:
        yield LEARNED
        yield leak_of(finding)


def _plain_notice(notice: Notice, *, deployment: str, accounts: Mapping[str, Account], portal: Portal | None) -> Brief:
    region = inert(notice.region or "all Regions", limit=_NAME)
    account = inert(notice.account or "all", limit=_NAME)
    console = Console.of(notice.region, account=notice.account, portal=portal)
    return Brief(
        deployment=deployment,
        headline=inert(notice.headline or "A notice without words.", limit=_TITLE),
        subject=inert(notice.subject or "Notice", limit=_SUBJECT),
        severity=NOTICE,
        severity_label=NOTICE.word,
        case=case_of(notice),
        notice=True,
        finding_type=f"{notice.about} ({inert(notice.kind or UNKNOWN, limit=_NAME)})",
        finding_id=inert(notice.finding_id or "none", limit=_ID),
        account=account,
        named_account=shown_account(account, accounts),
        region=region,
        link=console.guardduty_finding(notice.finding_id) if console and notice.finding_id else None,
    )


def _plain_report(report: Report, *, deployment: str, accounts: Mapping[str, Account], portal: Portal | None) -> Brief:
    account = inert(report.account or UNKNOWN, limit=_NAME)
    return Brief(
        deployment=deployment,
        headline=inert(report.headline or "A report without words.", limit=_TITLE),
        subject=inert(report.subject or "Report of an investigation", limit=_SUBJECT),
        severity=report.severity,
        severity_label=inert(report.severity.label, limit=_NAME),
        case=case_of(report),
        follow_up=True,
        finding_type=inert(report.type or UNKNOWN, limit=_ID),
        finding_id=inert(report.finding_id or UNKNOWN, limit=_ID),
        account=account,
        named_account=shown_account(account, accounts),
        region=inert(report.region or UNKNOWN, limit=_NAME),
        updated=report.last_seen,
        link=report_link(report, portal=portal),
    )


def _notice(notice: Notice, plain: Brief) -> Brief:
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


def _plain_watched(call: WatchedCall, *, deployment: str, accounts: Mapping[str, Account]) -> Brief:
    account = inert(call.account or UNKNOWN, limit=_NAME)
    api = inert(call.api, limit=_NAME)
    severity = severity_of_call(call.service, call.name)
    return Brief(
        deployment=deployment,
        headline=f"Somebody {'tried to call' if call.error else 'called'} {api}, which can blind this stack.",
        subject=f"{'Refused call' if call.error else 'Call'} of {api}",
        severity=severity,
        severity_label=severity.label,
        case=case_of(call),
        call=True,
        finding_type=f"Change that no deployment made ({api})",
        finding_id=inert(call.event_id or "none", limit=_ID),
        account=account,
        named_account=shown_account(account, accounts),
        region=inert(call.region or UNKNOWN, limit=_NAME),
        updated=call.time,
    )


def _watched(call: WatchedCall, plain: Brief, *, portal: Portal | None) -> Brief:
    console = Console.of(call.region, account=call.account, portal=portal)
    return replace(
        plain,
        headline=watched_brief.headline_of(call),
        subject=watched_brief.short_subject(call),
        notes=tuple(watched_brief.notes_of(call)),
        steps=watched_brief.steps_of(call, console),
        sections=watched_brief.sections_of(call),
    )


def _heartbeat(beat: Heartbeat, *, deployment: str) -> Brief:
    """For whoever looks at one at the desk; it is never sent."""
    return Brief(
        deployment=deployment,
        headline="A heartbeat of the detection stack; nobody is sent it.",
        subject="Heartbeat",
        severity=NOTICE,
        severity_label=NOTICE.word,
        case=case_of(beat),
        notice=True,
        sample=True,
        finding_type="Heartbeat",
        finding_id=inert(beat.beat or "none", limit=_ID),
        account="none",
        region=beat.region or UNKNOWN,
    )


def _unrecognised(item: Unrecognised, *, deployment: str, accounts: Mapping[str, Account]) -> Brief:
    envelope = item.envelope
    account = inert((envelope and envelope.account) or UNKNOWN, limit=_NAME)
    called = f" of type {inert(item.detail_type, limit=_NAME)}" if item.detail_type else ""
    return Brief(
        deployment=deployment,
        headline=f"Unrecognised GuardDuty event{called}: {item.reason}.",
        subject=f"Unrecognised GuardDuty event{called}",
        severity=Severity("Unknown", None),
        severity_label="Unrecognised",
        case=case_of(item),
        recognised=False,
        account=account,
        named_account=shown_account(account, accounts),
        region=inert((envelope and envelope.region) or UNKNOWN, limit=_NAME),
        notes=("It was not lost: what came stands below, cut to a readable length; the bus's archive has the whole.",),
        raw=inert_lines(without_secrets(item.raw), limit=_RAW),
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


def _console(finding: Finding, *, detective: Collection[str] = (), portal: Portal | None = None) -> Console | None:
    # GuardDuty's and Detective's pages are the administrator's, where there is one: its bus sent the event.
    account = finding.envelope.account or finding.account
    return Console.of(
        _region(finding), partition=finding.partition, detective=detective, account=account, portal=portal
    )
