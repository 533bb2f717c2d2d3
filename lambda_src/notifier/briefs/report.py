"""The brief of an investigation's report: what it wrote, made inert, and links of ours to look further."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from notifier.accounts import shown_account
from notifier.brief import UNKNOWN, Brief
from notifier.briefs.arguments import is_access_key
from notifier.briefs.commands import account_now, lookup, snippet
from notifier.briefs.lengths import DESCRIPTION, ID, NAME, SUBJECT, TITLE
from notifier.briefs.surroundings import Surroundings
from notifier.inert import inert
from notifier.items.case import case_of
from notifier.items.hidden import without_tokens
from notifier.items.report import Report
from notifier.items.user_agent import shown_agent
from notifier.links import Console, Link, Portal, is_account, is_region, present
from notifier.section import Fact, Section
from notifier.step import Snippet, Step

FOLLOW_UP = "This is the second message about a finding that was sent before: what was found out since."

# In the labels of an investigation: `User agent`, and `New user agent` of Detective.
_AGENT = "user agent"


def brief_of(report: Report, around: Surroundings) -> Brief:
    """What was found out, and where to look further."""
    return replace(
        plain_brief(report, around),
        steps=_steps(report, detective=around.detective, portal=around.portal),
        sections=_sections(report),
        notes=_notes(report),
    )


def plain_brief(report: Report, around: Surroundings) -> Brief:
    """Its headline, and what the finding's own plain brief has."""
    account = inert(report.account or UNKNOWN, limit=NAME)
    return Brief(
        deployment=around.deployment,
        headline=inert(report.headline or "A report without words.", limit=TITLE),
        subject=inert(report.subject or "Report of an investigation", limit=SUBJECT),
        severity=report.severity,
        severity_label=inert(report.severity.label, limit=NAME),
        case=case_of(report),
        follow_up=True,
        finding_type=inert(report.type or UNKNOWN, limit=ID),
        finding_id=inert(report.finding_id or UNKNOWN, limit=ID),
        account=account,
        named_account=shown_account(account, around.accounts),
        region=inert(report.region or UNKNOWN, limit=NAME),
        updated=report.last_seen,
        link=_link(report, portal=around.portal),
    )


def _sections(report: Report) -> tuple[Section, ...]:
    """Every section with at least one line; user agents and names in it may be the thief's own text."""
    sections = (
        Section(
            _shown(title, limit=SUBJECT),
            tuple(_fact(label, value) for label, value in facts),
        )
        for title, facts in report.sections
    )
    return tuple(section for section in sections if section.facts)


def _fact(label: str, value: str) -> Fact:
    """In a user agent a word before a value names a secret, and hosts are the caller's; in words of ours neither is."""
    if _AGENT in label.lower():
        value = shown_agent(value)
    return Fact(_shown(label, limit=NAME), _shown(value, limit=TITLE))


def _notes(report: Report) -> tuple[str, ...]:
    """That it is a follow-up, and what a reader must not miss."""
    return (FOLLOW_UP, *(_shown(note, limit=DESCRIPTION) for note in report.notes))


def _steps(report: Report, *, detective: Collection[str], portal: Portal | None) -> tuple[Step, ...]:
    """What to do, with the links at the first step."""
    steps = [Step(_shown(text, limit=DESCRIPTION)) for text in report.steps]
    if report.unread and report.unread.step < len(steps):
        steps[report.unread.step] = steps[report.unread.step]._replace(snippets=_read_on(report))
    links = tuple(_links(report, detective=detective, portal=portal))
    if links:
        first = steps[0] if steps else Step("Look further.")
        steps[:1] = [first._replace(links=links)]
    return tuple(steps)


def _read_on(report: Report) -> tuple[Snippet, ...]:
    """The command of the first message, over the Regions that are left to read: all of them, or none.

    Whoever may put events on the bus may write a report, so each value has to be what it claims.
    """
    left, key, account = report.unread, report.access_key or "", report.account or ""
    regions = tuple(dict.fromkeys(left.regions)) if left else ()
    if left is None or not regions or not all(map(is_region, regions)) or not is_access_key(key):
        return ()
    since = f"{left.since.isoformat()[:19]}Z" if left.since else ""
    # The Region of the finding knows the credentials; one that could not be read may not.
    whose = [account_now(_known(report.region))] if is_account(account) else []
    first = f"; the first line shows whether you are in {account}" if whose else ""
    return (
        snippet(
            "What the key did in the Regions that were not read in full: time, address, call; last the role it assumed "
            f"and the new key (reads only{first})",
            *whose,
            lookup(key, regions, since=since),
        ),
    )


def _known(region: str | None) -> str | None:
    return region if region and is_region(region) else None


def _link(report: Report, *, portal: Portal | None) -> Link | None:
    """The finding in GuardDuty; of the administrator, where there is one: its bus carried the report."""
    console = Console.of(
        report.region, partition=report.partition, account=report.administrator or report.account, portal=portal
    )
    return console.guardduty_finding(report.finding_id) if console and report.finding_id else None


def _links(report: Report, *, detective: Collection[str], portal: Portal | None) -> Iterator[Link]:
    link = _link(report, portal=portal)
    if link:
        yield link
    its = Console.of(
        report.region,
        partition=report.partition,
        detective=detective,
        account=report.administrator or report.account,
        portal=portal,
    )
    owners = (
        Console.of(region, partition=report.partition, account=report.account, portal=portal)
        for region in dict.fromkeys((report.region, *report.regions))
    )
    role = its.detective_role(report.principal_id, last=report.last_seen) if its and report.principal_id else None
    yield from present(
        (
            role,
            its.detective_investigations() if its else None,
            *(one.cloudtrail_events(report.access_key) for one in owners if one and report.access_key),
        )
    )


def _shown(text: str, *, limit: int) -> str:
    return inert(without_tokens(text), limit=limit)
