"""An embedded AWS that runs, seen from outside: clients of it, and the doors that no AWS has."""

import json
import os
import secrets
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, overload

import boto3
import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_guardduty import GuardDutyClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

_EVENTS_AT_ONCE = 50

_NO_SETTINGS: dict[str, Any] = {
    # Neither the caller's profile nor the files that hold it: a profile that is not there would be an error.
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class EmulatorError(Exception):
    """The emulator did not start, or refused what it was asked for."""


class RunningEmulator:
    """What can be asked of an emulator while it runs.

    Attributes:
        account: The account that the dummy credentials belong to.
        endpoint: The URL of every service of the emulator.
    """

    endpoint: str

    def __init__(self, *, account: str) -> None:
        self.account = account
        self._token = secrets.token_urlsafe()
        self._session = boto3.session.Session(botocore_session=botocore.session.Session(_NO_SETTINGS))
        self._clients: dict[tuple[str, str, str], Any] = {}

    @overload
    def client(self, service: Literal["cloudformation"], region: str) -> "CloudFormationClient": ...
    @overload
    def client(self, service: Literal["events"], region: str) -> "EventBridgeClient": ...
    @overload
    def client(self, service: Literal["guardduty"], region: str) -> "GuardDutyClient": ...
    @overload
    def client(self, service: Literal["lambda"], region: str) -> "LambdaClient": ...
    @overload
    def client(self, service: Literal["secretsmanager"], region: str) -> "SecretsManagerClient": ...
    @overload
    def client(self, service: Literal["sns"], region: str) -> "SNSClient": ...
    @overload
    def client(self, service: Literal["sqs"], region: str) -> "SQSClient": ...
    def client(self, service: Any, region: str) -> Any:
        """A boto3 client of this AWS; the same one each time, as making one takes longer than most calls."""
        return self.any_client(service, region)

    def any_client(self, service: str, region: str, *, account: str = "") -> Any:  # noqa: ANN401  the type depends on the service's name
        """The same for a service of which no code here needs the type, and for any account."""
        caller = account or self.account
        if (service, region, caller) not in self._clients:
            self._clients[service, region, caller] = self._session.client(  # type: ignore[call-overload]  # any service
                service,
                region_name=region,
                endpoint_url=self.endpoint,
                aws_access_key_id=caller,
                aws_secret_access_key="emulator",  # noqa: S106
                config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30, proxies={}),
            )
        return self._clients[service, region, caller]

    def found_organization(self, *, management: str, accounts: Mapping[str, str]) -> None:
        """Let there be an organization, as its owners founded it before any stack.

        Args:
            management: Its management account, one of the accounts.
            accounts: Name of each account by its id.
        """
        self._harness("found-organization", {"management": management, "accounts": accounts})

    def emit(self, region: str, event: Mapping[str, object]) -> str:
        """Put an event on a Region's default bus as the AWS service that it names; returns the event's id.

        What GuardDuty's own delivery does. PutEvents refuses sources that begin with `aws.`, here as on AWS.

        Args:
            region: Where the event happens.
            event: An EventBridge event: `source`, `detail-type` and `detail` are taken from it.
        """
        (event_id,) = self.emit_all(region, [event])
        return event_id

    def emit_all(self, region: str, events: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
        """The same for many events, a few in each request; returns their ids.

        The emulator answers nobody else until a request is done, and functions that are at work wait for it.
        """
        ids: list[str] = []
        for first in range(0, len(events), _EVENTS_AT_ONCE):
            some = events[first : first + _EVENTS_AT_ONCE]
            reply = self._harness("emit", {"account": self.account, "region": region, "events": some})
            for entry in reply["Entries"]:
                if "EventId" not in entry:
                    raise EmulatorError(f"an event was refused: {entry.get('ErrorCode')}: {entry.get('ErrorMessage')}")
                ids.append(str(entry["EventId"]))
        return tuple(ids)

    def keep_finding(self, region: str, finding: Mapping[str, object]) -> None:
        """Let GuardDuty have a finding to list, without an event: what becomes of one that a filter archives."""
        self._harness("keep-finding", {"account": self.account, "region": region, "finding": finding})

    def keep_calls(self, region: str, calls: Sequence[Mapping[str, object]]) -> None:
        """Let CloudTrail's event history of a Region hold these calls, as CloudTrail records them."""
        self._harness("keep-calls", {"account": self.account, "region": region, "calls": calls})

    def waits(self, queue_arn: str) -> tuple[float, ...]:
        """Seconds until each message of a queue may be received; 0 for one that may be now."""
        return tuple(self._harness("waits", {"account": self.account, "queue": queue_arn})["seconds"])

    def bring_now(self, queue_arn: str) -> None:
        """Let every message of a queue come at once, as if the time had passed for which it was put off."""
        self._harness("bring-now", {"account": self.account, "queue": queue_arn})

    @contextmanager
    def throttled(self, service: str) -> Iterator[None]:
        """A service that answers nobody but "too many requests" meanwhile."""
        self._harness("throttle", {"services": [service]})
        try:
            yield
        finally:
            self._harness("throttle", {"services": []})

    def enforce_iam(self) -> None:
        """Check permissions from now on; deploying needs them unchecked (ministack lacks `aws:ResourceAccount`)."""
        self._harness("enforce-iam", {})

    def close_clients(self) -> None:
        """Close the connections of every client."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _harness(self, door: str, document: Mapping[str, object]) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  (always our own endpoint)
            f"{self.endpoint}/_emulator/{door}",
            data=json.dumps(document).encode(),
            headers={"x-emulator-token": self._token, "content-type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as response:
            reply: dict[str, Any] = json.load(response)
        return reply
