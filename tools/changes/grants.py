"""Permissions that grow, one by one, and those that shrink, in one line."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tools.changes.change import BLIND, NOTHING, PERMISSION, Change, Judgement, ResourceId, Topic
from tools.changes.comparison import Comparison, StackPair
from tools.changes.permissions import Permission, permissions
from tools.changes.presence import all_there, there
from tools.changes.uses import AS_ITS_ROLE
from tools.templates.assembly import Resource, Stack
from tools.templates.policy_statements import shown
from tools.templates.wording import counted, listing, quoted

_SHOWN_LOSSES = 3

_Judged = tuple[Judgement, list[ResourceId]]
"""With the resources that state those permissions."""


def grant_changes(comparison: Comparison) -> Iterator[Change]:
    """Every permission that is new, and how many fall away."""
    regional = _regional(comparison)
    for stack in comparison.stacks:
        if stack.place in comparison.removed_places:
            continue
        had_elsewhere = regional if stack.place in comparison.added_places else frozenset()
        for judged, about in _judged(stack, had_elsewhere):
            yield stack.change(Topic.PERMISSIONS, judged, among=comparison.places, about=about)


def _judged(stack: StackPair, had_elsewhere: frozenset[Permission]) -> Iterator[_Judged]:
    """Of one stack; of a new Region, in one line what other Regions had already."""
    old, new = permissions(stack.base), permissions(stack.new)
    gone = [one for one in old if not any(other.includes(one) for other in new)]
    won = [one for one in new if not any(other.includes(one) for other in old)]
    # A role that comes or goes with what runs as it says all of it by its own statements.
    won = [one for one in won if not _comes_with_its_role(one, stack)]
    gone = [one for one in gone if one.action != AS_ITS_ROLE]
    known = [one for one in won if _anywhere(one, stack.new) in had_elsewhere]
    yield from _known(known, new)
    won = [one for one in won if one not in known]
    yield from _grown(won, new)
    yield from _undenied(gone, stack, old)
    yield from _shrunk(gone, won, stack, {**new, **old})
    yield from _bounded(stack)


def _grown(won: Iterable[Permission], stated: dict[Permission, ResourceId]) -> Iterator[_Judged]:
    together: dict[tuple[str, str, str], list[Permission]] = {}
    for one in won:
        if not one.denies:
            together.setdefault((one.who, one.on, _when(one)), []).append(one)
    for (who, on, when), same in sorted(together.items()):
        says = f"{quoted(who)} may {listing(one.action for one in same)} on {quoted(on)}"
        yield Judgement(says, when, kinds=PERMISSION), [stated[one] for one in same]


def _undenied(gone: Iterable[Permission], stack: StackPair, stated: dict[Permission, ResourceId]) -> Iterator[_Judged]:
    together: dict[tuple[str, str, str], list[Permission]] = {}
    for one in gone:
        # A denial that goes with whom it is for, or with what it is about, frees nothing.
        if one.denies and there(one.who, stack.new) and there(one.on, stack.new):
            together.setdefault((one.who, one.on, _when(one)), []).append(one)
    for (who, on, when), same in sorted(together.items()):
        says = f"{quoted(who)} is no longer denied {listing(one.action for one in same)} on {quoted(on)}"
        yield Judgement(says, when, kinds=PERMISSION), [stated[one] for one in same]


def _shrunk(
    gone: Iterable[Permission], won: Iterable[Permission], stack: StackPair, stated: dict[Permission, ResourceId]
) -> Iterator[_Judged]:
    lost = sorted((one for one in gone if not one.denies), key=_order)
    # What is denied on a resource that is new itself takes nothing from anybody.
    denied = sorted((one for one in won if one.denies and there(one.on, stack.base)), key=_order)
    for some, verb in ((lost, ("falls away", "fall away")), (denied, ("is newly denied", "are newly denied"))):
        if not some:
            continue
        # Several may differ by their conditions alone.
        each = Counter(f"{quoted(one.action)} on {quoted(one.on)} for {quoted(one.who)}" for one in some)
        shown_ones = list(each.items())[:_SHOWN_LOSSES]
        named = [f"{text} ({count} times)" if count > 1 else text for text, count in shown_ones]
        left = len(some) - sum(count for _, count in shown_ones)
        more = f", and {left:,} more" if left else ""
        missed = [one for one in some if all_there(one, stack)]
        judged = Judgement(
            f"{counted(len(some), 'permission')} {verb[len(some) > 1]}",
            ": " + "; ".join(named) + more + ("; whether anything needed it cannot be told" if missed else ""),
            # Something that stays may have needed what it no longer has: a rule its queue, a function its key.
            unknown=BLIND if missed else NOTHING,
        )
        yield judged, [stated[one] for one in some]


def _comes_with_its_role(permission: Permission, stack: StackPair) -> bool:
    new = not there(permission.who, stack.base) and not there(permission.on, stack.base)
    return permission.action == AS_ITS_ROLE and permission.on.startswith("<") and new


def _known(known: list[Permission], stated: dict[Permission, ResourceId]) -> Iterator[_Judged]:
    if known:
        says = f"{counted(len(known), 'permission')} that other Regions have already"
        yield Judgement(says, ", for the new Region", kinds=PERMISSION), [stated[one] for one in known]


def _regional(comparison: Comparison) -> frozenset[Permission]:
    """Every permission of the base, without the name of its Region."""
    return frozenset(
        _anywhere(one, stack.base) for stack in comparison.stacks for one in permissions(stack.base) if stack.base
    )


def _anywhere(permission: Permission, stack: Stack | None) -> Permission:
    region = stack.region if stack else ""

    def generic(text: str) -> str:
        return text.replace(region, "<Region>") if region else text

    return Permission(
        who=generic(permission.who),
        action=permission.action,
        on=generic(permission.on),
        denies=permission.denies,
        when=frozenset((operator, key, generic(value)) for operator, key, value in permission.when),
    )


def _bounded(stack: StackPair) -> Iterator[_Judged]:
    """Roles whose permissions boundary falls away or becomes another."""
    for pair in stack.resources(lambda type_: type_ in {"AWS::IAM::Role", "AWS::IAM::User"}):
        if pair.base is None or pair.new is None:
            continue
        old, new = _boundary(pair.base), _boundary(pair.new)
        name = quoted(pair.either.label)
        if old and not new:
            says = f"{name} is no longer held by the permissions boundary {quoted(old)}"
            yield Judgement(says, kinds=PERMISSION), [pair.id]
        elif old != new:
            # What it does not allow, nobody may who needs it.
            says = f"{name} is held by {'another' if old else 'a'} permissions boundary, {quoted(new)}"
            yield Judgement(says, unknown=BLIND | PERMISSION if old else BLIND), [pair.id]


def _boundary(resource: Resource) -> str:
    found = resource.properties.get("PermissionsBoundary")
    return shown(found, name=lambda _: None) if found is not None else ""


def _when(permission: Permission) -> str:
    if not permission.when:
        return ""
    return ", only if " + " and ".join(
        f"{quoted(key)} {quoted(operator)} {quoted(value)}" for operator, key, value in sorted(permission.when)
    )


def _order(permission: Permission) -> tuple[str, str, str]:
    return permission.who, permission.on, permission.action
