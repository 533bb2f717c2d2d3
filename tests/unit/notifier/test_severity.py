"""Severity words are total."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.items.severity import severity_of


@pytest.mark.parametrize(
    ("number", "label"),
    [
        (0.1, "Low 0.1"), (1, "Low 1.0"), (2, "Low 2.0"), (3.9, "Low 3.9"), (3.99, "Low 3.99"), (4, "Medium 4.0"),
        (6.999, "Medium 6.99"), (7, "High 7.0"), (8, "High 8.0"), (8.95, "High 8.95"), (8.999, "High 8.99"),
        (9, "Critical 9.0"), (9.0, "Critical 9.0"), (10, "Critical 10.0"),
    ],
)  # fmt: skip
def test_severity_has_a_word_at_every_bound(number: float, label: str) -> None:
    assert severity_of(number).label == label


@given(st.floats(0.1, 10))
def test_severity_bands_have_no_gap(number: float) -> None:
    severity = severity_of(number)
    expected = "Low" if number < 4 else "Medium" if number < 7 else "High" if number < 9 else "Critical"
    assert severity.word == expected
    assert severity.rank == number


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="absent"), pytest.param("8", id="text"), pytest.param("HIGH", id="word"),
        pytest.param(True, id="true"), pytest.param(-1, id="negative"), pytest.param(0, id="zero"),
        pytest.param(math.nan, id="not-a-number"), pytest.param(math.inf, id="1e400"), pytest.param(11, id="eleven"),
        pytest.param(10**400, id="huge-integer"), pytest.param([8], id="list"), pytest.param({}, id="object"),
    ],
)  # fmt: skip
def test_severity_that_cannot_be_read_is_unknown_and_treated_as_highest(value: object) -> None:
    severity = severity_of(value)
    assert severity.word == "Unknown"
    assert severity.number is None
    assert severity.rank == 10
    assert "treated as highest" in severity.label
    assert len(severity.label) < 100


def test_unknown_severity_says_what_was_given() -> None:
    assert severity_of("8").label == "Unknown (given: '8'; treated as highest)"
