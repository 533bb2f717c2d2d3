"""`python -m tools doctor NAME`: what stands between a configuration and its deployment; reads only."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import ConfigurationError, Deployment, FoundAccount, config_file, found_file, load, read_found
from infra.project import PROJECT
from infra.suppression import TooManyFiltersError, plan_filters
from tools.doctor.check import Check
from tools.doctor.record import NotFoundOutError, look_around, write_found
from tools.doctor.run import Examination, Step, examine, step_of
from tools.doctor.show import show
from tools.live.clients import ClientOf, WrongAccountError, clients
from tools.live.refusal import advised
from tools.live.verdict import passes
from tools.terminal import verdict_table
from tools.terminal.today import present_day

READY = 0
NOT_READY = 1
BAD_INPUT = 2


def main(
    arguments: Sequence[str] | None = None, *, client_of: ClientOf | None = None, today: date | None = None
) -> int:
    """Look, and print.

    Returns:
        0 if nothing stands in the way; 1 if something is wrong, or could not be looked at; 2 if the configuration, the
        credentials or the file to write cannot be used.
    """
    options = _parser().parse_args(arguments)
    day = today or present_day()
    try:
        file = config_file(options.name, folder=options.folder)
        deployment = load(file, today=day, with_found=False).deployment
        if strange := [region for region in options.region if region not in deployment.regions]:
            return _stopped(f"--region {strange[0]}: is not one of regions, which are {', '.join(deployment.regions)}")
        recorded = _recorded(file, replaced=options.write)
        client_of = client_of or clients(options.profile)
        account = str(client_of("sts", deployment.home_region).get_caller_identity()["Account"])
        step = step_of(deployment, account=account, asked=options.step)
        examination = Examination(
            name=options.name,
            deployment=deployment.with_found(recorded) if recorded else deployment,
            account=account,
            client_of=client_of,
            filters=_filters(deployment),
            recorded=recorded,
            compares=not options.write,
        )
        if options.write:
            _write(examination, step=step, path=found_file(file), today=day)
        found = list(
            verdict_table.announced(examine(examination, step=step, regions=options.region), lambda check: check.region)
        )
    except (ConfigurationError, TooManyFiltersError, WrongAccountError, NotFoundOutError) as error:
        return _stopped(str(error))
    except (BotoCoreError, ClientError) as error:
        return _stopped(advised(error))
    except OSError as error:
        return _stopped(f"{found_file(file)}: cannot be written: {error.strerror}")
    if options.json:
        sys.stdout.write(json.dumps([_document(check) for check in found], indent=2, ensure_ascii=False) + "\n")
    else:
        show(found, of=f"{options.name}, account {account}, step {step}")
    return READY if passes(found) else NOT_READY


def _recorded(file: Path, *, replaced: bool) -> FoundAccount | None:
    """What the committed file says; one that cannot be read is no matter where it is replaced."""
    if not found_file(file).exists():
        return None
    try:
        return read_found(file)
    except ConfigurationError:
        if replaced:
            return None
        raise


def _filters(deployment: Deployment) -> list[str]:
    budget = deployment.egress_limits.maximum_filters
    return [one.name for one in plan_filters(deployment.egress, name_prefix=deployment.name_prefix, budget=budget)]


def _write(examination: Examination, *, step: Step, path: Path, today: date) -> None:
    if step != "security":
        raise WrongAccountError(f"--write needs credentials of {examination.deployment.account}, whose detectors count")
    found = look_around(examination, today=today)
    if not found.regions and examination.recorded is None:
        sys.stderr.write(f"{path}: not written: there is no detector and no graph in any Region, so nothing to keep\n")
        return
    written = write_found(path, found, before=examination.recorded)
    said = f"written, with {len(found.regions)} Regions: commit it" if written else "is as it was found again"
    sys.stderr.write(f"{path}: {said}\n")


def _document(check: Check) -> dict[str, str]:
    return asdict(check) | {"state": check.state.value}


def _stopped(why: str) -> int:
    sys.stderr.write(f"doctor: {why}\n")
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools doctor", description=__doc__)
    parser.add_argument("name", metavar="NAME", help="config/NAME.yaml, such as sandbox")
    parser.add_argument(
        "--step", choices=("security", "management"), help="whose part; default: as the credentials' account says"
    )
    parser.add_argument("--region", action="append", default=[], help="only this Region; may be given several times")
    parser.add_argument("--write", action="store_true", help="write config/found/NAME.json: detectors and graphs found")
    parser.add_argument("--profile", help="profile of the AWS CLI; default: as boto3 finds credentials")
    parser.add_argument("--json", action="store_true", help="every check, for another program")
    parser.add_argument("--folder", type=Path, default=PROJECT / "config", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
