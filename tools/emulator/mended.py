"""Where ministack does otherwise than AWS, and this project would notice."""

import json
import logging
from importlib import import_module
from typing import Any

from tools.emulator.borrowed import Ministack, borrow

log = logging.getLogger("emulator")


def deliver_across_regions(ministack: Ministack) -> None:
    """Let a rule's target be a bus in another Region of the account, which ministack does not deliver.

    As on AWS, the forwarded event keeps the Region in which it happened, and it makes one hop only: an event that
    has come from another Region is not forwarded to a third (EventBridge user guide, cross-Region targets).
    """

    def dispatch(spec: Any, event: Any, rule: Any, event_path: Any, payload: Any = None) -> None:  # noqa: ANN401
        account, region = ministack.get_account_id(), ministack.get_region()
        if spec.account_id != account or spec.region == region:
            ministack.dispatch_to_event_bus(spec, event, rule, event_path, payload)
            return
        if event.get("Region", region) != region:
            log.warning("not forwarded to a third Region: event %s from %s", event.get("EventId"), event["Region"])
            return
        bus = spec.resource.partition("/")[2]
        with ministack.request_scope(account, spec.region):
            if bus not in ministack.event_bus_names:
                log.warning("event bus %s of %s not found", bus, spec.region)
                return
            forwarded = {**event, "EventBusName": bus, "Region": region}
            if payload is not None:
                forwarded["Detail"] = payload
            ministack.dispatch_event(forwarded)
            ministack.archive_event(forwarded)

    import_module("ministack.services.eventbridge").__dict__["_dispatch_to_event_bus"] = dispatch


def fire_no_schedules() -> None:
    """Let schedules be declared and never fire: on a Monday at seven the weekly digest would come into any test."""
    for module in ("ministack.services.eventbridge", "ministack.services.scheduler"):
        borrow(module, "start_scheduler")
        import_module(module).__dict__["start_scheduler"] = lambda: None


def heed_queue_policies(ministack: Ministack) -> None:
    """Let a rule put an event on a queue only where the queue's policy lets it in, which ministack does not ask.

    As on AWS, what the queue refuses goes at once to the target's dead-letter queue, if that one takes it (EventBridge
    user guide, dead-letter queues).
    """
    module = "ministack.services.eventbridge"
    deliver = borrow(module, "_invoke_target")

    def invoke(target: Any, event: Any, rule: Any, view: Any = None) -> None:  # noqa: ANN401
        arn = str(target.get("Arn", ""))
        if ":sqs:" in arn and not _lets_in(ministack.queues.by_arn(arn), str(rule.get("Arn"))):
            dead = str(target.get("DeadLetterConfig", {}).get("Arn", ""))
            if dead and _lets_in(ministack.queues.by_arn(dead), str(rule.get("Arn"))):
                deliver({**target, "Arn": dead}, event, rule, view)
            else:
                log.warning("lost: neither %s nor its dead-letter queue lets the rule %s in", arn, rule.get("Name"))
            return
        deliver(target, event, rule, view)

    import_module(module).__dict__["_invoke_target"] = invoke


def _lets_in(queue: Any, rule_arn: str) -> bool:  # noqa: ANN401
    """Whether a queue takes events of a rule; one that is gone takes none."""
    if not queue:
        return False
    try:
        statements = json.loads(queue["attributes"].get("Policy") or "{}").get("Statement", [])
    except ValueError:
        return False
    for statement in statements:
        service = statement.get("Principal") != "*" and statement.get("Principal", {}).get("Service")
        sources = statement.get("Condition", {}).get("ArnEquals", {}).get("aws:SourceArn", [])
        if (statement.get("Effect"), service) == ("Allow", "events.amazonaws.com"):
            allowed = [sources] if isinstance(sources, str) else sources
            if not allowed or rule_arn in allowed:
                return True
    return False


PARTITION_KEY = "Key"
"""Name of the partition key of every table of this project."""


def tell_leading_keys() -> None:
    """Let policies limit a role to items by their key: ministack does not know `dynamodb:LeadingKeys`."""
    module = "ministack.core.iam_actions"
    known = borrow(module, "dynamodb_service_context")
    import_module(module).__dict__["dynamodb_service_context"] = lambda body: {**known(body), **leading_keys(body)}


def tell_sources_of_events() -> None:
    """Let policies limit a role to events of one source and detail-type: ministack does not know these keys."""
    module = "ministack.core.iam_actions"
    known = borrow(module, "request_tag_context")
    import_module(module).__dict__["request_tag_context"] = lambda service, action, body, parameters: {
        **known(service, action, body, parameters),
        **(sources_of_events(body) if action == "events:PutEvents" else {}),
    }


def sources_of_events(body: bytes) -> dict[str, list[str]]:
    """The condition keys of a PutEvents: whatever its entries name."""
    try:
        entries = json.loads(body or b"{}").get("Entries", [])
        found = {
            key: [str(entry[member]) for entry in entries if member in entry]
            for key, member in (("events:source", "Source"), ("events:detail-type", "DetailType"))
        }
    except (ValueError, AttributeError, TypeError):
        return {}
    return {key: values for key, values in found.items() if values}


def leading_keys(body: bytes) -> dict[str, list[str]]:
    """The condition key of a call that names one item; nothing for a call that names none."""
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return {}
    item = request.get("Key") or request.get("Item") if isinstance(request, dict) else None
    value = item.get(PARTITION_KEY) if isinstance(item, dict) else None
    return {"dynamodb:LeadingKeys": [str(one) for one in value.values()]} if isinstance(value, dict) else {}
