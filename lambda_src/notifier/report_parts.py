"""The parts of a report's brief: what an investigation wrote, made inert, and links of ours to look further."""

from collections.abc import Collection, Iterator

from notifier.facts import Fact, Section
from notifier.hidden import without_tokens
from notifier.inert import inert
from notifier.links import Console, Link, Portal, present
from notifier.report import Report
from notifier.step import Step

_TITLE, _LABEL, _VALUE, _TEXT = 160, 80, 400, 700

FOLLOW_UP = "This is the second message about a finding that was sent before: what was found out since."


def report_sections(report: Report) -> tuple[Section, ...]:
    """Every section with at least one line; user agents and names in it may be the thief's own text."""
    sections = (
        Section(
            _shown(title, limit=_TITLE),
            tuple(Fact(_shown(label, limit=_LABEL), _shown(value, limit=_VALUE)) for label, value in facts),
        )
        for title, facts in report.sections
    )
    return tuple(section for section in sections if section.facts)


def report_notes(report: Report) -> tuple[str, ...]:
    """That it is a follow-up, and what a reader must not miss."""
    return (FOLLOW_UP, *(_shown(note, limit=_TEXT) for note in report.notes))


def report_steps(report: Report, *, detective: Collection[str], portal: Portal | None) -> tuple[Step, ...]:
    """What to do, with the links at the first step."""
    steps = [Step(_shown(text, limit=_TEXT)) for text in report.steps]
    links = tuple(_links(report, detective=detective, portal=portal))
    if links:
        first = steps[0].text if steps else "Look further."
        steps[:1] = [Step(first, links)]
    return tuple(steps)


def report_link(report: Report, *, portal: Portal | None) -> Link | None:
    """The finding in GuardDuty; of the administrator, where there is one: its bus carried the report."""
    console = Console.of(
        report.region, partition=report.partition, account=report.administrator or report.account, portal=portal
    )
    return console.guardduty_finding(report.finding_id) if console and report.finding_id else None


def _links(report: Report, *, detective: Collection[str], portal: Portal | None) -> Iterator[Link]:
    link = report_link(report, portal=portal)
    if link:
        yield link
    its = Console.of(
        report.region,
        partition=report.partition,
        detective=detective,
        account=report.administrator or report.account,
        portal=portal,
    )
    owners = Console.of(report.region, partition=report.partition, account=report.account, portal=portal)
    role = its.detective_role(report.principal_id, last=report.last_seen) if its and report.principal_id else None
    yield from present(
        (
            role,
            its.detective_investigations() if its else None,
            owners.cloudtrail_events(report.access_key) if owners and report.access_key else None,
        )
    )


def _shown(text: str, *, limit: int) -> str:
    return inert(without_tokens(text), limit=limit)
