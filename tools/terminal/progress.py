"""What a command is doing at the moment, and for how long."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from rich import progress
from rich.console import Console


class Notes(list[str]):
    """What is added to the finished line of a step.

    Attributes:
        fine: False gives the line a cross; the step went on to its end, but not as it should.
    """

    fine: bool = True


class Progress:
    """One line for each step: with a spinner on a terminal, plain in a pipe.

    Args:
        console: Where; standard error, for a command whose result is on the other.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)

    @contextmanager
    def step(self, doing: str) -> Iterator[Notes]:
        """Show a step while the body runs; what the body appends to the list is added to the finished line."""
        started = time.monotonic()
        notes = Notes()
        try:
            with self._live(doing):
                yield notes
        except BaseException:
            self._say(f"✗ {doing}: stopped after {time.monotonic() - started:.1f} s", style="bold red")
            raise
        mark, style = ("✓", "green") if notes.fine else ("✗", "bold red")
        self._say(f"{mark} {': '.join([doing, *notes])} ({time.monotonic() - started:.1f} s)", style=style)

    def _live(self, doing: str) -> AbstractContextManager[object]:
        """The step while it lasts, with its seconds; in a pipe a line that it has begun."""
        if not self._console.is_terminal:
            self._say(f"  {doing} …")
            return nullcontext()
        spinner = progress.Progress(
            progress.SpinnerColumn(),
            progress.TextColumn("{task.description}", markup=False),
            progress.TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        spinner.add_task(doing, total=None)
        return spinner

    def _say(self, text: str, *, style: str = "") -> None:
        self._console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
