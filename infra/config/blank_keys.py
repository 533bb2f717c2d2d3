"""Keys with nothing behind them: what is left when every line below was commented out must not mean something else."""

from collections.abc import Mapping

from infra.config.errors import Found

_MEANINGS: Mapping[tuple[str, ...], str] = {
    ("organization",): "there is no organization, and only one account is covered",
    ("ci",): "no pipeline gets a role",
    ("identity_center",): "links open without the access portal",
    ("investigation", "member_role"): "member accounts are not read",
}


def blank_keys(data: Mapping[str, object]) -> Found:
    """Each key of a file that is blank, and means a choice when it is not there."""
    for path, meaning in _MEANINGS.items():
        holder: object = data
        for name in path[:-1]:
            holder = holder.get(name) if isinstance(holder, Mapping) else None
        if isinstance(holder, Mapping) and path[-1] in holder and holder[path[-1]] is None:
            yield path, _blank(meaning)
    routes = data.get("routes")
    for position, route in enumerate(routes if isinstance(routes, list) else ()):
        if isinstance(route, Mapping) and "minimum_severity" in route and route["minimum_severity"] is None:
            yield ("routes", position, "minimum_severity"), _blank("the route takes every severity")


def _blank(meaning: str) -> str:
    return f"must not be blank: write what belongs there, or take the line out, and then {meaning}"
