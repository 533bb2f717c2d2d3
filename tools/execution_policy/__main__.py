"""`python -m tools execution_policy`: the policies of CloudFormation's roles, printed, written or compared."""

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial

from infra.config import ConfigurationError, config_file, load
from infra.config.generated_file import keep_current
from infra.project import PROJECT
from tools.execution_policy.named import Names, policy_of_names
from tools.execution_policy.places import PLACES, SECURITY, Place
from tools.execution_policy.policy import MOST_CHARACTERS, policy
from tools.terminal.today import present_day

OK, BAD_INPUT = 0, 2


def text(place: Place) -> str:
    """The policy as the text of its file."""
    return json.dumps(policy(place), indent=2) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Print the policy of `security` or `management`; write one or both, or tell whether they are current.

    With `--names NAME` the other half is printed: what concerns the roles and functions of config/NAME.yaml.
    """
    named = [place for place in PLACES if place.name in arguments[:1]]
    rest = arguments[1:] if named else arguments
    if any(one == "--names" or one.startswith("--names=") for one in rest):
        return _names(rest, place=named[0] if named else SECURITY)
    chosen = named or (PLACES if {"--write", "--check"} & set(rest) else [SECURITY])
    return max(
        keep_current(
            rest,
            command=f"python -m tools execution_policy {place.name}",
            about=_ABOUT,
            file=place.file,
            name=f"docs/{place.file.name}",
            text=partial(text, place),
        )
        for place in chosen
    )


_ABOUT = (
    "Print the policy of security (the default) or management; write it, or tell whether it is current. With --names "
    "NAME the other half: what has permissions, by the names of config/NAME.yaml."
)


def _names(arguments: Sequence[str], *, place: Place) -> int:
    parser = argparse.ArgumentParser(prog=f"python -m tools execution_policy {place.name}")
    parser.add_argument("--names", metavar="NAME", required=True, help="of config/NAME.yaml")
    name = parser.parse_args(arguments).names
    try:
        deployment = load(config_file(name, folder=PROJECT / "config"), today=present_day()).deployment
    except ConfigurationError as error:
        sys.stderr.write(f"execution_policy: {error}\n")
        return BAD_INPUT
    made = policy_of_names(place, Names.of(deployment))
    sys.stdout.write(json.dumps(made, indent=2) + "\n")
    if (size := len(json.dumps(made, separators=(",", ":")))) > MOST_CHARACTERS:
        sys.stderr.write(
            f"execution_policy: it has {size} characters, and a managed policy takes {MOST_CHARACTERS}: shorten "
            "role_path, or part it in two\n"
        )
    return OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
