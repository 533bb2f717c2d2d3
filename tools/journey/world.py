"""Everything of an assembly that decides what becomes of a finding, Region by Region."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from infra.config import EgressEntry
from tools.journey.rules import RULE, Bus, Rule, bus_of, read_rule
from tools.matching.guardduty_filters import DeployedFilter
from tools.templates.address_lists import TRUSTED, active, held_by
from tools.templates.addresses import Addresses
from tools.templates.assembly import Assembly, Resource, Stack
from tools.templates.plain_values import UnjudgedError, mapping, tags, text

DETECTOR = "AWS::GuardDuty::Detector"
FILTER = "AWS::GuardDuty::Filter"
ARCHIVE = "AWS::Events::Archive"
ENROLMENT = "Custom::GuardDutyOrganization"
_WATCHING = (DETECTOR, FILTER)

Enrols = Literal["all", "new", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedList:
    """A trusted list of a Region.

    Attributes:
        addresses: What it holds; None if its file is not in the assembly.
    """

    name: str
    addresses: Addresses | None
    owner: str
    expires: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """An archive of a bus, which keeps what matches."""

    bus: Bus
    pattern: Mapping[str, object]
    days: object


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedRegion:
    """One Region of the account that watches it.

    Attributes:
        found: GuardDuty finds here, as far as the templates say.
    """

    account: str
    region: str
    found: bool
    filters: tuple[DeployedFilter, ...]
    trusted: tuple[TrustedList, ...]

    @property
    def default_bus(self) -> Bus:
        """Where GuardDuty puts its events."""
        return Bus(account=self.account, region=self.region, name="default")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A deployment as its templates have it.

    Attributes:
        places: By Region, those in which something watches.
        rules: By the bus on which they listen; schedules are left out.
        review: Who is told by the review of suppression, if there is one.
        enrols: Which accounts of an organization are enrolled: `all`, those that join from then on (`new`), or `none`.
        ended: Egress entries that the configuration still has and the templates have not; none where only templates are
            known.
    """

    name: str
    places: Mapping[str, tuple[WatchedRegion, ...]]
    rules: Mapping[Bus, tuple[Rule, ...]]
    archives: tuple[Archive, ...]
    review: tuple[str, ...]
    enrols: Enrols = "none"
    ended: tuple[EgressEntry, ...] = ()

    def place(self, region: str, *, account: str) -> WatchedRegion | None:
        """Where a finding of a Region arrives; None if nobody watches there.

        Raises:
            UnjudgedError: Several accounts watch that Region, and the event is of none of them.
        """
        watching = self.places.get(region, ())
        if len(watching) <= 1:
            return next(iter(watching), None)
        for place in watching:
            if place.account == account:
                return place
        accounts = ", ".join(place.account for place in watching)
        raise UnjudgedError(f"{region} is watched from several accounts ({accounts}), and the event's is {account!r}")


def read_world(assembly: Assembly, *, name: str) -> World:
    """Read an assembly.

    Raises:
        UnjudgedError: Something in it cannot be told from templates; names it.
    """
    stacks = list(assembly.stacks.values())
    rules: dict[Bus, tuple[Rule, ...]] = {}
    for stack in stacks:
        for resource in _of(stack, RULE):
            if (rule := read_rule(resource, stack)) is not None:
                rules[rule.bus] = (*rules.get(rule.bus, ()), rule)
    places: dict[str, tuple[WatchedRegion, ...]] = {}
    for account, region in sorted({(stack.account, stack.region) for stack in stacks if _watches(stack)}):
        here = [stack for stack in stacks if (stack.account, stack.region) == (account, region)]
        places[region] = (*places.get(region, ()), _place(here, assembly, account=account, region=region))
    return World(
        name=name,
        places=places,
        rules=rules,
        archives=tuple(_archive(one, stack) for stack in stacks for one in _of(stack, ARCHIVE)),
        review=tuple(sorted({told for stack in stacks for told in _reviewed(stack)})),
        enrols=_enrols(one for stack in stacks for one in _of(stack, ENROLMENT)),
    )


def _enrols(enrolments: Iterable[Resource]) -> Enrols:
    """The most of what is said in any Region; what CloudFormation computes may be everybody."""
    said = [one.properties.get("Enroll") for one in enrolments]
    if all(one == "none" for one in said):
        return "none"
    return "new" if all(one in ("new", "none") for one in said) else "all"


def _of(stack: Stack, *types: str) -> Iterator[Resource]:
    return (resource for resource in stack.resources.values() if resource.type in types)


def _watches(stack: Stack) -> bool:
    return any(_of(stack, *_WATCHING)) or any("EventBusName" not in one.properties for one in _findings_rules(stack))


def _findings_rules(stack: Stack) -> Iterator[Resource]:
    return (one for one in _of(stack, RULE) if "GuardDuty Finding" in json.dumps(one.properties.get("EventPattern")))


def _place(stacks: list[Stack], assembly: Assembly, *, account: str, region: str) -> WatchedRegion:
    detectors = [one for stack in stacks for one in _of(stack, DETECTOR)]
    return WatchedRegion(
        account=account,
        region=region,
        # Without a detector of ours somebody else switches GuardDuty on.
        found=not detectors or any(one.properties.get("Enable") not in (False, "false") for one in detectors),
        filters=tuple(_filter(one) for stack in stacks for one in _of(stack, FILTER)),
        trusted=tuple(_trusted(one, assembly) for stack in stacks for one in _of(stack, *TRUSTED) if active(one)),
    )


def _filter(resource: Resource) -> DeployedFilter:
    properties, what = resource.properties, f"the filter {resource.label}"
    criteria = mapping(properties.get("FindingCriteria"), f"{what}: its criteria")
    criterion = mapping(criteria.get("Criterion"), f"{what}: its criterion")
    rank = properties.get("Rank", 1)
    if not isinstance(rank, int):
        raise UnjudgedError(f"{what}: its rank is not a plain number")
    return DeployedFilter(
        name=text(properties.get("Name", resource.label), f"{what}: its name"),
        # CloudFormation's default is NOOP (botocore guardduty, CreateFilter).
        action=text(properties.get("Action", "NOOP"), f"{what}: its action"),
        rank=rank,
        criterion={name: mapping(one, f"{what}: its condition on {name}") for name, one in criterion.items()},
        tags=tags(properties.get("Tags")),
    )


def _trusted(resource: Resource, assembly: Assembly) -> TrustedList:
    known = tags(resource.properties.get("Tags"))
    return TrustedList(
        name=str(resource.properties.get("Name", resource.label)),
        addresses=held_by(resource, assembly),
        owner=known.get("owner", ""),
        expires=known.get("expires", ""),
    )


def _archive(resource: Resource, stack: Stack) -> Archive:
    return Archive(
        bus=bus_of(resource.properties.get("SourceArn"), stack),
        pattern=mapping(resource.properties.get("EventPattern"), f"the pattern of the archive {resource.label}"),
        days=resource.properties.get("RetentionDays"),
    )


def _reviewed(stack: Stack) -> Iterator[str]:
    for function in _of(stack, "AWS::Lambda::Function"):
        match function.properties:
            case {
                "Handler": "suppression_review.handler.handler",
                "Environment": {"Variables": {"DEFAULT_TO": str(names)}},
            }:
                yield from filter(None, names.split(","))
