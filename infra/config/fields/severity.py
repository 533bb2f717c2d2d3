"""Severities, as numbers of GuardDuty's scale."""

from pydantic import BeforeValidator

from infra.config.refusals import wrong

BEGINS = {"low": 1, "medium": 4, "high": 7, "critical": 9}
"""Lowest number of each label (GuardDuty user guide, severity levels)."""


def _no_label(value: object) -> object:
    if isinstance(value, str) and (begins := BEGINS.get(value.strip().lower())):
        raise wrong("must be a number", advice=f"{value.strip().capitalize()} begins at {begins}")
    return value


NO_LABEL = BeforeValidator(_no_label)
"""For a number of that scale: whoever writes the label is told where it begins."""
