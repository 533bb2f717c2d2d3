"""The organization whose accounts GuardDuty and Detective cover, and how they come to be covered."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from infra.config.fields.aws_text import AccountId
from infra.config.fields.dates import Day
from infra.config.fields.distinct import Distinct
from infra.config.fields.plans import not_superseded
from infra.config.model import Model
from infra.config.refusals import wrong

Enroll = Literal["all", "new", "none"]
"""Which member accounts are covered: every one, those that join from now on, or none by this deployment."""

OrgFeature = Literal[
    "AI_PROTECTION",
    "EBS_MALWARE_PROTECTION",
    "EKS_AUDIT_LOGS",
    "LAMBDA_NETWORK_LOGS",
    "RDS_LOGIN_EVENTS",
    "RUNTIME_MONITORING",
    "S3_DATA_EVENTS",
]
"""Plans that an organization can switch on for members (botocore guardduty 1.44.5, OrgFeature). `AI_ANALYST` is for
the administrator alone; `RUNTIME_MONITORING` covers and excludes `EKS_RUNTIME_MONITORING`."""

MEMBER_FEATURES: tuple[OrgFeature, ...] = get_args(OrgFeature)


def _for_members(value: object) -> object:
    if value == "AI_ANALYST":
        raise wrong(
            "must be a plan that an organization can switch on for its members",
            advice=f"AI_ANALYST is for the administrator account only; write it in guardduty.features, and here any of"
            f" {', '.join(MEMBER_FEATURES)}",
        )
    return value


MemberFeature = Annotated[OrgFeature, BeforeValidator(not_superseded), BeforeValidator(_for_members)]


class Organization(Model):
    """Member accounts and how they are covered. The security account, the delegated administrator, is `account`."""

    management_account: AccountId
    """Management account of the organization, 12 digits in quotes. Its stack `<name>-Delegation` makes `account` the
    administrator of GuardDuty and Detective, in every Region of `regions`."""

    enroll: Enroll = "all"
    """Which accounts GuardDuty watches: `all`, those there are and those that join (the security account gets
    `member_features` too); `new`, those that join; `none`, nothing is switched on for anybody, but where GuardDuty is
    `existing` its owner's enrolment is left alone."""

    member_features: Annotated[tuple[MemberFeature, ...], Distinct()] | None = None
    """Protection plans switched on for the accounts that `enroll` covers, billed to them; no other is switched on, and
    what a member has already stays. Left out: those of `guardduty.features` that members can have. `[]` where GuardDuty
    is `existing`: its owner decides them."""

    detective_enroll: Enroll | None = None
    """Which accounts send their history to the graph, in Regions with Detective, billed by volume. A graph takes 1,200
    members; the deployment says how many found no place. `none` leaves an `existing` graph's enrolment alone. Left out:
    as `enroll`, or `none` without Detective."""

    enroll_again: Day | None = None
    """The day on which you ask for everybody to be enrolled once more, such as 2026-11-30: CloudFormation asks the
    function that enrols only when something has changed, so a new date is how an account is covered that was left out
    before, one that has enabled an opt-in Region since among them."""

    remove_on_delete: Annotated[bool, Field(strict=True)] = False
    """true: a Region taken out of `regions`, or a stack deleted, ends automatic enrolment and GuardDuty's delegation
    there; deploy once with true before. It ends enrolment that you leave to an owner, too: deploy false before that.
    false keeps all. Neither switches GuardDuty off in a member account, nor removes Detective's administrator, which
    would delete the graph."""
