"""The table of who is told: made by following a sample of every kind of finding through the templates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, product

from tools.journey.answers import Answers, Leaf, asked_texts, leaves, patterns_of
from tools.journey.carried import Carried
from tools.journey.finding_file import event_around
from tools.journey.rules import Elsewhere, Rule
from tools.journey.world import WatchedRegion, World
from tools.matching.event_patterns import Event
from tools.routes.samples import UNKNOWN_TYPE, Severity, accounts, beyond, finding_types, severities

Names = tuple[str, ...]
_Conditions = Sequence[tuple[Rule, tuple[Leaf, ...]]]
_ENVELOPE = ("source", "detail-type")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Finding types that all rules treat alike.

    Attributes:
        asked: What rules ask for that takes them; empty for all other types.
        known: Those that the catalogue has.
        alone: There is no other family.
    """

    asked: tuple[str, ...]
    known: tuple[str, ...]
    sample: str
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Who is told of one kind of finding.

    Attributes:
        severities: A run of kinds of severity, from low to high.
        accounts: The accounts that rules name; empty for all others, or for all if no rule names one.
    """

    family: Family
    accounts: Names
    severities: tuple[Severity, ...]
    told: Names


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    """Who is told in some Regions.

    Attributes:
        aside: Rules that ask for more than type, severity and account: what they carry beside this is not shown.
    """

    regions: Names
    rows: tuple[Row, ...]
    aside: Names

    @property
    def unrouted(self) -> tuple[Row, ...]:
        """Findings of which nobody is told."""
        return tuple(row for row in self.rows if not row.told)


def route_tables(world: World) -> tuple[RouteTable, ...]:
    """The tables of a deployment: one for all Regions whose findings go the same ways.

    Raises:
        UnjudgedError, PatternRefusedError, PatternEngineError: See `journeys`.
    """
    rules = [rule for some in world.rules.values() for rule in some if rule.on and _tells(rule)]
    conditions = [(rule, tuple(leaves(rule.pattern))) for rule in _about_findings(rules)]
    asked = {name: [leaf.asks for leaf in _at(conditions, name)] for name in ("type", "severity", "accountId")}
    families = _families(list(_at(conditions, "type")), finding_types(asked["type"]))
    named, kinds = accounts(asked["accountId"]), severities(asked["severity"])
    cells = list(product(families, named, kinds))
    answers = Answers.of(patterns_of(world, each_condition=False), [_event(*cell) for cell in cells])
    together: dict[tuple[tuple[Row, ...], Names], list[str]] = {}
    for region, places in sorted(world.places.items()):
        for place in places:
            told, passed = _told(world, place, answers, number=len(cells))
            aside = tuple(_aside(rule, some) for rule, some in conditions if rule.bus in passed and beyond(some))
            rows = tuple(_rows(dict(zip(cells, told, strict=True))))
            together.setdefault((rows, aside), []).append(region)
    return tuple(RouteTable(regions=tuple(found), rows=rows, aside=aside) for (rows, aside), found in together.items())


def _tells(rule: Rule) -> bool:
    """Whether it leads to people or on to another bus; what it starts beside that is for `explain`."""
    return any(not isinstance(target.leads, Elsewhere) for target in rule.targets)


def _about_findings(rules: Sequence[Rule]) -> Iterator[Rule]:
    """The rules that could take a finding, going by source and kind alone."""
    sample = event_around({"type": UNKNOWN_TYPE, "severity": 1, "accountId": "", "region": ""})
    envelopes = [{name: rule.pattern[name] for name in _ENVELOPE if name in rule.pattern} for rule in rules]
    answers = Answers.of([one for one in envelopes if one], [sample])
    pairs = zip(rules, envelopes, strict=True)
    return (rule for rule, envelope in pairs if not envelope or answers.match(envelope, 0))


def _at(conditions: _Conditions, name: str) -> Iterator[Leaf]:
    return (leaf for _, some in conditions for leaf in some if leaf.path == ("detail", name))


def _families(asking: Sequence[Leaf], types: Sequence[str]) -> tuple[Family, ...]:
    """The types by which of the conditions take them; those that none takes come last."""
    answers = Answers.of([leaf.pattern for leaf in asking], [_event_of({"type": name}) for name in types])
    together: dict[Names, list[str]] = {}
    for number, name in enumerate(types):
        taken = dict.fromkeys(
            ", ".join(asked_texts(leaf.asks)) for leaf in asking if answers.match(leaf.pattern, number)
        )
        together.setdefault(tuple(taken), []).append(name)
    known = set(finding_types(())) - {UNKNOWN_TYPE}
    return tuple(
        Family(
            asked=taken,
            known=tuple(name for name in names if name in known),
            sample=names[-1],
            alone=len(together) == 1,
        )
        for taken, names in sorted(together.items(), key=lambda item: (not item[0], item[0]))
    )


def _event(family: Family, account: str, severity: Severity) -> Event:
    return _event_of({"type": family.sample, "severity": severity.value, "accountId": account})


def _event_of(detail: Mapping[str, object]) -> Event:
    return event_around({"region": "", **detail})


def _told(world: World, place: WatchedRegion, answers: Answers, *, number: int) -> tuple[list[Names], set[object]]:
    """Who is told of each of so many samples that are found in a Region, and the buses that they passed."""
    found, passed = [], set[object]()
    for position in range(number):
        carried = Carried(world, position, answers, sample=False)
        carried.follow(place.default_bus)
        found.append(tuple(sorted({name for _, name in carried.routes})))
        passed |= set(carried.passed)
    return found, passed


def _rows(told: Mapping[tuple[Family, str, Severity], Names]) -> Iterator[Row]:
    """The rows of a table, with alike accounts and neighbouring severities together."""
    for family in dict.fromkeys(family for family, _, _ in told):
        columns: dict[tuple[tuple[Severity, Names], ...], list[str]] = {}
        for account in dict.fromkeys(account for _, account, _ in told):
            column = tuple((key[2], who) for key, who in told.items() if key[:2] == (family, account))
            columns.setdefault(column, []).append(account)
        for column, named in columns.items():
            # The last is the one that no rule names: it stands for all others.
            others = named[-1] == next(reversed([account for _, account, _ in told]))
            for who, run in groupby(column, key=lambda cell: (cell[0].is_number, cell[1])):
                yield Row(
                    family=family,
                    accounts=() if others and len(columns) == 1 else _named(named, others=others),
                    severities=tuple(severity for severity, _ in run),
                    told=who[1],
                )


def _named(accounts: Iterable[str], *, others: bool) -> Names:
    found = list(accounts)
    return tuple([*found[:-1], "every other account"] if others else found)


def _aside(rule: Rule, some: Sequence[Leaf]) -> str:
    return (
        f"the rule {rule.name} ({', '.join(rule.leads_to) or 'no destination'}) also asks for {', '.join(beyond(some))}"
    )
