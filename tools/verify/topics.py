"""Who reads topics, against the template."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from tools.verify.check import Check
from tools.verify.live_stack import LiveStack

_CHAT = "global.sns-api.chatbot.amazonaws.com"


def subscriptions(live: LiveStack) -> Iterator[Check]:
    """Every declared mail address is subscribed, and has confirmed; and nobody reads a topic whom no template lets in.

    A topic whose ARN is an output is for a channel of Amazon Q Developer, which subscribes an endpoint of its own
    (docs/destinations.md).
    """
    open_to_chat = _open_to_chat(live)
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
            subject = f"{endpoint} to {name}"
            if arn is None:
                yield live.check("subscriptions", subject, ["is not subscribed: it gets nothing; deploy"], fine="")
                continue
            waits = "has not confirmed the mail that SNS sent, so it gets nothing; confirm it"
            problems = [] if arn.startswith("arn:") else [waits]
            yield live.in_time("subscriptions", subject, problems, fine="confirmed")
        for stranger in sorted(set(found) - endpoints):
            let_in = topic in open_to_chat and _is_chat(stranger)
            problems = [] if let_in else ["reads the topic, and no template says so; end the subscription"]
            yield live.check("subscriptions", f"{stranger} to {name}", problems, fine="a chat channel")
        if topic in open_to_chat and not any(map(_is_chat, found)):
            lost = "only mail is" if endpoints else "nobody is"
            alone = f"no chat channel reads it, so that {lost} told what is sent there; connect one"
            yield live.in_time("subscriptions", name, [alone], fine="")


def _open_to_chat(live: LiveStack) -> set[str]:
    """The topics whose ARN is an output of the stack."""
    values = [one.get("Value") for one in live.stack.outputs.values()]
    topics = [one.logical_id for one in live.declared("AWS::SNS::Topic")]
    return {live.physical(one) for one in topics if {"Ref": one} in values}


def _is_chat(endpoint: str) -> bool:
    parts = urlsplit(endpoint)
    return parts.scheme == "https" and parts.hostname == _CHAT
