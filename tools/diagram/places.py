"""In which frame a stack stands: account, then Regions; the stacks of one name in many Regions stand in one."""

from collections.abc import Iterator
from dataclasses import dataclass

from tools.diagram.model import Frame
from tools.templates.assembly import Assembly, Stack

_MANAGING = ("Custom::GuardDutyDelegation", "Custom::DetectiveDelegation", "AWS::CloudFormation::StackSet")
_ENROLLING = "Custom::GuardDutyOrganization"
MEMBERS = "members"
"""The frame of the accounts in which the stacks deploy nothing, or a role by a StackSet."""

_FEW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the stacks of one name stand, each in its Region."""

    name: str
    account: str
    stacks: tuple[Stack, ...]

    @property
    def regions(self) -> tuple[str, ...]:
        """The home Region first, if it is one of them."""
        return tuple(stack.region for stack in self.stacks)

    @property
    def account_frame(self) -> str:
        """The id of the frame of its account."""
        return f"account {self.account}"


def places_of(assembly: Assembly) -> tuple[Place, ...]:
    """The places of all stacks, in the order of the assembly."""
    found: dict[tuple[str, str], list[Stack]] = {}
    for stack in assembly.stacks.values():
        found.setdefault((stack.account, stack.name.removesuffix(f"-{stack.region}")), []).append(stack)
    homes = {stacks[0].region for stacks in found.values() if len(stacks) == 1}
    return tuple(
        Place(name=name, account=account, stacks=tuple(sorted(stacks, key=lambda one: one.region not in homes)))
        for (account, name), stacks in found.items()
    )


def frames_of(places: tuple[Place, ...]) -> tuple[Frame, ...]:
    """The frames of these places and of the member accounts, sorted."""
    return tuple(sorted({frame.id: frame for frame in _frames(places)}.values()))


def regions_told(regions: tuple[str, ...]) -> str:
    """`eu-west-1`, `eu-west-1 and us-east-1`, or `eu-west-1 and 16 further Regions`."""
    if len(regions) <= _FEW:
        return " and ".join(regions)
    return f"{regions[0]} and {len(regions) - 1} further Regions"


def _frames(places: tuple[Place, ...]) -> Iterator[Frame]:
    managing = {place.account for place in places if _has(place, *_MANAGING)}
    for place in places:
        role = "AWS account" if not managing else f"{'Management' if place.account in managing else 'Security'} account"
        known = f" {place.account}" if place.account.isdigit() else ""
        yield Frame(id=place.account_frame, kind="account", title=f"{role}{known}")
        stack = place.name if len(place.stacks) == 1 else f"{place.name}-<Region>"
        yield Frame(
            id=place.name, kind="region", title=regions_told(place.regions), detail=f"stack {stack}",
            within=place.account_frame,
        )  # fmt: skip
    if any(_has(place, _ENROLLING) for place in places):
        yield Frame(id=MEMBERS, kind="account", title="Member accounts")


def _has(place: Place, *types: str) -> bool:
    return any(one.type in types for stack in place.stacks for one in stack.resources.values())
