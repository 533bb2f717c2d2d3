"""Commands that only read: what the key did, who else uses the role, what the workload looks like."""

from collections.abc import Sequence

from notifier.briefs.arguments import Arguments
from notifier.briefs.identity import OF_USERS
from notifier.step import Snippet

# `jq -ac` rather than `-r`: a user agent is the caller's own text, and stays JSON in ASCII that no terminal acts on.
_COLUMNS = (
    "[.eventTime,.sourceIPAddress,.eventSource,.eventName,.errorCode,.userAgent,.requestParameters.roleArn,"
    ".responseElements.credentials.accessKeyId]"
)
_FILL_IN = ("ROLE_NAME", "USER_NAME", "FUNCTION_NAME", "CLUSTER", "TASK_ID", "FAMILY", "INSTANCE_ID", "BUCKET_NAME")


def history(given: Arguments) -> tuple[Snippet, ...]:
    """What the key did, in each Region where that is worth reading (CloudTrail API reference, LookupEvents)."""
    if given.access_key is None or not given.regions:
        return ()
    line = lookup(given.access_key, given.regions, since=given.since)
    old = "; without --start-time all 90 days, which takes long" if given.since and given.identity in OF_USERS else ""
    told = "What the key did: time, address, call; last the role it assumed and the new key"
    return (_reading(given, f"{told}{old}", line),)


def lookup(access_key: str, regions: Sequence[str], *, since: str) -> str:
    """The command that reads the event history of a key, in one Region or in each of several.

    Args:
        access_key: Each of the three as AWS writes it: nothing is checked here.
        regions: One at least.
        since: ISO 8601; empty for all there is.
    """
    several = len(regions) > 1
    line = (
        f"aws cloudtrail lookup-events --region {'$region' if several else regions[0]} --lookup-attributes "
        f"AttributeKey=AccessKeyId,AttributeValue={access_key}{f' --start-time {since}' if since else ''} "
        f"--query 'Events[].CloudTrailEvent' --output json | jq -ac '.[]|fromjson|{_COLUMNS}'"
    )
    return f"for region in {' '.join(regions)}; do {line}; done" if several else line


def identity_use(given: Arguments) -> tuple[Snippet, ...]:
    """What the user or role may do, who may assume it and who runs with it (IAM and Lambda API references)."""
    where = given.iam_region
    if given.identity == "user":
        last_used = (
            [f"aws iam get-access-key-last-used --access-key-id {given.access_key}{where}"] if given.long_term else []
        )
        return (
            _reading(
                given,
                "What the key's user may do, and which keys there are",
                *last_used,
                f"aws iam list-access-keys --user-name {given.user}{where}",
                f"aws iam list-attached-user-policies --user-name {given.user}{where}",
                f"aws iam list-user-policies --user-name {given.user}{where}",
                f"aws iam list-groups-for-user --user-name {given.user}{where}",
            ),
        )
    if given.identity in OF_USERS:
        return ()
    lines = [
        f"aws iam get-role --role-name {given.role}{where}",
        f"aws iam list-attached-role-policies --role-name {given.role}{where}",
        f"aws iam list-role-policies --role-name {given.role}{where}",
        f"aws iam list-instance-profiles-for-role --role-name {given.role}{where}",
    ]
    if given.region:
        lines.append(
            f"aws lambda list-functions --region {given.region} "
            f"--query \"Functions[?ends_with(Role,'/{given.role}')].FunctionName\""
        )
    return (_reading(given, "What the role may do, and who else uses it", *lines),)


def function_now(given: Arguments) -> tuple[Snippet, ...]:
    """The function as it is: the names of its environment variables, and not their values."""
    if given.region is None:
        return ()
    chosen = (
        "{Role:Role,LastModified:LastModified,Handler:Handler,Layers:Layers[].Arn,Vpc:VpcConfig.VpcId,"
        "Variables:Environment.Variables && keys(Environment.Variables)}"
    )
    line = f"aws lambda get-function-configuration --region {given.region} --function-name {given.function}"
    return (_reading(given, "The function as it is now", f"{line} --query '{chosen}'"),)


def task_now(given: Arguments) -> tuple[Snippet, ...]:
    """The task, and those that run from the same definition."""
    if given.region is None:
        return ()
    where = f"--region {given.region} --cluster {given.cluster}"
    return (
        _reading(
            given,
            "The task, and its siblings",
            f"aws ecs describe-tasks {where} --tasks {given.task}",
            f"aws ecs list-tasks {where} --family {given.family}",
        ),
    )


def instance_now(given: Arguments) -> tuple[Snippet, ...]:
    """The instance: HttpTokens tells whether its metadata service takes requests without a token."""
    if given.region is None:
        return ()
    chosen = (
        "Reservations[].Instances[].{Profile:IamInstanceProfile.Arn,State:State.Name,"
        "HttpTokens:MetadataOptions.HttpTokens,Launched:LaunchTime}"
    )
    line = f"aws ec2 describe-instances --region {given.region} --instance-ids {given.instance}"
    return (_reading(given, "The instance as it is now", f"{line} --query '{chosen}'"),)


def bucket_now(given: Arguments) -> tuple[Snippet, ...]:
    """Who may read the bucket (S3 API reference)."""
    if given.region is None or given.bucket is None:
        return ()
    where = f"--region {given.region} --bucket {given.bucket}"
    return (
        _reading(
            given,
            "Whether the bucket is public",
            f"aws s3api get-bucket-policy-status {where}",
            f"aws s3api get-public-access-block {where}",
            f"aws s3api get-bucket-acl {where}",
        ),
    )


def only_in(account: str, command: str, *, region: str | None) -> str:
    """A command that runs in one account alone: another may have a role, a function or a filter of the same name.

    It says how it ended, because most of these commands print nothing, and a guard that did not let it run neither.
    """
    refused = f"NOT DONE: refused, or not in {account}"
    return f"{account_now(region)} | grep '^{account}' && {command} && echo DONE || echo '{refused}'"


def account_now(region: str | None) -> str:
    """The command that prints whose credentials are used, the account first: as text, members are in order of name."""
    return f"aws sts get-caller-identity{f' --region {region}' if region else ''} --output text"


def _reading(given: Arguments, label: str, *lines: str) -> Snippet:
    """Lines that only read. In another account they would find nothing, and that would look like quiet.

    The pager of the AWS CLI would take the next lines of what was pasted for its keys (AWS CLI user guide, output);
    a last line, and what goes to another program, it cannot harm.
    """
    whose = f"; the first line shows whether you are in {given.account}" if given.account else ""
    first = ["export AWS_PAGER="] if len(lines) > 1 else []
    first += [account_now(given.regions[0] if given.regions else None)] if given.account else []
    return snippet(f"{label} (reads only{whose})", *first, *lines)


def snippet(label: str, *lines: str, changes: bool = False) -> Snippet:
    """Lines to paste; the label says which words somebody has to fill in first."""
    text = "\n".join(lines)
    missing = [word for word in _FILL_IN if word in text]
    if missing:
        label += f"; fill in {', '.join(missing)}: the finding has no name there that is safe to paste"
    return Snippet(label, text, changes)
