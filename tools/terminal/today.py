"""The option `--today`: as of which day a command speaks."""

import argparse
from datetime import UTC, date, datetime


def add_today(parser: argparse.ArgumentParser) -> None:
    """Add it; None where it is not given (see `present_day`)."""
    parser.add_argument("--today", metavar="DATE", type=day, help="as of that day, 2026-11-23; left out, today")


def present_day() -> date:
    """Today, in UTC."""
    return datetime.now(UTC).date()


def day(text: str) -> date:
    """A date of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be a date such as 2026-11-23, got {text!r}") from error
