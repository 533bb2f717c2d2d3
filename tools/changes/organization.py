"""The organization's custom resources: who administers, who is enrolled, with which plans, and what a deletion ends."""

from collections.abc import Iterator, Mapping

from tools.changes.change import BLIND, NOTHING, PERMISSION, Change, Judgement, Kind, Topic
from tools.changes.comparison import Comparison, ResourcePair
from tools.templates.assembly import Resource
from tools.templates.plain_values import UnjudgedError, text, texts
from tools.templates.wording import listing, quoted

READ = {
    "Custom::GuardDutyDelegation": "GuardDuty",
    "Custom::DetectiveDelegation": "Detective",
    "Custom::GuardDutyOrganization": "GuardDuty",
    "Custom::DetectiveOrganization": "Detective",
}
"""Types that are read here, as the Delegation and Organization stacks have them, and the service of each."""

_ENROLS = ("none", "new", "all")
"""Whom a service covers, the fewest first."""

_NAMES = ("MemberFeatures", "OtherFeatures", "Agents", "OtherAgents")
_TEXTS = ("Administrator", "MalwareProtection", "RemoveOnDelete", "Enroll", "OptIn", "EnrollAgain", "GraphTags")
_KNOWN = frozenset({"Region", "ServiceToken", *_NAMES, *_TEXTS})


def organization_changes(comparison: Comparison) -> Iterator[Change]:
    """Every change of what these resources ask for; each is about the Region that it names, not about its stack's."""
    pairs = [(stack, pair) for stack in comparison.stacks for pair in stack.resources(READ.__contains__)]
    among = frozenset(_place(pair) for _, pair in pairs)
    for stack, pair in pairs:
        # A stack that is gone from the assembly stays in the account, and so does all that it asked for.
        if stack.new is None or (pair.base and pair.new and pair.base.properties == pair.new.properties):
            continue
        siblings = stack.base.resources.values() if stack.base else ()
        for judged in _judged(pair, siblings=[one for one in siblings if one.type == pair.either.type]):
            may = Kind.PERMISSION in judged.kinds
            topic = Topic.PERMISSIONS if may else Topic.FEATURES
            yield judged.change(topic, place=_place(pair), among=among, about=(pair.id,))


def _place(pair: ResourcePair) -> str:
    region = pair.either.properties.get("Region")
    return region if isinstance(region, str) else pair.place


def _judged(pair: ResourcePair, *, siblings: list[Resource]) -> Iterator[Judgement]:
    try:
        if pair.new is None:
            yield from _gone(pair.base) if pair.base else ()
        elif pair.base is None:
            yield from _new(pair.new, siblings)
        else:
            yield from _changed(pair.base, pair.new)
    except UnjudgedError as doubt:
        what = f"{quoted(pair.either.label)} ({quoted(pair.either.type)})"
        yield Judgement(f"{what} changes, and what that does cannot be told: {doubt}", unknown=frozenset(Kind))


def _gone(base: Resource) -> Iterator[Judgement]:
    name = READ[base.type]
    what = f"{name}'s delegation" if base.type.endswith("Delegation") else f"{name}'s enrolment of accounts"
    # Detective's delegation is never ended: that would delete the graph (docs/decisions/0019).
    if _text(base, "RemoveOnDelete") == "true" and base.type != "Custom::DetectiveDelegation":
        yield Judgement(f"{what} ends", kinds=BLIND)
    else:
        yield Judgement(f"{what} is no longer part of the deployment", "; what it set stays")


def _new(new: Resource, siblings: list[Resource]) -> Iterator[Judgement]:
    name = READ[new.type]
    says = f"{quoted(new.label)} ({quoted(new.type)}) is new"
    if any(_of_any_region(one) == _of_any_region(new) for one in siblings):
        yield Judgement(says, ", as other Regions have it")
        return
    _refuse_unknown({}, new.properties)
    if new.type.endswith("Delegation"):
        administrator = quoted(_text(new, "Administrator"))
        yield Judgement(f"the account {administrator} becomes the administrator of {name}", kinds=PERMISSION)
    else:
        enroll = _text(new, "Enroll")
        # What the organization has until now may be more.
        less = NOTHING if enroll == "all" else BLIND
        plans = _names(new, "MemberFeatures")
        rest = f", with {listing(sorted(plans))}" if plans else ""
        yield Judgement(f"{name} enrols {quoted(enroll)} accounts of the organization", rest, unknown=less)
    if _text(new, "RemoveOnDelete") == "true":
        yield _removes(new)


