"""Custom resources that are each about one Region: looked at a few Regions at a time."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from organization.refused import Refused
from tools.live.refusal import said
from tools.templates.assembly import Resource
from tools.verify.check import Check
from tools.verify.live_stack import LiveStack

AT_ONCE = 8
"""Regions looked at together. Each has limits of its own for calls, so they do not throttle one another."""

Look = Callable[[Any, Resource, str], Iterable[Check]]
"""The checks of one Region, from a client there, the resource that declares it, and the Region's name."""


def in_each_region(live: LiveStack, service: str, type_: str, area: str, look: Look) -> Iterator[Check]:
    """The checks of every resource of a type, in the order of the template; a Region that fails hides no other.

    Args:
        live: The stack.
        service: Whose client each Region gets.
        type_: Type of the custom resources, each with a property `Region`.
        area: What to call a Region that could not be looked at.
        look: What is done in each.
    """
    # Clients first: a session of boto3 may not be used by several threads, the clients that it made may.
    jobs = [
        (live.client_of(service, str(resource.properties["Region"])), resource, str(resource.properties["Region"]))
        for resource in live.declared(type_)
    ]

    def looked(job: tuple[Any, Resource, str]) -> list[Check]:
        client, resource, region = job
        checks: list[Check] = []
        try:
            # One by one: what was found before something could not be looked at stands.
            for check in look(client, resource, region):
                checks.append(check)  # noqa: PERF402
        except (ClientError, BotoCoreError) as error:
            checks.append(live.unknown(area, region, said(error), region=region))
        except Refused as refused:
            checks.append(live.unknown(area, region, str(refused), region=region))
        return checks

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for checks in pool.map(looked, jobs):
            yield from checks
