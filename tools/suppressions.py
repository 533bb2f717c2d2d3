"""`python -m tools suppressions`: every suppression, who answers for it, and how long it still counts."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.app import PROJECT
from infra.config import (
    ConfigurationError,
    Deployment,
    EgressEntry,
    LoadedDeployment,
    Scope,
    TrustedEntry,
    config_file,
    load,
)
from infra.config.notices import RENEW_DAYS
from infra.suppression import MAX_FILTERS, entry_costs
from tools.line_console import line_console

ALL_CURRENT = 0
SOME_EXPIRED = 1
WRONG_CONFIGURATION = 2

HEADINGS = (
    "entry", "owner", "ticket", "addresses", "types", "mode", "scope", "filters", "expires", "days left", "reason"
)  # fmt: skip
_FIRST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of the ledger: an egress entry, or one of the trusted list.

    Attributes:
        filters: GuardDuty filters it uses in every Region; none once it has expired, or if it is trusted.
        days_left: Days until its last day; negative once it has expired.
    """

    entry: EgressEntry | TrustedEntry
    filters: int
    days_left: int

    @property
    def trusted(self) -> bool:
        """Whether it hides every finding type and keeps nothing."""
        return isinstance(self.entry, TrustedEntry)

    @property
    def expired(self) -> bool:
        """Whether the entry counts no more."""
        return self.days_left < 0

    @property
    def addresses(self) -> int:
        """How many addresses it covers."""
        single = len(self.entry.ipv6_addresses) if isinstance(self.entry, EgressEntry) else 0
        return single + sum(cidr.num_addresses for cidr in self.entry.cidrs)


