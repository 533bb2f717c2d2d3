"""A Lambda worker finds the names of the stand-ins at the sink, and nothing else outside this machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.project import PROJECT
from tools.emulator.sink import Sink
from tools.emulator.slack_rules import Slack

HOSTS = ",".join(Slack.hosts)
SITE = PROJECT / "tools" / "emulator" / "worker_site"


def resolve(host: str, *, sink: str = "127.0.0.1:4443") -> str:
    program = f"import socket; print(socket.getaddrinfo({host!r}, 443, type=socket.SOCK_STREAM)[0][4])"
    environment = {**os.environ, "PYTHONPATH": str(SITE), "SINK": sink, "SINK_HOSTS": HOSTS}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    return run.stdout.strip() or run.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("host", ["hooks.slack.com", "hooks.slack-gov.com"])
def test_slack_has_an_address_of_the_internet(host: str) -> None:
    assert resolve(host) == "('192.88.99.1', 443)"


POST = """
import sys
from notifier.https import Address, Https
from notifier.outcomes import DeliveryFailed
try:
    answer = Https().post(Address.parse(sys.argv[1]), body=b'{"text": "leaked"}', headers={}, deadline=5)
    print(answer.status, answer.body)
except DeliveryFailed as error:
    print(error)
"""


def post(url: str, sink: Sink, authority: Path) -> str:
    """What the notifier's own, unchanged code gets when it posts from a worker."""
    sink.write_authority(authority)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(SITE), str(PROJECT / "lambda_src")]),
        "SINK": sink.address,
        "SINK_HOSTS": ",".join(sink.hosts),
        "SINK_AUTHORITY": str(authority),
    }
    run = subprocess.run(
        [sys.executable, "-c", POST, url], env=environment, capture_output=True, text=True, check=False
    )
    return run.stdout.strip() or run.stderr.strip()


def test_the_notifier_s_own_checks_lead_to_the_sink_and_nowhere_else(tmp_path: Path) -> None:
    slack = Slack()
    with Sink([slack]) as sink:
        assert post(slack.secret, sink, tmp_path / "authority.pem") == "200 ok"
        assert slack.messages() == ({"text": "leaked"},)
        elsewhere = post("https://hooks.example.com/x", sink, tmp_path / "authority.pem")
        assert elsewhere == "hooks.example.com could not be looked up: gaierror"


def test_fails_to_connect_to_an_address_outside_this_machine() -> None:
    program = "import socket; socket.socket().connect(('203.0.113.9', 443))"
    environment = {**os.environ, "PYTHONPATH": str(SITE), "SINK": "127.0.0.1:4443", "SINK_HOSTS": HOSTS}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert run.stderr.strip().endswith(
        "203.0.113.9 is outside the emulator; a function reaches AWS and the stand-ins only"
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_itself(host: str) -> None:
    assert resolve(host).endswith(", 443)") or "443, 0, 0" in resolve(host)


@pytest.mark.parametrize("host", ["example.com", "hooks.slack.com.example.com", "203.0.113.9"])
def test_fails_to_reach_anything_else(host: str) -> None:
    assert resolve(host).endswith(f"{host} is outside the emulator; a function reaches AWS and the stand-ins only")


def test_fails_to_reach_slack_without_a_sink() -> None:
    assert "is outside the emulator" in resolve("hooks.slack.com", sink="")


def test_it_stays_out_of_the_way_of_this_process() -> None:
    assert str(SITE) not in sys.path
    assert Path(SITE / "sitecustomize.py").exists()
