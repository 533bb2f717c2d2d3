"""`python -m tools NAME …`: the commands of the desk by one door."""

import runpy
import sys

from infra.missing_package import missing_package
from tools.terminal.patient_output import outlive_the_reader

BAD_INPUT = 2

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
    "adopt": "prepare the import of detectors and graphs that are there already",
    "cost": "what a deployment pays each month whatever happens",
    "verify": "what is live, against the templates",
    "selftest": "send a heartbeat from every Region and follow it to every destination",
    "finding_types": "compare the catalogue of finding types with a newer list",
    "regions": "compare the table of Regions with the installed botocore and CDK",
    "mutation": "break the modules that matter most in small ways, and count what no test sees",
    "bench": "measure synth, notifier and compiler, each against its floor",
    "generate": "write every file that comes from the code, and say which changed",
    "configuration_reference": "write or check docs/configuration.md",
    "licenses": "bills of materials of all that is used, its licences, and whether we take them",
    "execution_policy": "write or check docs/execution-policy*.json, what CloudFormation needs for our stacks",
}


def main() -> None:
    """Run the command named by the first argument with the rest of them, or list the commands."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        problem = f"unknown command {name!r}\n" if name and name not in {"-h", "--help"} else ""
        listed = "".join(f"  {command:<24}{about}\n" for command, about in COMMANDS.items())
        (sys.stderr if problem else sys.stdout).write(f"{problem}usage: python -m tools COMMAND …\n\n{listed}")
        sys.exit(BAD_INPUT if problem else 0)
    sys.argv = [f"python -m tools {name}", *sys.argv[2:]]
    outlive_the_reader()
    try:
        runpy.run_module(f"tools.{name}", run_name="__main__", alter_sys=True)
    except ModuleNotFoundError as error:
        if (advice := missing_package(error)) is None:
            raise
        sys.stderr.write(f"{name}: {advice}")
        sys.exit(BAD_INPUT)


if __name__ == "__main__":
    main()
