"""What a picture shows: frames, what stands in them, and the lines between; plain data that compares and sorts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass


class UndrawableError(Exception):
    """The templates hold something of which nobody has said how it is drawn; the text names it."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Frame:
    """What stands together.

    Attributes:
        kind: `account`, or `region` for a stack in its Regions.
        detail: The stack.
        within: The id of the frame around it; empty for none.
    """

    id: str
    kind: str
    title: str
    detail: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Node:
    """Something that is drawn with an icon.

    Attributes:
        kind: What it is; decides the icon.
        within: The id of its frame; empty for what is outside of AWS.
        holds: How many resources it stands for, in all Regions together.
        some: `21 of 34` where not every Region of its frame has it.
    """

    id: str
    kind: str
    title: str
    detail: str = ""
    within: str = ""
    holds: int = 1
    some: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Line:
    """That one thing leads to another.

    Attributes:
        kind: How; decides style, and whether it is drawn (`tools.diagram.lines`).
        times: How many resources of the templates say so.
    """

    source: str
    target: str
    kind: str
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """The structure of a picture; each part sorted by id, so that the same templates give the same."""

    name: str
    frames: tuple[Frame, ...]
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]

    def as_data(self) -> dict[str, object]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "Diagram":
        """Back from JSON.

        Raises:
            ValueError: It is none.
        """
        match data:
            case {"name": str(name), "frames": list(frames), "nodes": list(nodes), "lines": list(lines)}:
                try:
                    return cls(
                        name=name,
                        frames=tuple(Frame(**one) for one in frames),
                        nodes=tuple(Node(**one) for one in nodes),
                        lines=tuple(Line(**one) for one in lines),
                    )
                except TypeError as error:
                    raise ValueError(f"is no structure of a diagram: {error}") from error
        raise ValueError("is no structure of a diagram: it must have name, frames, nodes and lines")

    def compared_with(self, other: "Diagram") -> tuple[str, ...]:
        """What only one of them has, in words: `+` is here and not in the other, `-` the other way round."""
        ours, theirs = set(self.told()), set(other.told())
        return (*(f"+ {one}" for one in sorted(ours - theirs)), *(f"- {one}" for one in sorted(theirs - ours)))

    def told(self) -> tuple[str, ...]:
        """Everything in it, in a row of words each."""
        frames = (
            f"frame {one.id}: {one.kind}, {one.title!r}, {one.detail!r}, "
            f"{f'within {one.within}' if one.within else 'outermost'}"
            for one in self.frames
        )
        nodes = (
            f"node {one.id}: {one.kind}, {one.title!r}, {one.detail!r}, in {one.within or 'no frame'}, "
            f"for {one.holds}{f', in {one.some} Regions' if one.some else ''}"
            for one in self.nodes
        )
        lines = (f"line {one.source} -{one.kind}-> {one.target}, said {one.times} times" for one in self.lines)
        return (f"named {self.name}", *frames, *nodes, *lines)
