"""Everything a file of a deployment can say."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, model_validator

from infra.config.agreement import disagreements
from infra.config.ci import Ci
from infra.config.destinations import Destination
from infra.config.detective import Detective
from infra.config.egress import EgressEntry, EgressLimits
from infra.config.fields.aws_text import (
    TAGS,
    AccountId,
    DeploymentName,
    EncryptionKey,
    NamePrefix,
    PermissionsBoundary,
    RegionName,
    RolePath,
    Tags,
)
from infra.config.fields.distinct import Distinct
from infra.config.fields.region_choice import RegionChoice
from infra.config.flood import Flood
from infra.config.guardduty import GuardDuty
from infra.config.heartbeat import Heartbeat
from infra.config.identity_center import IdentityCenter
from infra.config.investigation import Investigation
from infra.config.known_accounts import KnownAccount
from infra.config.model import FrozenMapping, Model
from infra.config.operations import Operations
from infra.config.organization import Organization
from infra.config.refusals import refusals
from infra.config.region_override import RegionOverride
from infra.config.routes import DestinationNames, Route
from infra.config.suppression_review import SuppressionReview
from infra.config.trusted_list import TrustedEntry
from infra.config.watch import Watch


def _prefix(fields: dict[str, Any]) -> str:
    return str(fields["name"]).lower()


class DeploymentFile(Model):
    """One deployment of the detection stack: what is switched on where, what is hidden, who is told."""

    name: DeploymentName
    """First part of every stack name, such as `sandbox-Response`. A change makes new stacks beside the old ones."""

    account: AccountId | None = None
    """Account to deploy to, 12 digits in quotes. Left out: the account of whoever deploys."""

    home_region: RegionName
    """Region of the findings bus, the queues and the notifier, one of `regions`. A change makes new ones there; the old
    ones stay until you delete them (docs/operations.md). With `ci` name the OIDC provider, which is kept and of which
    an account has one, in `ci.oidc_provider_arn`. With `organization`, `investigation.member_role` or `hub: regional`
    change `name_prefix` as well: the old stacks still hold a role, or a bus, of a fixed name."""

    regions: Annotated[tuple[RegionName, ...], Field(min_length=1), Distinct(), RegionChoice()]
    """Regions in which GuardDuty watches, distinct and of one partition: a list, `all`, or `all_except` some. `all` is
    every Region of the table below in the home Region's partition. One taken out is no longer managed, but its detector
    stays on."""

    hub: Literal["home", "regional"] = "home"
    """Where findings come together: `home`, all in the home Region; `regional`, each Region's in that Region, with a
    Response stack, mails to confirm, and secrets of its own. GovCloud and China know no other way for several Regions.
    A change to `regional` keeps the home Region's stack `<name>-Response` and makes one in every other Region; before
    one to `home` destroy those, `<name>-Response-<Region>`."""

    organization: Organization | None = None
    """The organization whose accounts are covered, with `account` as the delegated administrator. Left out: this
    account alone."""

    guardduty: GuardDuty = GuardDuty()
    """What GuardDuty watches, and how often it repeats itself."""

    detective: Detective = Detective()
    """Whether Detective keeps the history that an investigation needs."""

    egress: Annotated[tuple[EgressEntry, ...], Field(max_length=100), Distinct("name")] = ()
    """Our own internet-facing addresses. Findings of the entry's types whose caller is one of them are suppressed, no
    other finding is. An address is in one entry; in two only if no finding can fit both scopes, or, of one owner, if
    they share no finding type, if neither scope says what the other says, or if the wider one still observes."""

    egress_limits: EgressLimits = EgressLimits()
    """How wide the ranges of `egress` may be. Changes what is accepted here, not what is deployed."""

    suppression_review: SuppressionReview = SuppressionReview()
    """Who is told what the entries of `egress` hide. Without entries there and in
    `trusted_list` nothing is deployed for it."""

    trusted_list: Annotated[tuple[TrustedEntry, ...], Field(max_length=100), Distinct("name")] = ()
    """Addresses for which GuardDuty makes no finding of any type, and leaves no trace of what it did not report. Use
    `egress`, unless there is no other way; the build says each time how many addresses nobody watches."""

    destinations: Annotated[tuple[Destination, ...], Field(min_length=1, max_length=20), Distinct("name")]
    """Where findings can be sent, at least one. Each has its own queue, so one that fails holds up no other."""

    routes: Annotated[tuple[Route, ...], Field(max_length=50), Distinct("name")] = ()
    """Which findings go where, beside `catch_all`. A finding that fits several routes takes all of them."""

    catch_all: DestinationNames
    """Names of destinations that receive every finding, whatever the routes do; 1 to 5, so that none can fall between
    routes."""

    notify_again_after_hours: Annotated[int, Field(strict=True, ge=1, le=720)] = 24
    """Hours after which a finding that GuardDuty still updates is told again, 1 to 720. Until then a destination hears
    of it again only when its severity rises, another address appears, an attack sequence grows, or it is archived or no
    longer is."""

    flood: Flood = Flood()
    """How many messages each destination gets, however many findings come at once."""

    investigation: Investigation = Investigation()
    """How leaked credentials are looked into before a person does, and what a second message then says."""

    watch: Watch = Watch()
    """Who is told when somebody else than a deployment changes what could blind GuardDuty, Detective or this stack."""

    heartbeat: Heartbeat = Heartbeat()
    """The proof, each hour and from every Region, that a finding would reach every destination's notifier."""

    operations: Operations
    """Who is told when the stack itself is in trouble."""

    accounts: FrozenMapping[AccountId, KnownAccount] = Field(
        default_factory=FrozenMapping, json_schema_extra={"default": {}}
    )
    """Names and owners of accounts, by account id; messages show them beside the number."""

    identity_center: IdentityCenter | None = None
    """How people sign in to the console. Left out: links lead to the console directly, which opens in whatever account
    the reader is signed in to."""

    ci: Ci | None = None
    """The pipeline that deploys, if it is one of GitHub Actions that should get roles from here. Left out: no role is
    made for it."""

    archive_days: Annotated[int, Field(strict=True, ge=1, le=3650)] = 90
    """Days for which findings can be replayed from the archive of the bus. Less removes the older ones."""

    encryption_key: EncryptionKey = "create"
    """`create` makes a KMS key for queues and topics; or the ARN of an existing key in the home Region, whose policy
    must let EventBridge and CloudWatch Logs use it (docs/permissions.md)."""

    name_prefix: NamePrefix = Field(default_factory=_prefix)
    """First part of physical names: the bus and the filters. Left out: `name` in small letters. A change replaces
    them, the archive included: what a Region finds between the deployment of the Response stack and its own reaches
    nobody, so deploy both in one go, and look through GuardDuty's findings of that time."""

    permissions_boundary: PermissionsBoundary | None = None
    """IAM policy set as the permissions boundary of every role: its name, or its ARN. null sets none. The reading role
    in member accounts has a boundary of its own instead."""

    role_path: RolePath = "/"
    """IAM path of every role but the reading role in member accounts. A change replaces the roles. With
    `organization` or `investigation.member_role` change `name_prefix` as well: CloudFormation replaces no role of a
    fixed name."""

    tags: Tags = Field(default_factory=FrozenMapping, json_schema_extra={"default": {}, "maxProperties": TAGS})
    """Tags on every resource that can carry them, at most 46: AWS takes 50 on a resource, and some have four of
    ours."""

    region_overrides: FrozenMapping[RegionName, RegionOverride] = Field(
        default_factory=FrozenMapping, json_schema_extra={"default": {}}
    )
    """What is otherwise in some of `regions`: corrections to the table of Regions that comes with this project, and
    who switches GuardDuty and Detective on."""

    @model_validator(mode="after")
    def _parts_agree(self, info: ValidationInfo) -> "DeploymentFile":
        refusals(disagreements(dict(self), today=(info.context or {}).get("today")))
        return self
