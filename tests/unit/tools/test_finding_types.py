"""The catalogue of finding types against a saved page, and against findings."""

import json
import shutil
from pathlib import Path

import pytest

from infra.suppression.finding_types import CATALOGUE, CATALOGUE_FILE, read_catalogue
from tools import finding_types
from tools.finding_types import action_suggested_by, main, types_in

HTML = """\
<tr><td><a href="x.html#y">Backdoor:EC2/C&amp;CActivity.B!DNS</a></td><td>DNS logs</td></tr>
<tr><td>Impact:IAMUser/BrandNew.</td></tr> See https://docs.aws.amazon.com/guardduty and Type:value.
"""
MARKDOWN = "| **Trojan:EC2/DropPoint\\!DNS** | EC2 | TTPs/Impact/Impact:EC2-PortSweep |"


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the catalogue that a test may write."""
    copy = tmp_path / "finding_types.json"
    shutil.copy(CATALOGUE_FILE, copy)
    monkeypatch.setattr(finding_types, "CATALOGUE_FILE", copy)
    return copy


def saved(tmp_path: Path, text: str) -> str:
    """A file that somebody saved."""
    path = tmp_path / "saved"
    path.write_text(text)
    return str(path)


def test_types_are_read_from_pages() -> None:
    assert types_in(HTML) == {
        "Backdoor:EC2/C&CActivity.B!DNS": "DNS_REQUEST",
        "Impact:IAMUser/BrandNew": "AWS_API_CALL",
    }
    assert types_in(MARKDOWN) == {"Trojan:EC2/DropPoint!DNS": "DNS_REQUEST"}


def test_actions_are_read_from_findings() -> None:
    findings = [
        {"Type": "Impact:IAMUser/BrandNew", "Service": {"Action": {"ActionType": "AWS_API_CALL"}}},
        {"Type": "AttackSequence:X/New", "Service": {}},
    ]
    text = json.dumps({"Findings": findings})
    assert types_in(text) == {"Impact:IAMUser/BrandNew": "AWS_API_CALL", "AttackSequence:X/New": None}


def test_every_type_of_the_catalogue_is_recognised_in_a_page() -> None:
    page = "".join(f"<td>{name.replace('&', '&amp;')}</td>" for name in CATALOGUE.actions)
    assert set(types_in(page)) == set(CATALOGUE.actions)


def test_names_suggest_no_other_action_than_the_catalogue_has() -> None:
    for name, action in CATALOGUE.actions.items():
        assert action in {None, action_suggested_by(name)}, name


def test_current_page_has_no_differences(catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogue.exists()
    assert main(["--check", saved(tmp_path, MARKDOWN)]) == 0
    assert capsys.readouterr().out == ""


def test_differences_are_named(catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = catalogue.read_text()
    assert main(["--check", saved(tmp_path, HTML)]) == 1
    assert capsys.readouterr().out == "Impact:IAMUser/BrandNew: not in the catalogue\n"
    other = {"Type": "Recon:IAMUser/TorIPCaller", "Service": {"Action": {"ActionType": "DNS_REQUEST"}}}
    assert main(["--check", saved(tmp_path, json.dumps({"Findings": [other]}))]) == 1
    said = "Recon:IAMUser/TorIPCaller: the catalogue says AWS_API_CALL, the file DNS_REQUEST\n"
    assert capsys.readouterr().out == said
    assert catalogue.read_text() == before


def test_missing_types_are_added_and_nothing_is_lost(catalogue: Path, tmp_path: Path) -> None:
    assert main(["--write", saved(tmp_path, HTML + "Backdoor:EC2/XORDDOS")]) == 0
    written = read_catalogue(catalogue.read_text())
    assert dict(written.actions) == {**CATALOGUE.actions, "Impact:IAMUser/BrandNew": "AWS_API_CALL"}
    assert (written.retired, written.renamed) == (CATALOGUE.retired, CATALOGUE.renamed)
    assert written.sources == (*CATALOGUE.sources, "saved")
    assert list(written.actions) == sorted(written.actions)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(
            "nothing here",
            "holds no finding type; save a page of the user guide that lists them, or the output of"
            " 'aws guardduty get-findings'",
            id="no-types",
        ),
        pytest.param(None, "no such file", id="missing"),
    ],
)
def test_fails_for_a_file_of_no_use(
    tmp_path: Path, text: str | None, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "absent") if text is None else saved(tmp_path, text)
    assert main(["--check", file]) == 2
    assert capsys.readouterr().err == f"{file}: {says}\n"
