"""Deploys the stack to an embedded AWS and shows what becomes of three findings."""

import shutil
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from infra.config import ConfigurationError
from infra.project import PROJECT
from tools.demo.acts import acts_of, play
from tools.demo.console import console
from tools.demo.setting import UnsuitableConfigurationError, setting
from tools.demo.show import Show
from tools.demo.stage import Stage
from tools.emulator.cdk_cli import CdkError
from tools.emulator.process import Emulator
from tools.emulator.running import EmulatorError
from tools.matching.guardduty_filters import UnverifiedFilterError
from tools.terminal.progress import Progress
from tools.terminal.today import present_day

FOLDER = PROJECT / "build" / "demo"


def main(*, folder: Path = FOLDER) -> int:
    """Run the demo; 0 if everything became of the findings that was promised, 1 if not.

    Args:
        folder: Where logs, templates and pages go; emptied first.
    """
    screen = console()
    show = Show(screen)
    try:
        return _run(screen, show, folder=folder)
    except (ConfigurationError, UnsuitableConfigurationError, EmulatorError, CdkError, UnverifiedFilterError) as error:
        show.failure(str(error))
        return 1


def _run(screen: Console, show: Show, *, folder: Path) -> int:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chosen = setting(today=present_day())
    show.opening(chosen)
    progress = Progress(screen)
    outcomes = []
    with ExitStack() as running:
        with progress.step("embedded AWS started on 127.0.0.1"):
            aws = running.enter_context(Emulator(account=chosen.account, log=folder / "emulator.log"))
        stage = Stage(aws, chosen, progress, folder=folder)
        stage.prepare()
        for number, act in enumerate(acts_of(chosen), start=1):
            show.curtain(number, act)
            outcomes.append(play(act, stage, chosen, folder=folder))
            show.outcome(outcomes[-1])
        show.look_back(found := stage.look_back())
    show.closing(outcomes)
    return int(found is None or any(outcome.differences for outcome in outcomes))
