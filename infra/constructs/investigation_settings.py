"""What an investigation asks, and of which findings."""

from collections.abc import Sequence
from dataclasses import dataclass

from infra.constructs.finding_pattern import GUARDDUTY_FINDINGS

LEAKED_CREDENTIALS = (
    "CredentialAccess:IAMUser/CompromisedCredentials",
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration",
    "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration",
)
"""Beginnings of the finding types that are always investigated. By prefix: AWS has renamed one of them before, and
rules that asked for the exact name went silent (mozilla/MozDef#1723)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationSettings:
    """What is asked, of whom, and for how long.

    Attributes:
        finding_types: Types beside those about leaked credentials, exact or with `*` at the end.
        history_regions: Where CloudTrail's event history is read.
        detective_regions: Where the deployment keeps a graph.
        guardduty_regions: Where GuardDuty itself is asked; none unless that is switched on.
        history_wait_minutes: Between the two looks at the event history.
        timeout_minutes: For Detective and GuardDuty.
        repeat_after_hours: Within which a case is investigated once.
        known: The file of what is known of the deployment beside a finding.
        member_role: Name of the role in member accounts, and what it asks for; None for none.
        role_name: Name of the role that other accounts know; None if none does.
    """

    finding_types: Sequence[str]
    history_regions: Sequence[str]
    detective_regions: Sequence[str]
    guardduty_regions: Sequence[str]
    history_wait_minutes: int
    timeout_minutes: int
    repeat_after_hours: int
    known: str
    member_role: tuple[str, str] | None
    role_name: str | None


def investigated(finding_types: Sequence[str]) -> dict[str, object]:
    """The event pattern of findings to investigate; what is replayed from the archive was investigated then."""
    named: list[str | dict[str, str]] = [{"prefix": name} for name in LEAKED_CREDENTIALS]
    named += [{"prefix": name[:-1]} if name.endswith("*") else name for name in finding_types]
    return {**GUARDDUTY_FINDINGS, "replay-name": [{"exists": False}], "detail": {"type": named}}
