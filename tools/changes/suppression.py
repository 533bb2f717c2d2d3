"""What is hidden after the change that was not before, entry by entry, and the other way round."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from tools.changes.change import BLIND, NOTHING, Change, Judgement, Kind, Topic
from tools.changes.comparison import Comparison
from tools.changes.egress import Cell, Entry, entries
from tools.changes.entry_words import answer, end, later, limited, number, types_named, what, where, whole
from tools.templates.coverage import NOWHERE, Coverage
from tools.templates.filters import EVERY_TYPE, Limits, narrower
from tools.templates.wording import quoted


def suppression_changes(comparison: Comparison) -> Iterator[Change]:
    """Every change of what filters hide.

    A Region that had no detector before is compared with the others: what is hidden everywhere is not news there. A
    Region that goes is told of elsewhere.
    """
    before, after = entries(comparison, comparison.base), entries(comparison, comparison.new)
    among = comparison.detecting_before | comparison.detecting_after
    for place in sorted(comparison.detecting_after | (comparison.detecting_before - comparison.removed_places)):
        fresh = place not in comparison.detecting_before
        known = _elsewhere(before) if fresh else before.get(place, {})
        present = after.get(place, {})
        for name in sorted(present if fresh else {*known, *present}):
            old, new = known.get(name), present.get(name)
            about = (old.about if old and not fresh else frozenset()) | (new.about if new else frozenset())
            for judged in _judged(old, new):
                of_the_entry = replace(judged, says=f"{name} {judged.says}")
                yield of_the_entry.change(Topic.SUPPRESSION, place=place, among=among, about=about)


def _elsewhere(before: Mapping[str, Mapping[str, Entry]]) -> Mapping[str, Entry]:
    return {name: entry for place in sorted(before, reverse=True) for name, entry in before[place].items()}


def _judged(old: Entry | None, new: Entry | None) -> Iterator[Judgement]:
    if old and new and old.raw == new.raw:
        return
    doubt = "; ".join(sorted({entry.doubt for entry in (old, new) if entry and entry.doubt}))
    if doubt:
        yield Judgement("changes, and what it matches cannot be told", f": {doubt}", unknown=BLIND)
    elif new is None and old is not None:
        verb = "no longer suppresses" if old.enforces else "no longer observes"
        yield Judgement(f"{verb} {what(old)}", f"{where(whole(old))}{answer(old)}")
    elif old is None and new is not None:
        yield from _appears(new)
    elif old is not None and new is not None:
        yield from _differs(old, new)


def _appears(new: Entry) -> Iterator[Judgement]:
    if not new.enforces:
        yield Judgement(f"newly observes {what(new)}", f"{where(whole(new))}{answer(new)}; it hides nothing yet")
        return
    at_once = "; it enforces at once: the base did not observe it first"
    yield Judgement(f"newly suppresses {what(new)}", f"{where(whole(new))}{answer(new)}{at_once}", kinds=BLIND)


def _differs(old: Entry, new: Entry) -> Iterator[Judgement]:
    said = [*_mode(old, new), *_matches(old, new)]
    # Whatever the sentences say: no address may become hidden without one that says so.
    hides_more = any(_grows(coverage, cell, old.hidden) for cell, coverage in new.hidden.items())
    if hides_more and not any(Kind.BLIND in one.kinds for one in said):
        said.append(Judgement("suppresses more than before", kinds=BLIND))
    yield from said
    if old.expires != new.expires:
        yield Judgement(
            f"ends {end(new.expires)} instead of {end(old.expires)}",
            kinds=BLIND if new.enforces and later(new.expires, old.expires) else NOTHING,
        )
    if old.owner != new.owner:
        yield Judgement(f"is owned by {quoted(new.owner)} instead of {quoted(old.owner)}")


def _grows(coverage: Coverage, cell: Cell, old: Mapping[Cell, Coverage]) -> bool:
    type_, limits = cell
    left = coverage
    for (other_type, other_limits), hidden in old.items():
        if other_type in {type_, EVERY_TYPE} and narrower(limits, other_limits):
            left -= hidden
    return bool(left)


def _mode(old: Entry, new: Entry) -> Iterator[Judgement]:
    if old.enforces and not new.enforces:
        yield Judgement(f"goes from enforce to observe: it no longer hides {what(old)}", where(whole(old)))
    elif new.enforces and not old.enforces:
        yield Judgement(
            f"goes from observe to enforce: it now suppresses {what(new)}",
            f"{where(whole(new))}{answer(new)}",
            kinds=BLIND,
        )


@dataclass(frozen=True, slots=True)
class _Difference:
    """What happens to some finding types in the same way."""

    old_limits: Limits
    new_limits: Limits
    old: Coverage
    new: Coverage


def _matches(old: Entry, new: Entry) -> Iterator[Judgement]:
    together: dict[_Difference, list[str]] = {}
    for type_, difference in _differences(old.all, new.all):
        together.setdefault(difference, []).append(type_)
    hiding = new.enforces
    for difference, types in together.items():
        yield from _says(difference, types, hiding=hiding)


def _differences(old: Mapping[Cell, Coverage], new: Mapping[Cell, Coverage]) -> Iterator[tuple[str, _Difference]]:
    for type_ in sorted({type_ for type_, _ in (*old, *new)}):
        before = {limits: coverage for (name, limits), coverage in old.items() if name == type_}
        after = {limits: coverage for (name, limits), coverage in new.items() if name == type_}
        if len(before) == len(after) == 1:
            ((old_limits, was),) = before.items()
            ((new_limits, is_),) = after.items()
            yield type_, _Difference(old_limits, new_limits, was, is_)
        else:
            for limits in sorted({*before, *after}, key=sorted):
                yield type_, _Difference(limits, limits, before.get(limits, NOWHERE), after.get(limits, NOWHERE))


def _says(difference: _Difference, types: Collection[str], *, hiding: bool) -> Iterator[Judgement]:
    verb = "suppresses" if hiding else "observes"
    loss = BLIND if hiding else NOTHING
    named, narrowed = types_named(types), limited(difference.new_limits)
    more, less = difference.new - difference.old, difference.old - difference.new
    at_once = "; they are hidden at once, without having been observed" if hiding else ""
    if not difference.old:
        yield Judgement(f"also {verb} {named}, from {difference.new}{narrowed}", where(difference.new), kinds=loss)
    elif not difference.new:
        yield Judgement(f"no longer {verb} {named}, from {difference.old}{narrowed}", where(difference.old))
    elif more and less:
        yield Judgement(
            f"{verb} {more} more and {less.number} fewer, {difference.new.number} in all, for {number(types)}",
            f"{where(more)}{f'; no longer {gone}' if (gone := less.named()) else ''}{at_once}",
            kinds=loss,
        )
    elif more:
        says = f"grows by {more} to {difference.new.number} for {number(types)}"
        yield Judgement(says, f"{where(more)}{at_once}", kinds=loss)
    elif less:
        yield Judgement(f"shrinks by {less} to {difference.new.number} for {number(types)}", where(less))
    if difference.old_limits != difference.new_limits:
        yield _limits(difference.old_limits, difference.new_limits, hiding=hiding)


def _limits(old: Limits, new: Limits, *, hiding: bool) -> Judgement:
    wider = BLIND if hiding and not narrower(new, old) else NOTHING
    if not new:
        return Judgement(f"is no longer{limited(old, comma='')}", kinds=wider)
    if not old:
        return Judgement(f"is now{limited(new, comma='')}", kinds=wider)
    return Judgement(f"is now{limited(new, comma='')}", f"; before it was{limited(old, comma='')}", kinds=wider)
