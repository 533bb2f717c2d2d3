"""Which rules and destinations a finding has to pass in a deployment."""

from dataclasses import dataclass

from infra.config import CATCH_ALL_RULE, Deployment
from infra.config.fields.severity import BEGINS
from infra.config.routes import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The rules on the findings bus, each with its destinations."""

    rules: dict[str, tuple[str, ...]]

    @property
    def times(self) -> dict[str, int]:
        """How many of the rules lead to each destination."""
        reached = [name for to in self.rules.values() for name in to]
        return {name: reached.count(name) for name in sorted(set(reached))}


def every_way(deployment: Deployment) -> Way:
    """What a heartbeat passes: every rule of findings."""
    return Way(rules={**{one.name: one.to for one in deployment.routes}, CATCH_ALL_RULE: deployment.catch_all})


def way_of(deployment: Deployment, *, finding_type: str, account: str) -> Way:
    """What a High finding of this type and account passes for certain."""
    taken = {
        one.name: one.to
        for one in deployment.routes
        if _of_account(deployment, one, account) and _takes(one, finding_type=finding_type)
    }
    return Way(rules={**taken, CATCH_ALL_RULE: deployment.catch_all})


def _of_account(deployment: Deployment, route: Route, account: str) -> bool:
    if route.accounts:
        return account in deployment.accounts_of(route)
    return account not in deployment.accounts_left_out(route)


def _takes(route: Route, *, finding_type: str) -> bool:
    # Every High finding, from the first to the last: which number the headline finding has is not documented.
    if route.below_severity is not None and route.below_severity < BEGINS["critical"]:
        return False
    if route.minimum_severity is not None and route.minimum_severity > BEGINS["high"]:
        return False
    return not route.finding_types or any(_fits(pattern, finding_type) for pattern in route.finding_types)


def _fits(pattern: str, name: str) -> bool:
    """Whether a pattern with `*` for any text fits; no other sign has a meaning."""
    first, *rest = pattern.split("*")
    if not rest:
        return name == pattern
    if not name.startswith(first) or not name.endswith(rest[-1]) or len(name) < len(first) + len(rest[-1]):
        return False
    middle = name[len(first) : len(name) - len(rest[-1])]
    for part in rest[:-1]:
        found = middle.find(part)
        if found < 0:
            return False
        middle = middle[found + len(part) :]
    return True
