"""What carries findings, against the template: rules, archives, functions and their triggers, mails, queues."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from tools.live.pages import pages
from tools.verify.check import Check
from tools.verify.live_stack import LiveStack, UnresolvedError

_CHAT = "global.sns-api.chatbot.amazonaws.com"
_GONE = frozenset({"ResourceNotFoundException", "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})
"""Of EventBridge and Lambda, and of SQS by its older name, which its JSON protocol still gives (botocore 1.44.5)."""


def rules(live: LiveStack) -> Iterator[Check]:
    """Every rule is enabled, with the declared pattern and targets."""
    events = live.client("events")
    for resource in live.declared("AWS::Events::Rule"):
        name = live.physical(resource.logical_id).rpartition("|")[2].rpartition("/")[2]
        bus = live.text(resource.properties.get("EventBusName"))
        where = {"EventBusName": bus} if bus else {}
        found = _answer(events.describe_rule, Name=name, **where)
        if found is None:
            yield live.check("rules", name, ["is gone, so nothing takes what it matches; deploy"], fine="")
            continue
        problems = (
            [] if found["State"] == "ENABLED" else [f"is {found['State']}, so nothing takes what it matches; enable it"]
        )
        try:
            pattern = live.resolved(resource.properties.get("EventPattern"))
        except UnresolvedError as error:
            yield live.unknown("rules", name, f"its pattern names {error}, which is not known here")
            continue
        if json.loads(found.get("EventPattern") or "null") != pattern:
            problems.append("matches something else than declared; deploy")
        targets = {target["Id"]: target for target in pages(events.list_targets_by_rule, "Targets", Rule=name, **where)}
        declared = {str(target["Id"]): target for target in _maps(resource.properties.get("Targets"))}
        if set(targets) != set(declared):
            problems.append(f"has the targets {_words(targets)}, declared are {_words(declared)}")
        for id_ in sorted(set(targets) & set(declared)):
            # Only a schedule's target is told something of its own; a finding has to arrive as it came.
            strange = {"Input", "InputPath", "InputTransformer"} & (set(targets[id_]) - set(declared[id_]))
            problems += [f"{id_} is not told what came: nobody declared its {one}; deploy" for one in sorted(strange)]
            for what, wanted, actual in _ends(live, declared[id_], targets[id_]):
                if wanted is None:
                    yield live.unknown("rules", name, f"the template names where {id_} {what} in a way not known here")
                elif wanted != actual:
                    problems.append(f"{id_} {what} {actual or 'nothing'}, declared is {wanted or 'nothing'}")
        yield live.check("rules", name, problems, fine="enabled, as declared")


def archives(live: LiveStack) -> Iterator[Check]:
    """Every archive takes what comes, for as many days as declared."""
    events = live.client("events")
    for resource in live.declared("AWS::Events::Archive"):
        name = live.physical(resource.logical_id)
        found = _answer(events.describe_archive, ArchiveName=name)
        if found is None:
            yield live.check("archives", name, ["is gone, so findings cannot be replayed; deploy"], fine="")
            continue
        problems = [] if found["State"] == "ENABLED" else [f"is {found['State']}, so findings cannot be replayed"]
        days = resource.properties.get("RetentionDays")
        if days is not None and found.get("RetentionDays") != days:
            problems.append(f"keeps findings {found.get('RetentionDays')} days, declared are {days}; deploy")
        yield live.check("archives", name, problems, fine="enabled")


def subscriptions(live: LiveStack) -> Iterator[Check]:
    """Every declared mail address is subscribed, and has confirmed; and nobody else reads a topic."""
    declared: dict[str, set[str]] = {live.physical(one.logical_id): set() for one in live.declared("AWS::SNS::Topic")}
    for resource in live.declared("AWS::SNS::Subscription"):
        topic, endpoint = live.text(resource.properties.get("TopicArn")), str(resource.properties.get("Endpoint"))
        if topic is None:
            why = "the template names its topic in a way that is not known here"
            yield live.unknown("subscriptions", endpoint, why)
        else:
            declared.setdefault(topic, set()).add(endpoint)
    sns = live.client("sns")
    for topic, endpoints in declared.items():
        pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
        found = {one["Endpoint"]: one["SubscriptionArn"] for page in pages for one in page["Subscriptions"]}
        name = topic.rpartition(":")[2]
        for endpoint in sorted(endpoints):
            arn = found.get(endpoint)
            problems = []
            if arn is None:
                problems.append("is not subscribed: it gets nothing; deploy")
            elif not arn.startswith("arn:"):
                problems.append("has not confirmed the mail that SNS sent, so it gets nothing; confirm it")
            yield live.check("subscriptions", f"{endpoint} to {name}", problems, fine="confirmed")
        for stranger in sorted(set(found) - endpoints):
            # Amazon Q Developer subscribes its own endpoint to the topic of a channel (docs/destinations.md).
            chat = not endpoints and urlsplit(stranger).scheme == "https" and urlsplit(stranger).hostname == _CHAT
            problems = [] if chat else ["reads the topic, and no template says so; end the subscription"]
            yield live.check("subscriptions", f"{stranger} to {name}", problems, fine="a chat channel")


def functions(live: LiveStack) -> Iterator[Check]:
    """Every function is active, and the secrets it reads exist."""
    functions_ = live.client("lambda")
    for resource in live.declared("AWS::Lambda::Function"):
        name = live.physical(resource.logical_id)
        found = _answer(functions_.get_function_configuration, FunctionName=name)
        if found is None:
            yield live.check("functions", name, ["is gone, so it never runs; deploy"], fine="")
            continue
        problems = [] if found.get("State", "Active") == "Active" else [f"is {found['State']}"]
        if functions_.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions") == 0:
            problems.append("is held back: its reserved concurrency is 0, so it never runs; remove that")
        yield live.check("functions", name, problems, fine="active")
        for variable, value in found.get("Environment", {}).get("Variables", {}).items():
            if variable.endswith("_SECRET"):
                yield _secret(live, value)


def event_sources(live: LiveStack) -> Iterator[Check]:
    """Every queue is read: the mapping between it and its function is enabled."""
    lambda_ = live.client("lambda")
    for resource in live.declared("AWS::Lambda::EventSourceMapping"):
        found = _answer(lambda_.get_event_source_mapping, UUID=live.physical(resource.logical_id))
        if found is None:
            problem = "is gone, so the messages in its queue wait; deploy"
            yield live.check("event sources", resource.label, [problem], fine="")
            continue
        state = found["State"]
        problems = [] if state == "Enabled" else [f"is {state}, so the messages in its queue wait; enable it"]
        # What does not pass a filter is taken off the queue all the same (Lambda developer guide, event filtering).
        if found.get("FilterCriteria", {}).get("Filters") and "FilterCriteria" not in resource.properties:
            problems.append("lets only some messages through, and the others are lost; remove its filter criteria")
        for what, wanted, actual in (
            ("reads", resource.properties.get("EventSourceArn"), found.get("EventSourceArn")),
            ("invokes", resource.properties.get("FunctionName"), found.get("FunctionArn")),
        ):
            declared = live.text(wanted)
            if declared is not None and str(actual).rpartition(":")[2] != declared.rpartition(":")[2]:
                problems.append(f"{what} {actual}, declared is {declared}; deploy")
        yield live.check("event sources", resource.label, problems, fine="enabled")


def dead_letters(live: LiveStack) -> Iterator[Check]:
    """No message waits in a dead-letter queue."""
    sqs = live.client("sqs")
    for resource in live.declared("AWS::SQS::Queue"):
        if "RedrivePolicy" in resource.properties:
            continue
        url = live.physical(resource.logical_id)
        attributes = _answer(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        if attributes is None:
            problem = "is gone, so what cannot be delivered is lost; deploy"
            yield live.check("dead letters", resource.label, [problem], fine="")
            continue
        waiting = int(attributes["Attributes"]["ApproximateNumberOfMessages"])
        problems = [f"{waiting} messages wait: read them, then send them again (docs/operations.md)"] if waiting else []
        yield live.check("dead letters", resource.label, problems, fine="empty")


def _answer(call: Callable[..., Mapping[str, Any]], **given: object) -> Mapping[str, Any] | None:
    """What AWS says of one resource; None if there is none of that name, so that the others are still looked at."""
    try:
        return call(**given)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _GONE:
            raise
        return None


def _secret(live: LiveStack, name: str) -> Check:
    secrets = live.client("secretsmanager")
    try:
        found = secrets.describe_secret(SecretId=name)
    except secrets.exceptions.ResourceNotFoundException:
        return live.check(
            "secrets",
            name,
            ["does not exist in this Region: nothing can be sent; create it (docs/destinations.md)"],
            fine="",
        )
    problems = ["is being deleted: restore it"] if found.get("DeletedDate") else []
    return live.check("secrets", name, problems, fine="exists")


def _ends(
    live: LiveStack, declared: Mapping[str, object], found: Mapping[str, Any]
) -> Iterator[tuple[str, str | None, str]]:
    """Where a target's events go, and where those that cannot be delivered: declared, None if not known, and found."""
    letters = declared.get("DeadLetterConfig")
    dead = letters.get("Arn") if isinstance(letters, Mapping) else ""
    yield "leads to", live.text(declared.get("Arn")), str(found.get("Arn", ""))
    yield "leaves what cannot be delivered to", live.text(dead), str(found.get("DeadLetterConfig", {}).get("Arn", ""))


def _maps(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _words(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
