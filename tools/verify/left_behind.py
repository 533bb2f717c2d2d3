"""Detection stacks in Regions that the deployment no longer has: they go on hiding findings, and nobody looks back."""

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


def is_detection(stack: Stack) -> bool:
    """Whether it is called like the Detection stack of its Region."""
    return stack.name.endswith(f"{_KIND}{stack.region}")


def left_behind(stacks: Collection[Stack], *, client_of: ClientOf) -> Iterator[Check]:
    """A Detection stack of the same deployment in each other Region of the partition, if there is one.

    A Region in which nobody may look, or which the account has not enabled, is listed and nothing fails for it:
    whoever denies Regions denies most of them, and for good.

    Args:
        stacks: Those of the assembly; from the Detection stacks among them follow the deployment and its partition.
        client_of: A boto3 client by service and Region.
    """
    detecting = [one for one in stacks if one.region in GUARDDUTY_REGIONS and is_detection(one)]
    deployments = {stack.name.removesuffix(stack.region): region_facts(stack.region).partition for stack in detecting}
    known = {stack.name for stack in detecting}
    # Clients first: a session of boto3 may not be used by several threads, the clients that it made may.
    jobs = [
        (client_of("cloudformation", region), f"{beginning}{region}", region)
        for beginning, partition in sorted(deployments.items())
        for region in GUARDDUTY_REGIONS
        if region_facts(region).partition == partition and f"{beginning}{region}" not in known
    ]
    refused: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for (_, name, region), (status, why) in zip(jobs, pool.map(_status, jobs), strict=True):
            if why:
                refused[region] = why
            elif status:
                yield _found(name, region, status)
    for beginning in sorted(deployments) if jobs else ():
        looked = f"no other in {len(jobs) - len(refused)} further Regions"
        detail = (
            f"{looked}; could not look in {', '.join(refused)}: {next(iter(refused.values()))}" if refused else looked
        )
        yield Check(
            stack=f"{beginning}*",
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
    return Check(
        stack=name,
        region=region,
        area=AREA,
        subject=name,
        state=State.WRONG,
        detail=f"is there ({status}), and its Region is not in the deployment: its filters go on hiding findings, and"
        f" nobody looks back at them; aws cloudformation delete-stack --region {region} --stack-name {name} keeps"
        " detector and graph (docs/operations.md#take-a-region-out)",
    )
