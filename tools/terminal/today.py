"""The option `--today`: as of which day a command speaks."""

import argparse
from datetime import UTC, date, datetime


def add_today(parser: argparse.ArgumentParser) -> None:
    """Add it; without it, today in UTC."""
    parser.add_argument(
        "--today", metavar="DATE", type=day, default=datetime.now(UTC).date(), help="as of that day, 2026-11-23"
    )


def day(text: str) -> date:
    """A date of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be a date such as 2026-11-23, got {text!r}") from error
