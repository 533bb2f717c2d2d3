"""Why a rule may not have passed something on."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tools.live.clients import ClientOf
from tools.live.verdict import State

ATTRIBUTE = "ApproximateNumberOfMessages"


def suspect(client_of: ClientOf, region: str, rule: str, *, bus: str | None = None) -> tuple[State, str]:
    """What is wrong with a rule that did not pass a heartbeat on; unknown where it looks well.

    Args:
        client_of: Makes clients.
        region: Where the rule is.
        rule: Its name.
        bus: Its bus; None for the default bus.
    """
    where = {"EventBusName": bus} if bus else {}
    events = client_of("events", region)
    try:
        found = events.describe_rule(Name=rule, **where)
        if found["State"] == "DISABLED":
            return State.WRONG, f"the rule {rule} is disabled; enable it"
        targets = events.list_targets_by_rule(Rule=rule, **where)["Targets"]
        if not targets:
            return State.WRONG, f"the rule {rule} has no target; deploy"
        waiting = {arn: _waiting(client_of, region, arn) for one in targets if (arn := _dead_letters(one))}
    except (BotoCoreError, ClientError) as error:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] == "ResourceNotFoundException":
            return State.WRONG, f"there is no rule {rule}; deploy"
        return State.UNKNOWN, f"the rule {rule} cannot be looked at: {error}"
    if kept := [f"{count} in {arn.rpartition(':')[2]}" for arn, count in waiting.items() if count]:
        return State.WRONG, (
            f"the rule {rule} could not deliver: dead letters wait ({', '.join(kept)}); compare the policies of its "
            "target with the template (cdk drift)"
        )
    return State.UNKNOWN, f"the rule {rule} is enabled and has targets; whether it passed anything on is not known"


def _dead_letters(target: dict[str, Any]) -> str | None:
    arn: str | None = target.get("DeadLetterConfig", {}).get("Arn")
    return arn


def _waiting(client_of: ClientOf, region: str, arn: str) -> int:
    sqs = client_of("sqs", region)
    url = sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[ATTRIBUTE])["Attributes"][ATTRIBUTE])
