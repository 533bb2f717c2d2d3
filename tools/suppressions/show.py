"""The ledger for people."""

from collections.abc import Iterator, Sequence
from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.config import Deployment, EgressEntry, FunctionTag, Scope, TrustedEntry
from infra.config.notices import RENEW_DAYS
from infra.suppression import MAX_FILTERS
from tools.suppressions.ledger import Line, filters_used

HEADINGS = (
    "entry", "owner", "ticket", "addresses", "types", "mode", "scope", "filters", "expires", "days left", "reason"
)  # fmt: skip
_FIRST = 3


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
    used = f"{filters_used(lines)} of {deployment.egress_limits.maximum_filters} GuardDuty filters in each Region"
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
    given = {name: value for name in Scope.model_fields if (value := getattr(scope, name))}
    return "; ".join(f"{_LABELS.get(name, name)} {_in_words(value)}" for name, value in given.items())


_LABELS = {"function_tag": "tag", "vpc_ids": "VPCs"}
"""Keys of a scope that people call otherwise; every other one is shown by its own name."""


def _in_words(value: object) -> str:
    if isinstance(value, FunctionTag):
        return f"{value.key}={value.value}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _style(line: Line) -> str:
    if line.expired or line.trusted:
        return "bold red" if line.trusted else "red"
    return "yellow" if line.days_left <= RENEW_DAYS else ""
