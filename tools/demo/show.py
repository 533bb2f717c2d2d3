"""What the demo tells the person who runs it."""

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from infra.project import PROJECT
from tools.demo.acts import Act, Outcome, caller
from tools.demo.setting import Setting
from tools.emulator.deployed import Mail
from tools.messages.terminal import print_brief


class Show:
    """The words of the demo."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def opening(self, setting: Setting) -> None:
        """Say what is about to happen, and what is played."""
        self._console.print(Text("Detection stack: a demonstration without an AWS account", style="bold"))
        self._say(
            "The real CDK CLI deploys the unmodified app to an AWS that is emulated on 127.0.0.1. "
            "GuardDuty's own part, finding things and evaluating filters, is played by this project's code; "
            "everything after it is the deployed stack."
        )
        if setting.pretended:
            self._say(
                f"Every egress entry of config/{setting.deployment.name}.yaml has ended, so the demo pretends that "
                f"today is {setting.today.isoformat()} (-c today={setting.today.isoformat()}).",
                style="yellow",
            )
        self._console.print()

    def curtain(self, number: int, act: Act) -> None:
        """Announce an act."""
        self._console.print()
        self._console.print(Rule(f"{number}. {act.title} ({act.region})", align="left"))

    def outcome(self, outcome: Outcome) -> None:
        """Show what became of a finding."""
        if outcome.verdict.archived:
            self._say(f"Archived by the GuardDuty filter {outcome.verdict.archived_by}: {outcome.entry}.")
            self._say("GuardDuty sends no event for an archived finding." + self._silence(outcome))
        else:
            print_brief(outcome.brief, self._console)
            self._say("No filter archives it; GuardDuty put it on the Region's event bus.")
            self._say(f"Slack: {len(outcome.arrived.slack)} accepted. Mail: {len(outcome.arrived.mails)}.")
        if outcome.page is not None:
            self._say(f"As it looks in Slack and as e-mail: {_short(outcome.page)}")
        for difference in outcome.differences:
            self._say(f"NOT AS PROMISED: {difference}", style="bold red")

    def look_back(self, mail: Mail | None) -> None:
        """Show what the hourly review tells of the finding that was hidden."""
        self._console.print()
        self._console.print(Rule("And what do we not see? The hourly review of suppression", align="left"))
        if mail is None:
            self._say("NOT AS PROMISED: the review told nobody of the role that is hidden", style="bold red")
            return
        self._say("Nobody heard of the suppressed finding. The review listed it in GuardDuty and sent this mail:")
        self._console.print()
        self._console.print(Text(mail.subject, style="bold"))
        self._console.print(Text(mail.body))

    def closing(self, outcomes: Sequence[Outcome]) -> None:
        """Sum up: a table, and a line for each finding."""
        self._console.print()
        table = Table(
            title="What became of the three findings",
            title_justify="left",
            title_style="bold",
            box=box.SIMPLE_HEAD,
            padding=(0, 1, 0, 0),
            pad_edge=False,
        )
        for heading in ("", "finding", "severity", "found in", "used from", "Slack", "mail"):
            table.add_column(heading)
        for outcome in outcomes:
            table.add_row(
                Text(outcome.act.word, style="bold red" if outcome.differences else "bold green"),
                outcome.act.short,
                outcome.brief.severity_label,
                outcome.act.region,
                caller(outcome) or "-",
                str(len(outcome.arrived.slack) or "-"),
                str(len(outcome.arrived.mails) or "-"),
            )
        self._console.print(table)
        self._console.print()
        for outcome in outcomes:
            self._say(last_line(outcome), style="red" if outcome.differences else "")

    def failure(self, text: str) -> None:
        """Say why the demo could not go on."""
        self._say(text, style="bold red")

    @staticmethod
    def _silence(outcome: Outcome) -> str:
        sent = len(outcome.arrived.slack) + len(outcome.arrived.mails)
        return f" Yet {sent} messages arrived." if sent else " Nothing was sent: no Slack message, no mail."

    def _say(self, text: str, *, style: str = "") -> None:
        self._console.print(Text(text, style=style), soft_wrap=not self._console.is_terminal)


def last_line(outcome: Outcome) -> str:
    """A finding and what became of it, in one line that begins with the word for it."""
    start = f"{outcome.act.word + ':':<12}{outcome.brief.severity_label} {outcome.act.short}"
    if address := caller(outcome):
        start += f" from {address}"
    start += f" ({outcome.act.region})"
    if outcome.differences:
        return f"{start}: NOT AS PROMISED: {'; '.join(outcome.differences)}"
    match outcome.act.word:
        case "suppressed":
            return f"{start}: nothing was sent; archived by {outcome.verdict.archived_by}, {outcome.entry}"
        case "low":
            return f"{start}: mail by catch-all in {outcome.arrived.seconds:.1f} s, not Slack"
        case _:
            return f"{start}: Slack and mail in {outcome.arrived.seconds:.1f} s; {_short(outcome.page)}"


def _short(path: Path | None) -> str:
    return "" if path is None else str(path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path)
