"""One pattern takes in another only if every text that fits the narrow one fits the wide one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.suppression.evaluation import matches
from tools.changes.covering import covers

patterns = st.text("ab*?", max_size=6)


@given(wide=patterns, narrow=patterns, fillings=st.lists(st.text("abc", max_size=3), min_size=6, max_size=6))
def test_a_text_of_a_narrow_pattern_fits_the_wide_one(wide: str, narrow: str, fillings: list[str]) -> None:
    fits = "".join(
        filling if one == "*" else (filling or "a")[:1] if one == "?" else one
        for one, filling in zip(narrow, fillings, strict=False)
    )
    assert matches(narrow, fits)
    if covers(wide, narrow):
        assert matches(wide, fits)


@pytest.mark.parametrize(
    ("wide", "narrow", "answer"),
    [
        ("sqs:*", "sqs:SendMessage", True),
        ("sqs:Send*", "sqs:SendMessage*", True),
        ("*", "a?b*", True),
        ("a?", "a*", False),
        ("sqs:SendMessage", "sqs:*", False),
        ("", "", True),
    ],
)
def test_known_answers(wide: str, narrow: str, *, answer: bool) -> None:
    assert covers(wide, narrow) is answer
