"""`make demo` as a newcomer sees it."""

from pathlib import Path

import pytest

from tools.demo import run
from tools.emulator.running import EmulatorError

pytestmark = pytest.mark.e2e


def test_the_demo_ends_well_and_names_all_three_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "demo"
    assert run.main(folder=folder) == 0, capsys.readouterr().out
    said = capsys.readouterr().out
    notified, suppressed, low = said.rstrip().splitlines()[-3:]
    assert notified.startswith("notified:")
    assert "Slack and mail" in notified
    assert suppressed.startswith("suppressed:")
    assert "nothing was sent; archived by sandbox-frankfurt-dc-01, egress entry frankfurt-dc" in suppressed
    assert low.startswith("low:")
    assert "not Slack" in low
    assert "is played by this project's code" in said
    assert "[Notice] Role payments-api-role is new behind frankfurt-dc" in said
    assert (folder / "notified.html").exists()
    assert (folder / "low.html").exists()
    assert not (folder / "suppressed.html").exists()


def test_fails_with_words_when_the_emulator_cannot_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMULATOR_PYTHON", str(tmp_path / "nowhere"))
    assert run.main(folder=tmp_path / "demo") == 1
    said = capsys.readouterr().out
    assert "no such interpreter; `make setup` creates it" in said
    assert "Traceback" not in said
    assert EmulatorError.__name__ not in said


def test_fails_with_the_tail_of_the_cli_when_the_deployment_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configuration that the app does not know: the CLI's own words are shown, and everything is ended."""
    monkeypatch.setattr("tools.demo.setting.Setting.context", property(lambda _self: {"config": "unknown"}))
    assert run.main(folder=tmp_path / "demo") == 1
    said = capsys.readouterr().out
    assert "cdk deploy ended with exit code 1" in said
    assert "no configuration 'unknown'" in said
