"""The counted part of docs/cost.md: worked examples from the templates, and the prices."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tools.cost.prices import BY_USE, DATE, DETECTIVE, MANAGEMENT_EVENTS, NETWORK_LOGS, REGION, STANDING, Price
from tools.cost.standing import Charge, standing
from tools.templates.assembly import Assembly

BEGIN = "<!-- counted: written by `python -m tools cost --write` -->"
END = "<!-- counted: end -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A worked example; the volumes are assumptions, all Regions and accounts together, in a month.

    Attributes:
        opt_in: With the Regions that have to be enabled first; there are 17 others.
    """

    title: str
    deployment: str
    management_events: float
    network_gigabytes: float
    detective_gigabytes: float
    opt_in: bool = True

    @property
    def services(self) -> tuple[tuple[Price, float, str], ...]:
        """Price, volume in its units, and the volume in words."""
        return (
            (MANAGEMENT_EVENTS, self.management_events, f"{self.management_events:,.0f} million"),
            (NETWORK_LOGS, self.network_gigabytes, f"{self.network_gigabytes:,.0f} GB"),
            (DETECTIVE, self.detective_gigabytes, f"{self.detective_gigabytes:,.0f} GB"),
        )


EXAMPLES = (
    Example(
        title="One small account, two Regions", deployment="sandbox",
        management_events=2, network_gigabytes=10, detective_gigabytes=12,
    ),
    Example(
        title="An organization of 100 accounts, 17 Regions", deployment="organization",
        management_events=300, network_gigabytes=8_000, detective_gigabytes=9_000, opt_in=False,
    ),
)  # fmt: skip


def with_counts(page: str, assemblies: Mapping[str, Assembly]) -> str:
    """The page with its counted part made anew, from the templates of each example's deployment."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    counted = "\n".join([*(worked(example, assemblies[example.deployment]) for example in EXAMPLES), _prices()])
    return f"{before}{BEGIN}\n\n{counted}\n{END}{after}"


def worked(example: Example, assembly: Assembly) -> str:
    """The section of one example."""
    charges = standing(assembly)
    plumbing = sum(charge.dollars for charge in charges)
    services = [
        (price.item, volume, f"{price.dollars:.2f}", f"{units * price.dollars:,.2f}")
        for price, units, volume in example.services
    ]
    total = plumbing + sum(units * price.dollars for price, units, _ in example.services)
    rows = [*charge_rows(charges), *services, ("**Together, at most**", "", "", f"**{total:,.2f}**")]
    table = _table(("What", "How many", "Each", "A month"), rows)
    chosen = "" if example.opt_in else ", in the Regions that need no opt-in"
    return (
        f"## {example.title}\n\n`config/{example.deployment}.yaml`{chosen}. The volumes of the services are "
        "assumptions, at the price of their first tier, so upper bounds; the plumbing is "
        f"{plumbing:,.2f} of it.\n\n{table}"
    )


def charge_rows(charges: Iterable[Charge]) -> Iterator[tuple[str, str, str, str]]:
    """What, how many, the price of each, and a month; in words."""
    for charge in charges:
        fewest, most = charge.each
        each = f"{most}" if fewest == most else f"{fewest} to {most}"
        spread = f" ({charge.stacks} stacks, {each} each)" if charge.stacks > 1 else ""
        yield charge.price.item, f"{charge.count:,}{spread}", f"{charge.price.dollars:.2f}", f"{charge.dollars:,.2f}"


def _prices() -> str:
    rows = [
        (price.item, price.unit, f"{price.dollars:g}", price.source)
        for price in (*STANDING, *BY_USE, MANAGEMENT_EVENTS, NETWORK_LOGS, DETECTIVE)
    ]
    table = _table(("What", "For a", "Dollars", "Source"), rows)
    return f"## Prices used\n\nPrices of {REGION}, as known on {DATE}.\n\n{table}"


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
