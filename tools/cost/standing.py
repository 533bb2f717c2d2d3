"""What a deployment pays every month whatever happens, counted in its templates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.cost.prices import ALARM, DASHBOARD, KEY, METRIC, POLLING, SECRET, Price
from tools.templates.assembly import Assembly, Json, Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """So many units of one price.

    Attributes:
        stacks: How many stacks have them; `each` is what one of these has, from fewest to most.
    """

    price: Price
    count: int
    stacks: int
    each: tuple[int, int]

    @property
    def dollars(self) -> float:
        """A month."""
        return self.count * self.price.dollars


def standing(assembly: Assembly) -> tuple[Charge, ...]:
    """The charges of all stacks together, those with a unit only."""
    counts: dict[Price, list[int]] = {}
    for stack in assembly.stacks.values():
        for price, count in _counted(stack).items():
            counts.setdefault(price, []).append(count)
    return tuple(
        Charge(price=price, count=sum(found), stacks=len(found), each=(min(found), max(found)))
        for price in (ALARM, METRIC, DASHBOARD, KEY, SECRET, POLLING)
        if (found := counts.get(price))
    )


def _counted(stack: Stack) -> dict[Price, int]:
    found: dict[Price, int] = {}
    for price in _units(stack):
        found[price] = found.get(price, 0) + 1
    secrets = {
        value for resource in stack.resources.values() if resource.type == "AWS::Lambda::Function"
        for value in _secrets(resource.properties)
    }  # fmt: skip
    return found | ({SECRET: len(secrets)} if secrets else {})


def _units(stack: Stack) -> Iterator[Price]:
    for resource in stack.resources.values():
        if resource.type == "AWS::CloudWatch::Alarm":
            yield from (ALARM,) * _metrics(resource.properties)
        elif resource.type == "AWS::Logs::MetricFilter":
            yield METRIC
        elif resource.type == "AWS::CloudWatch::Dashboard":
            yield DASHBOARD
        elif resource.type == "AWS::KMS::Key":
            yield KEY
        elif resource.type == "AWS::Lambda::EventSourceMapping":
            yield POLLING


def _metrics(alarm: Json) -> int:
    """How many metrics an alarm reads: each is billed, the expressions over them are not."""
    read = alarm.get("Metrics")
    return sum("MetricStat" in one for one in read) if isinstance(read, list) else 1


def _secrets(function: Json) -> Iterator[str]:
    environment = function.get("Environment")
    variables = environment.get("Variables") if isinstance(environment, Mapping) else None
    for name, value in variables.items() if isinstance(variables, Mapping) else ():
        if str(name).endswith("_SECRET"):
            yield str(value)
