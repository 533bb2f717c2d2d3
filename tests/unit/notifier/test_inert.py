"""Text that others chose cannot act."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.inert import ascii_only, bounded, inert, inert_lines
from tests.findings import low_finding
from tests.unit.notifier.briefs import brief_in

ANYTHING = st.text(st.characters(codec=None), max_size=80) | st.text(
    st.sampled_from("a\u202e\u200b\x1b\n\u0301🔴\ud800<&>:/w."), max_size=80
)


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        pytest.param("plain text", "plain text", id="plain-text-stays"),
        pytest.param("Zürich 日本", "Zürich 日本", id="other-scripts-stay"),
        pytest.param("a\x1b[31mred", "a\\x1b[31mred", id="ansi-escape"),
        pytest.param("nul\x00", "nul\\x00", id="nul"),
        pytest.param("abc\u202edcb", "abc\\u202edcb", id="bidi-override"),
        pytest.param("\u2066x\u2069", "\\u2066x\\u2069", id="bidi-isolate"),
        pytest.param("a\u200bb\ufeff", "a\\u200bb\\ufeff", id="zero-width"),
        pytest.param("\U000e0041", "\\U000e0041", id="tag-character"),
        pytest.param("\ud800", "\\ud800", id="lone-surrogate"),
        pytest.param("a\u3164", "a\\u3164", id="letter-that-is-blank"),
        pytest.param("one\r\ntwo\tthree\u00a0four", "one  two three four", id="line-ends-and-odd-spaces"),
        pytest.param("one\u2028two", "one\\u2028two", id="line-separator"),
        pytest.param("z\u0301\u0302\u0303\u0304", "z\u0301\u0302\\u0303\\u0304", id="flood-of-combining-marks"),
        pytest.param("see https://evil.example/x", "see https[:]//evil.example/x", id="address-is-not-clickable"),
        pytest.param("HTTP://x slack://y", "HTTP[:]//x slack[:]//y", id="any-scheme"),
        pytest.param("www.evil.example", "www[.]evil.example", id="address-without-scheme"),
        pytest.param("mailto:a@b", "mailto[:]a@b", id="mail-address"),
        pytest.param("arn:aws:iam::1:role/x", "arn:aws:iam::1:role/x", id="an-arn-stays"),
        pytest.param("Recon:EC2/PortProbe", "Recon:EC2/PortProbe", id="a-type-stays"),
    ],
)
def test_inert_shows_what_would_otherwise_act(given_text: str, shown: str) -> None:
    assert inert(given_text, limit=200) == shown


@pytest.mark.parametrize(
    ("given_text", "limit", "shown"),
    [
        pytest.param("abcdef", 6, "abcdef", id="fits"),
        pytest.param("abcdefg", 6, "abcde…", id="cut-and-marked"),
        pytest.param("abcd\x1bf", 6, "abcd…", id="never-inside-an-escape"),
        pytest.param("abcde\u0301fg", 6, "abcd…", id="never-between-a-letter-and-its-mark"),
        pytest.param("🔴🔴🔴", 2, "🔴…", id="on-code-points"),
        pytest.param("a" * 10_000_000, 5, "aaaa…", id="ten-megabytes"),
    ],
)
def test_inert_cuts_on_code_points(given_text: str, limit: int, shown: str) -> None:
    assert inert(given_text, limit=limit) == shown


@given(ANYTHING, st.integers(1, 100))
def test_inert_is_always_one_printable_bounded_line(text: str, limit: int) -> None:
    shown = inert(text, limit=limit)
    assert len(shown) <= limit
    assert shown.isprintable()
    assert "://" not in shown
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in shown)
    shown.encode("utf-8")


@given(ANYTHING, st.integers(1, 100))
def test_inert_lines_keeps_line_ends_and_nothing_else(text: str, limit: int) -> None:
    shown = inert_lines(text, limit=limit)
    assert len(shown) <= limit
    assert all(line.isprintable() for line in shown.split("\n"))


def test_inert_lines_marks_what_it_cut() -> None:
    assert inert_lines("one\ntwo\nthree", limit=8) == "one\ntwo…"
    assert inert_lines("one\ntwo", limit=8) == "one\ntwo"
    assert inert_lines("", limit=8) == ""


def test_bounded_never_cuts_inside_a_piece() -> None:
    assert bounded(["ab", "&amp;", "c"], limit=6) == "ab…"
    assert bounded(["ab", "&amp;"], limit=7) == "ab&amp;"


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_ascii_only_is_ascii(text: str) -> None:
    assert ascii_only(text).isascii()


def test_ascii_only_keeps_what_can_be_read() -> None:
    assert ascii_only("Zürich \u2013 日…") == "Zurich ? ?..."


def test_a_domain_that_a_finding_is_about_becomes_no_link() -> None:
    """Mail programs make a link of a bare domain, and this one is the attacker's."""
    event = low_finding()
    event["detail"]["service"]["action"] = {
        "actionType": "DNS_REQUEST",
        "dnsRequestAction": {"domain": "c2.evil.example", "domainWithSuffix": "evil.example", "protocol": "UDP"},
    }
    event["detail"] |= {
        "title": "The instance i-1 is querying the domain c2.evil.example.",
        "description": "It was resolved from c2.evil.example and evil.example.",
    }
    brief = brief_in(event)
    shown = repr(brief)
    assert "evil.example" not in shown
    assert "c2[.]evil[.]example" in brief.headline
    assert any("domain c2[.]evil[.]example" in fact.value for section in brief.sections for fact in section.facts)
