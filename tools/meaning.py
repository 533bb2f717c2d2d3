"""`python -m tools meaning BASE`: what the work tree changes against a commit, for every deployment, in Markdown."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.project import PROJECT
from tools.changes.change import Kind
from tools.changes.report import Report, report
from tools.changes.show import MAX_COMMENT, as_markdown
from tools.templates.assembly import Assembly, AssemblyError, read_assembly
from tools.templates.synthesized import SynthFailedError
from tools.templates.wording import counted, markdown, quoted
from tools.terminal.progress import Progress

BAD_INPUT = 2

_WARNING = re.compile(r"warning: (?:[^ :]+\.yaml(?::\d+)*: )?")
_WARNINGS = 10
"""Most warnings that are repeated, of each deployment."""

LOCK = Path("locks", "deploy.lock")
"""What synth is installed from."""


def main(arguments: Sequence[str] | None = None, *, project: Path = PROJECT) -> int:
    """Synthesize both sides of every deployment that is in `config/`, on either side, and say what differs.

    Args:
        arguments: Those of the command line, if not these.
        project: The work tree.

    Returns:
        0, or 2 if the commit cannot be checked out, or the templates cannot be made.
    """
    parser = argparse.ArgumentParser(prog="python -m tools meaning", description=__doc__)
    parser.add_argument("base", metavar="BASE", help="commit to compare with, such as origin/main")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base"
        try:
            _git(project, "worktree", "add", "--quiet", "--detach", str(base), options.base)
        except subprocess.CalledProcessError as error:
            sys.stderr.write(f"meaning: {options.base}: {error.stderr.strip()}\n")
            return BAD_INPUT
        try:
            names = sorted({*_deployments(project), *_deployments(base)})
            progress, told = Progress(), [_libraries(_pins(base), _pins(project))]
            for name in names:
                with progress.step(f"templates of {name}, before and after"):
                    told.append(_deployment(name, project, base, Path(folder), limit=MAX_COMMENT // len(names)))
            sys.stdout.write("".join(told))
        except (AssemblyError, SynthFailedError) as error:
            sys.stderr.write(f"meaning: {error}\n")
            return BAD_INPUT
        finally:
            _git(project, "worktree", "remove", "--force", str(base))
    return 0


def _libraries(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """What is to be said of libraries that are not the same on both sides; nothing where they are.

    Templates of the older side are made with what is installed here, so whatever the libraries do otherwise is on both
    sides, and in no difference.
    """
    differ = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
    if not differ:
        return ""
    named = ", ".join(f"{name} {before.get(name, 'none')} → {now.get(name, 'none')}" for name in differ)
    return (
        "**Libraries differ: both sides were made with the new ones, so what the upgrade itself changes is not shown**"
        f" ({named}). Before you deploy, compare the templates of a checkout with each side's own libraries, or with"
        " what is live: `make diff-waves` (docs/teardown.md, Upgrade).\n\n"
    )


def _pins(project: Path) -> dict[str, str]:
    """The version of each library that templates are made with; nothing where there is no lock."""
    lock = project / LOCK
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    return {match[1]: match[2] for match in re.finditer(r"^([A-Za-z0-9._-]+)==([^\s;]+)", text, re.MULTILINE)}


def _deployment(name: str, project: Path, base: Path, folder: Path, *, limit: int) -> str:
    """What is said of one deployment, in its share of the comment."""
    if name not in _deployments(project):
        # Its templates would say that everything is deleted, which nobody does who deletes the file.
        return (
            f"## {name}\n\n**A deployment is gone from the configuration.** Its stacks stay as they are until somebody"
            " deletes them (docs/teardown.md); nobody deploys or verifies them from here any more.\n\n"
        )
    made = _synthesized(project, name, folder / f"{name}-new")
    new = read_assembly(made.folder)
    if name not in _deployments(base):
        # Whatever it has is new, and its permissions are those of every deployment; what it hides is its own.
        hides = report(Assembly(folder=new.folder, stacks={}), new).failing({Kind.BLIND})
        said = f"\n{as_markdown(Report(changes=hides, others={}), limit=limit)}" if hides else ""
        number = counted(len(new.stacks), "stack")
        return f"## {name}\n\nA new deployment: {number}.\n{said}\n{_warned(made.warnings)}"
    was = _synthesized(base, name, folder / f"{name}-base")
    warned = _warned(made.warnings - was.warnings)
    shown = as_markdown(report(read_assembly(was.folder), new), limit=limit - len(warned))
    return f"## {name}\n\n{shown}\n{warned}"


def _warned(warnings: Collection[str]) -> str:
    """What the build warns of now, and did not before; nobody who reads a pull request sees its log."""
    if not warnings:
        return ""
    lines = [f"- {markdown(quoted(one))}" for one in sorted(warnings)[:_WARNINGS]]
    if len(warnings) > _WARNINGS:
        lines.append(f"- and {len(warnings) - _WARNINGS} more")
    return "\n".join(("**The build newly warns:**", "", *lines, "", ""))


@dataclass(frozen=True, slots=True)
class _Made:
    """The templates of one side, and what was warned of when they were made; without the lines, which move."""

    folder: Path
    warnings: frozenset[str]


def _synthesized(project: Path, name: str, outdir: Path) -> _Made:
    """The templates of a deployment, made by the app of that side with the Python that runs this."""
    environment = {**os.environ, "CONFIG": name, "CDK_OUTDIR": str(outdir)}
    done = subprocess.run(
        [sys.executable, "app.py"], check=False, cwd=project, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise SynthFailedError(f"{name}: the app ended with exit code {done.returncode}: {done.stderr.strip()[-2000:]}")
    warnings = (_WARNING.sub("", line) for line in done.stderr.splitlines() if _WARNING.match(line))
    return _Made(outdir, frozenset(warnings))


def _deployments(project: Path) -> set[str]:
    return {file.stem for file in (project / "config").glob("*.yaml")}


def _git(project: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(project), *arguments], check=True, capture_output=True, text=True)


if __name__ == "__main__":
    sys.exit(main())
