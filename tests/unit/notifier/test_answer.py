"""What an answer means: delivered, later, or never."""

from datetime import UTC, datetime

import pytest

from notifier.https import Answer, raise_unless
from notifier.https.answer import LONGEST_RETRY_AFTER, retry_after
from notifier.outcomes import DeliveryFailed, Refused, RetryLater

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def test_t3_every_status_has_one_meaning() -> None:
    for status in range(100, 600):
        later = status in {408, 425, 429} or status >= 500 or status < 300
        if status == 202:
            raise_unless({202}, Answer(status=status), who="PagerDuty")
            continue
        with pytest.raises(DeliveryFailed, match=f"^PagerDuty answered {status} throttled$") as raised:
            raise_unless({202}, Answer(status=status, body="secret"), who="PagerDuty", said="throttled")
        assert type(raised.value) is (RetryLater if later else Refused)
        assert raised.value.cause == ("rate-limited" if status == 429 else f"status-{status}")


def test_t1_the_time_asked_for_comes_with_the_outcome() -> None:
    with pytest.raises(RetryLater) as raised:
        raise_unless({200}, Answer(status=429, retry_after=3.0), who="Slack")
    assert (raised.value.after, raised.value.cause) == (3.0, "rate-limited")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("3", 3.0, id="seconds"),
        pytest.param(" 30 ", 30.0, id="blanks"),
        pytest.param("0", 0.0, id="now"),
        pytest.param("86400", LONGEST_RETRY_AFTER, id="a-day"),
        pytest.param("9" * 18, LONGEST_RETRY_AFTER, id="for-ever"),
        pytest.param("Mon, 23 Nov 2026 12:00:20 GMT", 20.0, id="http-date"),
        pytest.param("Monday, 23-Nov-26 12:00:20 GMT", 20.0, id="http-date-of-1987"),
        pytest.param("Mon Nov 23 12:00:20 2026", 20.0, id="http-date-of-asctime"),
        pytest.param("Mon, 23 Nov 2026 13:00:20 +0100", 20.0, id="date-with-a-zone"),
        pytest.param("Tue, 24 Nov 2026 12:00:00 GMT", LONGEST_RETRY_AFTER, id="tomorrow"),
        pytest.param("Sun, 22 Nov 2026 12:00:00 GMT", 0.0, id="yesterday"),
        pytest.param("-5", None, id="negative"),
        pytest.param("abc", None, id="word"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="none"),
        pytest.param("3.5", None, id="fraction"),
        pytest.param("1e400", None, id="exponent"),
        pytest.param("NaN", None, id="nan"),
        pytest.param("٣", None, id="digit-of-another-script"),
        pytest.param("9" * 60_000, None, id="60-kilobytes"),
        pytest.param("Mon, 99 Nov 99999 99:99:99 GMT", None, id="date-that-is-none"),
        pytest.param("Fri, 01 Jan 9999 00:00:00 -9999", None, id="date-out-of-range"),
    ],
)
def test_t2_the_time_asked_for_is_read_and_clamped(value: str | None, seconds: float | None) -> None:
    got = retry_after(value, now=NOW)
    assert got is None if seconds is None else got == seconds


@pytest.mark.parametrize("value", ["Wed, 31 Dec 2026 23:59:60 GMT", "Mon, 23 Nov 2026 12:00:20 -0000", "\x00", "%s{}"])
def test_q15_a_time_that_does_not_parse_never_blocks(value: str) -> None:
    got = retry_after(value, now=NOW)
    assert got is None or 0 <= got <= LONGEST_RETRY_AFTER


def test_an_answer_is_never_shown_with_its_body() -> None:
    assert "pLaNtEd" not in repr(Answer(status=400, body="no such hook: pLaNtEd"))
