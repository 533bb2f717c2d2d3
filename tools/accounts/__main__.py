"""`python -m tools accounts NAME`: the list of accounts for config/NAME.yaml, from the organization; reads only."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import ConfigurationError, config_file, load
from infra.project import PROJECT
from tools.accounts.listing import Asked, differences, lines
from tools.accounts.live import accounts_of
from tools.live.clients import ClientOf, clients
from tools.live.refusal import said
from tools.templates.wording import counted
from tools.terminal.today import present_day

SAME = 0
DIFFERENT = 1
BAD_INPUT = 2


def main(
    arguments: Sequence[str] | None = None, *, client_of: ClientOf | None = None, today: date | None = None
) -> int:
    """Print the list to paste into the configuration, or, with --check, what the configuration says otherwise.

    Returns:
        0; 1 with --check if something differs; 2 if the configuration or the credentials cannot be used.
    """
    options = _parser().parse_args(arguments)
    asked = Asked(owner_tag=options.owner_tag, group_tags=tuple(options.group_tag), units=options.units)
    try:
        file = config_file(options.name, folder=options.folder)
        deployment = load(file, today=today or present_day(), with_found=False).deployment
        if deployment.organization is None:
            return _stopped(f"{options.name} has no organization, whose accounts could be listed")
        client = (client_of or clients(options.profile))("organizations", deployment.home_region)
        tags = bool(asked.owner_tag or asked.group_tags)
        live = list(accounts_of(client, tags=tags, units=asked.units))
    except ConfigurationError as error:
        return _stopped(str(error))
    except (BotoCoreError, ClientError) as error:
        return _stopped(
            f"{said(error)}; it needs credentials of the management account, or of a delegated administrator "
            "(docs/permissions.md)"
        )
    made = lines(live, deployment.accounts, asked)
    found = list(differences(made, deployment.accounts))
    if options.check:
        for one in found:
            sys.stdout.write(f"{one}\n")
        sys.stdout.write(f"{counted(len(made), 'account')}, {counted(len(found), 'difference')}\n")
        return DIFFERENT if found else SAME
    sys.stdout.write("accounts:\n" + "".join(f"{line}\n" for line in made))
    for one in found:
        sys.stderr.write(f"accounts: {one}\n")
    if missing := sum(not line.complete for line in made):
        sys.stderr.write(f"accounts: {counted(missing, 'account')} without an owner: write one in place of FILL-IN\n")
    return SAME


def _stopped(why: str) -> int:
    sys.stderr.write(f"accounts: {why}\n")
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools accounts", description=__doc__)
    parser.add_argument("name", metavar="NAME", help="config/NAME.yaml, such as organization")
    parser.add_argument("--owner-tag", default="owner", help="tag of accounts that names the owner; default: owner")
    parser.add_argument(
        "--group-tag", action="append", default=[], help="tag whose value is a group; may be given several times"
    )
    parser.add_argument("--units", action="store_true", help="make groups of the organizational units")
    parser.add_argument("--check", action="store_true", help="print what differs, and fail if something does")
    parser.add_argument("--profile", help="profile of the AWS CLI; default: as boto3 finds credentials")
    parser.add_argument("--folder", type=Path, default=PROJECT / "config", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
