"""The workflows do nothing that a person could not do with make, and trust nothing by name."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

WORKFLOWS = sorted((Path(__file__).resolve().parents[2] / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job.get("steps", [])]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_action_is_pinned_by_commit_and_named_with_its_version(file: Path) -> None:
    for line in file.read_text(encoding="utf-8").splitlines():
        if match := re.search(r"uses: (\S+)(.*)", line):
            local = match[1] == "./.github/workflows/wave.yml"
            assert local or (PINNED.fullmatch(match[1]) and re.fullmatch(r" # v\d+\.\d+\.\d+", match[2])), line


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_nothing_is_permitted_but_what_a_job_asks_for(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert set(job["permissions"].items()) <= {
            ("contents", "read"),
            ("id-token", "write"),
            ("pull-requests", "write"),
        }
        if "pull-requests" in job["permissions"]:
            # What may write runs none of the pull request's code.
            assert not any("checkout" in step.get("uses", "") for step in job["steps"])


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_command_is_a_target_of_the_makefile(file: Path, project: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (project / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for step in steps(yaml.safe_load(file.read_text(encoding="utf-8"))):
        for target in re.findall(r"make (?:--silent )?([a-z-]+)", step.get("run", "")):
            assert target in targets


def test_every_wave_that_is_planned_has_a_job(project: Path) -> None:
    jobs = yaml.safe_load((project / ".github" / "workflows" / "deploy.yml").read_text(encoding="utf-8"))["jobs"]
    called = {job["with"]["wave"]: job["with"]["environment"] for job in jobs.values() if "with" in job}
    assert set(called) == {"home", "canary", "rest", "delegation", "organization"}
    assert called["delegation"] == "management"
