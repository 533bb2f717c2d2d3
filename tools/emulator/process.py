"""Starts the embedded AWS, talks to it, and ends it whatever happens."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Self, overload

import boto3
import botocore.session
from botocore.config import Config

from tools.emulator.pagerduty_rules import PagerDuty
from tools.emulator.sink import Sink
from tools.emulator.slack_rules import Slack
from tools.emulator.stand_in import StandIn
from tools.emulator.teams_rules import Teams
from tools.emulator.webhook_rules import Webhook

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_guardduty import GuardDutyClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

PROJECT = Path(__file__).resolve().parents[2]
DEFAULT_PYTHON = PROJECT / ".venv-emulator" / "bin" / "python"
DEFAULT_COMMAND = ("-m", "tools.emulator.server")
_TAIL = 25

_NO_SETTINGS: dict[str, Any] = {
    # Neither the caller's profile nor the files that hold it: a profile that is not there would be an error.
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class EmulatorError(Exception):
    """The emulator did not start, or refused what it was asked for."""


class Emulator:
    """The embedded AWS for the length of a `with` statement, on loopback only.

    Attributes:
        account: The account that the dummy credentials belong to.
        slack: What functions reach as hooks.slack.com.
        teams: What they reach as a Workflows webhook.
        pagerduty: What they reach as events.pagerduty.com.
        webhook: A receiver of signed documents, siem.example.com.
        stand_ins: All of these, by the kind of destination.
        log: What the emulator wrote; gone with it, unless a path was given.
    """

    def __init__(
        self,
        *,
        account: str = "123456789012",
        python: Path | None = None,
        command: Sequence[str] = DEFAULT_COMMAND,
        log: Path | None = None,
        ready_within: float = 30.0,
        waiting: float = 1.0,
    ) -> None:
        """Choose what to start.

        Args:
            account: 12 digits.
            python: The interpreter of the environment that has ministack; default `EMULATOR_PYTHON`, else
                `.venv-emulator/bin/python` of the project.
            command: What that interpreter runs.
            log: Where to keep the emulator's log.
            ready_within: Seconds to wait for it.
            waiting: How long a Wait state of Step Functions lasts, as a share of what it says.
        """
        self.account = account
        self.slack, self.teams, self.pagerduty, self.webhook = Slack(), Teams(), PagerDuty(), Webhook()
        self.stand_ins: Mapping[str, StandIn] = {
            "slack": self.slack,
            "teams": self.teams,
            "pagerduty": self.pagerduty,
            "webhook": self.webhook,
        }
        self._sink = Sink(self.stand_ins.values())
        chosen = python or os.environ.get("EMULATOR_PYTHON") or DEFAULT_PYTHON
        self._python = Path(chosen)
        self._command = tuple(command)
        self._given_log = log
        self._ready_within = ready_within
        self._waiting = waiting
        self._token = secrets.token_urlsafe()
        self._resources = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._session = boto3.session.Session(botocore_session=botocore.session.Session(_NO_SETTINGS))
        self._clients: dict[tuple[str, str, str], Any] = {}

    def __enter__(self) -> Self:
        if not self._python.exists():
            raise EmulatorError(
                f"{self._python}: no such interpreter; `make setup` creates it, EMULATOR_PYTHON names another"
            )
        with ExitStack() as unless_ready:
            _end_on_sigterm(unless_ready)
            folder = tempfile.mkdtemp(prefix="emulator-")
            unless_ready.callback(shutil.rmtree, folder, ignore_errors=True)
            self._folder = Path(folder)
            unless_ready.enter_context(self._sink)
            self.log = self._given_log or self._folder / "emulator.log"
            self._start(unless_ready)
            self._wait_until_ready()
            self._resources = unless_ready.pop_all()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self._resources.close()

    @property
    def endpoint(self) -> str:
        """The URL of every service of the emulator."""
        return f"http://127.0.0.1:{self._port}"

    def environment(self, *, account: str = "") -> dict[str, str]:
        """The environment for a program that shall find this AWS and no other.

        Nothing named AWS_… is inherited: no profile, no role, no real credentials.

        Args:
            account: Whose credentials the program has, if it is another account than the emulator's own.
        """
        return {
            **_inherited(),
            "AWS_ENDPOINT_URL": self.endpoint,
            # A 12-digit access key id is the account; the emulator does not check the secret.
            "AWS_ACCESS_KEY_ID": account or self.account,
            "AWS_SECRET_ACCESS_KEY": "emulator",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "CDK_HOME": str(self._folder / "cdk"),
            "NO_PROXY": "127.0.0.1,localhost",
        }

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
        """The same for many events, in one request; returns their ids."""
        reply = self._harness("emit", {"account": self.account, "region": region, "events": events})
        for entry in reply["Entries"]:
            if "EventId" not in entry:
                raise EmulatorError(f"an event was refused: {entry.get('ErrorCode')}: {entry.get('ErrorMessage')}")
        return tuple(str(entry["EventId"]) for entry in reply["Entries"])

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

    def log_tail(self, lines: int = _TAIL) -> str:
        """The last lines that the emulator wrote."""
        if not self.log.exists():
            return "(nothing was written)"
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def _start(self, unless_ready: ExitStack) -> None:
        self._port = _free_port()
        for folder in ("tmp", "cdk"):
            (self._folder / folder).mkdir()
        authority = self._folder / "sink-authority.pem"
        self._sink.write_authority(authority)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        log = unless_ready.enter_context(self.log.open("wb"))
        self._process = subprocess.Popen(
            [self._python, *self._command],
            # Its end of this pipe closes with us, however we end: then it ends too.
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=PROJECT,
            env={
                **_inherited(),
                "BIND_HOST": "127.0.0.1",
                "MINISTACK_HOST": "127.0.0.1",
                "GATEWAY_PORT": str(self._port),
                "MINISTACK_ACCOUNT_ID": self.account,
                "IOT_MTLS_ENABLED": "0",
                "SFTP_ENABLED": "0",
                "SFN_WAIT_SCALE": str(self._waiting),
                "DOCKER_HOST": "unix:///nonexistent",
                "EMULATOR_TOKEN": self._token,
                "SINK": self._sink.address,
                "SINK_HOSTS": ",".join(self._sink.hosts),
                "SINK_AUTHORITY": str(authority),
                "TMPDIR": str(self._folder / "tmp"),
                "PYTHONPATH": str(PROJECT),
                "PYTHONUNBUFFERED": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            # A group of its own: its Lambda workers end with it, and Ctrl-C reaches only us.
            start_new_session=True,
        )
        unless_ready.callback(self._end)

    def _wait_until_ready(self) -> None:
        assert self._process is not None  # noqa: S101  (for the type checker)
        deadline = time.monotonic() + self._ready_within
        while time.monotonic() < deadline:
            if (code := self._process.poll()) is not None:
                raise EmulatorError(f"the emulator ended with code {code} before it was ready:\n{self.log_tail()}")
            try:
                self._harness("ready", {})
            except urllib.error.URLError:
                time.sleep(0.05)
            else:
                return
        raise EmulatorError(f"the emulator was not ready within {self._ready_within:g} s:\n{self.log_tail()}")

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

    def _end(self) -> None:
        """End the emulator and everything it started: at once, since nothing of it is kept."""
        if self._process is None:
            return
        process, self._process = self._process, None
        # The group outlives its leader as long as a worker does, so it is the group that is ended.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _inherited() -> dict[str, str]:
    """What a child needs to run at all: no AWS settings, no proxies, nothing that bends its Python."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TERM", "TZ") if name in os.environ}


def _end_on_sigterm(until: ExitStack) -> None:
    """Make SIGTERM an ordinary way out, so that `with` statements are left; only if nobody has a plan for it."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        return

    def leave(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, leave)
    until.callback(signal.signal, signal.SIGTERM, signal.SIG_DFL)