def ledger(loaded: LoadedDeployment, *, today: date) -> tuple[Line, ...]:
    """Every entry of a configuration: what hides everything at the top, then what ends first."""
    used = {cost.entry: cost.filters for cost in entry_costs(loaded.deployment.egress)}
    egress = (
        Line(entry=entry, filters=used.get(entry.name, 0), days_left=(entry.expires - today).days)
        for entry in (*loaded.expired, *loaded.deployment.egress)
    )
    trusted = (
        Line(entry=entry, filters=0, days_left=(entry.expires - today).days)
        for entry in (*loaded.expired_trust, *loaded.deployment.trusted_list)
    )
    return tuple(sorted([*egress, *trusted], key=lambda line: (not line.trusted, line.days_left, line.entry.name)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ledger of a configuration.

    Returns:
        0 if every entry counts, 1 if one has expired, 2 if the configuration is wrong.
    """
    options = _parser().parse_args(arguments)
    folder = Path(os.path.relpath(PROJECT / "config"))
    try:
        file = options.file or config_file(options.config, folder=folder)
        loaded = load(file, today=options.today, with_found=False)
        lines = ledger(loaded, today=options.today)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG_CONFIGURATION
    if options.json:
        content = as_json(lines, deployment=loaded.deployment, today=options.today)
        sys.stdout.write(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    else:
        show(lines, console=line_console(), deployment=loaded.deployment, today=options.today)
    return SOME_EXPIRED if any(line.expired for line in lines) else ALL_CURRENT


def as_json(lines: Sequence[Line], *, deployment: Deployment, today: date) -> dict[str, Any]:
    """The ledger for another program."""
    return {
        "deployment": deployment.name,
        "today": today.isoformat(),
        "filters_per_region": {
            "used": _total(lines),
            "budget": deployment.egress_limits.maximum_filters,
            "limit": MAX_FILTERS,
        },
        "entries": [
            _document(line)
            | {
                "ipv6_addresses": [str(address) for address in line.entry.ipv6_addresses],
                "finding_types": list(line.entry.finding_types),
                "mode": line.entry.mode,
                "scope": line.entry.scope and line.entry.scope.model_dump(mode="json"),
                "filters": line.filters,
            }
            for line in lines
            if isinstance(line.entry, EgressEntry)
        ],
        "trusted_list": [_document(line) | {"finding_types": "all"} for line in lines if line.trusted],
    }


def _document(line: Line) -> dict[str, Any]:
    """What both kinds of entries say."""
    entry = line.entry
    return {
        "name": entry.name,
        "owner": entry.owner,
        "ticket": entry.ticket,
        "reason": entry.reason,
        "cidrs": [str(cidr) for cidr in entry.cidrs],
        "addresses": line.addresses,
        "expires": entry.expires.isoformat(),
        "days_left": line.days_left,
        "expired": line.expired,
    }


def show(lines: Sequence[Line], *, console: Console, deployment: Deployment, today: date) -> None:
    """Print the ledger: a block for each entry on a terminal, which no line of it all would fit; one line in a pipe."""
    if not lines:
        console.print(f"{deployment.name}: nothing is suppressed", markup=False, highlight=False)
        return
    if console.is_terminal:
        _blocks(lines, console)
    else:
        table = Table(*HEADINGS, box=None, pad_edge=False, padding=(0, 1, 0, 0))
        for line in lines:
            table.add_row(*map(Text, _cells(line)))
        console.print(table)
        console.print()
    used = f"{_total(lines)} of {deployment.egress_limits.maximum_filters} GuardDuty filters in each Region"
    console.print(
        f"{deployment.name}, {today}: {used} (egress_limits.maximum_filters; a Region holds {MAX_FILTERS} in all)",
        highlight=False,
    )
    if blind := sum(line.addresses for line in lines if line.trusted and not line.expired):
        console.print(
            f"TRUSTED LIST: GuardDuty makes no finding of any type for {blind:,} address{'' if blind == 1 else 'es'},"
            " and keeps no trace of what it did not report",
            style="bold red",
            highlight=False,
        )


def _cells(line: Line) -> Iterator[str]:
    entry = line.entry
    yield from (entry.name, entry.owner, entry.ticket or "-", _addresses(line))
    match entry:
        case EgressEntry():
            yield ", ".join(entry.finding_types)
            yield entry.mode
            yield _scope(entry.scope)
            yield str(line.filters)
        case TrustedEntry():
            yield from ("EVERY TYPE", "trusted", "all", "-")
    yield entry.expires.isoformat()
    yield "expired" if line.expired else str(line.days_left)
    yield entry.reason


def _blocks(lines: Sequence[Line], console: Console) -> None:
    for line in lines:
        name, *cells = _cells(line)
        console.print(Text(name), style=f"bold {_style(line)}")
        block = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 2))
        block.add_column(no_wrap=True)
        block.add_column(overflow="fold")
        for heading, cell in zip(HEADINGS[1:], cells, strict=True):
            # A finding type a line, so that none is broken where two do not fit beside each other.
            block.add_row(heading, Text(cell.replace(", ", "\n") if heading == "types" else cell), style=_style(line))
        console.print(block)
        console.print()


def _addresses(line: Line) -> str:
    """How many, and the first networks of them."""
    entry = line.entry
    single = entry.ipv6_addresses if isinstance(entry, EgressEntry) else ()
    given = [*(str(cidr).removesuffix("/32") for cidr in entry.cidrs), *map(str, single)]
    more = f" and {len(given) - _FIRST} more" if len(given) > _FIRST else ""
    return f"{line.addresses:,}: {', '.join(given[:_FIRST])}{more}"


def _scope(scope: Scope | None) -> str:
    if scope is None:
        return "all"
    tag = scope.function_tag
    kept = {
        "accounts": scope.accounts,
        "functions": scope.functions,
        "tag": (f"{tag.key}={tag.value}",) if tag else (),
        "VPCs": scope.vpc_ids,
    }
    return "; ".join(f"{what} {', '.join(values)}" for what, values in kept.items() if values)


def _style(line: Line) -> str:
    if line.expired or line.trusted:
        return "bold red" if line.trusted else "red"
    return "yellow" if line.days_left <= RENEW_DAYS else ""


def _total(lines: Sequence[Line]) -> int:
    return sum(line.filters for line in lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools suppressions", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--config", metavar="NAME", default="sandbox", help="config/NAME.yaml (default: sandbox)")
    which.add_argument("--file", metavar="FILE", type=Path, help="a configuration file elsewhere")
    parser.add_argument(
        "--today", metavar="DATE", type=_day, default=datetime.now(UTC).date(), help="as of that day, 2026-11-23"
    )
    parser.add_argument("--json", action="store_true", help="for another program")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be a date such as 2026-11-23, got {text!r}") from error


if __name__ == "__main__":
    sys.exit(main())
