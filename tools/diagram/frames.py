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
class StackGroup:
    """The stacks of one name in an account, each in its Region."""

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


def groups_of(assembly: Assembly) -> tuple[StackGroup, ...]:
    """All stacks by account and name, in the order of the assembly."""
    found: dict[tuple[str, str], list[Stack]] = {}
    for stack in assembly.stacks.values():
        found.setdefault((stack.account, stack.name.removesuffix(f"-{stack.region}")), []).append(stack)
    homes = {stacks[0].region for stacks in found.values() if len(stacks) == 1}
    return tuple(
        StackGroup(name=name, account=account, stacks=tuple(sorted(stacks, key=lambda one: one.region not in homes)))
        for (account, name), stacks in found.items()
    )


def frames_of(groups: tuple[StackGroup, ...]) -> tuple[Frame, ...]:
    """The frames of these groups and of the member accounts, sorted."""
    return tuple(sorted({frame.id: frame for frame in _frames(groups)}.values()))


def regions_told(regions: tuple[str, ...]) -> str:
    """`eu-west-1`, `eu-west-1 and us-east-1`, or `eu-west-1 and 16 further Regions`."""
    if len(regions) <= _FEW:
        return " and ".join(regions)
    return f"{regions[0]} and {len(regions) - 1} further Regions"


def _frames(groups: tuple[StackGroup, ...]) -> Iterator[Frame]:
    managing = {group.account for group in groups if _has(group, *_MANAGING)}
    for group in groups:
        role = "AWS account" if not managing else f"{'Management' if group.account in managing else 'Security'} account"
        known = f" {group.account}" if group.account.isdigit() else ""
        yield Frame(id=group.account_frame, kind="account", title=f"{role}{known}")
        stack = group.name if len(group.stacks) == 1 else f"{group.name}-<Region>"
        yield Frame(
            id=group.name, kind="region", title=regions_told(group.regions), detail=f"stack {stack}",
            within=group.account_frame,
        )  # fmt: skip
    if any(_has(group, _ENROLLING) for group in groups):
        yield Frame(id=MEMBERS, kind="account", title="Member accounts")


def _has(group: StackGroup, *types: str) -> bool:
    return any(one.type in types for stack in group.stacks for one in stack.resources.values())
