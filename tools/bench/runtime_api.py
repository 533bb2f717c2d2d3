"""The Lambda Runtime API on loopback, so that the real runtime client can run a function here."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from signal import SIGKILL
from threading import Event, Thread
from time import perf_counter, time
from typing import cast

from tools.bench.child import started, waited

_PREFIX = "/2018-06-01/runtime/"
_WAIT = 30.0
_PUBLISHED = (
    b'<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m</MessageId>'
    b"</PublishResult></PublishResponse>"
)


class NoRuntime(Exception):
    """The runtime client is not installed, or the function did not start; the text says which."""


@dataclass(slots=True)
class Run:
    """What one start of a function showed.

    Attributes:
        init: Seconds from the start of the process to its first request for an event.
        answered: Seconds to the answer to the last event; that of `init` where there was none.
        busy: Processor time of the process, in seconds.
        peak: Peak memory in KiB.
        answers: What the function answered to each event.
        output: What it wrote, its log above all.
    """

    init: float = 0.0
    answered: float = 0.0
    busy: float = 0.0
    peak: int = 0
    answers: list[object] = field(default_factory=list)
    output: str = ""


def run(handler: str, *, code: Path, environment: Mapping[str, str], events: Sequence[object] = (), log: Path) -> Run:
    """Start a function, give it these events one by one, and end it.

    SNS and an empty DynamoDB table answer there too, under the endpoints that boto3 is told.

    Args:
        handler: As in the function's configuration, such as `notifier.handler.handler`.
        code: The folder that holds the code.
        environment: The function's own variables.
        events: What it is invoked with.
        log: A file for what it writes.

    Raises:
        NoRuntime: awslambdaric is not there, or the function failed at init.
    """
    if find_spec("awslambdaric") is None:
        raise NoRuntime("awslambdaric is not installed; it comes with requirements-dev.txt, on Linux only")
    made = Run()
    with _serving(made, list(events)) as server, log.open("wb") as output:
        address = f"127.0.0.1:{server.server_port}"
        server.start = perf_counter()
        process = started(
            [sys.executable, "-m", "awslambdaric", handler],
            environment=_environment(address, code) | dict(environment),
            folder=code,
            output=output.fileno(),
        )
        try:
            idle = server.idle.wait(_WAIT)
        finally:
            made.peak = _peak(process.pid)
            # Not `process.kill()`, which would reap one that has ended by itself, and its figures with it.
            os.kill(process.pid, SIGKILL)
            made.busy = waited(process).busy
    made.output = log.read_text(encoding="utf-8", errors="replace")
    if not idle or server.failure:
        raise NoRuntime(f"{handler} did not start: {server.failure or made.output[-500:]}")
    return made


def _peak(pid: int) -> int:
    """The most memory that a process had since its program began, in KiB (proc_pid_status(5), VmHWM).

    What the kernel counts up for whoever waits begins with the memory of the process that started it: of this one.
    """
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def _environment(address: str, code: Path) -> dict[str, str]:
    """What Lambda sets, for a Region and credentials that do not exist; nothing is written beside the code."""
    return {
        "PYTHONPATH": ":".join([str(code), *sys.path[1:]]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LAMBDA_TASK_ROOT": str(code),
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": "INFO",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_SNS": f"http://{address}",
        "AWS_ENDPOINT_URL_DYNAMODB": f"http://{address}",
    }


class _Server(ThreadingHTTPServer):
    """What the function has asked for so far."""

    daemon_threads = True

    def __init__(self, made: Run, events: list[object]) -> None:
        super().__init__(("127.0.0.1", 0), _Requests)
        self.made, self.events = made, events
        self.start = 0.0
        self.idle, self.over = Event(), Event()
        self.failure = ""


class _Requests(BaseHTTPRequestHandler):
    """The four calls of the Runtime API that awslambdaric makes, `Publish` of SNS, and an empty table."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = cast("_Server", self.server)
        passed = perf_counter() - server.start
        server.made.init = server.made.init or passed
        server.made.answered = max(server.made.answered, server.made.init)
        if not server.events:
            server.idle.set()
            server.over.wait(_WAIT)
            return
        self._answer(
            json.dumps(server.events.pop(0)).encode(),
            {
                "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
                # Without it the native half of awslambdaric 4.2.2 ends by a segmentation fault.
                "Content-Type": "application/json",
                "Lambda-Runtime-Deadline-Ms": str(int(time() * 1000) + 60_000),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:111122223333:function:bench",
            },
        )

    def do_POST(self) -> None:
        server = cast("_Server", self.server)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("X-Amz-Target", "").startswith("DynamoDB_"):
            # An empty table, which takes whatever is written.
            self._answer(b"{}", {"Content-Type": "application/x-amz-json-1.0"})
            return
        if not self.path.startswith(_PREFIX):
            self._answer(_PUBLISHED, {"Content-Type": "text/xml"})
            return
        if self.path.endswith("/response"):
            server.made.answered = perf_counter() - server.start
            server.made.answers.append(json.loads(body))
        else:
            server.failure = body.decode("utf-8", "replace")
        self._answer(b"{}", {})
        if self.path.endswith("/init/error"):
            server.idle.set()

    def _answer(self, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(200)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _serving(made: Run, events: list[object]) -> Iterator[_Server]:
    server = _Server(made, events)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
