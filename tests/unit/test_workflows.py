"""The workflows do nothing that a person could not do with make, and trust nothing by name."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.config import Ci
from infra.constructs.python_function import PYTHON_RUNTIME
from tests.github_jobs import results
from tests.synthesis import Templates

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


def test_whatever_asks_which_stacks_a_wave_has_knows_which_region_goes_first() -> None:
    """A wave that is verified as another than was deployed says nothing about what was."""
    asking = [
        step
        for file in WORKFLOWS
        for step in steps(yaml.safe_load(file.read_text(encoding="utf-8")))
        if re.search(r"make (--silent )?(waves-json|(deploy|verify|prove|unchanged)-wave)\b", step.get("run", ""))
    ]
    assert len(asking) == 5
    for step in asking:
        assert step["env"]["CANARY"] == "${{ vars.CANARY_REGION }}", step


def test_every_wave_that_is_planned_has_a_job(project: Path) -> None:
    jobs = yaml.safe_load((project / ".github" / "workflows" / "deploy.yml").read_text(encoding="utf-8"))["jobs"]
    called = {job["with"]["wave"]: job["with"]["environment"] for job in jobs.values() if "with" in job}
    assert set(called) == {"home", "canary", "rest", "delegation", "organization"}
    assert called["delegation"] == "management"


def jobs(project: Path, name: str) -> dict[str, Any]:
    document = yaml.safe_load((project / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = document["jobs"]
    return found


def test_a_pull_request_tries_the_functions_with_the_python_that_they_run_on(project: Path) -> None:
    (setup, run) = jobs(project, "pull-request")["functions"]["steps"][1:]
    assert f"python{setup['with']['python-version']}" == PYTHON_RUNTIME.name
    assert run == {"run": "make test-functions"}
    planned = subprocess.run(
        ["make", "-n", "test-functions"], cwd=project, capture_output=True, text=True, check=True, timeout=60
    )
    (command,) = [line for line in planned.stdout.splitlines() if " -m pytest " in line]
    packages = [package.parent.name for package in (project / "lambda_src").glob("*/__init__.py")]
    assert {word for word in command.split() if word.startswith("tests/")} == {
        "tests/contract", *(f"tests/unit/{package}" for package in packages),
    }  # fmt: skip


def variable(text: str) -> str:
    """The repository's variable that `${{ vars.NAME }}` names."""
    match = re.fullmatch(r"\$\{\{ vars\.([A-Z_]+) \}\}", text)
    assert match, text
    return match[1]


def roles_taken(project: Path) -> set[tuple[str, str]]:
    """Which variable names the role, and in which environment its job runs; `-` for none."""
    taken = set()
    for file in WORKFLOWS:
        for job in jobs(project, file.stem).values():
            if "deploy_role" in job.get("with", {}):
                environments = [job["with"]["environment"]]
                if environments[0].startswith("${{ needs.look"):
                    environments = list(Ci.model_fields["environments"].default)
                given = [job["with"][key] for key in ("deploy_role", "verify_role", "prove_role") if key in job["with"]]
                taken |= {(variable(role), environment) for role in given for environment in environments}
            for step in job.get("steps", []):
                role = step.get("with", {}).get("role-to-assume", "")
                if role and not role.startswith("${{ inputs."):
                    taken.add((variable(role), job.get("environment", "-")))
    return taken


def test_the_roles_that_workflows_take_are_those_that_the_stack_makes(project: Path, everything: Templates) -> None:
    outputs = [*everything["prod-CiAccess"]["Outputs"], *everything["prod-ManagementCiAccess"]["Outputs"]]
    names = {re.sub(r"(?<!^)(?=[A-Z])", "_", output).upper() for output in outputs}
    assert {role for role, _ in roles_taken(project)} == names


