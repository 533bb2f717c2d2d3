"""What lines can lead to: the nodes of all stacks, and those that AWS or people have and no template makes."""

from dataclasses import dataclass, field

from tools.diagram.frames import MEMBERS, StackGroup
from tools.diagram.model import Line, Node
from tools.diagram.nodes import Standing, standing_in
from tools.diagram.references import bus_at, resource_at
from tools.templates.assembly import Resource, Stack

_GUARDDUTY, _DETECTIVE = "AWS::GuardDuty::Detector", "AWS::Detective::Graph"


@dataclass(slots=True)
class World:
    """Everything that stands somewhere, with how many Regions of its frame have it."""

    groups: tuple[StackGroup, ...]
    nodes: dict[str, list[Node]] = field(default_factory=dict)
    lines: dict[tuple[str, str, str], set[tuple[str, str]]] = field(default_factory=dict)
    standing: dict[str, Standing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for group in self.groups:
            for stack in group.stacks:
                self.standing[stack.name] = made = standing_in(stack, group)
                for node in made.nodes:
                    self.nodes.setdefault(node.id, []).append(node)

    def draw(self, source: str | None, target: str | None, kind: str, *, because: tuple[str, str]) -> None:
        """A line, because of a resource, given by stack and label; none if one of its ends is not drawn."""
        if source is not None and target is not None and source != target:
            self.lines.setdefault((source, target, kind), set()).add(because)

    def node_at(self, value: object, stack: Stack) -> str | None:
        """The node of the resource, or of the bus, to which a value leads."""
        found = resource_at(value, stack)
        if found is not None:
            return self.node_of(found, stack)
        bus = bus_at(value, stack)
        return self.bus(*bus, stack=stack) if bus is not None else None

    def node_of(self, resource: Resource, stack: Stack) -> str | None:
        """The node in which a resource of a stack stands."""
        return self.standing[stack.name].ids.get(resource.logical_id)

    def kind_of(self, id_: str) -> str:
        """The kind of a node."""
        return self.nodes[id_][0].kind

    def bus(self, region: str, name: str, *, stack: Stack) -> str:
        """A bus by Region and name; a Region's default bus is no resource and stands in the Region."""
        for group in self.groups:
            for other in group.stacks:
                if other.region == region and other.account == stack.account:
                    for one in other.resources.values():
                        if one.type == "AWS::Events::EventBus" and one.properties.get("Name") == name:
                            return self.standing[other.name].ids[one.logical_id]
        detail = "the Region's own" if name == "default" else "event bus, not of these stacks"
        return self.given(
            f"{name} bus", kind="default bus", title=f"{name} bus", detail=detail, region=region, stack=stack
        )

    def guardduty(self, stack: Stack, *, regions: tuple[str, ...] = ()) -> tuple[str, ...]:
        """GuardDuty of some Regions: the detectors of the templates, or what somebody else has switched on there."""
        found = []
        for region in regions or (stack.region,):
            ids = self._of(_GUARDDUTY, region)
            found += ids or [
                self.given("GuardDuty of another owner", kind="guardduty", title="GuardDuty", detail="of another owner",
                           region=region, stack=stack)
            ]  # fmt: skip
        return tuple(dict.fromkeys(found))

    def detective(self, regions: tuple[str, ...]) -> tuple[str, ...]:
        """The graphs of some Regions."""
        return tuple(dict.fromkeys(one for region in regions for one in self._of(_DETECTIVE, region)))

    def cloudtrail(self, stack: Stack) -> str:
        """CloudTrail of the Region of a stack."""
        return self.given(
            "CloudTrail", kind="cloudtrail", title="CloudTrail", detail="API calls", region=stack.region, stack=stack
        )

    def secret(self, name: str, stack: Stack) -> str:
        """A secret, which no template makes, beside the function that reads it."""
        within = next(group.name for group in self.groups if stack in group.stacks)
        node = Node(id=f"secret {name}", kind="secret", title=name, detail="secret", within=within, holds=0)
        self.nodes.setdefault(node.id, [node])
        return node.id

    def given(self, name: str, *, kind: str, title: str, detail: str, region: str, stack: Stack) -> str:
        """Something that is there without a template: in the frame of the Regions that are watched alike."""
        frame = self._watched_frame(region, stack)
        node = Node(id=f"{frame}/{name}", kind=kind, title=title, detail=detail, within=frame, holds=0)
        self.nodes.setdefault(node.id, [node])
        return node.id

    def outside(self, kind: str, title: str, detail: str = "") -> str:
        """Somebody, or a service, that is not AWS; or the member accounts."""
        within = MEMBERS if kind in {"members", "member role"} else ""
        node = Node(id=f"{kind} {title}", kind=kind, title=title, detail=detail, within=within, holds=0)
        self.nodes.setdefault(node.id, [node])
        return node.id

    def _of(self, type_: str, region: str) -> list[str]:
        return [
            self.standing[stack.name].ids[one.logical_id]
            for group in self.groups for stack in group.stacks if stack.region == region
            for one in stack.resources.values() if one.type == type_
        ]  # fmt: skip

    def _watched_frame(self, region: str, stack: Stack) -> str:
        """Where a Region is watched: the group whose rules take findings there; else one of the stack's own account."""
        here = [one for one in self.groups if region in one.regions]
        watching = [
            one for one in here if any(_takes_findings(other) for other in one.stacks if other.region == region)
        ]
        own = [one for one in here if one.account == stack.account]
        own += [one for one in self.groups if stack in one.stacks]
        # The group in most Regions first: there it is alike everywhere.
        return max(watching or own, key=lambda one: len(one.stacks)).name

    def lines_told(self) -> tuple[Line, ...]:
        """All lines, sorted."""
        return tuple(
            sorted(
                Line(source=source, target=target, kind=kind, times=len(why))
                for (source, target, kind), why in self.lines.items()
            )
        )

    def nodes_told(self) -> tuple[Node, ...]:
        """All nodes, sorted; what differs from Region to Region is told of the first."""
        size = {group.name: len(group.stacks) for group in self.groups}
        return tuple(
            sorted(
                Node(
                    id=node.id, kind=node.kind, title=node.title, detail=node.detail, within=node.within,
                    holds=sum(one.holds for one in same),
                    some=_some(len(same), size[node.within]) if node.holds else "",
                )
                for same in self.nodes.values() for node in same[:1]
            )
        )  # fmt: skip


def _takes_findings(stack: Stack) -> bool:
    return any(
        one.type == "AWS::Events::Rule"
        and "EventBusName" not in one.properties
        and "GuardDuty Finding" in str(one.properties.get("EventPattern"))
        for one in stack.resources.values()
    )


def _some(number: int, of: int) -> str:
    return "" if number == of else f"{number} of {of}"
