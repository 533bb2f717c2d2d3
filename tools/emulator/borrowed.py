"""Everything that the emulator takes from ministack.

With `mended` the one place that leans on names which ministack does not promise to keep. Runs in the emulator's own
virtual environment; `borrow` says by name which of them has moved.
"""

import json
import logging
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NoReturn

from tools.emulator.queues import Queues

PINNED_MINISTACK = "1.5.33"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]
Reply = tuple[int, dict[str, Any], bytes]

log = logging.getLogger("emulator")


def borrow(module: str, name: str) -> Any:  # noqa: ANN401  (untyped on the other side)
    """One name of ministack, or the end of the process with words that help."""
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError):
        stop(
            f"{module}.{name} is not there; this emulator leans on it and is written for ministack {PINNED_MINISTACK}, "
            f"but {installed()} is installed: install the pinned version, or adapt tools/emulator/borrowed.py "
            "and mended.py"
        )


def installed() -> str:
    """The installed version of ministack, or "none"."""
    try:
        return version("ministack")
    except PackageNotFoundError:
        return "none"


def stop(reason: str) -> NoReturn:
    """End the process with words for whoever reads its log."""
    sys.stderr.write(f"emulator: {reason}\n")
    sys.exit(2)


@dataclass(frozen=True, slots=True)
class Ministack:
    """Everything that is taken from ministack."""

    application: Application
    request_scope: Any
    get_account_id: Callable[[], str]
    get_region: Callable[[], str]
    resource_handlers: dict[str, Any]
    put_events: Callable[..., Reply]
    event_bus_names: Any
    dispatch_event: Callable[..., None]
    archive_event: Callable[..., None]
    dispatch_to_event_bus: Callable[..., None]
    create_archive: Callable[[dict[str, Any]], Reply]
    update_archive: Callable[[dict[str, Any]], Reply]
    delete_archive: Callable[[dict[str, Any]], Reply]
    object_content: Callable[[str, str], bytes | None]
    account_of_session: Callable[[str], str | None]
    roles: Any
    role_actions: dict[str, Any]
    role_error: Callable[[int, str, str], Reply]
    queue_actions: dict[str, Any]
    queues: Queues

    @classmethod
    def borrowed(cls) -> "Ministack":
        """Look every name up, so that one that moved is known before the first request."""
        events = "ministack.services.eventbridge"
        responses = "ministack.core.responses"
        queues = "ministack.services.sqs"
        return cls(
            application=borrow("ministack.app", "app"),
            request_scope=borrow(responses, "request_scope"),
            get_account_id=borrow(responses, "get_account_id"),
            get_region=borrow(responses, "get_region"),
            resource_handlers=borrow("ministack.services.cloudformation.provisioners", "_RESOURCE_HANDLERS"),
            put_events=borrow(events, "_put_events"),
            event_bus_names=borrow(events, "_event_buses"),
            dispatch_event=borrow(events, "_dispatch_event"),
            archive_event=borrow(events, "_archive_event"),
            dispatch_to_event_bus=borrow(events, "_dispatch_to_event_bus"),
            create_archive=borrow(events, "_create_archive"),
            update_archive=borrow(events, "_update_archive"),
            delete_archive=borrow(events, "_delete_archive"),
            object_content=borrow("ministack.services.s3", "_get_object_data"),
            account_of_session=borrow(responses, "_account_from_sts_session"),
            roles=borrow("ministack.services.iam", "_roles"),
            role_actions=borrow("ministack.services.iam", "_IAM_HANDLERS"),
            role_error=borrow("ministack.services.iam", "_error"),
            queue_actions=borrow(queues, "_HANDLERS"),
            queues=Queues(
                by_arn=borrow(queues, "_queue_by_arn"),
                lock=borrow(queues, "_queues_lock"),
                wake=borrow(queues, "esm_wake").set,
                error=borrow(queues, "_Err"),
            ),
        )

    def read_object(self, account: str, bucket: str, key: str) -> bytes | None:
        """Read an object of an account's bucket: from the store itself, as a request would wait for this very one."""
        with self.request_scope(account, self.get_region()):
            return self.object_content(bucket, key)

    def has_role(self, account: str, name: str) -> bool:
        """Whether an account has a role of that name."""
        with self.request_scope(account, self.get_region()):
            return name in self.roles


class MinistackEvents:
    """EventBridge archives of the emulator, as the resource types want them."""

    def __init__(self, ministack: Ministack) -> None:
        self._ministack = ministack

    def create_archive(self, request: dict[str, object]) -> str:
        """Create an archive; returns its ARN."""
        return str(document_of(self._ministack.create_archive(_as_text(request)))["ArchiveArn"])

    def update_archive(self, request: dict[str, object]) -> None:
        """Change an archive in place."""
        document_of(self._ministack.update_archive(_as_text(request)))

    def delete_archive(self, name: str) -> None:
        """Remove an archive and what it holds."""
        document_of(self._ministack.delete_archive({"ArchiveName": name}))


def _as_text(request: dict[str, object]) -> dict[str, object]:
    pattern = request.get("EventPattern")
    return {**request, "EventPattern": json.dumps(pattern)} if isinstance(pattern, dict) else request


def document_of(reply: Reply) -> dict[str, Any]:
    """The JSON document of an answer; one that refuses is raised as ValueError with its message."""
    status, _headers, body = reply
    document: dict[str, Any] = json.loads(body or b"{}")
    if status >= 400:  # noqa: PLR2004
        raise ValueError(document.get("message") or document.get("Message") or str(document))
    return document


def enforce_iam() -> None:
    """Check permissions from now on."""
    import_module("ministack.app").__dict__["AUTH"] = True
