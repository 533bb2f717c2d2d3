"""Commands that only read: what the key did, who else uses the role, what the workload looks like."""

from notifier.briefs.arguments import Arguments
from notifier.step import Snippet

# `jq -c` rather than `-r`: a user agent is the caller's own text, and stays JSON that no terminal acts on.
_COLUMNS = "[.eventTime,.sourceIPAddress,.eventSource,.eventName,.errorCode,.userAgent]"
_FILL_IN = ("ROLE_NAME", "USER_NAME", "FUNCTION_NAME", "CLUSTER", "TASK_ID", "FAMILY", "INSTANCE_ID")


def history(given: Arguments) -> tuple[Snippet, ...]:
    """What the key did, in each Region where that is worth reading (CloudTrail API reference, LookupEvents)."""
    if given.access_key is None or not given.regions:
        return ()
    since = f" --start-time {given.since}" if given.since else ""
    lookup = (
        "aws cloudtrail lookup-events --region {region} --lookup-attributes "
        f"AttributeKey=AccessKeyId,AttributeValue={given.access_key}{since} "
        f"--query 'Events[].CloudTrailEvent' --output json | jq -c '.[]|fromjson|{_COLUMNS}'"
    )
    lines = [lookup.replace("{region}", region) for region in given.regions]
    return (Snippet("What the key did: time, address, call (reads only)", "\n".join(lines)),)


def role_use(given: Arguments) -> tuple[Snippet, ...]:
    """What the role may do, who may assume it and who runs with it (IAM and Lambda API references)."""
    if given.long_term:
        return (
            snippet(
                "What the key's user may do, and where the key was last used (reads only)",
                f"aws iam get-access-key-last-used --access-key-id {given.access_key}",
                f"aws iam list-attached-user-policies --user-name {given.user}",
                f"aws iam list-user-policies --user-name {given.user}",
                f"aws iam list-groups-for-user --user-name {given.user}",
            ),
        )
    lines = [
        f"aws iam get-role --role-name {given.role}",
        f"aws iam list-attached-role-policies --role-name {given.role}",
        f"aws iam list-role-policies --role-name {given.role}",
        f"aws iam list-instance-profiles-for-role --role-name {given.role}",
    ]
    if given.region:
        lines.append(
            f"aws lambda list-functions --region {given.region} "
            f"--query \"Functions[?ends_with(Role,'/{given.role}')].FunctionName\""
        )
    return (snippet("What the role may do, and who else uses it (reads only)", *lines),)


def function_now(given: Arguments) -> tuple[Snippet, ...]:
    """The function as it is: the names of its environment variables, and not their values."""
    if given.region is None:
        return ()
    chosen = (
        "{Role:Role,LastModified:LastModified,Handler:Handler,Layers:Layers[].Arn,Vpc:VpcConfig.VpcId,"
        "Variables:Environment.Variables && keys(Environment.Variables)}"
    )
    line = f"aws lambda get-function-configuration --region {given.region} --function-name {given.function}"
    return (snippet("The function as it is now (reads only)", f"{line} --query '{chosen}'"),)


def task_now(given: Arguments) -> tuple[Snippet, ...]:
    """The task, and those that run from the same definition."""
    if given.region is None:
        return ()
    where = f"--region {given.region} --cluster {given.cluster}"
    return (
        snippet(
            "The task, and its siblings (reads only)",
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
    return (snippet("The instance as it is now (reads only)", f"{line} --query '{chosen}'"),)


def snippet(label: str, *lines: str) -> Snippet:
    """Lines to paste; the label says which words somebody has to fill in first."""
    text = "\n".join(lines)
    missing = [word for word in _FILL_IN if word in text]
    if missing:
        label += f"; fill in {', '.join(missing)}: the finding has no name there that is safe to paste"
    return Snippet(label, text)
