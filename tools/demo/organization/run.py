"""Deploys an organization to an embedded AWS, changes one egress entry, and rolls the change out by waves."""

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from infra.app import RulesBrokenError
from infra.config import ConfigurationError, Deployment
from infra.project import PROJECT
from tools.changes.__main__ import main as changes
from tools.demo.console import console
from tools.demo.organization.setting import Rollout, rollout
from tools.demo.organization.show import RolloutShow, short
from tools.demo.organization.stage import Coverage, OrganizationStage, summed_up
from tools.demo.setting import UnsuitableConfigurationError
from tools.emulator.cdk_cli import CdkError
from tools.emulator.process import Emulator
from tools.emulator.running import EmulatorError
from tools.live.verdict import State, passes
from tools.selftest.hop import Hop
from tools.templates.assembly import Assembly, AssemblyError
from tools.terminal.progress import Progress
from tools.terminal.today import present_day
from tools.verify.check import Check
from tools.waves import Wave, waves
from tools.waves import main as show_waves

FOLDER = PROJECT / "build" / "demo-organization"

OBSERVES, ENFORCES = ("NOOP",), ("ARCHIVE",)


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was seen on the way.

    Attributes:
        differences: What is not as promised; empty if all went well.
        checks: Everything that `verify` looked at, in the order of the waves.
        hops: Everywhere that heartbeats came through, or did not.
    """

    differences: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    hops: list[Hop] = field(default_factory=list)

    def verified(self, wave: str, checks: Sequence[Check]) -> bool:
        """Keep the checks of a wave; whether the next wave may go."""
        self.checks += checks
        if passes(checks) and checks:
            return True
        self.differences += [
            f"wave {wave}: {one.state.value}: {one.stack}, {one.area}, {one.subject}: {one.detail}"
            for one in checks
            if one.state is not State.OK
        ] or [f"wave {wave}: nothing could be verified"]
        return False

    def proved(self, wave: str, hops: Sequence[Hop]) -> bool:
        """Keep where heartbeats went; whether the next wave may go."""
        self.hops += hops
        self.differences += [
            f"wave {wave}: {one.state.value}: heartbeat from {one.region}, {one.leg.value}, {one.subject}: {one.detail}"
            for one in hops
            if one.state is not State.OK
        ]
        return passes(hops)


def main(*, folder: Path = FOLDER) -> int:
    """Run the demo; 0 if everything became as promised, 1 if not.

    Args:
        folder: Where logs, configurations and templates go; emptied first.
    """
    screen = console()
    show = RolloutShow(screen)
    try:
        return _run(screen, show, folder=folder)
    except (
        AssemblyError,
        CdkError,
        ConfigurationError,
        EmulatorError,
        RulesBrokenError,
        UnsuitableConfigurationError,
    ) as error:
        show.say(str(error), style="bold red")
        return 1


def _run(screen: Console, show: RolloutShow, *, folder: Path) -> int:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    setting = rollout(today=present_day(), folder=folder)
    show.opening(setting)
    progress, seen = Progress(screen), Seen()
    with ExitStack() as running:
        with progress.step("embedded AWS started on 127.0.0.1"):
            aws = running.enter_context(Emulator(account=setting.security, log=folder / "emulator.log"))
        stage = OrganizationStage(aws, setting, progress, folder=folder)
        stage.prepare()

        show.curtain(1, "The first deployment, wave by wave")
        before, notes = stage.synthesize(setting.before, "before")
        show.notes(notes)
        _waves(show, stage, seen, before, setting.before)
        coverage = stage.coverage()
        show.coverage(coverage)
        seen.differences += uncovered(coverage, setting)

        show.curtain(2, f"One egress entry changes: {setting.entry}")
        show.change(setting.change)
        after, _ = stage.synthesize(setting.after, "after")
        show.command("changes", *(short(folder / name, PROJECT) for name in ("before", "after")))
        changes([str(before.folder), str(after.folder)])

        show.curtain(3, "The change goes to one Region first")
        same = [name for name, stack in after.stacks.items() if stack == before.stacks[name]]
        show.say(f"Nothing changes in {', '.join(same)}: not deployed again.")
        _canary_first(show, stage, seen, after, setting.after)
    show.closing(_last_lines(setting, before, coverage, seen), seen.differences)
    return int(bool(seen.differences))


def _go(stage: OrganizationStage, seen: Seen, assembly: Assembly, wave: Wave, deployment: Deployment) -> bool:
    """Deploy a wave, look whether it is as declared, and send a heartbeat through it; whether the next may go."""
    return seen.verified(wave.name, stage.deploy(assembly, wave)) and seen.proved(
        wave.name, stage.prove(deployment, wave)
    )


def _waves(show: RolloutShow, stage: OrganizationStage, seen: Seen, assembly: Assembly, deployment: Deployment) -> None:
    show.command("waves", "--app", short(assembly.folder, PROJECT))
    show_waves(["--app", str(assembly.folder)])
    for wave in waves(assembly):
        if not _go(stage, seen, assembly, wave, deployment):
            return


def _canary_first(
    show: RolloutShow, stage: OrganizationStage, seen: Seen, assembly: Assembly, deployment: Deployment
) -> None:
    plan = waves(assembly)
    canary = next(stack.region for wave in plan if wave.name == "canary" for stack in wave.stacks)
    for wave in plan[: [wave.name for wave in plan].index("rest") + 1]:
        if not _go(stage, seen, assembly, wave, deployment):
            return
        modes = stage.modes()
        if wave.name != "home":
            show.modes(modes)
        enforcing = {"home": set(), "canary": {canary}, "rest": set(modes)}[wave.name]
        seen.differences += [
            f"after wave {wave.name} the filters of {region} are {', '.join(actions)}"
            for region, actions in modes.items()
            if actions != (ENFORCES if region in enforcing else OBSERVES)
        ]


def uncovered(coverage: Sequence[Coverage], setting: Rollout) -> list[str]:
    """What is not as the configuration promises of the accounts, each as a clause."""
    members = tuple(sorted(set(setting.accounts) - {setting.security}))
    graphs = setting.before.detective_regions()
    found = []
    for one in coverage:
        if one.administrator != setting.security:
            found.append(f"{one.region}: the administrator is {one.administrator}, not {setting.security}")
        if tuple(sorted(one.members)) != members or one.enrols != "ALL":
            found.append(f"{one.region}: GuardDuty's members are {one.members}, and it enrols {one.enrols}")
        if (None if one.detective is None else tuple(sorted(one.detective))) != (
            members if one.region in graphs else None
        ):
            found.append(f"{one.region}: Detective's members are {one.detective}")
    return found


def _last_lines(setting: Rollout, before: Assembly, coverage: Sequence[Coverage], seen: Seen) -> list[str]:
    if seen.differences:
        return [f"stopped:    {summed_up(seen.checks)}; the logs are in the folder of the templates"]
    regions = setting.before.regions
    graphs = [one.region for one in coverage if one.detective is not None]
    return [
        f"deployed:   {len(before.stacks)} stacks in 2 accounts and {len(regions)} Regions",
        f"covered:    {len(setting.accounts) - 1} accounts by {setting.security}, GuardDuty in {len(coverage)} Regions"
        f", Detective in {len(graphs)}",
        f"changed:    {setting.entry} from observe to enforce, {setting.before.home_region} first, then "
        f"{', '.join(region for region in regions if region != setting.before.home_region)}",
        f"verified:   {summed_up(seen.checks)}",
        f"proved:     {len(seen.hops)} legs of the way of heartbeats from "
        f"{', '.join(dict.fromkeys(one.region for one in seen.hops))}, to every notifier",
    ]
