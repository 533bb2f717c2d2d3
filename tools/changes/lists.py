"""Lists that come, go or hold something else: trusted ones, which blind every finding type, and threat lists."""

import re
from collections.abc import Iterator

from tools.changes.change import BLIND, NOTHING, Change, Judgement, Topic
from tools.changes.comparison import Comparison, ResourcePair
from tools.templates.address_lists import THREATS, TRUSTED, active, held_by
from tools.templates.addresses import Addresses
from tools.templates.assembly import Assembly, Resource
from tools.templates.plain_values import tags
from tools.templates.wording import counted, quoted

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def list_changes(comparison: Comparison) -> Iterator[Change]:
    """Every list that appears, goes, or changes what it holds."""
    for stack in comparison.stacks:
        if stack.place in comparison.removed_places:
            continue
        for pair in stack.resources(lambda type_: type_ in TRUSTED | THREATS):
            if pair.differs:
                among = comparison.detecting_before | comparison.detecting_after
                for judged in _says(pair, comparison):
                    yield pair.change(Topic.SUPPRESSION, judged, among=among)


def _says(pair: ResourcePair, comparison: Comparison) -> Iterator[Judgement]:
    name = quoted(pair.either.properties.get("Name", pair.either.label))
    before = pair.base if pair.base and active(pair.base) else None
    after = pair.new if pair.new and active(pair.new) else None
    held, holds = held_by(before, comparison.base), held_by(after, comparison.new)
    if pair.either.type in THREATS:
        if after is None and before is not None:
            yield Judgement(f"the threat list {name} is no longer used", kinds=BLIND)
        elif before is None and after is not None:
            yield Judgement(f"the threat list {name} is newly used")
        elif before and after and before.properties != after.properties:
            yield Judgement(
                f"the threat list {name} changes", ": what it no longer finds cannot be told", unknown=BLIND
            )
    elif before is None and after is not None:
        # As with filters: in a Region where nothing was seen before, what all others trust blinds nobody.
        news = pair.place in comparison.detecting_before or holds is None or holds not in _trusted(comparison.base)
        says = f"every finding type goes blind for {_size(holds)} of the trusted list {name}"
        yield Judgement(
            says, _answer(after) if news else ", as in other Regions before", kinds=BLIND if news else NOTHING
        )
    elif after is None and before is not None:
        yield Judgement(f"the trusted list {name} is no longer used: {_size(held)} can be found again")
    elif before and after:
        if before.properties.get("Location") != after.properties.get("Location"):
            yield from _edited(name, held, holds)
        yield from _answered(name, before, after)


def _edited(name: str, held: Addresses | None, holds: Addresses | None) -> Iterator[Judgement]:
    if held is None or holds is None:
        says = f"every finding type goes blind for whatever the trusted list {name} holds now"
        yield Judgement(says, ": its file is not in both folders", unknown=BLIND)
        return
    if more := holds - held:
        yield Judgement(f"every finding type goes blind for {_size(more)} more of the trusted list {name}", kinds=BLIND)
    if fewer := held - holds:
        yield Judgement(f"the trusted list {name} no longer holds {_size(fewer)}")


def _answered(name: str, before: Resource, after: Resource) -> Iterator[Judgement]:
    """Another owner or end; the tags list those of every entry."""
    old, new = tags(before.properties.get("Tags")), tags(after.properties.get("Tags"))
    if old.get("owner") != new.get("owner"):
        was, is_ = quoted(old.get("owner", "")), quoted(new.get("owner", ""))
        yield Judgement(f"the trusted list {name} is owned by {is_} instead of {was}")
    if old.get("expires") != new.get("expires"):
        was, is_ = quoted(old.get("expires", "never")), quoted(new.get("expires", "never"))
        ends = set(_DAY.findall(new.get("expires", "")))
        later = not ends or any(day > min(_DAY.findall(old.get("expires", "")) or [day]) for day in ends)
        says = f"the trusted list {name} ends {is_} instead of {was}"
        yield Judgement(says, kinds=BLIND if later else NOTHING)


def _answer(resource: Resource) -> str:
    known = tags(resource.properties.get("Tags"))
    owner, expires = known.get("owner"), known.get("expires")
    said = f", owner {quoted(owner)}" if owner else ", without an owner"
    return f"{said}, until {quoted(expires)}" if expires else f"{said}, without an end"


def _trusted(assembly: Assembly) -> list[Addresses | None]:
    """What each trusted list of an assembly holds."""
    return [
        held_by(resource, assembly)
        for stack in assembly.stacks.values()
        for resource in stack.resources.values()
        if resource.type in TRUSTED and active(resource)
    ]


def _size(addresses: Addresses | None) -> str:
    return "the addresses" if addresses is None else counted(len(addresses), "address", "addresses")
