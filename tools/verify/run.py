"""Every check of every stack, in order; what cannot be looked at is unknown."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from botocore.exceptions import BotoCoreError, ClientError

from tools.live.clients import ClientOf, WrongAccountError
from tools.live.refusal import is_no_stack, said
from tools.templates.assembly import Assembly
from tools.verify import alarms, delegation, delivery, guardduty, members, stacks, workflows
from tools.verify.check import Check
from tools.verify.live import Live, NotDeployedError

AREAS: tuple[Callable[[Live], Iterator[Check]], ...] = (
    stacks.stack,
    stacks.resources,
    guardduty.detectors,
    guardduty.filters,
    guardduty.trusted_lists,
    stacks.graphs,
    delivery.rules,
    delivery.archives,
    delivery.functions,
    delivery.event_sources,
    delivery.subscriptions,
    delivery.dead_letters,
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
) -> Iterator[Check]:
    """Look at what is live, stack by stack.

    Args:
        assembly: The templates.
        client_of: A boto3 client by service and Region.
        regions: Only stacks of these Regions; empty for all.
        stacks_named: Only these stacks; empty for all.
        not_yet_heard: Whether an alarm may be red because nothing has been heard yet.

    Raises:
        WrongAccountError: The caller is in another account than a stack that was asked for.
    """
    chosen = [
        stack
        for stack in assembly.stacks.values()
        if (not regions or stack.region in regions) and (not stacks_named or stack.name in stacks_named)
    ]
    for stack in chosen:
        account = str(client_of("sts", stack.region).get_caller_identity()["Account"])
        if stack.account.isdigit() and stack.account != account:
            raise WrongAccountError(
                f"{stack.name}: is for account {stack.account}, the credentials are of {account}; use those of "
                f"{stack.account}, or choose other stacks with --stack"
            )
        yield from _stack(Live(stack=stack, account=account, client_of=client_of, not_yet_heard=not_yet_heard))


def _stack(live: Live) -> Iterator[Check]:
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
    live = replace(live, names=names, written=written)
    for area in AREAS:
        yield from _looked(live, area)


def _looked(live: Live, area: Callable[[Live], Iterator[Check]]) -> Iterator[Check]:
    name = area.__name__.replace("_", " ")
    try:
        yield from area(live)
    except NotDeployedError as error:
        yield live.check(name, "-", [str(error)], fine="")
    except (ClientError, BotoCoreError) as error:
        yield live.unknown(name, "-", said(error))
