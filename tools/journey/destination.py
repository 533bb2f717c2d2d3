"""A destination as a template has it: the notifier that reads a queue, and what it would say."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from notifier.brief import Brief
from notifier.briefs import brief_of
from notifier.items.event import read
from notifier.settings import Settings
from shared.known import Known, read_known
from shared.settings import InvalidSettings
from tools.messages.kinds import CUSTOM_NOTIFICATION, KINDS
from tools.templates.assembly import Resource, Stack
from tools.templates.code import code_folder
from tools.templates.plain_values import UnjudgedError, mapping

_READER = "AWS::Lambda::EventSourceMapping"
_SUBSCRIPTION = "AWS::SNS::Subscription"
_ACCOUNT = "000000000000"
_STOPPED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Who is told, as the notifier of the destination knows it.

    Attributes:
        form: The form of its messages, one of those that can be shown.
        mails: The addresses that its topic mails to.
    """

    name: str
    form: str
    settings: Settings
    mails: tuple[str, ...]

    def briefs(self, event: Mapping[str, object]) -> tuple[Brief, ...]:
        """What its notifier makes of an event."""
        return tuple(brief_of(item, self.settings.around) for item in read(json.dumps(event)))

    def payloads(self, event: Mapping[str, object]) -> tuple[object, ...]:
        """Exactly what is sent; None where nothing is."""
        return tuple(KINDS[self.form].payload(brief) for brief in self.briefs(event))


def readers_of(queue: Resource, stack: Stack) -> tuple[Destination, ...]:
    """The destinations whose notifiers read a queue.

    Raises:
        UnjudgedError: One reads it in a way that cannot be told from the template; names it.
    """
    found = []
    for mapped in stack.resources.values():
        if mapped.type == _READER and mapped.properties.get("EventSourceArn") == {
            "Fn::GetAtt": [queue.logical_id, "Arn"]
        }:
            function = _function(mapped, stack)
            if mapped.properties.get("FilterCriteria") is not None:
                raise UnjudgedError(f"the function {function.label} reads its queue by filter criteria")
            runs = function.properties.get("ReservedConcurrentExecutions") != _STOPPED
            if mapped.properties.get("Enabled") not in (False, "false") and runs:
                found.append(_destination(function, stack))
    return tuple(found)


def _function(mapped: Resource, stack: Stack) -> Resource:
    match mapped.properties.get("FunctionName"):
        case {"Ref": str(id_)} | {"Fn::GetAtt": [str(id_), "Arn"]} if id_ in stack.resources:
            return stack.resources[id_]
    raise UnjudgedError(f"which function {mapped.label} wakes cannot be told")


def _destination(function: Resource, stack: Stack) -> Destination:
    environment = mapping(function.properties.get("Environment"), f"the environment of {function.label}")
    variables = mapping(environment.get("Variables"), f"the environment of {function.label}")
    try:
        settings = Settings.from_environment(
            {name: _deployed(value, stack, f"{function.label}: {name}") for name, value in variables.items()},
            known=_known(function, stack),
        )
    except InvalidSettings as error:
        raise UnjudgedError(f"the function {function.label} would not start: {error}") from error
    custom = settings.values.get("SNS_MESSAGE_FORMAT") == "custom_notification"
    return Destination(
        name=settings.destination_name,
        form=CUSTOM_NOTIFICATION if custom else settings.destination_kind,
        settings=settings,
        mails=tuple(_mails(variables.get("SNS_TOPIC_ARN"), stack)),
    )


def _known(function: Resource, stack: Stack) -> Known:
    """What lies beside the function's code."""
    code = code_folder(function, stack.folder)
    if code is None:
        raise UnjudgedError(f"the code of {function.label} is not beside its template; synthesize again")
    return read_known(str(code))


def _deployed(value: object, stack: Stack, what: str) -> str:
    """A variable as it is after deployment; names that AWS chooses are stood in for, they are in no message."""
    if isinstance(value, str):
        return value
    match value:
        case {"Ref": str(id_)} if id_ in stack.resources:
            match stack.resources[id_].type:
                case "AWS::SQS::Queue":
                    return f"https://sqs.{stack.region}.amazonaws.com/{_ACCOUNT}/{id_}"
                case "AWS::DynamoDB::Table":
                    return id_
                case "AWS::SNS::Topic":
                    return f"arn:aws:sns:{stack.region}:{_ACCOUNT}:{id_}"
    raise UnjudgedError(f"{what}: what it holds after deployment cannot be told")


def _mails(topic: object, stack: Stack) -> Iterator[str]:
    for one in stack.resources.values():
        if one.type == _SUBSCRIPTION and topic is not None and one.properties.get("TopicArn") == topic:
            if one.properties.get("FilterPolicy") is not None:
                raise UnjudgedError(f"the subscription {one.label} takes some messages only, by its filter policy")
            yield str(one.properties.get("Endpoint"))
