"""The two ways in which the tests evaluate a wildcard agree, and neither knows more than `*` and `?`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.suppression.evaluation import as_expression, matches


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        pytest.param("198.51.1*", "198.51.100.7", True, id="a-star-crosses-dots"),
        pytest.param("198.51.1.*", "198.51.100.7", False, id="a-dot-is-a-dot"),
        pytest.param("198.51.1.?", "198.51.1.", False, id="a-question-mark-is-one-character"),
        pytest.param("198.51.1.?", "198.51.1.10", False, id="and-not-two"),
        pytest.param("198.51.1.1*", "198.51.1.1", True, id="a-star-may-be-nothing"),
        pytest.param("198.51.1.[12]", "198.51.1.1", False, id="brackets-mean-nothing"),
    ],
)
def test_a_wildcard_means(pattern: str, text: str, expected: bool) -> None:  # noqa: FBT001
    assert matches(pattern, text) is expected
    assert bool(as_expression([pattern]).fullmatch(text)) is expected


@given(pattern=st.text("1.*?[", max_size=6), text=st.text("12.[", max_size=6))
def test_both_evaluations_agree(pattern: str, text: str) -> None:
    assert bool(as_expression([pattern]).fullmatch(text)) is matches(pattern, text)