def test_each_role_is_taken_where_its_trust_lets_it_be_taken(project: Path) -> None:
    """With the environments that the configuration has by itself."""
    assert roles_taken(project) == {
        ("DEPLOY_ROLE_ARN", "production"),
        ("DEPLOY_ROLE_ARN", "production-destructive"),
        ("DIFF_ROLE_ARN", "production"),
        ("DIFF_ROLE_ARN", "-"),  # a pull request, where ci.pull_requests says so
        ("VERIFY_ROLE_ARN", "production"),
        ("VERIFY_ROLE_ARN", "production-destructive"),
        ("VERIFY_ROLE_ARN", "nightly"),
        ("PROVE_ROLE_ARN", "production"),
        ("PROVE_ROLE_ARN", "production-destructive"),
        ("MANAGEMENT_DEPLOY_ROLE_ARN", "management"),
        ("MANAGEMENT_VERIFY_ROLE_ARN", "management"),
        ("MANAGEMENT_VERIFY_ROLE_ARN", "nightly"),
    }


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_only_a_job_that_takes_a_role_gets_a_token(file: Path, project: Path) -> None:
    for job in jobs(project, file.stem).values():
        takes = any("role-to-assume" in step.get("with", {}) for step in job.get("steps", []))
        assert ("id-token" in job["permissions"]) == (takes or "deploy_role" in job.get("with", {}))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_whoever_takes_roles_of_bootstrap_does_so_under_the_name_that_is_allowed(file: Path, project: Path) -> None:
    for job in jobs(project, file.stem).values():
        for step in job.get("steps", []):
            if re.search(r"make (deploy-wave|diff-waves)", step.get("run", "")):
                assert step["env"]["CDK_ROLE_SESSION_NAME"].startswith("detection-stack-")


def test_pull_requests_take_a_role_only_where_somebody_said_so(project: Path) -> None:
    for name, job in jobs(project, "pull-request").items():
        if "id-token" in job["permissions"]:
            assert name == "live"
            assert job["if"].startswith("vars.PULL_REQUESTS_COMPARE == 'true' && ")
            assert "head.repo.full_name == github.repository" in job["if"]


def commented(
    project: Path, folder: Path, *, meaning: str | None, files: tuple[str, ...] = ("config/prod.yaml",)
) -> str:
    """The comment that the pull request gets, by the step's own script and a `gh` that keeps it and knows its files."""
    (step,) = [one for one in jobs(project, "pull-request")["comment"]["steps"] if "run" in one]
    gh = folder / "gh"
    (folder / "files").write_text("".join(f"{name}\n" for name in files))
    gh.write_text('#!/bin/bash\nif [ "$1" = api ]; then cat files; exit; fi\ncp "${@: -1}" posted.md\n')
    gh.chmod(0o755)
    if meaning is not None:
        (folder / "meaning.md").write_text(meaning)
    given = {"HEAD": "0123456789abcdef", "NUMBER": "7", "REPOSITORY": "a/b", "RUN": "https://github.com/a/b/runs/1"}
    environment = {**os.environ, **given, "PATH": f"{folder}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-e", "-c", step["run"]], check=True, cwd=folder, env=environment)
    return (folder / "posted.md").read_text()


def test_a_comment_says_of_which_commit_it_is(project: Path, tmp_path: Path) -> None:
    assert commented(project, tmp_path, meaning="## prod\n") == "What `0123456` means:\n\n## prod\n"


def test_a_comment_about_an_older_commit_does_not_stand_when_nothing_could_be_judged(
    project: Path, tmp_path: Path
) -> None:
    assert commented(project, tmp_path, meaning=None) == (
        "**What this changes could not be judged at `0123456`.** The [run](https://github.com/a/b/runs/1) says why.\n"
    )


@pytest.mark.parametrize("meaning", ["## prod\nNothing changes.\n", None])
def test_a_pull_request_that_changes_its_own_judge_says_so(project: Path, tmp_path: Path, meaning: str | None) -> None:
    files = (
        "config/prod.yaml",
        "tools/changes/report.py",
        "docs/tools/a.md",
        ".github/workflows/deploy.yml",
        "Makefile",
    )
    said = commented(project, tmp_path, meaning=meaning, files=files)
    assert said.endswith(
        "\n**This also changes what judges it** (tools/changes/report.py .github/workflows/deploy.yml Makefile): read "
        "that first.\n"
    )


@pytest.mark.parametrize("end", ["success", "failure", "cancelled"])
def test_there_is_a_comment_whatever_became_of_what_it_shows(project: Path, end: str) -> None:
    names = {"github.event.pull_request.head.repo.full_name": "a/b", "github.repository": "a/b"}
    found = results(
        jobs(project, "pull-request"),
        ends={"meaning": end, "cases": "failure"},
        values=names | {"vars.PULL_REQUESTS_COMPARE": "false"},
    )
    assert found["comment"] == "success"


