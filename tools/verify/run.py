"""Every check of every stack, in order; what cannot be looked at is unknown."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import groupby
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tools.live.clients import ClientOf, WrongAccountError
from tools.live.refusal import is_no_stack, said
from tools.templates.assembly import Assembly
from tools.verify import alarms, delegation, events, functions, guardduty, members, queues, stacks, topics, workflows
from tools.verify.check import Check
from tools.verify.left_behind import is_detection, left_behind
from tools.verify.live_stack import LiveStack, NotDeployedError

AREAS: tuple[Callable[[LiveStack], Iterator[Check]], ...] = (
    stacks.stack,
    stacks.resources,
    guardduty.detectors,
    guardduty.filters,
    guardduty.trusted_lists,
    stacks.graphs,
    events.rules,
    events.archives,
    functions.functions,
    functions.event_sources,
    topics.subscriptions,
    queues.dead_letters,
    workflows.schedules,
    workflows.state_machines,
    alarms.alarms,
    delegation.delegation,
    members.members,
)


def verify(
    assembly: Assembly,
    *,
    client_of: ClientOf,
    regions: Collection[str] = (),
    stacks_named: Collection[str] = (),
    not_yet_heard: bool = False,
    since: datetime | None = None,
    other_regions: bool = False,
    tell: Callable[[str], object] = lambda _: None,
) -> Iterator[Check]:
    """Look at what is live, stack by stack.

    Args:
        assembly: The templates.
        client_of: A boto3 client by service and Region.
        regions: Only stacks of these Regions; empty for all.
        stacks_named: Only these stacks, by name or with `*`; empty for all of the caller's account.
        not_yet_heard: Whether this is between the waves of a deployment.
        since: When that deployment began, if it is known.
        other_regions: Whether to look for stacks that were left behind, in every Region of the partition, if every
            Detection stack of the assembly was asked for.
        tell: Hears a sentence about the stacks that are left out, as they are in another account.

    Raises:
        WrongAccountError: The caller is in another account than a stack that was asked for by name, or than all.
    """
    chosen = [
        stack
        for stack in assembly.stacks.values()
        if (not regions or stack.region in regions) and (not stacks_named or fits(stack.name, stacks_named))
    ]
    if not chosen:
        return
    account = str(client_of("sts", chosen[0].region).get_caller_identity()["Account"])
    here = [stack for stack in chosen if not stack.account.isdigit() or stack.account == account]
    elsewhere = [stack for stack in chosen if stack.account.isdigit() and stack.account != account]
    if elsewhere and (stacks_named or not here):
        first = elsewhere[0]
        raise WrongAccountError(
            f"{first.name}: is for account {first.account}, the credentials are of {account}; use those of "
            f"{first.account}, or choose other stacks with --stack"
        )
    for other, theirs in groupby(sorted(elsewhere, key=lambda stack: stack.account), key=lambda stack: stack.account):
        names = ", ".join(stack.name for stack in theirs)
        tell(f"left out, as the credentials are of {account}: {names}; run it again with those of {other}")
    for stack in here:
        live = LiveStack(stack=stack, account=account, client_of=client_of, not_yet_heard=not_yet_heard, since=since)
        yield from _stack(live)
    if other_regions and all(stack in here for stack in assembly.stacks.values() if is_detection(stack)):
        yield from left_behind(assembly.stacks.values(), client_of=client_of)


def fits(stack: str, named: Collection[str]) -> bool:
    """Whether a stack is one of those that were asked for, by name or with `*`."""
    return any(fnmatchcase(stack, name) for name in named)


def _stack(live: LiveStack) -> Iterator[Check]:
    stack = live.stack
    try:
        pages = live.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack.name)
        listed = [one for page in pages for one in page["StackResourceSummaries"]]
    except (ClientError, BotoCoreError) as error:
        if is_no_stack(error):
            deploy = f"is not deployed in {stack.region}; deploy it (docs/deploy.md)"
            yield live.check("stack", stack.name, [deploy], fine="")
        else:
            yield live.unknown("stack", "-", said(error))
        return
    names = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in listed if one.get("PhysicalResourceId")}
    written = {one["LogicalResourceId"]: one["LastUpdatedTimestamp"] for one in listed}
    described: dict[str, Any] = {}
    try:
        (described,) = live.client("cloudformation").describe_stacks(StackName=stack.name)["Stacks"]
    except (ClientError, BotoCoreError) as error:
        yield live.unknown("stack", "-", said(error))
    live = replace(live, names=names, written=written, described=described)
    for area in AREAS:
        yield from _looked(live, area)


def _looked(live: LiveStack, area: Callable[[LiveStack], Iterator[Check]]) -> Iterator[Check]:
    name = area.__name__.replace("_", " ")
    try:
        yield from area(live)
    except NotDeployedError as error:
        yield live.check(name, "-", [str(error)], fine="")
    except (ClientError, BotoCoreError) as error:
        yield live.unknown(name, "-", said(error))
