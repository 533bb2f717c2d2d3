"""A table of routes for the terminal, for a page in Markdown, and for one in HTML."""

from collections.abc import Iterator, Sequence
from html import escape

from rich.console import Console
from rich.table import Table

from tools.routes.samples import BANDS, Severity
from tools.routes.table import Family, RouteTable, Row
from tools.templates.wording import counted, markdown, plain, quoted

HEADINGS = ("severity", "finding types", "account", "told")
NOBODY = "NOBODY"
_FEW = 6
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem;max-width:70rem}table{border-collapse:collapse}"
    "td,th{border:1px solid #bbb;padding:.3rem .6rem;text-align:left;vertical-align:top}tr.nobody{background:#fdd}"
)


def show(tables: Sequence[RouteTable], *, name: str, console: Console) -> None:
    """Print the tables, with what is unrouted in red."""
    for one in tables:
        console.print(f"{name} in {_regions(one)}", markup=False, highlight=False, style="bold")
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for heading in HEADINGS:
            table.add_column(heading, overflow="fold")
        for row in one.rows:
            table.add_row(
                *(plain(cell).replace("[", r"\[") for cell in _cells(row)), style="" if row.told else "bold red"
            )
        console.print(table)
        for note in notes(one):
            console.print(plain(note), markup=False, highlight=False)
        console.print()


def as_markdown(tables: Sequence[RouteTable], *, name: str) -> str:
    """The tables as a part of a page."""
    parts = []
    for one in tables:
        rows = ["| " + " | ".join(HEADINGS) + " |", "| " + " | ".join("---" for _ in HEADINGS) + " |"]
        for row in one.rows:
            cells = (markdown(cell).replace("|", r"\|") for cell in _cells(row))
            rows.append("| " + " | ".join(f"**{cell}**" if cell == NOBODY else cell for cell in cells) + " |")
        said = "".join(f"\n{markdown(note)}\n" for note in notes(one))
        parts.append(f"## {name} in {_regions(one)}\n\n" + "\n".join(rows) + f"\n{said}")
    return "\n".join(parts)


def as_html(tables: Sequence[RouteTable], *, name: str) -> str:
    """The tables as a whole page that loads nothing."""
    body = []
    for one in tables:
        head = "".join(f"<th>{escape(heading)}</th>" for heading in HEADINGS)
        rows = "".join(_html_row(row) for row in one.rows)
        said = "".join(f"<p>{escape(plain(note))}</p>" for note in notes(one))
        body.append(f"<h2>{escape(_regions(one))}</h2><table><tr>{head}</tr>{rows}</table>{said}")
    title = escape(f"Who is told of what: {name}")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>{''.join(body)}</body></html>\n"
    )


def notes(table: RouteTable) -> Iterator[str]:
    """What the rows do not say."""
    if table.unrouted:
        yield f"UNROUTED: of {counted(len(table.unrouted), 'kind')} of findings nobody is told"
    for rule in table.aside:
        yield f"Not in this table: {rule}. Ask about a finding with explain."


def severity_words(run: Sequence[Severity]) -> str:
    """A run of severities in words, with the names of its bands."""
    first, last = run[0], run[-1]
    if not first.is_number:
        return "no number" if len(run) > 1 else f"no number: {first.value!r}"
    labels = [label for low, high, label in BANDS if any(_inside(one, low, high, last=label) for one in run)]
    return _range(first, last) + (f" ({', '.join(labels)})" if labels and len(labels) < len(BANDS) else "")


def _range(first: Severity, last: Severity) -> str:
    exact = first.low == first.high
    start = "" if first.low is None else f"{'' if exact else 'over '}{_number(first.low)}"
    if last.high is None:
        return f"{start} and over" if exact else start or "every number"
    closed = last.low == last.high
    if first is last and closed:
        return f"exactly {_number(last.high)}"
    end = _number(last.high) if closed else f"under {_number(last.high)}"
    if not start:
        return f"up to {end}" if closed else end
    return f"{start} to {end}"


def _number(value: float) -> str:
    """Every digit: a threshold that is shown rounded is another one."""
    return repr(value).removesuffix(".0")


def _inside(one: Severity, low: float, high: float, *, last: str) -> bool:
    value = one.value
    return isinstance(value, float) and (low <= value < high or (value == high and last == BANDS[-1][2]))


def _regions(table: RouteTable) -> str:
    few = len(table.regions) <= _FEW
    return ", ".join(table.regions) if few else f"{len(table.regions)} Regions"


def _cells(row: Row) -> tuple[str, str, str, str]:
    accounts = ", ".join(one if one.startswith("every") else quoted(one) for one in row.accounts)
    told = ", ".join(map(quoted, row.told))
    return severity_words(row.severities), _family(row.family), accounts or "every account", told or NOBODY


def _family(family: Family) -> str:
    if family.asked:
        number = f"{len(family.known)} known today" if family.known else "none known today"
        return f"{' and '.join(map(quoted, family.asked))} ({number})"
    return "every type" if family.alone else "every other type"


def _html_row(row: Row) -> str:
    cells = "".join(f"<td>{escape(plain(cell))}</td>" for cell in _cells(row))
    return f"<tr>{cells}</tr>" if row.told else f'<tr class="nobody">{cells}</tr>'