def _changed(base: Resource, new: Resource) -> Iterator[Judgement]:
    _refuse_unknown(base.properties, new.properties)
    name = READ[new.type]
    before, after = _text(base, "Administrator"), _text(new, "Administrator")
    if before != after:
        says = f"the account {quoted(after)} is asked for as administrator of {name} instead of {quoted(before)}"
        yield Judgement(says, "; the deployment fails while the other is (docs/operations.md)", kinds=PERMISSION)
    yield from _trusts(_text(base, "MalwareProtection"), _text(new, "MalwareProtection"))
    yield from _enrols(name, _text(base, "Enroll"), _text(new, "Enroll"))
    yield from _plans(base, new, on="MemberFeatures", off="OtherFeatures", what="plan")
    yield from _plans(base, new, on="Agents", off="OtherAgents", what="agent")
    if _text(base, "OptIn") != _text(new, "OptIn"):
        yield Judgement("whether each account has to enable the Region itself is stated otherwise")
    if _text(base, "EnrollAgain") != _text(new, "EnrollAgain"):
        yield Judgement(f"{name} is asked to enrol everybody once more")
    if _text(base, "GraphTags") != _text(new, "GraphTags"):
        yield Judgement("automatic enrolment is set once more, because the tags of the Detective graph change")
    if _text(base, "RemoveOnDelete") != _text(new, "RemoveOnDelete"):
        yield _removes(new)
    if base.properties.get("ServiceToken") != new.properties.get("ServiceToken"):
        yield Judgement(f"another function answers for {quoted(new.type)}", unknown=frozenset(Kind))


def _removes(new: Resource) -> Judgement:
    what = "delegation" if new.type.endswith("Delegation") else "enrolment of accounts"
    name = READ[new.type]
    if _text(new, "RemoveOnDelete") == "true":
        return Judgement(f"whoever deletes the stack, or takes out a Region, ends {name}'s {what}", kinds=PERMISSION)
    return Judgement(f"{name}'s {what} stays when the stack is deleted, or a Region is taken out")


def _trusts(before: str, after: str) -> Iterator[Judgement]:
    if before != after and after == "true":
        yield Judgement("the organization trusts GuardDuty's malware protection", kinds=PERMISSION)
    elif before != after:
        yield Judgement("trust in GuardDuty's malware protection is no longer asked for", "; it stays")


def _enrols(name: str, before: str, after: str) -> Iterator[Judgement]:
    if before == after:
        return
    says = f"{name} enrols {quoted(after)} accounts of the organization instead of {quoted(before)}"
    if before in _ENROLS and after in _ENROLS:
        yield Judgement(says, kinds=BLIND if _ENROLS.index(after) < _ENROLS.index(before) else NOTHING)
    else:
        yield Judgement(says, unknown=BLIND)


def _plans(base: Resource, new: Resource, *, on: str, off: str, what: str) -> Iterator[Judgement]:
    before, after = _names(base, on), _names(new, on)
    states = bool(after | _names(new, off))
    for name in sorted(before - after):
        if states:
            # Members that have it keep it (docs/decisions/0019).
            yield Judgement(f"the {what} {quoted(name)} is no longer switched on for members", kinds=BLIND)
        else:
            # The function writes only what is stated.
            yield Judgement(f"the {what} {quoted(name)} is no longer stated for members", "; it stays as it is")
    for name in sorted(after - before):
        yield Judgement(f"the {what} {quoted(name)} is switched on for members")
    for name in sorted(_names(new, off) - _names(base, off) - before):
        says = f"the {what} {quoted(name)} is stated as off for members"
        yield Judgement(says, ", and was not stated before", unknown=BLIND)
    for name in sorted(_names(base, off) - _names(new, off) - after):
        yield Judgement(f"the {what} {quoted(name)} is no longer stated for members", "; it was off")


def _refuse_unknown(before: Mapping[str, object], after: Mapping[str, object]) -> None:
    for name in sorted({*before, *after} - _KNOWN):
        if before.get(name) != after.get(name):
            raise UnjudgedError(f"its property {name} is not known here")
    if before and before.get("Region") != after.get("Region"):
        raise UnjudgedError("it is about another Region")


def _of_any_region(resource: Resource) -> Mapping[str, object]:
    return {name: value for name, value in resource.properties.items() if name != "Region"}


def _text(resource: Resource, name: str) -> str:
    return text(resource.properties.get(name, ""), f"its property {name}")


def _names(resource: Resource, name: str) -> set[str]:
    return set(texts(resource.properties.get(name, []), f"its property {name}"))
