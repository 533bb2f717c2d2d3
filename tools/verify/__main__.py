"""`python -m tools verify`: what is live, against the templates that `cdk synth` wrote; reads only."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from tools.live.clients import ClientOf, WrongAccountError, clients
from tools.live.refusal import advised
from tools.live.verdict import State, counted, passes
from tools.templates.assembly import AssemblyError, read_assembly
from tools.terminal import verdict_table
from tools.terminal.made_templates import add_app
from tools.verify.check import Check
from tools.verify.coverage import matrix, rows
from tools.verify.run import fits, verify

AS_DECLARED = 0
NOT_AS_DECLARED = 1
BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None, *, client_of: ClientOf | None = None) -> int:
    """Compare and print.

    Returns:
        0 if everything is as declared; 1 if something is wrong, or could not be looked at; 2 if the templates or the
        credentials cannot be used. What nobody can tell yet is listed and does not count: an alarm that may not have
        heard anything, an account that may not have enabled an opt-in Region.
    """
    options = _parser().parse_args(arguments)
    try:
        assembly = read_assembly(options.app)
        if strange := [name for name in options.stack if not any(fits(stack, [name]) for stack in assembly.stacks)]:
            sys.stderr.write(f"verify: --stack: no stack {strange[0]!r}; known: {', '.join(assembly.stacks)}\n")
            return BAD_INPUT
        there = sorted({stack.region for stack in assembly.stacks.values()})
        if strange := [name for name in options.region if name not in there]:
            sys.stderr.write(f"verify: --region: no stack in {strange[0]!r}; known: {', '.join(there)}\n")
            return BAD_INPUT
        found = list(
            verdict_table.announced(
                verify(
                    assembly,
                    client_of=client_of or clients(options.profile),
                    regions=options.region,
                    stacks_named=options.stack,
                    not_yet_heard=options.not_yet_heard,
                    since=options.since,
                    other_regions=not options.not_yet_heard,
                    tell=lambda said: sys.stderr.write(f"verify: {said}\n"),
                ),
                lambda check: check.stack,
            )
        )
    except (AssemblyError, WrongAccountError) as error:
        sys.stderr.write(f"verify: {error}\n")
        return BAD_INPUT
    except (BotoCoreError, ClientError) as error:
        sys.stderr.write(f"verify: {advised(error)}\n")
        return BAD_INPUT
    if not found:
        sys.stderr.write(f"verify: no stack of {options.app} is in what was asked for\n")
        return BAD_INPUT
    if options.json:
        sys.stdout.write(json.dumps([_document(check) for check in found], indent=2, ensure_ascii=False) + "\n")
    else:
        show(found, all_of_them=options.all)
    return AS_DECLARED if passes(check for check in found if not check.awaited) else NOT_AS_DECLARED


def show(checks: Sequence[Check], *, all_of_them: bool) -> None:
    """Print what needs a person, or everything; how many accounts are covered where; and a line that sums up."""
    console = verdict_table.console()
    verdict_table.show(
        ("stack", "what", "which", "found"),
        ((state, cells) for state, *cells in rows(one for one in checks if all_of_them or one.state is not State.OK)),
    )
    plans, regions = matrix(checks)
    if regions:
        table = verdict_table.table("accounts covered in", *plans)
        for region, counts in regions:
            whole = all(len({*count.split("/")}) == 1 for count in counts)
            table.add_row(region, *counts, style=verdict_table.STYLES[State.OK if whole else State.WRONG])
        console.print(table)
    stacks = len({check.stack for check in checks})
    console.print(f"{len(checks)} checks of {stacks} stacks: {counted(checks)}", highlight=False)


def _document(check: Check) -> dict[str, str | bool]:
    document: dict[str, str | bool] = {
        "state": check.state.value,
        "stack": check.stack,
        "region": check.region,
        "area": check.area,
        "subject": check.subject,
        "detail": check.detail,
        "awaited": check.awaited,
    }
    return document | ({"account": check.account, "plan": check.plan} if check.account else {})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools verify", description=__doc__)
    add_app(parser)
    parser.add_argument(
        "--stack",
        action="append",
        default=[],
        help="only this stack, or those that a * fits; may be given several times. Left out: every stack of the "
        "account that the credentials are of",
    )
    parser.add_argument("--region", action="append", default=[], help="only stacks of this Region; several times too")
    parser.add_argument(
        "--not-yet-heard",
        action="store_true",
        help="between the waves of a deployment: list as unknown, and let pass, what comes later (a first heartbeat, a "
        "confirmed mail, a member's plans) and what was red before, which this deployment may be what mends",
    )
    parser.add_argument(
        "--since",
        type=_moment,
        metavar="TIME",
        help="with --not-yet-heard: when the deployment began, such as 2026-11-23T10:00:00Z (default: when each stack "
        "was last updated)",
    )
    parser.add_argument("--profile", help="profile of the AWS CLI; default: as boto3 finds credentials")
    parser.add_argument("--all", action="store_true", help="list what is ok as well")
    parser.add_argument("--json", action="store_true", help="every check, for another program")
    return parser


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"must be a time with its zone, such as 2026-11-23T10:00:00Z, got {text!r}")
    return found


if __name__ == "__main__":
    sys.exit(main())
