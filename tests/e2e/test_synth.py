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


def test_both_ways_give_the_same_templates(project: Path, tmp_path: Path) -> None:
    alone = by_python(project, outdir=tmp_path / "alone", CONFIG="sandbox", TODAY="2026-11-23")
    cli = by_cli(project, "-c", "config=sandbox", "-c", "today=2026-11-23", outdir=tmp_path / "cli")
    assert list(alone) == list(cli)
    for name, template in alone.items():
        assert cli[name] == template, name


def test_credentials_at_hand_change_nothing(project: Path, tmp_path: Path) -> None:
    without = by_python(project, outdir=tmp_path / "without", TODAY="2026-11-23")
    account = {"CDK_DEFAULT_ACCOUNT": "123456789012", "CDK_DEFAULT_REGION": "us-west-2", "AWS_REGION": "us-west-2"}
    assert by_python(project, outdir=tmp_path / "with", TODAY="2026-11-23", **account) == without
