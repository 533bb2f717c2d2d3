"""A Lambda worker finds hooks.slack.com at the sink, and nothing else outside this machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.emulator.process import PROJECT

SITE = PROJECT / "tools" / "emulator" / "worker_site"


def resolve(host: str, *, sink: str = "127.0.0.1:4443") -> str:
    program = f"import socket; print(socket.getaddrinfo({host!r}, 443, type=socket.SOCK_STREAM)[0][4])"
    environment = {**os.environ, "PYTHONPATH": str(SITE), "SLACK_SINK": sink}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    return run.stdout.strip() or run.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("host", ["hooks.slack.com", "hooks.slack-gov.com"])
def test_slack_is_the_sink(host: str) -> None:
    assert resolve(host) == "('127.0.0.1', 4443)"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_itself(host: str) -> None:
    assert resolve(host).endswith(", 443)") or "443, 0, 0" in resolve(host)


@pytest.mark.parametrize("host", ["example.com", "hooks.slack.com.example.com", "203.0.113.9"])
def test_fails_to_reach_anything_else(host: str) -> None:
    assert resolve(host).endswith(f"{host} is outside the emulator; a function reaches AWS and Slack only")


def test_fails_to_reach_slack_without_a_sink() -> None:
    assert "is outside the emulator" in resolve("hooks.slack.com", sink="")


def test_it_stays_out_of_the_way_of_this_process() -> None:
    assert str(SITE) not in sys.path
    assert Path(SITE / "sitecustomize.py").exists()
