"""Resources that are made anew or go, what that does to what they hold, and whole stacks and Regions."""

from collections.abc import Iterator

from tools.changes.change import Change, Kind, Topic
from tools.changes.comparison import Comparison, ResourcePair, StackPair
from tools.changes.replacement import KEEPS, Fate, fate
from tools.templates.assembly import Resource
from tools.templates.wording import listing, quoted

_REPLACEMENT = frozenset({Kind.REPLACEMENT})

# They hold nothing that a template could not make again; who misses them is told in the other sections.
_HOLD_NOTHING = frozenset(
    {
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::Events::EventBusPolicy",
        "AWS::Events::Rule",
        "AWS::GuardDuty::Filter",
        "AWS::GuardDuty::IPSet",
        "AWS::GuardDuty::ThreatEntitySet",
        "AWS::GuardDuty::ThreatIntelSet",
        "AWS::GuardDuty::TrustedEntitySet",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Logs::MetricFilter",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::S3::BucketPolicy",
        "AWS::Scheduler::Schedule",
    }
)


def resource_changes(comparison: Comparison) -> Iterator[Change]:
    """Every resource that does not stay what it is."""
    for stack in comparison.stacks:
        if stack.base and stack.new:
            yield from _moved(stack)
            yield from _replaced(stack, comparison)
            yield from _deleted(stack, comparison)
            yield from _less_kept(stack, comparison)


def _replaced(stack: StackPair, comparison: Comparison) -> Iterator[Change]:
    for pair, how, properties in _fates(stack):
        name = f"{quoted(pair.either.label)} ({quoted(pair.either.type)})"
        because = f", because {listing(properties)} cannot be changed" if properties else ""
        if how is Fate.REPLACED:
            yield _change(
                f"{name} is replaced",
                stack,
                comparison,
                rest=f"{because}; {_old_one(pair)}",
                kinds=_REPLACEMENT,
                about=pair,
            )
        elif how is Fate.UNKNOWN:
            why = f": {listing(properties)} may become another" if properties else ": its type is not known here"
            yield _change(f"{name} may be replaced", stack, comparison, rest=why, unknown=_REPLACEMENT, about=pair)


def _fates(stack: StackPair) -> Iterator[tuple[ResourcePair, Fate, tuple[str, ...]]]:
    """What happens to each resource that stays; references to what is replaced are followed to the end."""
    region = stack.new.region if stack.new else ""
    both = [(pair, pair.base, pair.new) for pair in stack.resources()]
    replaced: frozenset[str] = frozenset()
    while True:
        fates = [(pair, *fate(base, new, region=region, replaced=replaced)) for pair, base, new in both if base and new]
        now = frozenset(pair.either.logical_id for pair, how, _ in fates if how is Fate.REPLACED)
        if now == replaced:
            break
        replaced = now
    yield from fates


def _deleted(stack: StackPair, comparison: Comparison) -> Iterator[Change]:
    for pair in stack.resources():
        if pair.base is None or pair.new is not None:
            continue
        name = f"{quoted(pair.base.label)} ({quoted(pair.base.type)})"
        if _policy(pair.base, "DeletionPolicy") in KEEPS:
            yield _change(f"{name} leaves the stack and is kept", stack, comparison, about=pair)
        elif pair.base.type not in _HOLD_NOTHING:
            rest = ", with what it holds"
            yield _change(f"{name} is deleted", stack, comparison, rest=rest, kinds=_REPLACEMENT, about=pair)


def _less_kept(stack: StackPair, comparison: Comparison) -> Iterator[Change]:
    for pair in stack.resources():
        if pair.base is None or pair.new is None:
            continue
        for policy, when in (("DeletionPolicy", "when it leaves the stack"), ("UpdateReplacePolicy", "when replaced")):
            if _policy(pair.base, policy) in KEEPS and _policy(pair.new, policy) not in KEEPS:
                says = f"{quoted(pair.new.label)} ({quoted(pair.new.type)}) is no longer kept {when}"
                yield _change(says, stack, comparison, kinds=_REPLACEMENT, about=pair)


def _moved(stack: StackPair) -> Iterator[Change]:
    if stack.base and stack.new and stack.base.account != stack.new.account:
        yield Change(
            topic=Topic.RESOURCES,
            says=f"the stack {quoted(stack.name)} names the account {quoted(stack.new.account)} instead of "
            f"{quoted(stack.base.account)}",
            rest=": if that is another account, everything is made anew there and stays behind here",
            unknown=frozenset(Kind),
        )


def _old_one(pair: ResourcePair) -> str:
    # CloudFormation asks the template that is deployed now, the new one, what to do with the old resource.
    kept = pair.new is not None and _policy(pair.new, "UpdateReplacePolicy") in KEEPS
    return "the old one is kept" if kept else "the old one is deleted"


def _policy(resource: Resource, name: str) -> object:
    return resource.attributes.get(name)


def _change(
    says: str,
    stack: StackPair,
    comparison: Comparison,
    *,
    about: ResourcePair,
    rest: str = "",
    kinds: frozenset[Kind] = frozenset(),
    unknown: frozenset[Kind] = frozenset(),
) -> Change:
    return Change(
        topic=Topic.RESOURCES,
        says=says,
        rest=rest,
        places=frozenset({stack.place}),
        among=comparison.places,
        kinds=kinds,
        unknown=unknown,
        about=frozenset({about.id}),
    )
