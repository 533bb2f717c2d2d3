"""docs/explain.md: what `explain` and `routes` print for the deployments that come with the project."""

import io
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout

from infra.project import PROJECT
from tools.explain.__main__ import main as explain
from tools.routes.__main__ import main as routes
from tools.terminal.generated_file import keep_current

PAGE = PROJECT / "docs" / "explain.md"

DAY = "2026-11-23"
"""The page is that of one day: entries end."""

EXAMPLE = "docs/examples/findings/leaked-lambda-credentials-from-egress.json"
DEPLOYMENTS = ("sandbox", "organization")
MARK = "<!-- routes: written by `make generate` -->\n"


def current_page() -> str:
    """The page as it should be: its own words, with what the commands print now."""
    page = PAGE.read_text(encoding="utf-8")
    shown = _printed(explain, [str(PROJECT / EXAMPLE), "--deployment", "sandbox", "--today", DAY])
    page = re.sub(
        r"(```text\n).*?(```\n)", lambda found: f"{found[1]}{shown}{found[2]}", page, count=1, flags=re.DOTALL
    )
    words, mark, _ = page.partition(MARK)
    if not mark:
        raise ValueError(f"docs/explain.md: has no line {MARK.strip()!r}, after which the tables begin; put it back")
    tables = (_printed(routes, [name, "--today", DAY, "--format", "markdown"]) for name in DEPLOYMENTS)
    return f"{words}{mark}\n" + "\n".join(tables)


def _printed(command: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> str:
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(io.StringIO()) as told:
        code = command(arguments)
    if code:
        raise ValueError(f"docs/explain.md: {' '.join(arguments)} ended with {code}: {told.getvalue().strip()}")
    return said.getvalue()


def main(arguments: Sequence[str]) -> int:
    """Print the page, write it to its file, or tell whether the file is current."""
    return keep_current(
        arguments,
        command="python -m tools.explain.page",
        about=main.__doc__,
        file=PAGE,
        name="docs/explain.md",
        text=current_page,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
