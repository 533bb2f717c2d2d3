"""What was looked at, for a person: a table, and the commands that mend what is wrong."""

import sys
from collections.abc import Sequence

from tools.doctor.check import Check
from tools.live.verdict import counted
from tools.terminal import verdict_table


def show(checks: Sequence[Check], *, of: str) -> None:
    """Print what was found and what the deployment would do, then the commands that mend what is wrong."""
    verdict_table.show(
        ("region", "what", "which", "found"),
        ((check.state, (check.region, check.area, check.subject, check.detail)) for check in checks),
        summary=f"{of}: {len(checks)} checks: {counted(checks)}",
    )
    if fixes := list(dict.fromkeys(check.fix for check in checks if check.fix)):
        sys.stdout.write("\nto mend it, look at each and run:\n" + "".join(f"  {fix}\n" for fix in fixes))
