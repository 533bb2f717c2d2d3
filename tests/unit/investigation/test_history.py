"""CloudTrail's event history is read in pages, at its pace, patiently, and within a budget that is admitted."""

from datetime import timedelta

import pytest

from investigation.aws import _Client
from investigation.history import MOST_PAGES, Lookup, Reader
from tests.unit.investigation.fakes import BEGAN, Clock, FakeCloudTrail, Modelled, call
from tests.unit.investigation.world import KEY, THIEF

START = BEGAN - timedelta(days=1)


def trail(clock: Clock, *, calls: int) -> FakeCloudTrail:
    found = FakeCloudTrail(clock)
    for number in range(calls):
        at = BEGAN - timedelta(seconds=number + 1)
        found.plant(call("s3:ListBuckets", address=THIEF, at=at, key=KEY), visible=at)
    return found


def read(found: FakeCloudTrail, *, seconds: float = 800) -> Lookup:
    clock = found.clock
    reader = Reader(deadline=clock.monotonic() + seconds, clock=clock.monotonic, sleep=clock.sleep, jitter=lambda: 1.0)
    client = _Client(Modelled("cloudtrail", found))
    return reader.read(client, access_key=KEY, since=START, until=BEGAN)


@pytest.mark.parametrize("calls", [0, 1, 50, 51, 400])
def test_every_page_is_read_and_never_more_than_two_in_a_second(calls: int) -> None:
    found = trail(Clock(), calls=calls)
    looked = read(found)
    assert (looked.read, looked.reason, len(looked.events)) == ("all", "", calls)
    assert len(found.calls) == max((calls + 49) // 50, 1)
    assert found.refused == 0, "whoever is faster is throttled"


def test_what_is_beyond_the_pages_is_admitted() -> None:
    looked = read(trail(Clock(), calls=MOST_PAGES * 50 + 1))
    assert (looked.read, len(looked.events)) == ("part", MOST_PAGES * 50)
    assert looked.reason == "there are more than 2,000 calls, and the oldest were not read"


def test_throttling_is_waited_for() -> None:
    found = trail(Clock(), calls=120)
    found.busy = 6
    assert read(found).read == "all"
    assert found.clock.now - BEGAN > timedelta(seconds=2 + 4 + 8 + 16 + 20 + 20)


def test_throttling_without_end_is_admitted_within_the_time() -> None:
    found = trail(Clock(), calls=120)
    found.busy = 10_000
    looked = read(found, seconds=100)
    assert looked.read == "none"
    assert looked.reason.startswith("LookupEvents was refused (ThrottlingException), ")
    assert found.clock.now - BEGAN <= timedelta(seconds=100)


def test_time_that_ends_in_the_middle_is_admitted() -> None:
    looked = read(trail(Clock(), calls=500), seconds=3)
    assert (looked.read, looked.reason) == ("part", "no time was left")
    assert 0 < len(looked.events) < 500


def test_a_refusal_is_a_reason_without_the_words_of_the_service() -> None:
    found = trail(Clock(), calls=1)
    found.refuses = "AccessDeniedException"
    looked = read(found)
    assert (looked.read, looked.reason) == ("none", "LookupEvents was refused (AccessDeniedException)")
