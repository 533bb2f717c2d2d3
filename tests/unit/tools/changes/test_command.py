"""The command: what it prints in each format, and when a pipeline stops."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit.tools.changes.assemblies import compared, detector, guardduty_filter, home, resource, write
from tools.changes.__main__ import main
from tools.changes.show import MAX_COMMENT, as_markdown
from tools.templates.wording import markdown, plain, quoted

EVIL = "`@everyone`` <img src=x onerror=y> [a](https://evil.example) #1\n# head **b** | \x1b[31m\u202e"


@pytest.fixture
def empty(tmp_path: Path) -> str:
    return str(write(tmp_path / "base", home({"D": detector()})))


@pytest.fixture
def hiding(tmp_path: Path) -> str:
    """The same with one more suppression."""
    return str(write(tmp_path / "new", home({"D": detector(), "F": guardduty_filter(equals=["198.51.100.4"])})))


def outside_code(text: str) -> str:
    """What is left of Markdown without its code spans (CommonMark 0.31.2, 6.1)."""
    return re.sub(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", text)


def test_without_a_change_it_says_so_and_passes(empty: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([empty, empty, "--fail-on", "blind,permission,replacement"]) == 0
    assert capsys.readouterr().out == "nothing changes\n"
    assert main([empty, empty, "--format", "markdown"]) == 0
    assert capsys.readouterr().out == "**Nothing changes.**\n"
    assert main([empty, empty, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "verdict": "nothing changes",
        "fails": False,
        "changes": [],
        "others": {},
    }


def test_into_a_pipe_each_change_is_a_line(empty: str, hiding: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([empty, hiding]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "we see or send less (1)",
        "",
        "Suppression",
        "  blind: dc newly suppresses one address for one finding type in eu-west-1: 198.51.100.4, owner network-ops, "
        "until 2027-03-31; it enforces at once: the base did not observe it first",
    ]


def test_a_comment_has_the_verdict_first(empty: str, hiding: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([empty, hiding, "--format", "markdown"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "**We see or send less (1).**",
        "",
        "### Suppression",
        "",
        "- **blind:** `dc` newly suppresses one address for one finding type in `eu-west-1`: `198.51.100.4`, owner "
        "`network-ops`, until 2027-03-31; it enforces at once: the base did not observe it first",
    ]


def test_another_program_gets_everything(empty: str, hiding: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([empty, hiding, "--format", "json", "--fail-on", "blind"]) == 1
    content = json.loads(capsys.readouterr().out)
    assert content["fails"] is True
    (change,) = content["changes"]
    assert change["text"].startswith("dc newly suppresses one address")
    assert {key: change[key] for key in ("section", "kinds", "unknown", "regions", "resources", "fails")} == {
        "section": "Suppression",
        "kinds": ["blind"],
        "unknown": [],
        "regions": ["eu-west-1"],
        "resources": ["Stack-eu-west-1/F"],
        "fails": True,
    }


@pytest.mark.parametrize(
    ("kinds", "code"),
    [("blind", 1), ("permission", 0), ("replacement", 0), ("permission, blind", 1), ("permission,replacement", 0)],
)
def test_it_fails_on_the_kinds_that_are_named(
    empty: str, hiding: str, kinds: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([empty, hiding, "--fail-on", kinds]) == code
    said = capsys.readouterr().err
    assert said == (f"changes: one change of the kinds to fail on ({kinds})\n" if code else "")


def test_what_cannot_be_judged_fails_too(tmp_path: Path) -> None:
    folders = [
        str(write(tmp_path / name, home({"C": resource("Custom::Thing", Name=name)}))) for name in ("base", "new")
    ]
    assert [main([*folders, "--fail-on", kind]) for kind in ("blind", "permission", "replacement")] == [1, 1, 1]
    assert main(folders) == 0


def test_fails_for_a_kind_that_there_is_not(empty: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([empty, empty, "--fail-on", "blind,deaf"])
    assert left.value.code == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "--fail-on: must be some of blind, permission, replacement, with commas, got 'blind,deaf'" in said


def _manifest(content: object) -> Any:
    return lambda folder: (folder / "manifest.json").write_text(json.dumps(content))


def _template(text: str) -> Any:
    return lambda folder: (folder / "Stack-eu-west-1.template.json").write_text(text)


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        pytest.param(
            lambda folder: (folder / "manifest.json").unlink(),
            "{folder}: is no cloud assembly: it has no manifest.json; give the folder that 'cdk synth' wrote, usually "
            "cdk.out",
            id="no-manifest",
        ),
        pytest.param(
            _manifest({"artifacts": {}}),
            "{folder}: holds no stack; give the folder that 'cdk synth' wrote, usually cdk.out",
            id="no-stack",
        ),
        pytest.param(
            _manifest([]), "{folder}/manifest.json: must be a JSON object, got list; synthesize again", id="list"
        ),
        pytest.param(
            _manifest({"artifacts": {"S": {"type": "aws:cloudformation:stack", "environment": "somewhere"}}}),
            "{folder}/manifest.json: S.environment: must be aws://ACCOUNT/REGION, got 'somewhere'; synthesize again",
            id="environment",
        ),
        pytest.param(
            lambda folder: (folder / "Stack-eu-west-1.template.json").unlink(),
            "{folder}/Stack-eu-west-1.template.json: cannot be read: No such file or directory; synthesize again",
            id="no-template",
        ),
        pytest.param(
            _template("{"), "{folder}/Stack-eu-west-1.template.json: is not JSON: Expecting property name", id="no-json"
        ),
        pytest.param(
            _template("[" * 200_000), "{folder}/Stack-eu-west-1.template.json: is nested too deeply", id="deep"
        ),
        pytest.param(
            _template('{"Resources": {"A": {"Properties": {}}}}'),
            "{folder}/Stack-eu-west-1.template.json: Resources.A.Type: must be a text, got None; synthesize again",
            id="no-type",
        ),
        pytest.param(
            _template('{"Resources": {"A": {"Type": "T", "Properties": []}}}'),
            "{folder}/Stack-eu-west-1.template.json: Resources.A.Properties: must be a JSON object, got list",
            id="properties",
        ),
    ],
)
def test_fails_for_a_folder_of_no_use(
    empty: str, tmp_path: Path, break_it: Any, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "broken", home({"D": detector()}))
    break_it(folder)
    assert main([empty, str(folder)]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith("changes: " + says.format(folder=folder))


def test_stacks_within_a_stage_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, resources in (("base", {}), ("new", {"F": guardduty_filter(equals=["198.51.100.4"])})):
        write(tmp_path / name / "inner", home({"D": detector(), **resources}))
        artifact = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "inner"}}
        _manifest({"artifacts": {"Stage": artifact}})(tmp_path / name)
    assert main([str(tmp_path / "base"), str(tmp_path / "new"), "--fail-on", "blind"]) == 1
    assert "dc newly suppresses one address" in capsys.readouterr().out


def test_nothing_in_a_template_becomes_markup_in_a_comment(tmp_path: Path) -> None:
    tags = {"egress-entry": EVIL, "owner": EVIL, "expires": EVIL}
    new = guardduty_filter(equals=["198.51.100.4"], tags=tags, types=[EVIL], criterion={EVIL: {"Equals": [EVIL]}})
    rule = resource("AWS::Events::Rule", Name=EVIL, EventPattern={"a": [EVIL]}, Targets=[{"Id": EVIL, "Arn": EVIL}])
    things = {"F": new, "R": rule, "Mail": resource("AWS::SNS::Subscription", Endpoint=EVIL), EVIL: resource(EVIL)}
    found = compared(tmp_path, home({"D": detector()}), home({"D": detector(), **things}))
    rest = outside_code(as_markdown(found))
    assert "newly suppresses one address" in rest
    for part in ("everyone", "evil", "img", "`", "<", "[", "|", "\x1b", "\u202e", "#1"):
        assert part not in rest
    assert all(line.startswith(("**", "### ", "- ")) or not line for line in rest.splitlines())


@settings(suppress_health_check=[HealthCheck.too_slow])
@example(text="`")
@example(text=" ``` ")
@example(text="\x02\x03")
@given(text=st.text(max_size=40))
def test_any_text_stays_inside_its_code(text: str) -> None:
    sentence = f"the route {quoted(text)} is gone"
    assert outside_code(markdown(sentence)) == "the route  is gone"
    assert "\n" not in markdown(sentence)
    assert re.fullmatch("[^\x00-\x1f]*", plain(sentence))


def test_the_terminal_reads_no_markup_and_no_escapes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = write(tmp_path / "base", home({"D": detector()}))
    new = guardduty_filter(equals=["198.51.100.4"], tags={"egress-entry": "[red]dc[/red] \x1b[31m"})
    assert main([str(base), str(write(tmp_path / "new", home({"D": detector(), "F": new})))]) == 0
    shown = capsys.readouterr().out
    assert "[red]dc[/red] \\x1b[31m newly suppresses" in shown
    assert "\x1b" not in shown


def test_a_comment_that_would_be_too_long_says_what_is_missing(tmp_path: Path) -> None:
    alarms = {f"A{number}": resource("AWS::CloudWatch::Alarm", Threshold=0) for number in range(600)}
    changed = {name: resource("AWS::CloudWatch::Alarm", Threshold=1) for name in alarms}
    text = as_markdown(compared(tmp_path, home(alarms), home(changed)))
    assert len(text) < MAX_COMMENT + 200
    shown = sum(line.startswith("- ") for line in text.splitlines())
    assert 0 < shown < 600
    assert text.endswith(f"That is not all: {600 - shown} more changes did not fit; see the terminal output.\n")
