"""Where the demos write."""

import io
import sys

from rich.console import Console


def console() -> Console:
    """The terminal or pipe that this runs in."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that knows ASCII only shows question marks rather than a traceback.
        sys.stdout.reconfigure(errors="replace")
    return Console(highlight=False)
