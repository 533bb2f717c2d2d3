"""What a finding is about: the credentials and the blocks of `resource`, whichever are filled in."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from notifier.items.container import containers_of
from notifier.items.wire import Block, block, blocks, few, in_order, leaves, moment, text

_FACTS = 8
_EACH = 4
_OWN_CLASS = {"accessKeyDetails", "lambdaDetails", "ecsClusterDetails", "instanceDetails", "kubernetesDetails"}
# Whether everybody may read a bucket is what its finding is about. Tags are as many as somebody likes, and say whom to
# ask; the owner is a number of 64 characters that says it to nobody.
_FIRST, _LAST = ("publicAccess",), ("createdAt", "tags", "owner")
_TOLD_APART = ("s3ObjectDetails",)

# Members that hold a resource's name, best first; the rest of its members are listed as they come.
_NAMES = (
    "functionName", "name", "instanceId", "dbInstanceIdentifier", "dbShardGroupIdentifier", "user", "username",
    "backupVaultName", "id", "modelId",
)  # fmt: skip


class AccessKey(NamedTuple):
    """The credentials; for a role, `user_name` is the role's name without its path, so no ARN follows from it."""

    access_key_id: str | None
    principal_id: str | None
    user_name: str | None
    user_type: str | None

    @property
    def temporary(self) -> bool:
        """Whether STS issued it (`ASIA…`)."""
        return (self.access_key_id or "").startswith("ASIA")

    @property
    def long_term(self) -> bool:
        """Whether it is a user's that does not end by itself (`AKIA…`)."""
        return (self.access_key_id or "").startswith("AKIA")


class LambdaFunction(NamedTuple):
    """`resource.lambdaDetails`."""

    name: str | None
    arn: str | None
    version: str | None
    role: str | None
    vpc_id: str | None


class EcsTask(NamedTuple):
    """`resource.ecsClusterDetails` and the task inside it.

    Attributes:
        group: `service:NAME` for a task of a service.
        containers: Name and image of each, in words.
    """

    cluster: str | None
    cluster_arn: str | None
    arn: str | None
    definition: str | None
    launch_type: str | None
    group: str | None = None
    containers: tuple[str, ...] = ()


class Ec2Instance(NamedTuple):
    """`resource.instanceDetails`, as much of it as somebody needs who isolates the instance.

    Attributes:
        name: Its tag `Name`.
        profile: ARN of its instance profile, which holds its role.
        private_ip: Of its first network interface, as all that follow.
        groups: Its security groups, `sg-0a1b2c3d (web)`.
        zone: Its Availability Zone, or Local Zone.
    """

    instance_id: str | None
    name: str | None
    type: str | None
    profile: str | None
    private_ip: str | None
    public_ip: str | None
    vpc_id: str | None
    groups: tuple[str, ...]
    launched: datetime | None
    zone: str | None


class Resource(NamedTuple):
    """Any other block of `resource`: what it is called and its first few members, or how many more there are."""

    kind: str
    name: str | None
    facts: tuple[tuple[str, str], ...]


def access_key_of(details: Block) -> AccessKey | None:
    """`resource.accessKeyDetails`, if it says anything."""
    key = AccessKey(
        access_key_id=text(details.get("accessKeyId")),
        principal_id=text(details.get("principalId")),
        user_name=text(details.get("userName")),
        user_type=text(details.get("userType")),
    )
    return key if key.access_key_id or key.principal_id or key.user_name else None


def actor_keys_of(actors: Iterable[Block], *, account: str | None) -> tuple[AccessKey, ...]:
    """The credentials of an attack sequence's actors, each once (botocore guardduty 1.44.5, User).

    Args:
        actors: As the sequence has them.
        account: The finding's. Credentials of another one are shown with their actor; nothing here is about them.
    """
    found: dict[str, AccessKey] = {}
    for actor in actors:
        user = block(actor, "user")
        key, owner = text(user.get("credentialUid")), text(block(user, "account").get("uid"))
        if key and owner in {None, account}:
            found.setdefault(key, AccessKey(key, text(user.get("uid")), text(user.get("name")), text(user.get("type"))))
    return tuple(found.values())


def lambda_function_of(details: Block) -> LambdaFunction | None:
    """`resource.lambdaDetails`, if it says anything; the name also from the ARN."""
    arn = text(details.get("functionArn"))
    named = arn.split(":function:", 1)[1].split(":")[0] if arn and ":function:" in arn else None
    function = LambdaFunction(
        name=text(details.get("functionName")) or named,
        arn=arn,
        version=text(details.get("functionVersion")),
        role=text(details.get("role")),
        vpc_id=text(block(details, "vpcConfig").get("vpcId")),
    )
    return function if function.name or function.arn or function.role else None


def ecs_task_of(details: Block) -> EcsTask | None:
    """`resource.ecsClusterDetails`, if it says anything."""
    task = block(details, "taskDetails")
    found = EcsTask(
        cluster=text(details.get("name")),
        cluster_arn=text(details.get("arn")),
        arn=text(task.get("arn")),
        definition=text(task.get("definitionArn")),
        launch_type=text(task.get("launchType")),
        group=text(task.get("group")),
        containers=tuple(containers_of(task.get("containers"))),
    )
    return found if found.cluster or found.cluster_arn or found.arn else None


def ec2_instance_of(details: Block) -> Ec2Instance | None:
    """`resource.instanceDetails`, if it says anything."""
    if not details:
        return None
    interface = next(iter(blocks(details.get("networkInterfaces"))), {})
    groups = ((text(one.get("groupId")), text(one.get("groupName"))) for one in blocks(interface.get("securityGroups")))
    named = (text(tag.get("value")) for tag in blocks(details.get("tags")) if tag.get("key") == "Name")
    found = Ec2Instance(
        instance_id=text(details.get("instanceId")),
        name=next(named, None),
        type=text(details.get("instanceType")),
        profile=text(block(details, "iamInstanceProfile").get("arn")),
        private_ip=text(interface.get("privateIpAddress")),
        public_ip=text(interface.get("publicIp")),
        vpc_id=text(interface.get("vpcId")),
        groups=tuple(f"{id_} ({name})" if name else id_ for id_, name in islice(groups, _EACH) if id_),
        launched=moment(details.get("launchTime")),
        zone=text(details.get("availabilityZone")),
    )
    return found if any(found) else None


def resources_of(resource: Block) -> Iterator[Resource]:
    """Every block of the resource without a class of its own, whatever `resourceType` says."""
    for member, value in resource.items():
        if member in _OWN_CLASS:
            continue
        found = blocks(value)
        for details in found[:_EACH]:
            told = in_order(details, first=_FIRST, last=_LAST)
            facts = tuple(few(leaves(told, skip=_TOLD_APART), most=_FACTS))
            if facts:
                name = next((shown for key in _NAMES if (shown := text(details.get(key)))), None)
                yield Resource(kind=member, name=name, facts=facts)
        if len(found) > _EACH:
            yield Resource(kind=member, name=None, facts=(("and", f"{len(found) - _EACH} more"),))
