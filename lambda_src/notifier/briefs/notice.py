"""The brief of a notice."""

from dataclasses import replace

from notifier.accounts import shown_account
from notifier.brief import UNKNOWN, Brief
from notifier.briefs.lengths import DESCRIPTION, ID, NAME, SUBJECT, TITLE
from notifier.briefs.surroundings import Surroundings
from notifier.inert import inert
from notifier.items.case import case_of
from notifier.items.notice import Notice
from notifier.items.severity import NOTICE
from notifier.links import Console
from notifier.section import Fact, Section
from notifier.step import Step


def brief_of(notice: Notice, around: Surroundings) -> Brief:
    """All of its words, made inert."""
    plain = plain_brief(notice, around)
    steps = [Step(inert(text, limit=DESCRIPTION)) for text in notice.steps]
    if plain.link and steps:
        steps[0] = Step(steps[0].text, (plain.link,))
    sections = (
        Section(
            inert(title, limit=SUBJECT),
            tuple(Fact(inert(label, limit=NAME), inert(value, limit=TITLE)) for label, value in facts),
        )
        for title, facts in notice.sections
    )
    return replace(
        plain,
        steps=tuple(steps),
        sections=tuple(section for section in sections if section.facts),
        notes=tuple(inert(note, limit=DESCRIPTION) for note in notice.notes),
    )


def plain_brief(notice: Notice, around: Surroundings) -> Brief:
    """Its headline, and where."""
    account = inert(notice.account or "all", limit=NAME)
    console = Console.of(notice.region, account=notice.account, portal=around.portal)
    return Brief(
        deployment=around.deployment,
        headline=inert(notice.headline or "A notice without words.", limit=TITLE),
        subject=inert(notice.subject or "Notice", limit=SUBJECT),
        severity=NOTICE,
        severity_label=NOTICE.word,
        case=case_of(notice),
        notice=True,
        finding_type=f"{notice.about} ({inert(notice.topic or UNKNOWN, limit=NAME)})",
        finding_id=inert(notice.finding_id or "none", limit=ID),
        account=account,
        named_account=shown_account(account, around.accounts),
        region=inert(notice.region or "all Regions", limit=NAME),
        link=console.guardduty_finding(notice.finding_id) if console and notice.finding_id else None,
    )
