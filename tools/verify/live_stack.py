"""One stack as it is deployed: its resources' real names, and the services of its Region."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.config import GUARDDUTY_REGIONS, region_facts
from tools.live.clients import ClientOf
from tools.live.verdict import State
from tools.templates.assembly import Resource, Stack
from tools.verify.check import Check


class NotDeployedError(Exception):
    """A resource of the template that CloudFormation has not made."""


class UnresolvedError(Exception):
    """A reference of the template of a kind not known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStack:
    """What the checks of one stack need.

    Attributes:
        names: Logical id to physical id, as CloudFormation lists them.
        written: Logical id to when CloudFormation last wrote the resource.
        described: The stack, as DescribeStacks tells it; empty if it could not be asked.
        not_yet_heard: Whether this is between the waves of a deployment: then what comes later, and what was wrong
            before it, is awaited.
        since: When that deployment began, if somebody said so.
        now: The time.
    """

    stack: Stack
    account: str
    client_of: ClientOf
    names: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, datetime] = field(default_factory=dict)
    described: Mapping[str, Any] = field(default_factory=dict)
    not_yet_heard: bool = False
    since: datetime | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def client(self, service: str) -> Any:  # noqa: ANN401  the type depends on the service's name
        """A client in the stack's Region."""
        return self.client_of(service, self.stack.region)

    @property
    def began(self) -> datetime | None:
        """When the deployment began that is looked at; None if nobody knows.

        The stack's last operation, or what was said where that is later: a deployment that changes nothing in a stack
        leaves its time alone. The makefile says when the templates were made, which an attempt more leaves alone too.
        """
        last = self.described.get("LastUpdatedTime") or self.described.get("CreationTime")
        return max((one for one in (last, self.since) if one is not None), default=None)

    def declared(self, type_: str) -> Iterator[Resource]:
        """The resources of a type."""
        return (resource for resource in self.stack.resources.values() if resource.type == type_)

    def physical(self, logical_id: str) -> str:
        """The real name of a resource.

        Raises:
            NotDeployedError: CloudFormation has none of that logical id.
        """
        if logical_id not in self.names:
            raise NotDeployedError(f"{logical_id} is not deployed; deploy {self.stack.name}")
        return self.names[logical_id]

    def text(self, value: object) -> str | None:
        """A text of the template with its references resolved; None where one is of a kind not known here."""
        match value:
            case str():
                return value
            case {"Ref": str(name)}:
                pseudo = {
                    "AWS::AccountId": self.account,
                    "AWS::Region": self.stack.region,
                    "AWS::Partition": self.partition,
                }
                return pseudo.get(name) or self.physical(name)
            case {"Fn::GetAtt": [str(logical_id), "Arn"]}:
                return self._arn(logical_id)
            case {"Fn::Join": [str(between), list(parts)]}:
                texts = [self.text(part) for part in parts]
                return None if None in texts else between.join(text for text in texts if text is not None)
        return None

    def resolved(self, value: object) -> object:
        """A value of the template with every reference inside it resolved.

        Raises:
            UnresolvedError: One is of a kind not known here.
        """
        if isinstance(value, Mapping):
            if len(value) == 1 and (name := str(next(iter(value)))) and (name == "Ref" or name.startswith("Fn::")):
                text = self.text(value)
                if text is None:
                    raise UnresolvedError(json.dumps(value))
                return text
            return {name: self.resolved(inner) for name, inner in value.items()}
        return [self.resolved(inner) for inner in value] if isinstance(value, list) else value

    @property
    def partition(self) -> str:
        """The partition of the stack's Region."""
        return region_facts(self.stack.region).partition if self.stack.region in GUARDDUTY_REGIONS else "aws"

    def _arn(self, logical_id: str) -> str | None:
        """The ARN of a resource, where its real name says enough to write it."""
        resource = self.stack.resources.get(logical_id)
        match resource.type if resource else None:
            case "AWS::SQS::Queue":
                return self._regional("sqs", self.physical(logical_id).rpartition("/")[2])
            case "AWS::Lambda::Function":
                return self._regional("lambda", f"function:{self.physical(logical_id)}")
            case "AWS::IAM::Role" if resource and isinstance(path := resource.properties.get("Path", "/"), str):
                return f"arn:{self.partition}:iam::{self.account}:role{path}{self.physical(logical_id)}"
            case "AWS::KMS::Key":
                return self._regional("kms", f"key/{self.physical(logical_id)}")
        return None

    def _regional(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.stack.region}:{self.account}:{resource}"

    def unknown(
        self, area: str, subject: str, why: str, *, region: str = "", account: str = "", plan: str = ""
    ) -> Check:
        """A check that could not be made.

        Args:
            area: What kind of thing.
            subject: Which one.
            why: What prevented it.
            region: Where, if not in the Region of the stack.
            account: Member account that it is about.
            plan: Its protection plan.
        """
        made = self.check(area, subject, [], fine=f"could not be looked at: {why}", region=region)
        return replace(made, state=State.UNKNOWN, account=account, plan=plan)

    def awaited(
        self, area: str, subject: str, detail: str, *, region: str = "", account: str = "", plan: str = ""
    ) -> Check:
        """A check that nobody can tell the outcome of yet, and that nothing fails for; arguments as for `unknown`."""
        made = self.check(area, subject, [], fine=detail, region=region, account=account, plan=plan)
        return replace(made, state=State.UNKNOWN, awaited=True)

    def in_time(
        self,
        area: str,
        subject: str,
        problems: list[str],
        *,
        fine: str,
        since: datetime | None = None,
        takes: timedelta = timedelta(),
        region: str = "",
        account: str = "",
        plan: str = "",
    ) -> Check:
        """A check of what comes by itself, or by a person: awaited between waves, and for as long as AWS says it takes.

        Args:
            area: What kind of thing.
            subject: Which one.
            problems: What is not so yet.
            fine: What to say where there is none.
            since: When it was asked for, if that is known.
            takes: How long it may take from then on.
            region: Where, if not in the Region of the stack.
            account: Member account that it is about.
            plan: Its protection plan.
        """
        if problems and (self.not_yet_heard or (since is not None and abs(self.now - since) < takes)):
            told = f"{'; '.join(problems)}; counts later only (docs/operations.md)"
            return self.awaited(area, subject, told, region=region, account=account, plan=plan)
        return self.check(area, subject, problems, fine=fine, region=region, account=account, plan=plan)

    def check(
        self,
        area: str,
        subject: str,
        problems: list[str],
        *,
        fine: str,
        region: str = "",
        account: str = "",
        plan: str = "",
    ) -> Check:
        """A check that is ok unless there are problems; arguments as for `unknown`."""
        return Check(
            stack=self.stack.name,
            region=region or self.stack.region,
            area=area,
            subject=subject,
            state=State.WRONG if problems else State.OK,
            detail="; ".join(problems) or fine,
            account=account,
            plan=plan,
        )
