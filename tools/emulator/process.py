"""Starts the embedded AWS, and ends it whatever happens."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import NoReturn, Self

from infra.project import PROJECT
from tools.emulator.pagerduty_rules import PagerDuty
from tools.emulator.running import EmulatorError, RunningEmulator
from tools.emulator.sink import Sink
from tools.emulator.slack_rules import Slack
from tools.emulator.stand_in import StandIn
from tools.emulator.teams_rules import Teams
from tools.emulator.webhook_rules import Webhook

DEFAULT_PYTHON = PROJECT / ".venv-emulator" / "bin" / "python"
DEFAULT_COMMAND = ("-m", "tools.emulator.server")
_TAIL = 25


class Emulator(RunningEmulator):
    """The embedded AWS for the length of a `with` statement, on loopback only.

    Attributes:
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
        super().__init__(account=account)
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
        self._resources = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None

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
        self.close_clients()
        self._resources.close()

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

    def log_tail(self, lines: int = _TAIL) -> str:
        """The last lines that the emulator wrote."""
        if not self.log.exists():
            return "(nothing was written)"
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def _start(self, unless_ready: ExitStack) -> None:
        port = _free_port()
        self.endpoint = f"http://127.0.0.1:{port}"
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
                "GATEWAY_PORT": str(port),
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
