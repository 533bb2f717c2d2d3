"""What the rollout tells the person who runs it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from tools.demo.organization.setting import Rollout
from tools.demo.organization.stage import Coverage

_MEANING = {"ARCHIVE": "hides (ARCHIVE)", "NOOP": "counts only (NOOP)"}


class RolloutShow:
    """The words of the rollout."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def opening(self, setting: Rollout) -> None:
        """Say what is about to happen, what is played, and what is not there."""
        self._console.print(Text("Detection stack: an organization, rolled out without an AWS account", style="bold"))
        self.say(
            "The real CDK CLI deploys the stacks of config/organization.yaml, in three Regions, to an AWS that is "
            "emulated on 127.0.0.1. The deployed functions delegate and enrol. What they call (Organizations, the "
            "organization's part of GuardDuty and Detective) is played by this project's code, by the rules that AWS "
            "documents."
        )
        self.say(
            "Not there, so not shown: permissions are not enforced while stacks are deployed; service control "
            "policies, Regions that an account did not enable, volumes and quotas of Detective; and nothing takes as "
            "long as on AWS."
        )
        if setting.pretended:
            self.say(
                f"Every egress entry of config/organization.yaml has ended, so the demo pretends that today is "
                f"{setting.today.isoformat()}.",
                style="yellow",
            )
        self._console.print()
        parts = {setting.management: "appoints", setting.security: "administers; everything else is deployed there"}
        for id_, name in setting.accounts.items():
            self.say(f"  {id_}  {name:<14} {parts.get(id_, 'is enrolled; nothing is deployed there')}")
        self._console.print()

    def curtain(self, number: int, title: str) -> None:
        """Announce a part."""
        self._console.print()
        self._console.print(Rule(f"{number}. {title}", align="left"))

    def notes(self, notes: Sequence[str]) -> None:
        """Show what the build says beside its templates."""
        for note in notes:
            self.say(f"  {note}", style="dim")

    def command(self, *words: str) -> None:
        """Show a command of the desk whose output follows."""
        self.say(f"$ python -m tools {' '.join(words)}", style="bold")

    def coverage(self, rows: Sequence[Coverage]) -> None:
        """Who is seen where."""
        table = _table("Region", "administrator", "GuardDuty's members", "enrols", "Detective's members")
        for row in rows:
            graph = "not offered there" if row.detective is None else str(len(row.detective))
            table.add_row(row.region, row.administrator or "nobody", str(len(row.members)), row.enrols, graph)
        self._console.print(table)

    def modes(self, modes: Mapping[str, Sequence[str]]) -> None:
        """What the filters of each Region do."""
        table = _table("Region", "its filters, read back from GuardDuty")
        for region, actions in modes.items():
            table.add_row(region, ", ".join(_MEANING.get(action, action) for action in actions) or "none")
        self._console.print(table)

    def change(self, lines: Sequence[str]) -> None:
        """Show what changes in the file."""
        for line in lines:
            self.say(f"  {line}", style={"+": "green", "-": "red"}.get(line[:1], ""))

    def closing(self, lines: Sequence[str], differences: Sequence[str]) -> None:
        """Sum up: a line for each part, and what was not as promised."""
        self._console.print()
        for difference in differences:
            self.say(f"NOT AS PROMISED: {difference}", style="bold red")
        for line in lines:
            self.say(line, style="red" if differences else "")

    def say(self, text: str, *, style: str = "") -> None:
        """Say something; in a pipe a line stays a line."""
        self._console.print(Text(text, style=style), soft_wrap=not self._console.is_terminal)


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    return table


def short(path: Path, project: Path) -> str:
    """A path as one would type it."""
    return str(path.relative_to(project) if path.is_relative_to(project) else path)
