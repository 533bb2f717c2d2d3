"""GuardDuty's severity as a word: total, so that no number falls between two bands."""

import math
from typing import NamedTuple

_HIGHEST = 10.0
_SHOWN = 40

CRITICAL = 9.0
"""Severity from which a finding is Critical (GuardDuty user guide, severity levels)."""

# Lower bound of each band, highest first (the same page: Critical 9.0 to 10.0, High 7.0 to 8.9, Medium 4.0 to 6.9,
# Low 1.0 to 3.9). Open-ended: 8.95 is High, 0.1 is Low.
_BANDS = ((CRITICAL, "Critical"), (7.0, "High"), (4.0, "Medium"))


class Severity(NamedTuple):
    """How bad GuardDuty says it is.

    Attributes:
        word: Low, Medium, High, Critical, or Unknown.
        number: What GuardDuty sent, in (0, 10]; None when it sent nothing usable.
        given: The unusable value as text, for the message; empty when there was none.
    """

    word: str
    number: float | None
    given: str = ""

    @property
    def rank(self) -> float:
        """For ordering and thresholds. Unknown is the highest: what cannot be judged must not be overlooked."""
        return _HIGHEST if self.number is None else self.number

    @property
    def label(self) -> str:
        """Word and number in one: `High 8.0`."""
        if self.number is not None:
            # At most two decimals, at least one, and never rounded up into the next band.
            return f"{self.word} {_floor(self.number)}"
        given = f"given: {self.given}; " if self.given else ""
        return f"{self.word} ({given}treated as highest)"


NOTICE = Severity("Notice", None)
"""Of a notice of our own, which is no finding: its `rank` means nothing and nothing may compare it."""


def severity_of(value: object) -> Severity:
    """The severity for whatever stood in the finding; never raises.

    Text is no number here, even `"8"`: EventBridge's numeric patterns do not match it either, so it got here
    by the catch-all alone and must not look like a finding that was judged.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if 0 < number <= _HIGHEST:
            word = next((word for bound, word in _BANDS if number >= bound), "Low")
            return Severity(word, number)
        return Severity("Unknown", None, f"{number:g}")
    if isinstance(value, (str, bool)):
        return Severity("Unknown", None, repr(value[:_SHOWN]) if isinstance(value, str) else str(value).lower())
    return Severity("Unknown", None)


def _floor(number: float) -> str:
    tenths = math.floor(number * 10 + 1e-9) / 10
    return f"{tenths:.1f}" if math.isclose(tenths, number) else f"{math.floor(number * 100 + 1e-9) / 100:.2f}"
