"""A roll-up as a brief."""

from datetime import UTC, datetime

from notifier.brief import UNKNOWN, Brief
from notifier.inert import inert
from notifier.items.severity import Severity, severity_of
from notifier.ledger.rollup import RollUp
from notifier.ledger.sight import WATCHED
from notifier.links import Console
from notifier.section import Fact, Section
from notifier.step import Step

_ID, _NAME = 120, 80
_SUBJECT = 160
_UNKNOWN_ID = "several"


def brief_of_rollup(rollup: RollUp, *, deployment: str, per_minute: int, seconds: int) -> Brief:
    """How many, of what, whose, where, since when; the first few by their ids, and where to find the others.

    Args:
        rollup: What was held back.
        deployment: Name of the deployment that sends it.
        per_minute: Messages that the destination gets in a minute.
        seconds: Length of the window.
    """
    kind = inert(rollup.type or "unknown type", limit=_ID)
    account = inert(rollup.account or UNKNOWN, limit=_NAME)
    # Of one, it is not said that there are more: it may have been the only one.
    many = "An unknown number of" if rollup.count is None else f"{rollup.count:,}"
    calls = (rollup.type or "").startswith(WATCHED)
    one = "call" if calls else "finding"
    findings = one if rollup.count == 1 else f"{one}s"
    kept = "CloudTrail's event history" if calls else "GuardDuty"
    severity = _severity(rollup)
    began = datetime.fromtimestamp(rollup.began, UTC).isoformat(" ")[:16]
    region = inert(rollup.regions[0], limit=_NAME) if len(rollup.regions) == 1 else "several Regions"
    lost = " The table that counts them has lost the count; they are there." if rollup.count is None else ""
    return Brief(
        deployment=deployment,
        headline=f"{many} more {findings} of the same kind, in account {account}: {kind}.",
        subject=inert(f"{many} more: {kind}", limit=_SUBJECT),
        severity=severity,
        severity_label=inert(severity.label, limit=_NAME),
        case=f"more|{rollup.account}|{rollup.type}|{int(rollup.began)}"[:255],
        finding_type=kind,
        finding_id=inert(rollup.first[0][0], limit=_ID) if rollup.count == 1 and rollup.first else _UNKNOWN_ID,
        account=account,
        region=region if rollup.regions else UNKNOWN,
        steps=_steps(rollup, kind=kind),
        sections=_sections(rollup),
        notes=(
            f"They came within {seconds // 60} minutes from {began} UTC, when there were more than the {per_minute} "
            "messages a minute that this destination is set to, and are told in this one message. Each of them is in "
            f"{kept}, which keeps it for 90 days.{lost}",
        ),
    )


def _severity(rollup: RollUp) -> Severity:
    try:
        return severity_of(float(rollup.severity))
    except ValueError:
        return severity_of(None)


def _steps(rollup: RollUp, *, kind: str) -> tuple[Step, ...]:
    if (rollup.type or "").startswith(WATCHED):
        return (Step(f"Look in CloudTrail's event history who made the calls: {kind}."),)
    links = {}
    for finding, region, _ in rollup.first:
        if (console := Console.of(region)) and region not in links:
            links[region] = console.guardduty_finding(finding)
    text = f"Open GuardDuty, take the finding's id out of the filter, and filter by the finding type {kind}"
    whose = f" and the account {inert(rollup.account, limit=_NAME)}" if rollup.account else ""
    return (Step(f"{text}{whose}.", tuple(links.values())),)


def _sections(rollup: RollUp) -> tuple[Section, ...]:
    facts = tuple(
        Fact(
            f"{'Call' if (rollup.type or '').startswith(WATCHED) else 'Finding'} {number}",
            inert(f"{finding} (severity {severity}, {region or UNKNOWN})", limit=_SUBJECT),
        )
        for number, (finding, region, severity) in enumerate(rollup.first, start=1)
    )
    where = (Fact("Regions", inert(", ".join(rollup.regions), limit=_SUBJECT)),) if rollup.regions else ()
    return (Section("The most severe of them", (*facts, *where)),) if facts else ()
