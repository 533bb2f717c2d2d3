"""`python -m tools adopt NAME`: prepare `cdk import` of detectors and graphs that are there already; reads only."""

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import ConfigurationError, Deployment, config_file, load
from infra.project import PROJECT
from infra.stacks.order import home_first
from tools.adopt.plan import Import, look
from tools.adopt.template import write_import
from tools.doctor.run import WORKERS, Examination, step_of
from tools.doctor.show import show
from tools.live.clients import ClientOf, WrongAccountError, clients
from tools.live.refusal import advised
from tools.live.verdict import passes
from tools.terminal.today import present_day

PREPARED = 0
NOT_PREPARED = 1
BAD_INPUT = 2


def main(
    arguments: Sequence[str] | None = None, *, client_of: ClientOf | None = None, today: date | None = None
) -> int:
    """Look, write what `cdk import` needs, and print the commands in their order.

    Returns:
        0 if everything is prepared, or nothing is to import; 1 if something stands in the way, or could not be looked
        at, and nothing is written; 2 if the configuration, the credentials or the folder cannot be used.
    """
    options = _parser().parse_args(arguments)
    folder: Path = options.to or Path(os.path.relpath(PROJECT / "build" / "adopt" / options.name))
    try:
        file = config_file(options.name, folder=options.folder)
        deployment = load(file, today=today or present_day(), with_found=False).deployment
        client_of = client_of or clients(options.profile)
        account = str(client_of("sts", deployment.home_region).get_caller_identity()["Account"])
        step_of(deployment, account=account, asked="security")
        examination = Examination(name=options.name, deployment=deployment, account=account, client_of=client_of)
        regions = home_first(deployment, deployment.regions)
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            looked = list(pool.map(lambda region: look(examination.place(region)), regions))
        checks = [check for one in looked for check in one.checks]
        show(checks, of=f"{options.name}, account {account}")
        if not passes(checks):
            sys.stderr.write("adopt: nothing is written: mend what is wrong or unknown above, then run it again\n")
            return NOT_PREPARED
        imports = [one.planned for one in looked if one.planned is not None and one.planned.anything]
        if not imports:
            sys.stdout.write("\nnothing is to import\n")
            return PREPARED
        folder.mkdir(parents=True, exist_ok=True)
        files = write_import(folder, deployment=deployment, imports=imports)
    except (ConfigurationError, WrongAccountError) as error:
        return _stopped(str(error))
    except (BotoCoreError, ClientError) as error:
        return _stopped(advised(error))
    except OSError as error:
        return _stopped(f"{folder}: cannot be written: {error.strerror}; choose another folder with --to")
    sys.stdout.write(steps(imports, files=files, folder=folder, name=options.name, deployment=deployment))
    return PREPARED


def steps(imports: Sequence[Import], *, files: dict[str, Path], folder: Path, name: str, deployment: Deployment) -> str:
    """What to run, in order: the first Region alone, then the others, then the deployment."""
    first, *others = [_command(one, files[one.stack], folder) for one in imports]
    chosen = " ".join(one.stack for one in imports)
    lines = [
        "",
        "Import changes nothing in the account: a stack takes over what is there, as it is. Nothing else can change in",
        "the same operation, so filters, forwarding and features come with the deployment afterwards.",
        "",
        f"1. the first Region: {imports[0].region}",
        f"   {first}",
    ]
    if others:
        lines += ["2. the others, once the first is IMPORT_COMPLETE", *(f"   {other}" for other in others)]
    lines += [
        "3. what the first deployment would change of them: read it",
        f"   npx cdk diff -c config={name} {chosen}",
        "4. deploy: Response first, then Detection",
        f"   npx cdk deploy -c config={name} '{deployment.name}-Response*' {chosen}",
        "5. what is live, against what is declared",
        f"   CONFIG={name} python app.py && python -m tools verify",
        "",
    ]
    return "\n".join(lines)


def _command(one: Import, file: Path, folder: Path) -> str:
    # A stack that is there has more than is imported; the CLI asks about what it would leave alone unless forced.
    force = " --force" if one.stack_exists else ""
    app, mapping = shlex.quote(str(folder / "assembly")), shlex.quote(str(file))
    return f"npx cdk import {one.stack} --app {app} --resource-mapping {mapping}{force}"


def _stopped(why: str) -> int:
    sys.stderr.write(f"adopt: {why}\n")
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools adopt", description=__doc__)
    parser.add_argument("name", metavar="NAME", help="config/NAME.yaml, such as sandbox")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where to write (default build/adopt/NAME)")
    parser.add_argument("--profile", help="profile of the AWS CLI; default: as boto3 finds credentials")
    parser.add_argument("--folder", type=Path, default=PROJECT / "config", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
