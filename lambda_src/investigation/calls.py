"""Calls by name and by how they ended, and which of them say most."""

from collections import Counter
from collections.abc import Iterable

OUTCOMES = ("changed something", "took credentials", "read a secret", "denied", "failed", "")
"""How a call ended, what matters most first; the last only read, or nobody knows."""


def kept(name: str, outcome: str) -> str:
    """The name under which such calls are counted: `iam:CreateUser denied`. A name of an API has no blank."""
    return f"{name.replace(' ', '')} {outcome}".strip()


def parted(counted: str) -> tuple[str, str]:
    """Name and outcome of what was counted so."""
    name, _, outcome = counted.partition(" ")
    return name, outcome


def foremost(calls: Counter[str], *, most: int | None = None) -> list[tuple[str, int]]:
    """The calls that say most: those that changed something, however many times something else was read."""
    return sorted(calls.items(), key=lambda one: (_rank(one[0]), -one[1], one[0]))[:most]


def shown(calls: Iterable[tuple[str, int]]) -> list[str]:
    """`s3:PutBucketPolicy (1, changed something)`, `iam:CreateUser (2, denied)`, `s3:ListBuckets (3)`."""
    return [
        f"{name} ({number}{f', {outcome}' if outcome else ''})"
        for counted, number in calls
        for name, outcome in [parted(counted)]
    ]


def _rank(counted: str) -> int:
    outcome = parted(counted)[1]
    return OUTCOMES.index(outcome) if outcome in OUTCOMES else len(OUTCOMES)
