"""The accounts in which CloudFormation makes our stacks, and what it makes there."""

from dataclasses import dataclass
from pathlib import Path

from infra.service_principals import DETECTIVE, GUARDDUTY, MALWARE_PROTECTION
from tools.templates.stack_types import MANAGEMENT_TYPES, SECURITY_TYPES

_DOCS = Path(__file__).parents[2] / "docs"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackAccount:
    """One of them; tests compare each with its templates.

    Attributes:
        name: As the command line says it.
        file: Where its policy belongs.
        types: Types of the stacks that the pipeline deploys there; those of custom resources are ours.
        role_takers: Services to which CloudFormation passes roles of ours.
        service_roles: Services that make a role for themselves when they are switched on.
    """

    name: str
    file: Path
    types: tuple[str, ...]
    role_takers: tuple[str, ...]
    service_roles: tuple[str, ...] = ()


SECURITY = StackAccount(
    name="security",
    file=_DOCS / "execution-policy.json",
    types=SECURITY_TYPES,
    role_takers=("events.amazonaws.com", "lambda.amazonaws.com", "scheduler.amazonaws.com", "states.amazonaws.com"),
    service_roles=(
        DETECTIVE,
        GUARDDUTY,
        MALWARE_PROTECTION,
    ),
)
"""The account of GuardDuty's administrator, or the only one."""

MANAGEMENT = StackAccount(
    name="management",
    file=_DOCS / "execution-policy-management.json",
    types=MANAGEMENT_TYPES,
    role_takers=("lambda.amazonaws.com",),
)
"""The organization's management account."""

STACK_ACCOUNTS = (SECURITY, MANAGEMENT)
