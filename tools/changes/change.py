"""One change, in words, with what it is for a gate."""

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from enum import Enum, StrEnum

from tools.templates.wording import quoted


class Kind(StrEnum):
    """What a pipeline may want to stop for."""

    BLIND = "blind"
    """We see less, or send less."""
    PERMISSION = "permission"
    """Somebody may do more."""
    REPLACEMENT = "replacement"
    """A resource is made anew, or goes with what it holds."""


BLIND = frozenset({Kind.BLIND})
PERMISSION = frozenset({Kind.PERMISSION})
REPLACEMENT = frozenset({Kind.REPLACEMENT})
NOTHING: frozenset[Kind] = frozenset()


class Topic(Enum):
    """A section of the summary, in its order."""

    SUPPRESSION = "Suppression"
    ROUTES = "Routes"
    PERMISSIONS = "Permissions"
    RESOURCES = "Resources replaced or deleted"
    FEATURES = "Features and alarms"
    OTHER = "Everything else"


ResourceId = tuple[str, str]
"""Stack name and logical id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A sentence: `says`, then the Regions, then `rest`.

    Attributes:
        says: The sentence up to where it happens.
        rest: What follows after that.
        places: The Regions in which it happens; none if that goes without saying.
        among: The Regions in which it could have happened.
        kinds: What it certainly is.
        unknown: What it may be as well; nobody can tell from templates.
        about: The resources it speaks of, so that nothing is told twice or not at all.
    """

    topic: Topic
    says: str
    rest: str = ""
    places: frozenset[str] = frozenset()
    among: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = NOTHING
    unknown: frozenset[Kind] = NOTHING
    about: frozenset[ResourceId] = frozenset()

    @property
    def sentence(self) -> str:
        """The whole sentence, its texts of templates marked (see `wording`)."""
        return f"{self.says}{self._where()}{self.rest}"

    def _where(self) -> str:
        if not self.places:
            return ""
        named = ", ".join(map(quoted, sorted(self.places)))
        here, all_ = (frozenset(map(_region, places)) for places in (self.places, self.among))
        if len(here) == 1:
            return f" in {named}"
        if self.places >= self.among:
            return f" in {len(here)} Regions"
        # In some of several accounts, and yet in every Region.
        count = f"{len(here)}" if here >= all_ else f"{len(here)} of {len(all_)}"
        return f" in {count} Regions ({named})"


def _region(place: str) -> str:
    """The Region of a place, which names the account too where there are several (`comparison`)."""
    return place.partition(" (")[0]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What happens to something, before it is said where; the attributes are those of `Change`."""

    says: str
    rest: str = ""
    _: KW_ONLY
    kinds: frozenset[Kind] = NOTHING
    unknown: frozenset[Kind] = NOTHING

    def change(
        self,
        topic: Topic,
        *,
        place: str = "",
        among: frozenset[str] = frozenset(),
        about: Iterable[ResourceId] = (),
    ) -> Change:
        """The change that it is in one Region; without a place where that goes without saying."""
        return Change(
            topic=topic,
            says=self.says,
            rest=self.rest,
            places=frozenset({place} if place else ()),
            among=among,
            kinds=self.kinds,
            unknown=self.unknown,
            about=frozenset(about),
        )


def merged(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The same change in several Regions as one, in the order of first appearance."""
    together: dict[tuple[object, ...], Change] = {}
    for change in changes:
        key = (change.topic, change.says, change.rest, change.kinds, change.unknown, bool(change.places))
        known = together.get(key, change)
        together[key] = Change(
            topic=change.topic,
            says=change.says,
            rest=change.rest,
            places=known.places | change.places,
            among=known.among | change.among,
            kinds=change.kinds,
            unknown=change.unknown,
            about=known.about | change.about,
        )
    return tuple(together.values())
