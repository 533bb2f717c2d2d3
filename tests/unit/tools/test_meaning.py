"""What a pull request means, by a real git repository whose app is small enough to be made for every test."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tools.meaning import main

APP = """
import json, os, pathlib, sys
out = pathlib.Path(os.environ["CDK_OUTDIR"])
out.mkdir()
text = pathlib.Path("config", os.environ["CONFIG"] + ".yaml").read_text()
if "broken" in text:
    raise SystemExit("config: nobody can read that")
for line, word in enumerate(text.split(), start=1):
    if word.startswith("odd"):
        sys.stderr.write(f"warning: config/prod.yaml:{line}: {word}: looks mistyped `here`\\n")
rules = {
    name: {"Type": "AWS::Events::Rule", "Properties": {"Name": name, "State": "ENABLED", "EventPattern": {}}}
    for name in text.split()
}
(out / "s.template.json").write_text(json.dumps({"Resources": rules}))
stack = {
    "type": "aws:cloudformation:stack",
    "environment": "aws://111122223333/eu-west-1",
    "properties": {"templateFile": "s.template.json"},
}
(out / "manifest.json").write_text(json.dumps({"artifacts": {"prod-Response": stack}}))
"""


class Repository:
    """A commit, and the work tree after it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "config").mkdir(parents=True)
        self.git("init", "--quiet")
        (folder / "app.py").write_text(APP)
        self.write("prod", "first second")
        self.write("sandbox", "first")
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "Begin")

    def git(self, *arguments: str) -> str:
        who = {f"GIT_{part}_{what}": "a@example.com" for part in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        done = subprocess.run(
            ["git", "-c", "commit.gpgsign=false", *arguments],
            check=True, capture_output=True, text=True, cwd=self.folder, env={**os.environ, **who},
        )  # fmt: skip
        return done.stdout

    def write(self, name: str, rules: str) -> None:
        (self.folder / "config" / f"{name}.yaml").write_text(rules)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def said(repository: Repository, capsys: pytest.CaptureFixture[str], *, base: str = "HEAD", code: int = 0) -> str:
    assert main([base], project=repository.folder) == code
    captured = capsys.readouterr()
    assert repository.git("worktree", "list").count("\n") == 1, "the commit's own work tree is gone again"
    return captured.err if code else captured.out


def sections(text: str) -> dict[str, str]:
    return {
        title: body
        for title, _, body in (part.partition("\n") for part in re.split(r"^## ", text, flags=re.MULTILINE) if part)
    }


def test_every_deployment_has_its_section_and_one_that_stays_says_so(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    found = sections(said(repository, capsys))
    assert list(found) == ["prod", "sandbox"]
    assert {body.strip() for body in found.values()} == {"**Nothing changes.**"}


def test_what_is_not_committed_is_compared_with_the_commit(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sections(said(repository, capsys))
    repository.write("prod", "first")
    found = sections(said(repository, capsys))
    assert "second" in found["prod"]
    assert found["sandbox"] == before["sandbox"]


def test_all_deployments_together_fit_in_one_comment(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    many = [f"{'rule' * 12}{number}" for number in range(1200)]
    for name in ("prod", "sandbox"):
        repository.write(name, " ".join(many))
    text = said(repository, capsys)
    assert len(text) < 65_536
    assert {body.count("That is not all") for body in sections(text).values()} == {1}


def test_a_new_deployment_says_how_much_it_is(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.write("extra", "first")
    assert sections(said(repository, capsys))["extra"].strip() == "A new deployment: one stack."


def test_what_the_build_newly_warns_of_is_told_and_what_it_warned_of_before_is_not(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """A finding type that is mistyped, an entry that has ended: nobody who reads a pull request sees its log."""
    repository.write("prod", "first second odd-1")
    repository.git("commit", "--quiet", "--all", "--message", "Warn")
    # On another line, it is the same warning.
    repository.write("prod", "zeroth first second odd-1 odd-2")
    repository.write("extra", "odd-3")
    found = sections(said(repository, capsys))
    assert found["prod"].endswith("\n**The build newly warns:**\n\n- `` odd-2: looks mistyped `here` ``\n\n")
    assert "odd-1: looks" not in found["prod"]
    assert "warns" not in found["sandbox"]
    assert "- `` odd-3: looks mistyped `here` ``" in found["extra"]


def test_of_very_many_warnings_some_are_counted(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.write("prod", " ".join(f"odd-{number:02}" for number in range(14)))
    found = sections(said(repository, capsys))["prod"]
    assert (found.count("looks mistyped"), "- and 4 more\n" in found) == (10, True)


def test_a_deployment_whose_file_is_deleted_is_told(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """Its stacks live on, and nothing looks after them."""
    (repository.folder / "config/prod.yaml").unlink()
    found = sections(said(repository, capsys))
    assert list(found) == ["prod", "sandbox"]
    assert found["prod"].strip().startswith("**A deployment is gone from the configuration.** Its stacks stay")


def lock(**versions: str) -> str:
    pins = [f"{name}=={version} \\\n    --hash=sha256:0\n    # via stack\n" for name, version in versions.items()]
    return "# compiled by make lock\n" + "".join(pins)


def test_libraries_that_differ_are_told_before_everything_else(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both sides are made with those of this side."""
    (repository.folder / "locks").mkdir()
    file = repository.folder / "locks/deploy.lock"
    file.write_text(lock(attrs="1.0", jsii="2.1", typeguard="4.0"))
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message", "Pin")
    assert said(repository, capsys).startswith("## prod")
    file.write_text("# compiled anew\n" + lock(attrs="1.0", jsii="2.2", constructs="10.5"))
    assert said(repository, capsys).splitlines()[0] == (
        "**Libraries differ: both sides were made with the new ones, so what the upgrade itself changes is not shown**"
        " (constructs none → 10.5, jsii 2.1 → 2.2, typeguard 4.0 → none). Before you deploy, compare the templates of a"
        " checkout with each side's own libraries, or with what is live: `make diff-waves` (docs/teardown.md, Upgrade)."
    )
    file.write_text("# compiled anew\n" + lock(attrs="1.0", jsii="2.1", typeguard="4.0"))
    assert said(repository, capsys).startswith("## prod"), "the same versions make the same templates"


def test_fails_with_words_for_a_commit_or_an_app_that_gives_nothing(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(repository, capsys, base="nowhere", code=2).startswith("meaning: nowhere: ")
    repository.write("prod", "broken")
    text = said(repository, capsys, code=2)
    assert text.splitlines()[-1] == "meaning: prod: the app ended with exit code 1: config: nobody can read that"
