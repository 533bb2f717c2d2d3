"""The CDK CLI and `python app.py` write the same templates."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.synthesis import Templates, read_templates

pytestmark = pytest.mark.e2e


def environment(**settings: str) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": os.environ["HOME"], "CDK_DISABLE_CLI_TELEMETRY": "true", **settings}


def by_cli(project: Path, *arguments: str, outdir: Path, **settings: str) -> Templates:
    cdk = str(project / "node_modules" / ".bin" / "cdk")
    command = [cdk, "synth", "--quiet", "--no-notices", "--output", str(outdir), *arguments]
    subprocess.run(command, cwd=project, env=environment(**settings), check=True, capture_output=True, text=True)
    return read_templates(outdir)


def by_python(project: Path, *, outdir: Path, **settings: str) -> Templates:
    subprocess.run(
        [sys.executable, "app.py"],
        cwd=project,
        env=environment(CDK_OUTDIR=str(outdir), **settings),
        check=True,
        capture_output=True,
        text=True,
    )
    return read_templates(outdir)


@pytest.fixture(name="alone", scope="module")
def fixture_alone(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """What `python app.py` writes where nothing else is said: the sandbox."""
    return by_python(project, outdir=tmp_path_factory.mktemp("alone"), TODAY="2026-11-23")


def test_both_ways_give_the_same_templates(project: Path, alone: Templates, tmp_path: Path) -> None:
    cli = by_cli(project, "-c", "config=sandbox", "-c", "today=2026-11-23", outdir=tmp_path)
    assert list(alone) == list(cli)
    for name, template in alone.items():
        assert cli[name] == template, name


def test_credentials_at_hand_change_nothing(project: Path, alone: Templates, tmp_path: Path) -> None:
    account = {"CDK_DEFAULT_ACCOUNT": "123456789012", "CDK_DEFAULT_REGION": "us-west-2", "AWS_REGION": "us-west-2"}
    assert by_python(project, outdir=tmp_path, CONFIG="sandbox", TODAY="2026-11-23", **account) == alone
