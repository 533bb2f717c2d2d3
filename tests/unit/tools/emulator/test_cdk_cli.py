"""The CDK CLI runs with our environment only, and its failures come with its own words."""

import json
import stat
from pathlib import Path

import pytest

from tools.emulator import cdk_cli
from tools.emulator.cdk_cli import CdkCli, CdkError


@pytest.fixture
def cdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CdkCli:
    """A CLI that says how it was called, fails when told to deploy, and hangs when told to watch."""
    script = tmp_path / "cdk"
    script.write_text(
        "import json, os, sys, time\n"
        "print(json.dumps({'arguments': sys.argv[1:], 'environment': dict(os.environ)}), flush=True)\n"
        "if sys.argv[1] == 'watch': time.sleep(60)\n"
        "sys.exit('it went wrong' if sys.argv[1] == 'deploy' else 0)\n",
        encoding="utf-8",
    )
    node = tmp_path / "bin" / "node"
    node.parent.mkdir()
    node.write_text('#!/bin/sh\nexec python3 "$@"\n', encoding="utf-8")
    node.chmod(node.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(cdk_cli, "CDK", script)
    monkeypatch.setattr(cdk_cli, "_node", lambda: str(node))
    return CdkCli(
        environment={"PATH": "/usr/bin:/bin", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
        log=tmp_path / "logs" / "cdk.log",
        outdir=tmp_path / "cdk.out",
        context={"config": "sandbox"},
        folder=tmp_path,
    )


def test_it_gets_our_arguments_and_only_our_environment(
    cdk: CdkCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    called = json.loads(cdk.run("diff", "--all"))
    assert called["arguments"] == [
        "diff", "--all", "--no-notices", "--output", str(tmp_path / "cdk.out"), "--context", "config=sandbox",
    ]  # fmt: skip
    assert called["environment"]["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert "AWS_PROFILE" not in called["environment"]


def test_each_run_returns_its_own_output_and_the_log_keeps_all(cdk: CdkCli, tmp_path: Path) -> None:
    cdk.run("list")
    assert json.loads(cdk.run("diff"))["arguments"][0] == "diff"
    log = (tmp_path / "logs" / "cdk.log").read_text(encoding="utf-8")
    assert [line for line in log.splitlines() if line.startswith("$")] == ["$ cdk list", "$ cdk diff"]


def test_fails_with_the_tail_of_its_output(cdk: CdkCli) -> None:
    with pytest.raises(CdkError, match=r"(?s)cdk deploy ended with exit code 1; its output, .*it went wrong"):
        cdk.run("deploy")


def test_fails_when_it_takes_too_long(cdk: CdkCli) -> None:
    with pytest.raises(CdkError, match=r"cdk watch did not end within 0\.5 s"):
        cdk.run("watch", within=0.5)


def test_fails_with_the_remedy_when_it_is_not_installed(
    cdk: CdkCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cdk_cli, "CDK", tmp_path / "nowhere")
    with pytest.raises(CdkError, match="nowhere is not there; `npm ci` installs the pinned CDK CLI"):
        cdk.run("list")
