"""`python -m tools execution_policy`: the policies of CloudFormation's roles, printed, written or compared."""

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial

from infra.config import ConfigurationError, config_file, load
from infra.project import PROJECT
from tools.execution_policy.named import Names, policy_of_names
from tools.execution_policy.policy import MOST_CHARACTERS, policy
from tools.execution_policy.stack_accounts import SECURITY, STACK_ACCOUNTS, StackAccount
from tools.terminal.generated_file import keep_current
from tools.terminal.today import present_day

OK, BAD_INPUT = 0, 2


def text(account: StackAccount) -> str:
    """The policy as the text of its file."""
    return json.dumps(policy(account), indent=2) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Print the policy of `security` or `management`; write one or both, or tell whether they are current.

    With `--names NAME` the other half is printed: what concerns the roles and functions of config/NAME.yaml.
    """
    options = _parser().parse_args(arguments)
    named = [account for account in STACK_ACCOUNTS if account.name == options.account]
    if options.names is not None:
        return _names(options.names, account=named[0] if named else SECURITY)
    chosen = named or (STACK_ACCOUNTS if options.write or options.check else [SECURITY])
    return max(
        keep_current(
            ["--write"] if options.write else ["--check"] if options.check else [],
            command=f"python -m tools execution_policy {account.name}",
            about=None,
            file=account.file,
            name=f"docs/{account.file.name}",
            text=partial(text, account),
        )
        for account in chosen
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools execution_policy",
        description="Print what CloudFormation needs for our stacks: the policy of an account, or its other half.",
    )
    parser.add_argument(
        "account",
        metavar="security|management",
        nargs="?",
        choices=[account.name for account in STACK_ACCOUNTS],
        help="whose policy (default: security; with --write or --check, both)",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--write", action="store_true", help="write docs/execution-policy*.json instead")
    what.add_argument("--check", action="store_true", help="fail if docs/execution-policy*.json are not current")
    what.add_argument(
        "--names", metavar="NAME", help="print the other half: what has permissions, by the names of config/NAME.yaml"
    )
    return parser


def _names(name: str, *, account: StackAccount) -> int:
    try:
        deployment = load(config_file(name, folder=PROJECT / "config"), today=present_day()).deployment
    except ConfigurationError as error:
        sys.stderr.write(f"execution_policy: {error}\n")
        return BAD_INPUT
    made = policy_of_names(account, Names.of(deployment))
    sys.stdout.write(json.dumps(made, indent=2) + "\n")
    if (size := len(json.dumps(made, separators=(",", ":")))) > MOST_CHARACTERS:
        sys.stderr.write(
            f"execution_policy: it has {size} characters, and a managed policy takes {MOST_CHARACTERS}: shorten "
            "role_path, or part it in two\n"
        )
    return OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
