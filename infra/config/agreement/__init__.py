"""What the parts of a deployment must agree on; each rule names, as its parameters, the fields it looks at."""

import inspect
from collections.abc import Callable, Mapping
from datetime import date

from infra.config.agreement import (
    ci,
    delivery,
    egress,
    investigation,
    organization,
    ownership,
    placement,
    stack_size,
    trusted_list,
)
from infra.config.errors import Found

RULES: tuple[Callable[..., Found], ...] = (
    *placement.RULES,
    *ownership.RULES,
    *organization.RULES,
    *egress.RULES,
    *trusted_list.RULES,
    *delivery.RULES,
    *stack_size.RULES,
    *ci.RULES,
    *investigation.RULES,
)


def disagreements(fields: Mapping[str, object], *, today: date | None) -> Found:
    """Apply every rule whose fields are all there.

    Args:
        fields: Those that are wrong by themselves are left out by the caller, so that nobody reads of a mistake that is
            only the echo of another one.
        today: The day, for rules that ask for it; None if it is not known.
    """
    known = {**fields, "today": today}
    for rule in RULES:
        names = inspect.signature(rule).parameters
        if all(name in known for name in names):
            yield from rule(**{name: known[name] for name in names})
