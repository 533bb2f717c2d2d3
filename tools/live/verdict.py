"""What a look at a live account comes to: yes, no, or nobody could tell."""

from collections.abc import Iterable
from enum import Enum
from typing import Protocol


class State(Enum):
    """The outcome of a check; unknown never counts as fine."""

    OK = "ok"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class Judged(Protocol):
    """Anything with an outcome."""

    @property
    def state(self) -> State:
        """The outcome."""


def passes(checks: Iterable[Judged]) -> bool:
    """Whether everything is ok; unknown is not."""
    return all(check.state is State.OK for check in checks)


def counted(checks: Iterable[Judged]) -> str:
    """How many are ok, wrong and unknown, in words."""
    states = [check.state for check in checks]
    return ", ".join(f"{states.count(state)} {state.value}" for state in State)
