"""What commands may be made of: values of a finding that are exactly of the form that AWS gives them."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from notifier.briefs.headline import last_part
from notifier.briefs.identity import Identity, identity_of
from notifier.items.finding import Finding, arn_part
from notifier.links import global_region, is_region, needs_saying, region_of_zone
from shared.forms import ACCOUNT

# A name may be an attacker's: one that does not match is replaced by a word to fill in. No pattern lets through what
# a shell, JMESPath or JSON acts on, what a chat program does (`@`, `www.`), or a first `-`, which would be an option.
# Lengths and letters are those of the IAM, Lambda, ECS and EC2 API references, as far as they are harmless.
_ACCESS_KEY = re.compile(r"A(?:SIA|KIA)[A-Z0-9]{12,124}")
_NAME = re.compile(r"(?!(?i:www)\.)[A-Za-z0-9_][A-Za-z0-9_+=,.-]{0,63}")
_FUNCTION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,139}")
_CLUSTER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,254}")
_TASK = re.compile(r"[a-f0-9]{32}|[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}")
_INSTANCE = re.compile(r"i-[a-f0-9]{8,17}")
# Behind the role's id no sign is a first one, and `@` is written as `?`: session names are often mail addresses.
_SESSION = re.compile(r"AROA[A-Z0-9]{12,124}:(?!.*\b(?i:www)\.)[A-Za-z0-9_+=,.@-]{2,64}")
_BUCKET = re.compile(r"(?!www\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")

# A role's credentials live for 12 hours at most (STS API reference, AssumeRole): a day holds what led to the finding.
_BEFORE = timedelta(days=1)
_FIRST_YEAR = 2000


class Arguments(NamedTuple):
    """The arguments of the commands for a finding: each as AWS writes it, or a word in capitals to fill in.

    Attributes:
        account: Whose credentials the commands need; None if the finding does not say.
        identity: What the key is of.
        access_key: None if the finding names none.
        role: Name of the role, without its path: the one that the key is of.
        role_changed: The function has another role by now than the one that the key is of.
        user: Name of the IAM user, for a key of one.
        session: Role id and session name, the `aws:userId` of the leaked credentials; None if that is not known, or
            not safe to paste.
        region: Where the workload is; None if that is no Region we know.
        regions: Where the history of the key is worth reading.
        bucket: Name of the S3 bucket; None if the finding is about none.
        since: From when on to read it, ISO 8601; empty if the finding has no time.
    """

    account: str | None
    identity: Identity
    access_key: str | None
    role: str
    role_changed: bool
    user: str
    session: str | None
    region: str | None
    regions: tuple[str, ...]
    since: str
    function: str
    cluster: str
    task: str
    family: str
    instance: str
    bucket: str | None

    @property
    def iam_region(self) -> str:
        """What commands for IAM end with: without a Region they would go to the commercial partition."""
        region = self.regions[0] if self.regions else ""
        return f" --region {region}" if needs_saying(region) else ""

    @property
    def long_term(self) -> bool:
        """Whether the key is one that does not end by itself."""
        return (self.access_key or "").startswith("AKIA")

    @classmethod
    def of(cls, finding: Finding) -> "Arguments":
        """The arguments that `finding` has to offer."""
        key, function, task = finding.access_key, finding.lambda_function, finding.ecs_task
        role_arn = (function and function.role) or ""
        # `userName` has no path, and needs none: IAM's commands take the bare name. The investigation chooses alike.
        keys, functions = key.user_name if key else None, last_part(role_arn)
        others = bool(keys and functions and keys != functions)
        workload_region = next(_known((_workload_region(finding), finding.region)), None)
        identity = identity_of(finding)
        buckets = [one for one in finding.resources if one.kind == "s3BucketDetails"]
        return cls(
            account=_only(ACCOUNT, finding.account),
            identity=identity,
            access_key=_only(_ACCESS_KEY, key.access_key_id if key else None),
            role=_only(_NAME, keys or functions) or "ROLE_NAME",
            role_changed=others,
            user=_only(_NAME, key.user_name if key else None) or "USER_NAME",
            session=_only(_SESSION, key.principal_id if key else None),
            region=workload_region,
            regions=_regions(finding, workload_region),
            since=_since(finding.first_seen or finding.created or finding.updated),
            function=_only(_FUNCTION, function.name if function else None) or "FUNCTION_NAME",
            cluster=_only(_CLUSTER, task.cluster or last_part(task.cluster_arn) if task else None) or "CLUSTER",
            task=_only(_TASK, last_part(task.arn) if task else None) or "TASK_ID",
            family=_only(_CLUSTER, (last_part(task.definition) or "").split(":", 1)[0] if task else None) or "FAMILY",
            instance=_only(_INSTANCE, finding.instance_id) or "INSTANCE_ID",
            bucket=_only(_BUCKET, buckets[0].name) or "BUCKET_NAME" if buckets else None,
        )


def _workload_region(finding: Finding) -> str | None:
    """Where the workload says that it is: a global call, such as one of IAM, is in another Region than its caller."""
    if finding.instance and finding.instance.zone:
        return region_of_zone(finding.instance.zone)
    function, task = finding.lambda_function, finding.ecs_task
    return arn_part(function.arn if function else task.arn or task.cluster_arn if task else None, 3)


def _regions(finding: Finding, workload: str | None) -> tuple[str, ...]:
    """The Regions whose history is worth reading: of the call, where GuardDuty saw it, of the workload, and of IAM."""
    named = tuple(_known((finding.region, finding.envelope.region, workload)))
    return tuple(dict.fromkeys((*named, *_known(map(global_region, named)))) if named else ("us-east-1",))


def _known(regions: Iterable[str | None]) -> Iterator[str]:
    return (region for region in regions if region and is_region(region))


def is_access_key(name: str) -> bool:
    """Whether this is written like the id of an access key, and so harmless in a command."""
    return bool(_ACCESS_KEY.fullmatch(name))


def _only(pattern: re.Pattern[str], value: str | None) -> str | None:
    return value if value and pattern.fullmatch(value) else None


def _since(first: datetime | None) -> str:
    return f"{(first - _BEFORE).isoformat()[:19]}Z" if first and first.year >= _FIRST_YEAR else ""
