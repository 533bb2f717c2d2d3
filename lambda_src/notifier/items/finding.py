"""A GuardDuty finding, read so that no missing, null or odd member can stop it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import ClassVar, Literal, NamedTuple

from notifier.items.action import Action, Caller, action_block, action_of, addresses_of, caller_of, is_outbound
from notifier.items.additional import additional_of, agent_of
from notifier.items.mark import Mark
from notifier.items.observed import Group, kubernetes_of, more_of, observed_of
from notifier.items.resource import (
    AccessKey,
    Ec2Instance,
    EcsTask,
    LambdaFunction,
    Resource,
    access_key_of,
    actor_keys_of,
    ec2_instance_of,
    ecs_task_of,
    lambda_function_of,
    resources_of,
)
from notifier.items.severity import Severity, severity_of
from notifier.items.wire import Block, block, blocks, count, moment, text, truth

_RESOURCES = 12


class Envelope(NamedTuple):
    """What EventBridge wrote around the finding, or around what came in its place.

    In an organization `account` is the delegated administrator's, and `region` is where GuardDuty found it:
    the one to use for GuardDuty and Detective links.
    """

    event_id: str | None = None
    account: str | None = None
    region: str | None = None
    time: datetime | None = None
    replay_name: str | None = None
    detail_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One GuardDuty finding (botocore guardduty 1.44.5); everything but `severity` may be absent.

    Attributes:
        access_key: The credentials that it is about; of an attack sequence those of its first actor.
        further_keys: Ids of those of the other actors.
        marks: What an update of it may name more of, as far as it does by now.
        kubernetes: The workload of a cluster and who used it, in groups of lines.
        observed: What GuardDuty saw beside the action, in groups of lines.
        sequence_arn: The attack sequence that the finding is a part of.
        detection_rule: The rule of GuardDuty's catalogue that made it, for a finding of a custom detection rule.
    """

    kind: ClassVar[Literal["finding"]] = "finding"

    envelope: Envelope
    finding_id: str | None
    arn: str | None
    type: str | None
    account: str | None
    region: str | None
    partition: str | None
    title: str | None
    description: str | None
    severity: Severity
    created: datetime | None
    updated: datetime | None
    count: int | None
    first_seen: datetime | None
    last_seen: datetime | None
    archived: bool
    sample: bool
    access_key: AccessKey | None
    further_keys: tuple[str, ...]
    lambda_function: LambdaFunction | None
    ecs_task: EcsTask | None
    instance: Ec2Instance | None
    resources: tuple[Resource, ...]
    action: Action | None
    caller: Caller | None
    marks: tuple[Mark, ...]
    kubernetes: tuple[Group, ...]
    observed: tuple[Group, ...]
    sequence_arn: str | None
    detection_rule: str | None

    @property
    def instance_id(self) -> str | None:
        """The EC2 instance that it is about."""
        return self.instance.instance_id if self.instance else None

    @classmethod
    def from_detail(cls, detail: Block, *, envelope: Envelope | None = None) -> "Finding":
        """The finding in an EventBridge event's `detail` (camelCase). Pure, and never raises for odd members."""
        service, resource = block(detail, "service"), block(detail, "resource")
        kind, action = action_block(service)
        additional = additional_of(service)
        end: Literal["host", "address"] = "host" if is_outbound(action.get("connectionDirection")) else "address"
        arn = text(detail.get("arn"))
        title = text(detail.get("title"))
        account = text(detail.get("accountId")) or arn_part(arn, 4)
        # An attack sequence has no resource of its own, and names the credentials with who used them.
        actors = actor_keys_of(blocks(block(service, "detection", "sequence").get("actors")), account=account)
        return cls(
            envelope=envelope or Envelope(),
            finding_id=text(detail.get("id")),
            arn=arn,
            type=text(detail.get("type")),
            account=account,
            region=text(detail.get("region")) or arn_part(arn, 3),
            partition=text(detail.get("partition")) or arn_part(arn, 1),
            title=title,
            description=text(detail.get("description")),
            severity=severity_of(detail.get("severity")),
            created=moment(detail.get("createdAt")),
            updated=moment(detail.get("updatedAt")),
            count=count(service.get("count")),
            first_seen=moment(service.get("eventFirstSeen")),
            last_seen=moment(service.get("eventLastSeen")),
            archived=truth(service.get("archived")),
            sample=truth(additional.get("sample")) or (title or "").upper().startswith("[SAMPLE]"),
            access_key=access_key_of(block(resource, "accessKeyDetails")) or next(iter(actors), None),
            further_keys=tuple(key.access_key_id for key in actors[1:] if key.access_key_id),
            lambda_function=lambda_function_of(block(resource, "lambdaDetails")),
            ecs_task=ecs_task_of(block(resource, "ecsClusterDetails")),
            instance=ec2_instance_of(block(resource, "instanceDetails")),
            resources=tuple(islice(resources_of(resource), _RESOURCES)),
            action=action_of(kind, action, agent=agent_of(additional)) if kind else None,
            caller=caller_of(action),
            marks=(*(Mark(end, address, address) for address in addresses_of(action)), *more_of(service)),
            kubernetes=kubernetes_of(resource),
            observed=observed_of(service, resource, additional),
            sequence_arn=text(detail.get("associatedAttackSequenceArn")),
            detection_rule=text(detail.get("customDetectionRuleName")),
        )


def arn_part(arn: str | None, index: int) -> str | None:
    """One part of an ARN: 1 partition, 3 Region, 4 account; None when it is no ARN or the part is empty."""
    parts = (arn or "").split(":", 5)
    return parts[index] or None if len(parts) == 6 and parts[0] == "arn" else None  # noqa: PLR2004
