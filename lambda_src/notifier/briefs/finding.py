"""The brief of a finding."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from notifier.accounts import shown_account
from notifier.brief import UNKNOWN, Brief
from notifier.briefs.facts import sections_of
from notifier.briefs.headline import headline_of, is_leaked_credentials, subject_of, unlinked
from notifier.briefs.leak import leak_of
from notifier.briefs.lengths import DESCRIPTION, ID, NAME, SUBJECT, TITLE
from notifier.briefs.runbooks import Runbook, link_to, named, runbook_of
from notifier.briefs.steps import steps_of
from notifier.briefs.surroundings import Surroundings
from notifier.egress_verdict import verdict_on
from notifier.inert import inert, inert_lines
from notifier.items.case import LEAKED_KEYS, case_of
from notifier.items.finding import Finding
from notifier.items.hidden import without_secrets
from notifier.links import Console, Portal

LEARNED = (
    "GuardDuty learns a host that keeps calling and may not report it again: "
    "this message can be the only one, and silence does not mean that it stopped."
)
SAMPLE = "This is a sample finding: somebody asked GuardDuty for it, nothing happened."
ARCHIVED = "The finding is archived in GuardDuty."


def brief_of(finding: Finding, around: Surroundings) -> Brief:
    """What happened, whether it was us, what to do, and the facts."""
    plain = plain_brief(finding, around)
    address = finding.caller.address if finding.caller else None
    leaked = (finding.type or "").startswith(LEAKED_KEYS)
    verdict = verdict_on(address, around.egress) if address is not None else None
    if verdict and not verdict.ours and not leaked:
        # Of a probe or a public bucket nobody asks whether the address is ours, unless it is.
        verdict = None
    told = replace(
        plain,
        headline=headline_of(finding, limit=TITLE),
        subject=subject_of(finding, limit=SUBJECT),
        egress=verdict,
        steps=steps_of(
            finding,
            leaked=leaked,
            console=_console(finding, detective=around.detective, portal=around.portal),
            own=verdict.ranges if verdict else (),
            account=plain.account_in_words,
            portal=around.portal,
        ),
        sections=sections_of(finding, account=plain.account_in_words),
        notes=tuple(_notes(finding, leaked=leaked)),
        description=inert_lines(unlinked(without_secrets(finding.description or ""), finding), limit=DESCRIPTION),
    )
    return told if finding.sample else _with_runbook(told, runbook_of(finding.type or ""), at=around.runbooks)


def plain_brief(finding: Finding, around: Surroundings) -> Brief:
    """Type, severity, account, Region, id and link."""
    shown_type = inert(finding.type or UNKNOWN, limit=ID)
    account = inert(finding.account or UNKNOWN, limit=NAME)
    console = _console(finding, portal=around.portal)
    return Brief(
        deployment=around.deployment,
        headline=f"GuardDuty reported {shown_type}.",
        subject=shown_type,
        severity=finding.severity,
        severity_label=inert(finding.severity.label, limit=NAME),
        case=case_of(finding),
        finding_type=shown_type,
        finding_id=inert(finding.finding_id or UNKNOWN, limit=ID),
        account=account,
        named_account=shown_account(account, around.accounts),
        region=inert(_region(finding) or UNKNOWN, limit=NAME),
        sample=finding.sample,
        updated=finding.updated or finding.created or finding.envelope.time,
        link=console.guardduty_finding(finding.finding_id) if console and finding.finding_id else None,
    )


def _with_runbook(brief: Brief, runbook: Runbook, *, at: str) -> Brief:
    """The brief with the page to work by: beside the first step, or in words where it has no address."""
    link = link_to(runbook, at=at)
    if link is None or not brief.steps:
        return replace(brief, notes=(*brief.notes, named(runbook, at=at)))
    first, *others = brief.steps
    return replace(brief, steps=(first._replace(links=(*first.links, link)), *others))


def _notes(finding: Finding, *, leaked: bool) -> Iterator[str]:
    if finding.sample:
        yield SAMPLE
    if finding.archived:
        yield ARCHIVED
    if finding.envelope.replay_name:
        yield f"Replayed from the archive by {inert(finding.envelope.replay_name, limit=NAME)}."
    if leaked and not finding.sample:
        if is_leaked_credentials(finding.type):
            yield LEARNED
        yield leak_of(finding)


def _region(finding: Finding) -> str | None:
    # Where GuardDuty found it; `detail.region` may name us-east-1 for a global call detected elsewhere.
    return finding.envelope.region or finding.region


def _console(finding: Finding, *, detective: Collection[str] = (), portal: Portal | None = None) -> Console | None:
    # GuardDuty's and Detective's pages are the administrator's, where there is one: its bus sent the event.
    account = finding.envelope.account or finding.account
    return Console.of(
        _region(finding), partition=finding.partition, detective=detective, account=account, portal=portal
    )
