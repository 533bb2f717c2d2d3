"""One deployment: what its file says, and what follows from that."""

from pydantic import PrivateAttr

from infra.config.account_choice import chosen
from infra.config.deployment_file import DeploymentFile
from infra.config.fields.ownership import Ownership
from infra.config.found import FoundAccount
from infra.config.organization import MEMBER_FEATURES, Enroll
from infra.config.region_override import facts_in
from infra.config.regions import GUARDDUTY_REGIONS, RegionFacts, region_facts
from infra.config.routes import Route

VOLUME_SCANS = "EBS_MALWARE_PROTECTION"
"""The plan for which an organization has to trust a service of its own (see `service_principals`)."""


class Deployment(DeploymentFile):
    """One deployment of the detection stack: what is switched on where, what is hidden, who is told."""

    _suppresses: bool = PrivateAttr()
    _trusts: bool = PrivateAttr()
    _found: FoundAccount | None = PrivateAttr(default=None)

    def region(self, name: str) -> RegionFacts:
        """Return what a Region offers, `region_overrides` applied."""
        return facts_in(name, self.region_overrides)

    def model_post_init(self, _context: object, /) -> None:
        """Remember what was written, as the loader leaves out what has ended."""
        self._suppresses = bool(self.egress or self.trusted_list)
        self._trusts = bool(self.trusted_list)

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

    def states_enrolment(self, region: str) -> bool:
        """Tell whether it is said here whom GuardDuty covers in a Region; else whoever switches it on there says it."""
        ours = self.guardduty_ownership(region) == "create"
        return self.organization is not None and (ours or self.organization.enroll != "none")

    def states_member_plans(self, region: str) -> bool:
        """Tell whether it is said here which plans members get in a Region; else whoever switches GuardDuty on does."""
        ours = self.guardduty_ownership(region) == "create"
        return self.organization is not None and (ours or bool(self.organization.member_features))

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

    @property
    def trusts(self) -> bool:
        """Tell whether there is a trusted list, or was until all of its entries ended, so that somebody looks at it.

        As long as the file has an entry, for the reason of `suppresses`.
        """
        return self._trusts

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

    @property
    def scans_volumes(self) -> bool:
        """Tell whether volumes are searched for malware anywhere, of our own accounts or of members."""
        of_members = (self.member_features(region) for region in self.regions)
        return any(VOLUME_SCANS in features for features in (self.own_features, *of_members))

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

    def accounts_of(self, route: Route) -> tuple[str, ...]:
        """Return the ids of the accounts whose findings take a route; none for all, or all but some."""
        return chosen(route.accounts, self.accounts)

    def accounts_left_out(self, route: Route) -> tuple[str, ...]:
        """Return the ids of the accounts whose findings do not take a route that all others take."""
        return chosen(route.except_accounts, self.accounts)

    @property
    def watchers(self) -> tuple[str, ...]:
        """The destinations that are told of changes that no deployment made."""
        return (self.watch.to or self.catch_all) if self.watch.enabled else ()

    def detective_regions(self) -> tuple[str, ...]:
        """Return the Regions that have a Detective graph: ours, or somebody else's that was found."""
        return tuple(name for name in self.regions if self._has_graph(name))

    def detective_enrolment_regions(self) -> tuple[str, ...]:
        """Return the Regions in which it is said here whose history a graph keeps; else the graph's owner says it."""
        if self.organization is None:
            return ()
        return tuple(
            region
            for region in self.detective_regions()
            if self.detective_ownership(region) == "create" or self.detective_enroll != "none"
        )

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
