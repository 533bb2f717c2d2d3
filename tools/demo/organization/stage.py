"""The organization on the embedded AWS: its accounts, and the waves that are deployed to them."""

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app import build
from infra.app import App
from infra.config import Deployment
from tools.demo.organization.setting import Rollout
from tools.emulator.cdk_cli import CdkCli
from tools.emulator.deployed import wait_until
from tools.emulator.process import Emulator
from tools.live.verdict import State, counted, passes
from tools.matching.deployed_filters import deployed_filters
from tools.selftest.heartbeat import HeartbeatTest
from tools.selftest.hop import Hop
from tools.templates.assembly import Assembly, read_assembly
from tools.terminal.progress import Progress
from tools.verify.check import Check
from tools.verify.run import verify
from tools.waves import Wave, detecting

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

ACTIVE_WITHIN = 20.0
"""Seconds after which a function is taken as it is, and `verify` says what that is."""


ARRIVES_WITHIN = 60.0
"""Seconds that a heartbeat may take; it takes a few on a busy machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Who is seen in one Region.

    Attributes:
        administrator: GuardDuty's administrator; None if there is none.
        members: Accounts whose GuardDuty the administrator sees.
        enrols: Whom GuardDuty enrols by itself, in its own word.
        detective: Members of the graph; None where the Region has no Detective.
    """

    region: str
    administrator: str | None
    members: tuple[str, ...]
    enrols: str
    detective: tuple[str, ...] | None


class OrganizationStage:
    """Where the rollout takes place."""

    def __init__(self, aws: Emulator, setting: Rollout, progress: Progress, *, folder: Path) -> None:
        self._aws = aws
        self._setting = setting
        self._progress = progress
        self._folder = folder
        self._cli = {
            account: CdkCli(
                environment=aws.environment(account=account),
                log=folder / "cdk.log",
                outdir=folder / "unused",
                context={},
            )
            for account in (setting.security, setting.management)
        }

    def prepare(self) -> None:
        """What stands before the first deployment: the organization, bootstrapped accounts, the secrets."""
        setting, home = self._setting, self._setting.before.home_region
        self._aws.found_organization(management=setting.management, accounts=setting.accounts)
        for destination in setting.before.destinations:
            if destination.kind == "slack":
                self._aws.client("secretsmanager", home).create_secret(
                    Name=destination.webhook_secret, SecretString=self._aws.slack.secret
                )
        where = {setting.security: setting.before.regions, setting.management: (home,)}
        for account, regions in where.items():
            with self._progress.step(f"cdk bootstrap, account {account} in {', '.join(regions)}"):
                self._cli[account].run("bootstrap", *(f"aws://{account}/{region}" for region in regions), "--app", "")

    def synthesize(self, deployment: Deployment, name: str) -> tuple[Assembly, tuple[str, ...]]:
        """Make the templates, once for all accounts; with what the build says beside them."""
        outdir = self._folder / name
        with self._progress.step(f"python app.py, once for every account, into {name}") as notes:
            app = App(outdir=str(outdir))
            build(app, deployment)
            said = io.StringIO()
            with contextlib.redirect_stderr(said):
                app.write()
            assembly = read_assembly(outdir)
            notes.append(f"{len(assembly.stacks)} stacks")
        return assembly, tuple(said.getvalue().splitlines())

    def deploy(self, assembly: Assembly, wave: Wave) -> tuple[Check, ...]:
        """Deploy one wave with the credentials of its account, and look whether it is live as declared.

        What `make deploy-wave` does.
        """
        names = [stack.name for stack in wave.stacks]
        with self._progress.step(f"wave {wave.name}, account {wave.account}") as notes:
            self._cli[wave.account].run(
                *("deploy", *names, "--exclusively", "--require-approval", "never"),
                *("--concurrency", "4", "--asset-parallelism", "--app", str(assembly.folder)),
            )
            self._wait_for_functions(wave)
            checks = self.verify(assembly, wave)
            notes.append(f"{', '.join(names)}; verified, {summed_up(checks)}")
        return checks

    def verify(self, assembly: Assembly, wave: Wave) -> tuple[Check, ...]:
        """Compare what is live with the templates, as `python -m tools verify` does."""
        client_of = partial(self._aws.any_client, account=wave.account)
        return tuple(verify(assembly, client_of=client_of, stacks_named=[stack.name for stack in wave.stacks]))

    def prove(self, deployment: Deployment, wave: Wave) -> tuple[Hop, ...]:
        """Send a heartbeat from each Region that the wave brings, and follow it to every notifier.

        What `make prove-wave` does.
        """
        regions = detecting(wave)
        if not regions:
            return ()
        client_of = partial(self._aws.any_client, account=wave.account)
        test = HeartbeatTest(deployment=deployment, client_of=client_of, regions=regions, within=ARRIVES_WITHIN)
        with self._progress.step(f"wave {wave.name}, a heartbeat from {', '.join(regions)}") as notes:
            test.send()
            test.wait()
            hops = tuple(test.hops())
            notes.append(f"{counted(hops)}")
            notes.fine = passes(hops)
        return hops

    def _wait_for_functions(self, wave: Wave) -> None:
        """Wait until functions are active, as CloudFormation does on AWS before it calls a stack complete."""
        for region in {stack.region for stack in wave.stacks}:
            client = self._aws.any_client("lambda", region, account=wave.account)

            def active(client: "LambdaClient" = client) -> bool:
                return all(one.get("State") == "Active" for one in client.list_functions()["Functions"])

            wait_until(active, within=ACTIVE_WITHIN)

    def modes(self) -> dict[str, tuple[str, ...]]:
        """What the filters of each Region do with a finding, as GuardDuty's API says."""
        return {
            region: tuple(sorted({one.action for one in deployed_filters(self._aws.client("guardduty", region))}))
            for region in self._setting.before.regions
        }

    def coverage(self) -> tuple[Coverage, ...]:
        """Who is seen in each Region, read from GuardDuty and Detective."""
        return tuple(self._covered(region) for region in self._setting.before.regions)

    def _covered(self, region: str) -> Coverage:
        guardduty, detective = self._aws.client("guardduty", region), self._aws.any_client("detective", region)
        as_management = self._aws.any_client("guardduty", region, account=self._setting.management)
        administrators = as_management.list_organization_admin_accounts()["AdminAccounts"]
        (detector,) = guardduty.list_detectors()["DetectorIds"]
        graphs = detective.list_graphs()["GraphList"]
        return Coverage(
            region=region,
            administrator=next((one["AdminAccountId"] for one in administrators), None),
            members=tuple(one["AccountId"] for one in guardduty.list_members(DetectorId=detector)["Members"]),
            enrols=guardduty.describe_organization_configuration(DetectorId=detector)["AutoEnableOrganizationMembers"],
            detective=tuple(
                one["AccountId"] for one in detective.list_members(GraphArn=graphs[0]["Arn"])["MemberDetails"]
            )
            if graphs
            else None,
        )


def summed_up(checks: Sequence[Check]) -> str:
    """How many checks there were, and how many of each outcome."""
    counts = ", ".join(f"{sum(check.state is state for check in checks)} {state.value}" for state in State)
    return f"{len(checks)} checks, {counts}"
