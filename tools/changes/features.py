"""Detectors and behavior graphs: what is switched on and off, Region by Region."""

from collections.abc import Iterator, Mapping

from tools.changes.change import BLIND, NOTHING, Change, Judgement, Topic
from tools.changes.comparison import Comparison, ResourcePair
from tools.changes.replacement import KEEPS
from tools.templates.address_lists import THREATS, TRUSTED
from tools.templates.assembly import Resource
from tools.templates.plain_values import UnjudgedError, mappings, text
from tools.templates.wording import quoted

DETECTOR = "AWS::GuardDuty::Detector"
GRAPH = "AWS::Detective::Graph"
_FILTER = "AWS::GuardDuty::Filter"

# How often repeated findings are published, the quickest first (botocore guardduty, FindingPublishingFrequency).
_FREQUENCIES = ("FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS")


def feature_changes(comparison: Comparison) -> Iterator[Change]:
    """Every change of what GuardDuty and Detective do."""
    among = frozenset(pair.place for stack in comparison.stacks for pair in stack.resources(_watched))
    for stack in comparison.lasting:
        for pair in stack.resources(_watched):
            if pair.differs:
                for judged in _judged(pair):
                    yield pair.change(Topic.FEATURES, judged, among=among)


def _watched(type_: str) -> bool:
    ours = type_.startswith(("AWS::GuardDuty::", "AWS::Detective::"))
    return ours and type_ != _FILTER and type_ not in TRUSTED | THREATS


def _judged(pair: ResourcePair) -> Iterator[Judgement]:
    if pair.either.type == DETECTOR:
        yield from _detector(pair.base, pair.new)
        return
    graph = pair.either.type == GRAPH
    name = "the Detective graph" if graph else f"{quoted(pair.either.label)} ({quoted(pair.either.type)})"
    if pair.base is not None and pair.new is None:
        yield _left(name, pair.base) if graph else Judgement(f"{name} is gone", kinds=BLIND)
    elif pair.base is None or pair.new is None:
        yield Judgement(f"{name} is new")
    elif pair.base.properties != pair.new.properties:
        yield Judgement(f"{name} changes, and whether we see less cannot be told", unknown=BLIND)


def _left(name: str, base: Resource) -> Judgement:
    """It may go on, but nothing of ours says so any more."""
    if base.attributes.get("DeletionPolicy") in KEEPS:
        return Judgement(f"{name} leaves the stack", "; it is kept, and stays on", kinds=BLIND)
    return Judgement(f"{name} is gone", kinds=BLIND)


def _detector(base: Resource | None, new: Resource | None) -> Iterator[Judgement]:
    name = "the GuardDuty detector"
    if base is None:
        yield Judgement(f"{name} is new")
        return
    if new is None:
        yield _left(name, base)
        return
    try:
        yield from _enabled(base, new)
        yield from _features(_states(base), _states(new))
        yield from _frequency(base, new)
    except UnjudgedError as doubt:
        yield Judgement(
            f"the GuardDuty detector changes, and whether we see less cannot be told: {doubt}", unknown=BLIND
        )
    if base.properties.get("DataSources") != new.properties.get("DataSources"):
        yield Judgement(
            "the data sources of the GuardDuty detector change, and whether we see less cannot be told", unknown=BLIND
        )


def _enabled(base: Resource, new: Resource) -> Iterator[Judgement]:
    before, after = base.properties.get("Enable"), new.properties.get("Enable")
    if before == after:
        return
    if after in (True, "true"):
        yield Judgement("GuardDuty is switched on")
    elif after in (False, "false"):
        yield Judgement("GuardDuty is switched off", kinds=BLIND)
    else:
        yield Judgement("whether GuardDuty is on cannot be told", unknown=BLIND)


def _features(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Judgement]:
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if after == "ENABLED":
            yield Judgement(f"{quoted(name)} is switched on")
        elif after == "DISABLED":
            stated = "" if before else ", and was not stated before"
            yield Judgement(f"{quoted(name)} is switched off{stated}", kinds=BLIND)
        elif before != "DISABLED":
            # What a template leaves out, CloudFormation leaves as it is, or GuardDuty decides.
            yield Judgement(
                f"{quoted(name)} is no longer stated, and whether it stays on cannot be told", unknown=BLIND
            )
        else:
            yield Judgement(f"{quoted(name)} is no longer stated; it was off")


def _states(detector: Resource) -> Mapping[str, str]:
    """ENABLED or DISABLED of each feature and of each part of one."""
    states = {}
    for feature in mappings(detector.properties.get("Features"), "its features"):
        name = text(feature.get("Name"), "the name of a feature")
        states[name] = text(feature.get("Status"), "the status of a feature")
        for part in mappings(feature.get("AdditionalConfiguration"), "a part of a feature"):
            inner = text(part.get("Name"), "the name of a part of a feature")
            states[f"{name} {inner}"] = text(part.get("Status"), "the status of a part of a feature")
    return states


def _frequency(base: Resource, new: Resource) -> Iterator[Judgement]:
    # The default is six hours (botocore guardduty, CreateDetector).
    before, after = (
        text(side.properties.get("FindingPublishingFrequency", "SIX_HOURS"), "its publishing frequency")
        for side in (base, new)
    )
    if before == after:
        return
    says = f"repeated findings are published every {quoted(after)} instead of {quoted(before)}"
    if before in _FREQUENCIES and after in _FREQUENCIES:
        slower = _FREQUENCIES.index(after) > _FREQUENCIES.index(before)
        yield Judgement(says, kinds=BLIND if slower else NOTHING)
    else:
        yield Judgement(says, unknown=BLIND)
