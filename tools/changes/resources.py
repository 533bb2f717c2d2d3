"""Resources that are made anew or go, and what that does to what they hold."""

from collections.abc import Iterator
from itertools import chain

from tools.changes.change import REPLACEMENT, Change, Judgement, Kind, Topic
from tools.changes.comparison import Comparison, ResourcePair, StackPair
from tools.changes.organization import READ
from tools.changes.replacement import KEEPS, Fate, fate
from tools.templates.assembly import Resource, Stack
from tools.templates.wording import listing, quoted

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
            yield from _moved(stack.base, stack.new)
            for pair, judged in chain(_replaced(stack), _deleted(stack), _less_kept(stack)):
                yield pair.change(Topic.RESOURCES, judged, among=comparison.places)


def _replaced(stack: StackPair) -> Iterator[tuple[ResourcePair, Judgement]]:
    for pair, how, properties in _fates(stack):
        name = f"{quoted(pair.either.label)} ({quoted(pair.either.type)})"
        because = f", because {listing(properties)} cannot be changed" if properties else ""
        if how is Fate.REPLACED:
            yield pair, Judgement(f"{name} is replaced", f"{because}; {_old_one(pair)}", kinds=REPLACEMENT)
        elif how is Fate.UNKNOWN:
            why = f": {listing(properties)} may become another" if properties else ": its type is not known here"
            yield pair, Judgement(f"{name} may be replaced", why, unknown=REPLACEMENT)


def _fates(stack: StackPair) -> Iterator[tuple[ResourcePair, Fate, tuple[str, ...]]]:
    """What happens to each resource that stays; references to what is replaced are followed to the end."""
    region = stack.new.region if stack.new else ""
    # What asks a function of ours for something is never made anew: its id stays (docs/decisions/0018).
    both = [(pair, pair.base, pair.new) for pair in stack.resources(lambda type_: type_ not in READ)]
    replaced: frozenset[str] = frozenset()
    while True:
        fates = [(pair, *fate(base, new, region=region, replaced=replaced)) for pair, base, new in both if base and new]
        now = frozenset(pair.either.logical_id for pair, how, _ in fates if how is Fate.REPLACED)
        if now == replaced:
            break
        replaced = now
    yield from fates


def _deleted(stack: StackPair) -> Iterator[tuple[ResourcePair, Judgement]]:
    for pair in stack.resources():
        if pair.base is None or pair.new is not None:
            continue
        name = f"{quoted(pair.base.label)} ({quoted(pair.base.type)})"
        if _policy(pair.base, "DeletionPolicy") in KEEPS:
            yield pair, Judgement(f"{name} leaves the stack and is kept")
        elif pair.base.type not in _HOLD_NOTHING and pair.base.type not in READ:
            yield pair, Judgement(f"{name} is deleted", ", with what it holds", kinds=REPLACEMENT)


def _less_kept(stack: StackPair) -> Iterator[tuple[ResourcePair, Judgement]]:
    for pair in stack.resources():
        if pair.base is None or pair.new is None:
            continue
        for policy, when in (("DeletionPolicy", "when it leaves the stack"), ("UpdateReplacePolicy", "when replaced")):
            if _policy(pair.base, policy) in KEEPS and _policy(pair.new, policy) not in KEEPS:
                says = f"{quoted(pair.new.label)} ({quoted(pair.new.type)}) is no longer kept {when}"
                yield pair, Judgement(says, kinds=REPLACEMENT)


def _moved(base: Stack, new: Stack) -> Iterator[Change]:
    if base.account != new.account:
        yield Judgement(
            f"the stack {quoted(new.name)} names the account {quoted(new.account)} instead of {quoted(base.account)}",
            ": if that is another account, everything is made anew there and stays behind here",
            unknown=frozenset(Kind),
        ).change(Topic.RESOURCES)


def _old_one(pair: ResourcePair) -> str:
    # CloudFormation asks the template that is deployed now, the new one, what to do with the old resource.
    kept = pair.new is not None and _policy(pair.new, "UpdateReplacePolicy") in KEEPS
    return "the old one is kept" if kept else "the old one is deleted"


def _policy(resource: Resource, name: str) -> object:
    return resource.attributes.get(name)
