"""How leaked credentials are looked into before a person does."""

from typing import Annotated

from pydantic import Field

from infra.config.fields.distinct import Distinct
from infra.config.fields.finding_types import FindingType
from infra.config.fields.shape import Shape
from infra.config.model import Model

RoleName = Annotated[
    str, Shape(r"[A-Za-z0-9_+=,.@-]{1,64}", "must be the name of an IAM role without a path, 1 to 64 characters")
]

ExternalId = Annotated[
    str,
    Shape(
        r"[A-Za-z0-9_+=,.@:/-]{16,128}",
        "must be 16 to 128 letters, digits and signs of _+=,.@:/- that nobody guesses, such as a UUID",
    ),
]

UnitId = Annotated[
    str,
    Shape(
        r"r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}",
        "must be the id of the organization's root or of an organizational unit, such as r-ab12 or ou-ab12-cd34ef56",
    ),
]


class MemberRole(Model):
    """A role in every member account that only reads, made by a StackSet of the management account."""

    name: RoleName
    """Name of the role. A change makes another role in every account and takes the old one away."""

    external_id: ExternalId
    """What the role asks for beside the right caller. No secret, but yours alone."""

    organizational_units: Annotated[tuple[UnitId, ...], Field(min_length=1, max_length=50), Distinct()]
    """Where the role is made, now and in accounts that join: the root, or some units. Never in the management account,
    which such a StackSet does not reach."""


class Investigation(Model):
    """What is looked into by itself, read-only, and told as a second message about the same case."""

    enabled: Annotated[bool, Field(strict=True)] | None = None
    """Whether findings about leaked credentials are investigated. Left out: where the deployment has a Detective graph.
    true also without one: then by CloudTrail's event history alone."""

    finding_types: Annotated[tuple[FindingType, ...], Field(max_length=15), Distinct()] = ()
    """Finding types to investigate beside those about exfiltrated credentials, exact or with `*` at the end. What names
    no access key can be looked up in Detective only."""

    history_wait_minutes: Annotated[int, Field(strict=True, ge=5, le=120)] = 15
    """Minutes, 5 to 120, between the two looks at CloudTrail's event history, which is up to 15 minutes late. The
    report is sent after the second."""

    detective_timeout_minutes: Annotated[int, Field(strict=True, ge=5, le=240)] = 30
    """Minutes, 5 to 240, after which nobody waits for Detective any longer; the report then says so."""

    repeat_after_hours: Annotated[int, Field(strict=True, ge=1, le=168)] = 24
    """Hours, 1 to 168: a case that GuardDuty goes on reporting is investigated once in each such window. Windows are
    those of the clock, in UTC (24: from midnight to midnight), so that at the edge of two it may be twice."""

    guardduty_investigation: Annotated[bool, Field(strict=True)] = False
    """Whether GuardDuty itself is asked to investigate too. A preview: 10 a day and 100 in total for the account, in
    some Regions, and its models may process the data in other Regions. Needs AI_ANALYST in guardduty.features."""

    member_role: MemberRole | None = None
    """How event history, roles and users of member accounts are read. Left out: not at all, and reports about members
    say so. Needs an organization, and trusted access for StackSets there."""
