"""One account in one Region as the checks see it: the configuration, the services, and what is deployed there."""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from infra.config import Deployment, FoundAccount
from infra.config.stack_names import detection_stack, response_stack
from tools.doctor.check import Check
from tools.live.clients import ClientOf
from tools.live.pages import pages
from tools.live.refusal import is_no_stack
from tools.live.template import template_of
from tools.live.verdict import State

NEVER_MADE = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")
"""Of a stack whose creation failed: the CDK CLI deletes it before it deploys (aws-cdk, isCreationFailure)."""


class LiveRegion:
    """One Region of the account whose credentials we have.

    Attributes:
        name: Of the configuration file, as commands take it.
        recorded: What the committed file of findings says; None if there is none, or it is about to be written.
        compares: Whether what is live has to be what was recorded.
        filters: Names of the filters that the deployment makes in every Region.
    """

    def __init__(
        self,
        *,
        name: str,
        deployment: Deployment,
        account: str,
        region: str,
        client_of: ClientOf,
        filters: Collection[str] = (),
        recorded: FoundAccount | None = None,
        compares: bool = True,
    ) -> None:
        self.name = name
        self.deployment = deployment
        self.account = account
        self.region = region
        self.filters = filters
        self.recorded = recorded
        self.compares = compares
        self._client_of = client_of
        self._statuses: dict[str, str | None] = {}

    def client(self, service: str) -> Any:  # noqa: ANN401  the type depends on the service's name
        """A client in this Region."""
        return self._client_of(service, self.region)

    @property
    def stack(self) -> str:
        """Name of this Region's Detection stack."""
        return detection_stack(self.deployment, self.region)

    @property
    def response(self) -> str:
        """Name of the Response stack, if there is one in this Region."""
        return response_stack(self.deployment, self.region)

    def status_of(self, stack: str) -> str | None:
        """Status of a stack, asked for once; None if there is none of that name."""
        if stack not in self._statuses:
            self._statuses[stack] = self._status_now(stack)
        return self._statuses[stack]

    def _status_now(self, stack: str) -> str | None:
        try:
            (found,) = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            if is_no_stack(error):
                return None
            raise
        return str(found["StackStatus"])

    def deployed_in(self, stack: str) -> Mapping[str, str]:
        """Logical id to physical id of what a stack holds; nothing if there is none.

        One whose creation failed holds nothing, though it lists what its rollback left behind: it is deleted before
        the next deployment, which meets that as somebody else's.
        """
        if self.status_of(stack) in {None, *NEVER_MADE}:
            return {}
        call = self.client("cloudformation").list_stack_resources
        return {
            one["LogicalResourceId"]: one["PhysicalResourceId"]
            for one in pages(call, "StackResourceSummaries", StackName=stack)
            if one.get("PhysicalResourceId")
        }

    @property
    def stack_status(self) -> str | None:
        """Status of the Detection stack; None if there is none."""
        return self.status_of(self.stack)

    @cached_property
    def deployed(self) -> Mapping[str, str]:
        """Logical id to physical id of what the Detection stack holds."""
        return self.deployed_in(self.stack)

    @cached_property
    def detectors(self) -> tuple[str, ...]:
        """Ids of the account's detectors here; GuardDuty allows one."""
        return tuple(pages(self.client("guardduty").list_detectors, "DetectorIds"))

    @cached_property
    def graphs(self) -> tuple[str, ...]:
        """ARNs of the graphs that the account administers here; Detective allows one."""
        return tuple(graph["Arn"] for graph in pages(self.client("detective").list_graphs, "GraphList"))

    def is_of_the_stack(self, physical_id: str) -> bool:
        """Whether the Detection stack holds a resource of that name, or of which it is a part of the name."""
        return any(physical_id in one.split("|") for one in self.deployed.values())

    def template(self, type_: str) -> Iterator[Mapping[str, Any]]:
        """Properties of the resources of a type in the template that was deployed last."""
        if self.stack_status is None:
            return
        for resource in template_of(self.client("cloudformation"), self.stack).get("Resources", {}).values():
            if resource["Type"] == type_:
                yield resource.get("Properties", {})

    def ok(self, area: str, subject: str, detail: str) -> Check:
        """Nothing stands in the way."""
        return Check(region=self.region, area=area, subject=subject, state=State.OK, detail=detail)

    def wrong(self, area: str, subject: str, detail: str, *, fix: str = "") -> Check:
        """The deployment would fail, or not do what it is for."""
        return Check(region=self.region, area=area, subject=subject, state=State.WRONG, detail=detail, fix=fix)

    def unknown(self, area: str, subject: str, detail: str, *, fix: str = "") -> Check:
        """Nobody could tell."""
        return Check(region=self.region, area=area, subject=subject, state=State.UNKNOWN, detail=detail, fix=fix)
