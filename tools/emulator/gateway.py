"""What the emulator's port serves: our services and the harness's door; everything else is ministack."""

import contextvars
import hmac
import json
import re
from typing import Any
from urllib.parse import parse_qsl

from tools.emulator.account_region import AccountRegion
from tools.emulator.borrowed import Message, Ministack, Receive, Reply, Send, document_of, enforce_iam
from tools.emulator.detective import Detective, DetectiveError
from tools.emulator.event_history import EventHistory
from tools.emulator.guardduty import GuardDuty
from tools.emulator.organizations import Organizations, OrganizationsError

HARNESS = "/_emulator/"
"""Paths of the harness's own door; every request must carry the token that the harness gave at the start."""

_QUEUE_DOORS = ("waits", "bring-now")
_ENTRIES = 10
"""Most that one PutEvents takes (EventBridge API reference)."""

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")


class Gateway:
    """The application that the port serves."""

    def __init__(
        self,
        *,
        ministack: Ministack,
        guardduty: GuardDuty,
        detective: Detective,
        organizations: Organizations,
        default_account: str,
        token: str,
    ) -> None:
        self._ministack = ministack
        self._guardduty = guardduty
        self._detective = detective
        self._organizations = organizations
        self._default_account = default_account
        self._token = token
        self._throttled: frozenset[str] = frozenset()
        self._history = EventHistory()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI)."""
        if scope["type"] == "http":
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
            signed = _CREDENTIAL.search(headers.get("authorization", ""))
            if scope["path"].startswith(HARNESS):
                await _reply(send, *self._harness(scope["path"], headers, await _body(receive)))
                return
            if signed and signed["service"] in self._throttled:
                await _reply(send, 400, {"__type": "ThrottlingException", "message": "Rate exceeded"})
                return
            if signed and signed["service"] == "detective":
                await self._answer_detective(scope, signed, await _body(receive), send)
                return
            if signed and headers.get("x-amz-target", "").endswith(".LookupEvents"):
                await _reply(send, 200, self._history.lookup(self._place(signed), json.loads(await _body(receive))))
                return
            if signed and signed["service"] == "organizations":
                await self._answer_organizations(headers, signed, await _body(receive), send)
                return
            if signed and signed["service"] == "guardduty":
                await self._answer_guardduty(scope, signed, await _body(receive), send)
                return
            # Policies that ask for TLS (aws:SecureTransport) would deny everything on plain loopback. Real clients of
            # AWS always come by TLS, so these count as if they had come through a proxy that took it off.
            scope["headers"] = [*scope["headers"], (b"x-forwarded-proto", b"https")]
        await self._ministack.application(scope, receive, send)

    async def _answer_detective(self, scope: Message, signed: re.Match[str], body: bytes, send: Send) -> None:
        try:
            document = self._detective.answer(self._place(signed), scope["path"], json.loads(body) if body else {})
        except DetectiveError as refusal:
            await _reply(send, 400, {"__type": refusal.code, "message": str(refusal)})
            return
        if document is None:
            offered = f"{scope['path']} is not offered by this emulator's Detective; it keeps graphs and their members"
            await _reply(send, 501, {"__type": "InternalServerException", "message": offered})
            return
        await _reply(send, 200, document)

    async def _answer_organizations(
        self, headers: dict[str, str], signed: re.Match[str], body: bytes, send: Send
    ) -> None:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        try:
            document = self._organizations.answer(
                self._place(signed).account, operation, json.loads(body) if body else {}
            )
        except OrganizationsError as refusal:
            await _reply(send, 400, {"__type": refusal.code, "message": str(refusal)})
            return
        await _reply(send, 200, document)

    def _place(self, signed: re.Match[str]) -> AccountRegion:
        # A 12-digit access key id is the account, as everywhere in this emulator; that of a role's session is known.
        account = signed["key"] if re.fullmatch(r"\d{12}", signed["key"]) else None
        return AccountRegion(
            account or self._ministack.account_of_session(signed["key"]) or self._default_account, signed["region"]
        )

    async def _answer_guardduty(self, scope: Message, signed: re.Match[str], body: bytes, send: Send) -> None:
        answer = self._guardduty.answer(
            self._place(signed),
            scope["method"],
            scope.get("raw_path", scope["path"].encode()).decode("ascii").partition("?")[0],
            dict(parse_qsl(scope["query_string"].decode("ascii"))),
            json.loads(body) if body else None,
        )
        await _reply(send, answer.status, answer.body)

    def _harness(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, object]:
        """The door for what AWS itself does: publish an event as a service, let time pass, switch IAM on."""
        if not hmac.compare_digest(headers.get("x-emulator-token", ""), self._token):
            return 403, {"message": "for the process that started this emulator only"}
        request = json.loads(body) if body else {}
        door = path.removeprefix(HARNESS)
        if door in _QUEUE_DOORS:
            return 200, self._open_queue(door, request)
        match door:
            case "ready":
                return 200, {"ready": True}
            case "emit":
                return self._emit(AccountRegion(request["account"], request["region"]), request["events"])
            case "keep-finding":
                self._guardduty.keep_finding(AccountRegion(request["account"], request["region"]), request["finding"])
            case "keep-calls":
                self._history.keep(AccountRegion(request["account"], request["region"]), request["calls"])
            case "found-organization":
                self._organizations.found(management=request["management"], accounts=request["accounts"])
            case "throttle":
                self._throttled = frozenset(request["services"])
            case "enforce-iam":
                enforce_iam()
            case _:
                return 404, {"message": f"unknown: {path}"}
        return 200, {}

    def _open_queue(self, door: str, request: dict[str, Any]) -> object:
        arn: str = request["queue"]
        # The stores of ministack are those of the account and Region in force.
        with self._ministack.request_scope(request["account"], arn.split(":")[3]):
            if door == "waits":
                return {"seconds": self._ministack.queues.waits(arn)}
            self._ministack.queues.bring_now(arn)
            return {}

    def _emit(self, place: AccountRegion, events: list[dict[str, Any]]) -> tuple[int, object]:
        entries = [
            {
                "Source": event["source"],
                "DetailType": event["detail-type"],
                "Detail": json.dumps(event["detail"]),
                "Resources": event.get("resources", []),
            }
            for event in events
        ]

        def put(some: list[dict[str, Any]]) -> Reply:
            with self._ministack.request_scope(place.account, place.region):
                return self._ministack.put_events({"Entries": some}, allow_aws_source=True)

        put_entries: list[object] = []
        for first in range(0, len(entries), _ENTRIES):
            some = entries[first : first + _ENTRIES]
            put_entries += document_of(contextvars.copy_context().run(put, some))["Entries"]
        return 200, {"Entries": put_entries}


async def _body(receive: Receive) -> bytes:
    chunks, more = [], True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


async def _reply(send: Send, status: int, document: object) -> None:
    headers = [(b"content-type", b"application/json")]
    if isinstance(document, dict) and "__type" in document:
        headers.append((b"x-amzn-errortype", str(document["__type"]).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(document).encode()})
