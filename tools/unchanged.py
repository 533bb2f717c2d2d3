"""`python -m tools unchanged`: whether stacks are deployed as `cdk synth` has just written them; reads only.

For a step of a pipeline that waits for a person: there is nothing to wait for where `cdk deploy` would do nothing.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tools.live.clients import ClientOf, clients
from tools.live.refusal import advised, is_no_stack
from tools.templates.assembly import AssemblyError, Stack, read_assembly
from tools.terminal.made_templates import add_app

UNCHANGED = 0
CHANGED = 1
BAD_INPUT = 2

_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
"""Of a stack whose last operation did all that it was to do; after a rollback a deployment has something to do."""


def main(arguments: Sequence[str] | None = None, *, client_of: ClientOf | None = None) -> int:
    """Compare, and say of each stack what differs.

    Returns:
        0 if every stack is live with this very template and these tags; 1 if one is not; 2 if the templates or the
        credentials cannot be used.
    """
    options = _parser().parse_args(arguments)
    try:
        assembly = read_assembly(options.app)
        if strange := [name for name in options.stack if name not in assembly.stacks]:
            sys.stderr.write(f"unchanged: --stack: no stack {strange[0]!r}; known: {', '.join(assembly.stacks)}\n")
            return BAD_INPUT
        client_of = client_of or clients(options.profile)
        found = {name: difference(assembly.stacks[name], client_of) for name in options.stack}
    except AssemblyError as error:
        sys.stderr.write(f"unchanged: {error}\n")
        return BAD_INPUT
    except (BotoCoreError, ClientError) as error:
        sys.stderr.write(f"unchanged: {advised(error)}\n")
        return BAD_INPUT
    for name, said in found.items():
        sys.stdout.write(f"{name}: {said or 'live as it is here'}\n")
    return CHANGED if any(found.values()) else UNCHANGED


def difference(stack: Stack, client_of: ClientOf) -> str:
    """What a deployment would find to do; empty for nothing.

    Args:
        stack: As it was synthesized.
        client_of: Makes clients, of the stack's account.

    Raises:
        BotoCoreError: There is no answer.
        ClientError: CloudFormation refuses to say.
    """
    client = client_of("cloudformation", stack.region)
    try:
        (live,) = client.describe_stacks(StackName=stack.name)["Stacks"]
        body = client.get_template(StackName=stack.name, TemplateStage="Original").get("TemplateBody")
    except ClientError as error:
        if is_no_stack(error):
            return "is not deployed"
        raise
    # A configuration need not name its account.
    if (account := _account(live)) != stack.account and stack.account.isdecimal():
        return f"is of the account {stack.account}, and the credentials are of {account}"
    if live["StackStatus"] not in _DONE:
        return f"is {live['StackStatus']}"
    if body != _template(stack):
        return "its template differs"
    tags = {tag["Key"]: tag["Value"] for tag in live.get("Tags", [])}
    return "" if tags == stack.tags else "its tags differ"


def _account(live: Mapping[str, Any]) -> str:
    return str(live["StackId"]).split(":")[4]


def _template(stack: Stack) -> object:
    if stack.file is None:
        raise AssemblyError(f"{stack.name}: has no template in a file; synthesize again")
    return json.loads(stack.file.read_text(encoding="utf-8"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools unchanged", description=__doc__)
    add_app(parser)
    parser.add_argument("--stack", action="append", required=True, help="this stack; may be given several times")
    parser.add_argument("--profile", help="profile of the AWS CLI; default: as boto3 finds credentials")
    return parser


if __name__ == "__main__":
    sys.exit(main())
