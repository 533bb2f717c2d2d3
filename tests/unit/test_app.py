"""The app writes the same templates however it is started, and refuses to write bad ones quietly."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from aws_cdk import Environment, Stack
from aws_cdk import aws_sns as sns

from infra.app import App, RulesBrokenError, feature_flags
from infra.config import ConfigurationError
from infra.project import PROJECT
from tests.deployments import SANDBOX
from tests.synthesis import synthesize

RECOMMENDED = "package/recommended-feature-flags.json"


def run_app(project: Path, *arguments: str, outdir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python app.py` as a shell would run it: no credentials, no network needed."""
    return subprocess.run(
        [sys.executable, "app.py", *arguments],
        cwd=project,
        env={"PATH": os.environ["PATH"], "HOME": str(Path.home()), "CDK_OUTDIR": str(outdir), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def contents(outdir: Path) -> dict[str, bytes]:
    """Every file of an assembly but the ones that say where it lies."""
    return {
        str(file.relative_to(outdir)): file.read_bytes()
        for file in sorted(outdir.rglob("*"))
        if file.is_file() and file.name != "validation-report.json"
    }


def test_the_feature_flags_are_the_recommended_ones_of_the_pinned_library(project: Path) -> None:
    (archive,) = [file for file in files("aws_cdk._jsii").iterdir() if file.name.endswith(".tgz")]
    with archive.open("rb") as raw, tarfile.open(fileobj=raw) as library:
        member = library.extractfile(RECOMMENDED)
        assert member is not None
        recommended = json.load(member)

    ours = json.loads((project / "cdk.json").read_text(encoding="utf-8"))["context"]

    # GovCloud is added to the partitions that the library supposes.
    partitions = "@aws-cdk/core:target-partitions"
    assert ours.pop(partitions) == ["aws", "aws-us-gov", "aws-cn"]
    assert set(recommended) - set(ours) == {partitions}
    del recommended[partitions]
    assert ours == recommended


def test_an_app_has_the_feature_flags_without_the_cli(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    for flag, value in feature_flags().items():
        assert app.node.try_get_context(flag) == value, flag


EXAMPLES = ("organization", "sandbox")

Ran = tuple[subprocess.CompletedProcess[str], Path]


@pytest.fixture(name="examples", scope="module")
def fixture_examples(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ran]:
    """How the run of a file of `config/` ended, and its folder; each runs once."""

    @cache
    def run(name: str) -> Ran:
        outdir = tmp_path_factory.mktemp(name)
        # Whoever adds a file of their own, or renews an entry in it, means the day on which they do.
        day = {"TODAY": "2026-11-23"} if name in EXAMPLES else {}
        return run_app(project, outdir=outdir, CONFIG=name, **day), outdir

    return run


@pytest.mark.parametrize("name", sorted(file.stem for file in (PROJECT / "config").glob("*.yaml")))
def test_every_example_is_written_without_an_error(examples: Callable[[str], Ran], name: str) -> None:
    ran, outdir = examples(name)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "[Error" not in ran.stdout + ran.stderr
    assert list(outdir.glob("*.template.json"))


def test_what_is_otherwise_in_some_regions_is_said_where_it_is_read(examples: Callable[[str], Ran]) -> None:
    ran, _ = examples("organization")
    assert "note: Detective is left out in " in ran.stderr
    assert "note: opt-in Regions: " in ran.stderr
    assert "note: " not in examples("sandbox")[0].stderr


def test_two_runs_write_the_same_bytes(project: Path, examples: Callable[[str], Ran], tmp_path: Path) -> None:
    """The second without `CONFIG`, for the sandbox is what is written where nothing else is said."""
    ran, first = examples("sandbox")
    second = tmp_path / "2"
    for run in (ran, run_app(project, outdir=second, TODAY="2026-11-23")):
        assert (run.returncode, run.stdout) == (0, ""), run.stderr
    assert contents(first) == contents(second)
    assert [name for name in contents(first) if name.endswith(".template.json")] == [
        "sandbox-Detection-eu-west-1.template.json",
        "sandbox-Detection-us-east-1.template.json",
        "sandbox-Response.template.json",
    ]


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        pytest.param(
            {"CONFIG": "sandbux"},
            "config: no configuration 'sandbux'; did you mean 'sandbox'? known: ",
            id="unknown-configuration",
        ),
        pytest.param(
            {"TODAY": "tomorrow"},
            "command line: today: must be a date such as 2027-06-30, got 'tomorrow'; give it as -c today=… or TODAY=…",
            id="unreadable-date",
        ),
    ],
)
def test_fails_in_one_line_and_without_traceback(
    project: Path, tmp_path: Path, environment: dict[str, str], message: str
) -> None:
    run = run_app(project, outdir=tmp_path, **environment)
    assert run.returncode == 1
    assert run.stderr.startswith(message)
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize("place", ["a-file", "a-file/below"])
def test_fails_where_no_template_can_be_written(place: str, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("", encoding="utf-8")
    with pytest.raises(
        ConfigurationError, match=r"^outdir: must be a folder .* got .*/a-file.*; choose another CDK_OUTDIR$"
    ):
        App(outdir=str(tmp_path / place))


def test_it_says_what_it_wrote_and_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    synthesize(SANDBOX, outdir=tmp_path, checked=False)
    assert capsys.readouterr().err.splitlines()[-1] == f"3 templates in {os.path.relpath(tmp_path)}"


def test_fails_for_an_argument_that_would_be_passed_over(project: Path, tmp_path: Path) -> None:
    done = run_app(project, "-c", "config=organization", outdir=tmp_path)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert done.stderr.startswith("app.py: takes no arguments, got '-c'; say which deployment with CONFIG=")


def test_an_expired_entry_is_left_out_and_said(project: Path, tmp_path: Path) -> None:
    run = run_app(project, outdir=tmp_path, TODAY="2027-07-01")
    assert run.returncode == 0
    assert "frankfurt-dc (192.0.2.0/28) expired on 2027-06-30 and is no longer suppressed" in run.stderr
    template = (tmp_path / "sandbox-Detection-eu-west-1.template.json").read_text(encoding="utf-8")
    assert "AWS::GuardDuty::Filter" not in template


def test_fails_on_a_rule_that_nobody_acknowledged(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    sns.Topic(Stack(app, "Careless", env=Environment(region="eu-west-1")), "Topic")
    with pytest.raises(RulesBrokenError, match="acknowledge it beside its resource"):
        app.write()
    report = json.loads((tmp_path / "validation-report.json").read_text(encoding="utf-8"))
    broken = {
        (violation["ruleName"], construct["constructPath"])
        for pack in report["pluginReports"]
        for violation in pack["violations"]
        for construct in violation["violatingConstructs"]
    }
    assert ("AwsSolutions-SNS3", "Careless/Topic/Resource") in broken
    assert ("NIST.800.53.R5-SNSEncryptedKMS", "Careless/Topic/Resource") in broken
