"""The page to work by for a finding: one for each family, whatever its type is called."""

import re
from typing import NamedTuple

from notifier.links import Link

_SHOWN = re.compile(r"https://[!-~]{3,400}")


class Runbook(NamedTuple):
    """A page of docs/runbooks.

    Attributes:
        page: Name of its file, without `.md`.
        about: What it is about, in a few words.
    """

    page: str
    about: str


LEAKED = Runbook("leaked-credentials", "leaked credentials")
IDENTITY = Runbook("identity", "users, roles and the account")
INSTANCE = Runbook("instance", "EC2 instances")
RUNTIME = Runbook("runtime", "processes and containers")
KUBERNETES = Runbook("kubernetes", "Kubernetes")
STORAGE = Runbook("storage", "S3")
DATABASE = Runbook("database", "databases")
FUNCTION = Runbook("function", "Lambda functions")
MALWARE = Runbook("malware", "malware")
SEQUENCE = Runbook("attack-sequence", "attack sequences")
OTHER = Runbook("other", "any other finding")

# By what a type says first: a file on an instance is about the file, stolen credentials are about no user.
_BY_PATTERN = (
    (re.compile(r"AttackSequence:"), SEQUENCE),
    (re.compile(r".*(?:Malicious|Suspicious)File"), MALWARE),
    (re.compile(r".*CredentialExfiltration|CredentialAccess:IAMUser/CompromisedCredentials"), LEAKED),
)
_BY_RESOURCE = {
    "IAMUser": IDENTITY, "IAM": IDENTITY, "Organizations": IDENTITY, "RolesAnywhere": IDENTITY, "SES": IDENTITY,
    "SageMaker": IDENTITY, "Route53Resolver": IDENTITY, "EC2": INSTANCE, "Runtime": RUNTIME, "Container": RUNTIME,
    "ECS": RUNTIME, "Kubernetes": KUBERNETES, "EKS": KUBERNETES, "S3": STORAGE, "RDS": DATABASE, "Lambda": FUNCTION,
}  # fmt: skip
_RESOURCE = re.compile(r"[A-Za-z0-9]{1,40}:(?P<resource>[A-Za-z0-9]{1,40})/")


def runbook_of(finding_type: str) -> Runbook:
    """The page for a finding type (`purpose:resource/threat`, GuardDuty user guide); never none."""
    for pattern, runbook in _BY_PATTERN:
        if pattern.match(finding_type):
            return runbook
    found = _RESOURCE.match(finding_type)
    return _BY_RESOURCE.get(found["resource"], OTHER) if found else OTHER


def link_to(runbook: Runbook, *, at: str) -> Link | None:
    """The link to a page, where the pages are shown at an address; None for a path in the project."""
    return Link(f"Runbook: {runbook.about}", f"{at}/{runbook.page}.md") if _SHOWN.fullmatch(at) else None


def named(runbook: Runbook, *, at: str) -> str:
    """The page in words, for whoever has the project but no address for its pages."""
    return f"Runbook: {at}/{runbook.page}.md in the repository of this stack"
