"""Finding types as configurations name them: exact ones that can be suppressed, and patterns for routes."""

from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from infra.config.fields.shape import Shape
from infra.config.refusals import wrong
from infra.config.wording import near, sentence
from infra.suppression.finding_types import API_CALL, CATALOGUE

EXAMPLE = "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS"

REFRESH = "refresh the list: python -m tools finding_types --write PAGE, a saved page of the user guide"

ABOUT = {
    "NETWORK_CONNECTION": "is about a network connection",
    "DNS_REQUEST": "is about a DNS request",
    "PORT_PROBE": "is about a probe of a port",
    "KUBERNETES_API_CALL": "is about a call of the Kubernetes API",
    "RDS_LOGIN_ATTEMPT": "is about a login to a database",
    None: "has no call of the AWS API, or none that AWS documents",
}
"""What findings without an API caller are about, by action type."""


def _can_be_suppressed(value: object) -> str:
    """Return the type; refuse what a filter on the caller's address could never match, or would match too widely."""
    if not isinstance(value, str):
        raise wrong(f"must be a finding type such as {EXAMPLE}")
    if "*" in value or "?" in value:
        raise wrong(
            "must be one exact finding type",
            advice="a wildcard would also hide the types that AWS adds later; name each",
        )
    if new := CATALOGUE.renamed.get(value):
        raise wrong("must be a finding type of today", advice=f"AWS renamed it; write {new}")
    if value in CATALOGUE.retired:
        raise wrong("must be a finding type of today", advice="GuardDuty no longer makes it; take it out")
    if value not in CATALOGUE.actions:
        advice = sentence(
            near(value, CATALOGUE.with_caller_address), f"if AWS has it since {CATALOGUE.date}, {REFRESH}"
        )
        raise wrong("must be a finding type that GuardDuty has", advice=advice)
    if (action := CATALOGUE.actions[value]) != API_CALL:
        raise wrong(
            "must be a finding type with the address of an API caller",
            advice=f"this one {ABOUT[action]}, so no egress address could match it",
        )
    return value


SuppressedType = Annotated[
    str,
    BeforeValidator(_can_be_suppressed),
    WithJsonSchema(
        {
            "type": "string",
            "enum": list(CATALOGUE.with_caller_address),
            "patternErrorMessage": f"must be a finding type with the address of an API caller, such as {EXAMPLE}",
        }
    ),
]
"""Exact finding type that a filter on the API caller's address can match."""


def about_instances(finding_type: str) -> bool:
    """Tell whether a finding of the type is about credentials of an EC2 instance (GuardDuty user guide, IAM types)."""
    return finding_type.startswith("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.")


def _begins_with_purpose(text: str) -> str:
    if "**" in text:
        raise wrong("must not hold two stars in a row", advice="one star already stands for any text")
    if "*" not in text and not (":" in text and "/" in text):
        raise wrong(
            "must be a whole finding type or hold a star",
            advice=f"finding types begin with their purpose, for example {EXAMPLE}; to match any purpose begin with *:",
        )
    return text


FindingType = Annotated[
    str,
    AfterValidator(_begins_with_purpose),
    Shape(
        r"[A-Za-z0-9*:/.!&_-]{1,128}",
        f"must be a finding type such as {EXAMPLE}, or a pattern with a star such as CredentialAccess:*",
    ),
]
"""Exact finding type, or a pattern in which `*` stands for any text."""


def doubt(pattern: str) -> str:
    """Say why a route's finding type may match no finding; nothing if it matches a type that we know.

    A doubt only: AWS adds types, and a route must be able to name one on the day it appears.
    """
    known = CATALOGUE.actions
    if pattern in known or ("*" in pattern and any(fnmatchcase(name, pattern) for name in known)):
        return ""
    if new := CATALOGUE.renamed.get(pattern):
        return f"{pattern} is called {new} today, so it matches nothing; write the new name"
    if pattern in CATALOGUE.retired:
        return f"{pattern} is retired, GuardDuty no longer makes it, so it matches nothing; take it out"
    if "*" in pattern:
        return f"{pattern} matches no finding type known in {CATALOGUE.date}; if AWS has one since, {REFRESH}"
    text = f"{pattern} is no finding type known in {CATALOGUE.date}"
    return sentence(text, near(pattern, known), f"if AWS has it since, {REFRESH}")
