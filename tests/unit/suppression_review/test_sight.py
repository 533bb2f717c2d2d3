"""A look at every Region: none waits for another."""

from threading import Barrier

import boto3
import pytest

from suppression_review.region import NoDetector, Region
from suppression_review.sight import AT_ONCE, Sight, look


def regions(number: int) -> list[Region]:
    return [
        Region(
            name=f"eu-test-{count}",
            guardduty=boto3.client("guardduty", "eu-west-1"),
            cloudwatch=boto3.client("cloudwatch", "eu-west-1"),
            name_prefix="sandbox",
        )
        for count in range(number)
    ]


def test_several_regions_are_read_at_the_same_time() -> None:
    everybody_is_there = Barrier(AT_ONCE, timeout=10)

    def read(region: Region) -> str:
        everybody_is_there.wait()
        return region.name

    sight = look(regions(AT_ONCE), read)
    assert list(sight.seen) == [f"eu-test-{count}" for count in range(AT_ONCE)]


def test_a_region_that_could_not_be_read_is_not_asked_again() -> None:
    asked = []

    def read(region: Region) -> str:
        asked.append(region.name)
        return region.name

    sight = look(regions(2), read, unseen={"eu-test-0": "no answer (ReadTimeoutError)"})
    assert asked == ["eu-test-1"]
    assert sight == Sight(seen={"eu-test-1": "eu-test-1"}, unseen={"eu-test-0": "no answer (ReadTimeoutError)"})


def test_a_mistake_of_ours_is_not_taken_for_a_region_that_cannot_be_seen() -> None:
    def read(region: Region) -> str:
        raise KeyError(region.name)

    with pytest.raises(KeyError):
        look(regions(1), read)


def test_a_region_without_detector_says_so() -> None:
    def read(region: Region) -> str:
        raise NoDetector(f"GuardDuty has no detector in {region.name}")

    assert look(regions(1), read).unseen == {"eu-test-0": "GuardDuty has no detector in eu-test-0"}
