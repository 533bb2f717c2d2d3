"""Stacks in Regions that the deployment no longer has, or no longer brings findings to."""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import GUARDDUTY_REGIONS, region_facts
from tools.live.clients import ClientOf
from tools.live.refusal import is_no_stack, said
from tools.live.verdict import State
from tools.templates.assembly import Stack
from tools.verify.check import Check
from tools.verify.regions import AT_ONCE

AREA = "left behind"
_KIND = "-Detection-"
_HUB = "-Response"


def is_detection(stack: Stack) -> bool:
    """Whether it is called like the Detection stack of its Region."""
    return stack.name.endswith(f"{_KIND}{stack.region}")


def left_behind(stacks: Collection[Stack], *, client_of: ClientOf) -> Iterator[Check]:
    """A stack of the same deployment in any Region of the partition that is not among its own, if there is one.

    A Detection stack goes on hiding findings, and nobody looks back at them. A Response stack takes none any more: the
    home Region, or the hub, has changed.

    A Region in which nobody may look, or which the account has not enabled, is listed and nothing fails for it:
    whoever denies Regions denies most of them, and for good.

    Args:
        stacks: All of the assembly; from the Detection stacks among them follow the deployment and its partition.
        client_of: A boto3 client by service and Region.
    """
    detecting = [one for one in stacks if one.region in GUARDDUTY_REGIONS and is_detection(one)]
    deployments = {
        stack.name.removesuffix(f"{_KIND}{stack.region}"): region_facts(stack.region).partition for stack in detecting
    }
    known = {(stack.region, stack.name) for stack in stacks}
    # Clients first: a session of boto3 may not be used by several threads, the clients that it made may.
    jobs = [
        (client_of("cloudformation", region), name, region)
        for deployment, partition in sorted(deployments.items())
        for region in GUARDDUTY_REGIONS
        if region_facts(region).partition == partition
        for name in (
            f"{deployment}{_KIND}{region}",
            f"{deployment}{_HUB}",
            f"{deployment}{_HUB}-{region}",
        )
        if (region, name) not in known
    ]
    refused: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for (_, name, region), (status, why) in zip(jobs, pool.map(_status, jobs), strict=True):
            if why:
                refused[region] = why
            elif status:
                yield _found(name, region, status)
    asked = {region for _, _, region in jobs}
    for deployment in sorted(deployments):
        looked = f"no other stack in {len(asked - refused.keys())} Regions"
        detail = (
            f"{looked}; could not look in {', '.join(refused)}: {next(iter(refused.values()))}" if refused else looked
        )
        yield Check(
            stack=f"{deployment}-*",
            region=detecting[0].region,
            area=AREA,
            subject="other Regions",
            state=State.UNKNOWN if refused else State.OK,
            detail=detail,
            awaited=bool(refused),
        )


def _status(job: tuple[Any, str, str]) -> tuple[str, str]:
    """Status of a stack, nothing if there is none; and why nobody can tell."""
    client, name, _ = job
    try:
        (found,) = client.describe_stacks(StackName=name)["Stacks"]
    except (ClientError, BotoCoreError) as error:
        return ("", "") if is_no_stack(error) else ("", said(error))
    return str(found["StackStatus"]), ""


def _found(name: str, region: str, status: str) -> Check:
    delete = f"aws cloudformation delete-stack --region {region} --stack-name {name}"
    if name.endswith(f"{_KIND}{region}"):
        says = (
            "its Region is not in the deployment: its filters go on hiding findings, and nobody looks back at them;"
            f" {delete} keeps detector and graph (docs/operations.md#take-a-region-out)"
        )
    else:
        says = (
            "the deployment has none of this name there: no finding comes to it, and it costs on;"
            f" {delete} keeps bus, archive and ledger (docs/operations.md#move-the-home-region)"
        )
    return Check(
        stack=name,
        region=region,
        area=AREA,
        subject=name,
        state=State.WRONG,
        detail=f"is there ({status}), and {says}",
    )
