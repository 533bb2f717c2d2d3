"""`python -m tools selftest NAME`: a heartbeat from every Region, followed to every destination's notifier."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import ConfigurationError, Deployment, config_file, load
from infra.project import PROJECT
from tools.live.clients import ClientOf, WrongAccountError, clients
from tools.live.refusal import advised
from tools.live.verdict import counted
from tools.selftest.heartbeat import HeartbeatTest
from tools.selftest.hop import Hop, passes
from tools.selftest.sample import HEADLINE, SampleTest
from tools.terminal import verdict_table
from tools.terminal.progress import Progress
from tools.terminal.today import present_day

ARRIVED = 0
NOT_ARRIVED = 1
BAD_INPUT = 2


def main(
    arguments: Sequence[str] | None = None,
    *,
    client_of: ClientOf | None = None,
    deployment: Deployment | None = None,
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.time,
) -> int:
    """Send, wait, and print how far everything came.

    Returns:
        0 if everything arrived; 1 if something did not, or nobody could tell; 2 if the configuration or the credentials
        cannot be used.
    """
    options = _parser().parse_args(arguments)
    try:
        chosen = deployment or _deployment(options)
        regions = _regions(chosen, options.region)
        found_clients = client_of or clients(options.profile)
        # Asked before anything is sent: without credentials nothing would be, in any Region.
        _of_its_account(found_clients("sts", chosen.home_region).get_caller_identity()["Account"], chosen)
    except (ConfigurationError, ValueError, WrongAccountError) as error:
        sys.stderr.write(f"selftest: {error}\n")
        return BAD_INPUT
    except (BotoCoreError, ClientError) as error:
        sys.stderr.write(f"selftest: {advised(error)}\n")
        return BAD_INPUT
    progress = Progress()
    test = HeartbeatTest(
        deployment=chosen, client_of=found_clients, regions=regions, within=options.within, pause=pause, clock=clock
    )
    with progress.step(f"heartbeat put on the default bus of {', '.join(regions)}") as notes:
        test.send()
        if test.sent < len(regions):
            notes.append(f"{test.sent} of {len(regions)} sent")
            notes.fine = False
    if test.sent:
        with progress.step("the notifiers' logs") as notes:
            count = [0, 0]

            def seen(arrived: int, expected: int) -> None:
                count[:] = arrived, expected

            test.wait(seen)
            notes.append(f"{count[0]} of {count[1]} arrived")
            notes.fine = count[0] >= count[1]
    hops = list(test.hops())
    if options.sample:
        with progress.step(f"sample finding {HEADLINE}") as notes:
            sample = SampleTest(
                deployment=chosen,
                client_of=found_clients,
                regions=regions,
                within=max(options.within, SAMPLE_SECONDS),
                pause=pause,
                clock=clock,
            )
            followed = list(sample.follow())
            notes.fine = passes(followed)
            hops += followed
    if options.json:
        sys.stdout.write(json.dumps([_document(hop) for hop in hops], indent=2, ensure_ascii=False) + "\n")
    else:
        show(hops)
    return ARRIVED if passes(hops) else NOT_ARRIVED


SAMPLE_SECONDS = 600.0
"""How long a sample finding is waited for at least; GuardDuty takes its time, and says nothing of how long."""


def show(hops: Sequence[Hop]) -> None:
    """Print every leg of the way, and a line that sums up."""
    verdict_table.show(
        ("from", "leg", "which", "found"),
        ((hop.state, (hop.region, hop.leg.value, hop.subject, hop.detail)) for hop in hops),
        summary=f"{len(hops)} legs: {counted(hops)}. "
        "Not tested by a heartbeat: GuardDuty's own detection, and what a destination does with a message",
    )


def _of_its_account(account: str, deployment: Deployment) -> None:
    """Refuse credentials of elsewhere: another account's bus would take a heartbeat that nobody then sees arrive."""
    if deployment.account not in {None, account}:
        raise WrongAccountError(
            f"{deployment.name} is in account {deployment.account}, the credentials are of {account}; set AWS_PROFILE, "
            "or give --profile"
        )


def _deployment(options: argparse.Namespace) -> Deployment:
    return load(config_file(options.name, folder=options.folder), today=present_day()).deployment


def _regions(deployment: Deployment, asked: Sequence[str]) -> tuple[str, ...]:
    if unknown := [name for name in asked if name not in deployment.regions]:
        known = ", ".join(deployment.regions)
        raise ValueError(f"--region: {unknown[0]!r} is not a Region of {deployment.name}; its Regions: {known}")
    return tuple(name for name in deployment.regions if not asked or name in asked)


def _document(hop: Hop) -> dict[str, str]:
    return {
        "state": hop.state.value,
        "region": hop.region,
        "leg": hop.leg.value,
        "subject": hop.subject,
        "detail": hop.detail,
    }


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 3600:  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"must be 1 to 3600 seconds, got {text!r}")
    return seconds


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools selftest", description=__doc__)
    parser.add_argument("name", metavar="NAME", help="config/NAME.yaml, such as sandbox")
    parser.add_argument(
        "--region", action="append", default=[], help="only from this Region; may be given several times"
    )
    parser.add_argument("--within", type=_seconds, default=120.0, help="seconds to wait (default 120)")
    parser.add_argument(
        "--sample",
        action="store_true",
        help="also ask GuardDuty for a sample finding of the headline type; destinations but PagerDuty are sent it",
    )
    parser.add_argument("--profile", help="profile of the AWS CLI; default: as boto3 finds credentials")
    parser.add_argument("--json", action="store_true", help="every leg, for another program")
    parser.add_argument("--folder", type=Path, default=PROJECT / "config", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