def test_a_pull_request_is_compared_with_what_it_is_merged_into(project: Path) -> None:
    (checkout, judging) = [
        step
        for step in jobs(project, "pull-request")["meaning"]["steps"]
        if "checkout" in step.get("uses", "") or "make meaning" in step.get("run", "")
    ]
    assert judging["env"]["BASE"] == "HEAD^1"
    assert checkout["with"]["fetch-depth"] == 2
    assert "ref" not in checkout["with"]


WAVES = ("home", "canary", "rest", "delegation", "organization")


def after(
    project: Path, ends: dict[str, str], *, waves: tuple[str, ...] = WAVES, unchanged: str = "false"
) -> list[str]:
    """The waves that are deployed to the end.

    Args:
        project: Where the workflows are.
        ends: What becomes of jobs that do not succeed.
        waves: What is planned.
        unchanged: What the look at the management account says; empty where it says nothing.
    """
    planned = json.dumps([wave for wave in WAVES if wave in waves])
    values = {"needs.synth.outputs.waves": planned, "needs.look-management.outputs.unchanged": unchanged}
    found = results(jobs(project, "deploy"), ends=ends, values=values)
    return [wave for wave in WAVES if found[wave] == "success"]


@pytest.mark.parametrize("end", ["failure", "cancelled"])
@pytest.mark.parametrize("wave", ["synth", "look", *WAVES])
def test_no_wave_follows_one_that_failed_or_took_too_long(project: Path, wave: str, end: str) -> None:
    """A job that takes longer than its timeout is reported as cancelled, and the run goes on."""
    assert after(project, {wave: end}) == list(WAVES[: WAVES.index(wave)] if wave in WAVES else ())


@pytest.mark.parametrize("end", ["failure", "cancelled"])
@pytest.mark.parametrize("wave", ["home", "canary", "delegation"])
def test_nor_where_there_is_one_region_alone(project: Path, wave: str, end: str) -> None:
    waves = ("home", "canary", "delegation", "organization")
    assert after(project, {wave: end}, waves=waves) == list(waves[: waves.index(wave)])


@pytest.mark.parametrize("end", ["success", "failure", "cancelled"])
def test_a_look_that_says_nothing_of_the_management_account_counts_as_changed(project: Path, end: str) -> None:
    assert after(project, {"look-management": end}, unchanged="") == list(WAVES)


def test_nobody_is_asked_for_the_management_account_where_nothing_of_it_changed(project: Path) -> None:
    assert after(project, {}, unchanged="true") == ["home", "canary", "rest", "organization"]
    waves = ("home", "canary", "delegation", "organization")
    assert after(project, {}, waves=waves, unchanged="true") == ["home", "canary", "organization"]


@pytest.mark.parametrize("end", ["failure", "cancelled"])
@pytest.mark.parametrize("wave", ["synth", "look", "home", "canary", "rest"])
def test_nor_does_enrolment_follow_a_wave_that_failed_where_delegation_is_left_out(
    project: Path, wave: str, end: str
) -> None:
    assert after(project, {wave: end}, unchanged="true") == list(WAVES[: WAVES.index(wave)] if wave in WAVES else ())


def test_every_wave_that_brings_findings_has_to_carry_one(project: Path) -> None:
    called = {job["with"]["wave"]: job["with"] for job in jobs(project, "deploy").values() if "with" in job}
    assert {wave for wave, given in called.items() if "prove_role" in given} == {"canary", "rest"}
    names = [
        step.get("name") or step.get("uses", "").partition("@")[0] for step in jobs(project, "wave")["deploy"]["steps"]
    ]
    taking = "aws-actions/configure-aws-credentials"
    assert names[-6:] == [taking, "Deploy", taking, "Verify", taking, "Prove"]


@pytest.mark.parametrize(
    "waves",
    [
        pytest.param(WAVES, id="an-organization"),
        pytest.param(("home", "canary", "delegation", "organization"), id="of-one-region"),
        pytest.param(("home", "canary", "rest"), id="one-account"),
        pytest.param(("home", "canary"), id="with-one-region"),
    ],
)
def test_every_wave_that_is_planned_is_deployed(project: Path, waves: tuple[str, ...]) -> None:
    assert after(project, {}, waves=waves) == list(waves)
