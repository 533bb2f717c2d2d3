"""CloudTrail's event history is read in pages, at its pace, patiently, and within a budget that is admitted."""

from datetime import timedelta
from typing import Any

import pytest

from investigation.aws import _Client
from investigation.history import MOST_PAGES, TELLING, TELLING_PAGES, Lookup, Reader
from investigation.taken import PARAMETERS
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
    assert looked.reason == (
        "there are more than 2,000 calls; of the oldest only those that changed something, took credentials or read a "
        "secret were read"
    )


EARLY = BEGAN - timedelta(hours=3)


def early(api: str, *, key: str = KEY, read_only: bool = True) -> dict[str, Any]:
    return call(api, address=THIEF, at=EARLY, key=key, read_only=read_only)


def test_what_matters_most_is_found_under_any_number_of_calls_that_say_nothing() -> None:
    """A thief can make two thousand calls a minute, after the one that counts."""
    found = trail(Clock(), calls=MOST_PAGES * 50 + 500)
    planted = [
        early("iam:CreateAccessKey", read_only=False), early("sts:AssumeRole"), early("secretsmanager:GetSecretValue"),
        early("ssm:GetParameter"), early("ssm:GetParameterHistory"), early("ssm:GetParameters"),
        early("ssm:GetParametersByPath"),
    ]  # fmt: skip
    others = [early("iam:CreateUser", key="ASIAI44QH8DHBEXAMPLE", read_only=False), early("ec2:DescribeInstances")]
    for event in [*planted, *others]:
        found.plant(event, visible=EARLY)
    looked = read(found)
    more = looked.events[MOST_PAGES * 50 :]
    assert sorted(str(event["EventName"]) for event in more) == [
        "AssumeRole", "CreateAccessKey", "GetParameter", "GetParameterHistory", "GetParameters", "GetParametersByPath",
        "GetSecretValue",
    ]  # fmt: skip
    assert {event["AccessKeyId"] for event in more} == {KEY}
    assert "of the oldest only those that changed something" in looked.reason
    assert found.refused == 0, "whoever is faster is throttled"


def test_what_changed_something_and_was_not_found_is_admitted_too() -> None:
    found = trail(Clock(), calls=MOST_PAGES * 50 + 1)
    for _ in range(TELLING_PAGES * 50 + 1):
        found.plant(early("s3:PutBucketPolicy", key="ASIAI44QH8DHBEXAMPLE", read_only=False), visible=EARLY)
    looked = read(found)
    assert looked.reason.endswith("nor all of those that changed something, took credentials or read a secret")


def test_a_region_in_which_everybody_calls_without_end_takes_a_third_of_the_time_and_parameters_come_last() -> None:
    """Regions share the time, and whoever reads parameters all day must not take that of what changed something."""
    found = trail(Clock(), calls=MOST_PAGES * 50 + 1)
    for name in ("sts:AssumeRole", "secretsmanager:GetSecretValue", *(f"ssm:{one}" for one in sorted(PARAMETERS))):
        for _ in range(TELLING_PAGES * 50 + 1):
            found.plant(early(name, key="ASIAI44QH8DHBEXAMPLE"), visible=EARLY)
    assert read(found).reason.endswith("nor all of those that changed something, took credentials or read a secret")
    assert found.clock.now - BEGAN < timedelta(seconds=840 / 3)
    assert [value for _, value in TELLING[-len(PARAMETERS) :]] == sorted(PARAMETERS)


def test_the_newest_are_counted_once_although_a_search_brings_them_again() -> None:
    found = FakeCloudTrail(Clock())
    for number in range(MOST_PAGES * 50 + 1):
        # The same second as the oldest that was read.
        at = BEGAN - timedelta(seconds=min(number + 1, 1500))
        found.plant(call("iam:TagUser", address=THIEF, at=at, key=KEY, read_only=False), visible=at)
    looked = read(found)
    assert len(looked.events) == len({str(event["EventId"]) for event in looked.events}) == MOST_PAGES * 50 + 1


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
