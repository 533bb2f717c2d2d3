"""Everything one deployment is made of."""

from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, TypeAdapter, ValidationError, model_validator

from infra.config.agreement import disagreements
from infra.config.aws_text import (
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
from infra.config.ci import Ci
from infra.config.destinations import AnyDestination, Destination, Operations
from infra.config.egress import EgressEntry, EgressLimits
from infra.config.flood import Flood
from infra.config.found import FoundAccount
from infra.config.guardduty import Detective, GuardDuty, Ownership, RegionOverride
from infra.config.heartbeat import Heartbeat
from infra.config.investigation import Investigation
from infra.config.model import Distinct, FrozenMapping, Model, refusals
from infra.config.organization import MEMBER_FEATURES, Enroll, Organization
from infra.config.people import IdentityCenter, KnownAccount
from infra.config.region_choice import RegionChoice
from infra.config.regions import GUARDDUTY_REGIONS, RegionFacts, region_facts
from infra.config.routes import DestinationNames, Route
from infra.config.suppression_review import SuppressionReview
from infra.config.trusted_list import TrustedEntry
from infra.config.watch import Watch


def _prefix(fields: dict[str, Any]) -> str:
    return str(fields["name"]).lower()


class Deployment(Model):
    """One deployment of the detection stack: what is switched on where, what is hidden, who is told."""

    name: DeploymentName
    """First part of every stack name, such as `sandbox-Response`. A change makes new stacks beside the old ones."""

    account: AccountId | None = None
    """Account to deploy to, 12 digits in quotes. Left out: the account of whoever deploys."""

    home_region: RegionName
    """Region of the findings bus, the queues and the notifier, one of `regions`. A change moves all of them."""

    regions: Annotated[tuple[RegionName, ...], Field(min_length=1), Distinct(), RegionChoice()]
    """Regions in which GuardDuty watches, distinct and of one partition: a list, `all`, or `all_except` some. `all` is
    every Region of the table below in the home Region's partition. One taken out is no longer managed, but its detector
    stays on."""

    hub: Literal["home", "regional"] = "home"
    """Where findings come together: `home`, all in the home Region; `regional`, each Region's in that Region, with a
    Response stack, mails to confirm, and secrets of its own. GovCloud and China know no other way for several Regions.
    A change makes new Response stacks beside the old ones."""

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
    of it again only when its severity rises, its caller's address changes, or it is archived."""

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
    """Names and owners of accounts, by account id; messages show them beside the number. About 50 fit what a function
    can be told, less with many addresses in `egress`; the build says when they do not."""

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
    them, the archive included."""

    permissions_boundary: PermissionsBoundary | None = None
    """IAM policy set as the permissions boundary of every role: its name, or its ARN. null sets none."""

    role_path: RolePath = "/"
    """IAM path of every role. A change replaces the roles."""

    tags: Tags = Field(default_factory=FrozenMapping, json_schema_extra={"default": {}, "maxProperties": TAGS})
    """Tags on every resource that can carry them, at most 50."""

    region_overrides: FrozenMapping[RegionName, RegionOverride] = Field(
        default_factory=FrozenMapping, json_schema_extra={"default": {}}
    )
    """What is otherwise in some of `regions`: corrections to the table of Regions that comes with this project, and
    who switches GuardDuty and Detective on."""

    _suppresses: bool = PrivateAttr()
    _found: FoundAccount | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _parts_agree(self) -> "Deployment":
        refusals(disagreements(dict(self)))
        return self

    def destination(self, name: str) -> AnyDestination:
        """Return the destination of that name.

        Raises:
            ValueError: There is none; a loaded deployment has one for every name in its routes and catch_all.
        """
        for destination in self.destinations:
            if destination.name == name:
                return destination
        known = ", ".join(destination.name for destination in self.destinations)
        raise ValueError(f"unknown destination {name!r}; known: {known}")

    def region(self, name: str) -> RegionFacts:
        """Return what a Region offers, `region_overrides` applied."""
        facts = region_facts(name)
        return self.region_overrides[name].applied_to(facts) if name in self.region_overrides else facts

    def model_post_init(self, _context: object, /) -> None:
        """Remember what was written, as the loader leaves out what has ended."""
        self._suppresses = bool(self.egress or self.trusted_list)

    @property
    def hubs(self) -> tuple[str, ...]:
        """The Regions in which findings come together."""
        return (self.home_region,) if self.hub == "home" else self.regions

    def hub_of(self, region: str) -> str:
        """Return the Region in which the findings of a Region come together."""
        return self.home_region if self.hub == "home" else region

    def served_by(self, hub: str) -> tuple[str, ...]:
        """Return the Regions whose findings come together in a hub."""
        return tuple(region for region in self.regions if self.hub_of(region) == hub)

    def member_features(self, region: str) -> tuple[str, ...]:
        """Return the protection plans switched on for member accounts in a Region."""
        if self.organization is None or self.organization.enroll == "none":
            return ()
        chosen = self.organization.member_features
        wanted = self.guardduty.features if chosen is None else chosen
        return tuple(feature for feature in self.offered_to_members(region) if feature in wanted)

    def offered_to_members(self, region: str) -> tuple[str, ...]:
        """Return the protection plans that could be switched on for member accounts in a Region."""
        return tuple(feature for feature in self.region(region).features if feature in MEMBER_FEATURES)

    @property
    def detective_enroll(self) -> Enroll:
        """Which member accounts send their history to Detective."""
        if self.organization is None or not self.detective.enabled:
            return "none"
        return self.organization.detective_enroll or self.organization.enroll

    def investigates(self, hub: str) -> bool:
        """Tell whether the findings that come together in a hub are investigated."""
        chosen = self.investigation.enabled
        return any(region in self.detective_regions() for region in self.served_by(hub)) if chosen is None else chosen

    def history_regions(self, hub: str) -> tuple[str, ...]:
        """Return the Regions whose event history is read: our own, and those in which every account can be used."""
        partition = self.region(hub).partition
        always = (name for name in GUARDDUTY_REGIONS if _always_there(name, partition))
        return tuple(dict.fromkeys((*self.served_by(hub), *self.regions, *always)))

    @property
    def suppresses(self) -> bool:
        """Tell whether anything is hidden, or was until it ended, so that somebody has to look back at it.

        The review goes when the last entry is deleted, not when it ends: this stack is deployed before the filters
        go, and a Region whose deployment fails hides on.
        """
        return self._suppresses

    def with_found(self, found: FoundAccount) -> "Deployment":
        """Return this deployment, knowing what was found in the account."""
        knowing = self.model_copy()
        knowing._found = found
        return knowing

    def guardduty_ownership(self, region: str) -> Ownership:
        """Return who switches GuardDuty on in a Region."""
        override = self.region_overrides.get(region)
        return (override and override.guardduty_ownership) or self.guardduty.ownership

    def detective_ownership(self, region: str) -> Ownership:
        """Return who switches Detective on in a Region."""
        override = self.region_overrides.get(region)
        return (override and override.detective_ownership) or self.detective.ownership

    @property
    def own_features(self) -> tuple[str, ...]:
        """Return the protection plans that are switched on in detectors of ours; none where all are somebody else's."""
        ours = any(self.guardduty_ownership(region) == "create" for region in self.regions)
        return self.guardduty.features if ours else ()

    def existing_detector(self, region: str) -> str | None:
        """Return the id of somebody else's detector; None where the Detection stack makes its own.

        Raises:
            ValueError: Nobody looked; the loader reads what was found, or refuses.
        """
        if self.guardduty_ownership(region) == "create":
            return None
        found = self._found.regions.get(region) if self._found else None
        if found is None or found.detector_id is None:
            raise ValueError(f"{region}: no detector was found; load the deployment with its file of what was found")
        return found.detector_id

    @property
    def watchers(self) -> tuple[str, ...]:
        """The destinations that are told of changes that no deployment made."""
        return (self.watch.to or self.catch_all) if self.watch.enabled else ()

    def detective_regions(self) -> tuple[str, ...]:
        """Return the Regions that have a Detective graph: ours, or somebody else's that was found."""
        return tuple(name for name in self.regions if self._has_graph(name))

    def _has_graph(self, region: str) -> bool:
        if not (self.detective.enabled and self.region(region).detective):
            return False
        if self.detective_ownership(region) == "create" or self._found is None:
            return True
        found = self._found.regions.get(region)
        return found is not None and found.graph_arn is not None


def _always_there(region: str, partition: str) -> bool:
    facts = region_facts(region)
    return facts.partition == partition and not facts.opt_in


def sound_fields(data: dict[str, Any], error: ValidationError) -> dict[str, object]:
    """Return the fields that are right by themselves, although the deployment as a whole is not.

    Args:
        data: What was validated.
        error: What came of it.
    """
    unsound = {detail["loc"][0] for detail in error.errors(include_url=False) if detail["loc"]}
    sound: dict[str, object] = {}
    for name, field in Deployment.model_fields.items():
        if name in unsound:
            continue
        if name in data:
            # the type is known only at run time, which mypy cannot follow
            adapter: TypeAdapter[object] = TypeAdapter(Annotated[field.annotation, field])  # type: ignore[arg-type]
            # what `regions: all` means depends on it
            sound[name] = adapter.validate_python(data[name], context={"home_region": data.get("home_region")})
        elif name != "name_prefix":
            sound[name] = field.get_default(call_default_factory=True)
    return sound
