"""The emulator is found, started, waited for, and ended with everything it started."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from infra.project import PROJECT
from tools.emulator.deployed import wait_until
from tools.emulator.process import Emulator
from tools.emulator.running import EmulatorError

FAKE_SERVER = Path(__file__).with_name("fake_server.py")


def emulator(tmp_path: Path, behaviour: str = "serves", *, ready_within: float = 10.0) -> Emulator:
    return Emulator(
        python=Path(sys.executable),
        command=(str(FAKE_SERVER), behaviour, str(tmp_path / "notes.json")),
        ready_within=ready_within,
    )


def notes(tmp_path: Path) -> dict[str, Any]:
    written: dict[str, Any] = json.loads((tmp_path / "notes.json").read_text())
    return written


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not state.exists() or state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def all_ended(pids: list[int]) -> bool:
    return wait_until(lambda: not any(map(alive, pids)), within=5)


def test_it_serves_while_the_with_statement_lasts_and_nothing_is_left(tmp_path: Path) -> None:
    with emulator(tmp_path) as aws:
        pids = notes(tmp_path)["pids"]
        folder = aws.log.parent
        assert all(map(alive, pids))
        assert aws.emit("eu-west-1", {"source": "aws.guardduty"}) == "aws.guardduty"
    assert all_ended(pids)
    assert not folder.exists()


@pytest.mark.parametrize("reason", [KeyboardInterrupt, ValueError, SystemExit])
def test_it_ends_whatever_the_body_raises(tmp_path: Path, reason: type[BaseException]) -> None:
    def body() -> None:
        with emulator(tmp_path):
            raise reason

    with pytest.raises(reason):
        body()
    assert all_ended(notes(tmp_path)["pids"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_a_signal_to_whoever_started_it(tmp_path: Path, number: signal.Signals) -> None:
    program = textwrap.dedent(f"""
        import signal, sys, time
        from pathlib import Path
        from tools.emulator.process import Emulator
        # A shell lets what it starts in the background ignore Ctrl-C, and so would this.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        command = ({str(FAKE_SERVER)!r}, "serves", {str(tmp_path / "notes.json")!r})
        with Emulator(python=Path(sys.executable), command=command) as aws:
            print(aws.log.parent, flush=True)
            time.sleep(60)
    """)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROJECT
    ) as parent:
        assert parent.stdout is not None
        folder = Path(parent.stdout.readline().decode().strip())
        parent.send_signal(number)
        parent.communicate(timeout=10)
    assert parent.returncode != 0
    assert all_ended(notes(tmp_path)["pids"])
    assert not folder.exists()


def test_it_is_reached_on_loopback_only_and_inherits_no_aws_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com")
    with emulator(tmp_path) as aws:
        inside, ours = notes(tmp_path)["environment"], aws.environment()
        assert aws.client("sqs", "eu-west-1").meta.endpoint_url == aws.endpoint
    assert inside["BIND_HOST"] == "127.0.0.1"
    assert inside["MINISTACK_ACCOUNT_ID"] == "123456789012"
    assert not [name for name in inside if name.startswith("AWS_") or name.lower().endswith("s_proxy")]
    assert ours["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert ours["AWS_ACCESS_KEY_ID"] == "123456789012"
    assert ours["CDK_DISABLE_CLI_TELEMETRY"] == "true"
    assert "AWS_PROFILE" not in ours
    assert "AWS_SESSION_TOKEN" not in ours
    assert "real" not in ours.values()


def test_the_sink_and_its_names_are_told_to_the_workers(tmp_path: Path) -> None:
    with emulator(tmp_path) as aws:
        inside = notes(tmp_path)["environment"]
        assert inside["SINK"].startswith("127.0.0.1:")
        hosts = {host for stand_in in aws.stand_ins.values() for host in stand_in.hosts}
        assert set(inside["SINK_HOSTS"].split(",")) == hosts
        assert Path(inside["SINK_AUTHORITY"]).read_text(encoding="utf-8").startswith("-----BEGIN CERTIFICATE-----")


def test_fails_with_the_tail_of_the_log_when_it_ends_at_once(tmp_path: Path) -> None:
    with (
        pytest.raises(EmulatorError, match=r"ended with code 3 before it was ready:\nthis is ends"),
        emulator(tmp_path, "ends"),
    ):
        pass


def test_fails_with_the_tail_of_the_log_when_it_is_not_ready_in_time(tmp_path: Path) -> None:
    started = time.monotonic()
    with (
        pytest.raises(EmulatorError, match=r"not ready within 2 s:\nthis is hangs"),
        emulator(tmp_path, "hangs", ready_within=2),
    ):
        pass
    assert time.monotonic() - started < 10


def test_fails_with_the_remedy_without_an_interpreter(tmp_path: Path) -> None:
    with pytest.raises(EmulatorError, match="no such interpreter; `make setup` creates it"):
        Emulator(python=tmp_path / "python").__enter__()


def test_the_interpreter_can_be_chosen_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMULATOR_PYTHON", str(tmp_path / "chosen"))
    with pytest.raises(EmulatorError, match="chosen: no such interpreter"):
        Emulator().__enter__()


def test_fails_when_an_event_is_refused(tmp_path: Path) -> None:
    with emulator(tmp_path) as aws, pytest.raises(EmulatorError, match="an event was refused: Refused: as told"):
        aws.emit("eu-west-1", {"source": "refused"})


def test_a_log_can_be_kept(tmp_path: Path) -> None:
    log = tmp_path / "kept" / "emulator.log"
    with Emulator(
        python=Path(sys.executable),
        command=(str(FAKE_SERVER), "serves", str(tmp_path / "notes.json")),
        log=log,
    ):
        pass
    assert "this is serves" in log.read_text(encoding="utf-8")


def test_the_handler_of_sigterm_is_put_back(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with emulator(tmp_path):
        pass
    assert signal.getsignal(signal.SIGTERM) == before
