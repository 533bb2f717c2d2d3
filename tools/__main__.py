"""`python -m tools NAME …`: the commands of the desk by one door."""

from __future__ import annotations

import errno
import os
import runpy
import sys
from difflib import get_close_matches
from pathlib import Path

from infra.interrupt import end_when_interrupted
from infra.missing_package import missing_package, too_old
from tools.terminal.patient_output import outlive_the_reader

BAD_INPUT = 2
_HELP = {"-h", "--help", "help"}

COMMANDS = {
    "demo": "deploy to an embedded AWS and follow three findings through it; demo organization: an organization",
    "preview": "what each destination would receive for a finding",
    "pictures": "take the pictures of the documentation again (needs Chromium)",
    "diagram": "draw the architecture of a deployment from its templates, or keep docs/images current",
    "explain": "what would become of a finding: hidden by whom, or told to whom",
    "cases": "what is expected of findings, checked against the templates",
    "routes": "who is told of what: severity by finding type by account",
    "suppressions": "the ledger of suppressions: owner, cost, days left",
    "changes": "what a change means, from the templates before and after it",
    "meaning": "what the work tree changes against a commit, for every deployment",
    "waves": "in which order stacks are deployed, for a pipeline",
    "doctor": "what stands between a configuration and its deployment, and what the deployment would do",
    "accounts": "the list of accounts with their owners and groups, from the organization",
    "adopt": "prepare the import of detectors and graphs that are there already",
    "cost": "what a deployment pays each month whatever happens",
    "verify": "what is live, against the templates",
    "unchanged": "whether stacks are live as they were just synthesized",
    "selftest": "send a heartbeat from every Region and follow it to every destination",
    "finding_types": "compare the catalogue of finding types with a newer list",
    "regions": "compare the table of Regions with the installed botocore and CDK",
    "mutation": "break the modules that matter most in small ways, and count what no test sees",
    "bench": "measure synth, notifier and compiler, each against its floor",
    "generate": "write every file that comes from the code, and say which changed",
    "configuration_schema": "write or check config/schema.json",
    "configuration_reference": "write or check docs/configuration.md",
    "licenses": "bills of materials of all that is used, its licences, and whether we take them",
    "execution_policy": "what CloudFormation needs for our stacks, as policies",
}


def main() -> None:
    """Run the command named by the first argument with the rest of them, or list the commands."""
    end_when_interrupted()
    outlive_the_reader()
    _open_what_is_closed()
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name in _HELP:
        listed = "".join(f"  {command:<24}{about}\n" for command, about in COMMANDS.items())
        sys.stdout.write(f"usage: python -m tools COMMAND …\n\n{listed}")
        code = _finished(0)
    elif name not in COMMANDS:
        likely = get_close_matches(name, COMMANDS, n=1)
        hint = f"did you mean {likely[0]!r}? " if likely else ""
        code = _refused(f"unknown command {name!r}; {hint}python -m tools lists them")
    else:
        code = _run(name)
    sys.exit(code)


def _run(name: str) -> int | str | None:
    """Run a command; its exit code."""
    sys.argv = [f"python -m tools {name}", *sys.argv[2:]]
    try:
        runpy.run_module(f"tools.{name}", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        return _finished(ended.code)
    except ModuleNotFoundError as error:
        if (advice := missing_package(error)) is None:
            raise
        return _refused(f"{name}: {advice.rstrip()}")
    except OSError as error:
        return _unwritable(error)
    return _finished(0)


def _open_what_is_closed() -> None:
    """Where a shell has closed standard output or error (`>&-`), Python has none, and nobody wants to read any."""
    nowhere = Path(os.devnull)
    sys.stdout = sys.stdout or nowhere.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or nowhere.open("w", encoding="utf-8")


def _finished(code: int | str | None) -> int | str | None:
    """The exit code, once all that was said is written."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return _unwritable(error)
    return code


def _unwritable(error: OSError) -> int:
    if error.filename is not None or error.errno not in {errno.ENOSPC, errno.EIO, errno.EDQUOT}:
        raise error
    # Nothing of it is tried again when Python ends.
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  for as long as Python runs
    return _refused(f"standard output cannot be written: {error.strerror}")


def _refused(text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return BAD_INPUT


if __name__ == "__main__":
    if advice := too_old():
        sys.exit(f"python -m tools: {advice}")
    main()
