"""The deployed notifiers of a hub, and what their logs say has arrived."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tools.live.clients import ClientOf


class CannotLookError(Exception):
    """A service did not answer, or not this caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedNotifier:
    """The function of one destination."""

    destination: str
    function: str
    log_group: str


def deployed_notifiers(client_of: ClientOf, hub: str, *, deployment: str) -> dict[str, DeployedNotifier]:
    """The notifiers of a deployment by their destination, found by what their environment says.

    Raises:
        CannotLookError: Lambda did not list them.
    """
    found = {}
    try:
        for page in client_of("lambda", hub).get_paginator("list_functions").paginate():
            for function in page["Functions"]:
                variables = function.get("Environment", {}).get("Variables", {})
                name = variables.get("DESTINATION_NAME")
                if name and variables.get("DEPLOYMENT", deployment) == deployment:
                    found[name] = DeployedNotifier(
                        destination=name,
                        function=function["FunctionName"],
                        log_group=function.get("LoggingConfig", {}).get("LogGroup", ""),
                    )
    except (BotoCoreError, ClientError) as error:
        raise CannotLookError(f"the functions of {hub} cannot be listed: {error}") from error
    return found


def lines(
    client_of: ClientOf, hub: str, notifier: DeployedNotifier, *, word: str, since: int
) -> list[tuple[int, dict[str, Any]]]:
    """The lines of a notifier's log that hold a word, each after the epoch millisecond in which it was written.

    Args:
        client_of: Makes clients.
        hub: Region of the notifier.
        notifier: Whose log.
        word: What to look for.
        since: Epoch milliseconds.

    Raises:
        CannotLookError: CloudWatch Logs did not answer.
    """
    try:
        pages = (
            client_of("logs", hub)
            .get_paginator("filter_log_events")
            .paginate(logGroupName=notifier.log_group, startTime=since, filterPattern=f'"{word}"')
        )
        found = [(event.get("timestamp", 0), event["message"]) for page in pages for event in page["events"]]
    except (BotoCoreError, ClientError) as error:
        raise CannotLookError(f"the log {notifier.log_group} cannot be read: {error}") from error
    return list(_documents(found))


def _documents(events: Iterable[tuple[int, str]]) -> Iterable[tuple[int, dict[str, Any]]]:
    for written, message in events:
        # One event may hold several lines.
        for line in message.splitlines():
            try:
                document = json.loads(line)
            except ValueError:
                continue
            if isinstance(document, Mapping):
                yield written, dict(document)
