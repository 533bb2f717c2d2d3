"""Why a rule may not have passed something on."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tools.live.clients import ClientOf
from tools.live.pages import pages
from tools.live.verdict import State

ATTRIBUTE = "ApproximateNumberOfMessages"


def blocked(client_of: ClientOf, region: str, rule: str, *, bus: str | None = None) -> bool:
    """Whether a rule passes nothing on, whatever comes; not where it cannot be looked at.

    Args:
        client_of: Makes clients.
        region: Where the rule is.
        rule: Its name.
        bus: Its bus; None for the default bus.
    """
    try:
        _targets(client_of, region, rule, bus)
    except _BlockedError:
        return True
    except (BotoCoreError, ClientError):
        pass
    return False


def suspect(client_of: ClientOf, region: str, rule: str, *, bus: str | None = None) -> tuple[State, str]:
    """What is wrong with a rule that did not pass a heartbeat on; unknown where it looks well.

    Args:
        client_of: Makes clients.
        region: Where the rule is.
        rule: Its name.
        bus: Its bus; None for the default bus.
    """
    try:
        targets = _targets(client_of, region, rule, bus)
        waiting = {arn: _waiting(client_of, region, arn) for one in targets if (arn := _dead_letters(one))}
    except _BlockedError as problem:
        return State.WRONG, str(problem)
    except (BotoCoreError, ClientError) as error:
        return State.UNKNOWN, f"the rule {rule} cannot be looked at: {error}"
    if kept := [f"{count} in {arn.rpartition(':')[2]}" for arn, count in waiting.items() if count]:
        return State.WRONG, (
            f"the rule {rule} could not deliver: dead letters wait ({', '.join(kept)}); compare the policies of its "
            "target with the template (cdk drift)"
        )
    return State.UNKNOWN, f"the rule {rule} is enabled and has targets; whether it passed anything on is not known"


class _BlockedError(Exception):
    """What keeps a rule from passing anything on, and what to do."""


def _targets(client_of: ClientOf, region: str, rule: str, bus: str | None) -> list[dict[str, Any]]:
    where = {"EventBusName": bus} if bus else {}
    events = client_of("events", region)
    try:
        if events.describe_rule(Name=rule, **where)["State"] == "DISABLED":
            raise _BlockedError(f"the rule {rule} is disabled; enable it")
        targets: list[dict[str, Any]] = list(pages(events.list_targets_by_rule, "Targets", Rule=rule, **where))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        raise _BlockedError(f"there is no rule {rule}; deploy") from error
    if not targets:
        raise _BlockedError(f"the rule {rule} has no target; deploy")
    return targets


def _dead_letters(target: dict[str, Any]) -> str | None:
    arn: str | None = target.get("DeadLetterConfig", {}).get("Arn")
    return arn


def _waiting(client_of: ClientOf, region: str, arn: str) -> int:
    sqs = client_of("sqs", region)
    url = sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[ATTRIBUTE])["Attributes"][ATTRIBUTE])
