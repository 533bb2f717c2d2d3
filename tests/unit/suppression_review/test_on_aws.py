"""What the function reads is each Region's own: its findings, its counts, its kind of trusted list."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import Stubber

from suppression_review.review import Review
from suppression_review.settings import Settings
from tests.unit.suppression_review.world import HOME, NOW, TABLE

TAGS = {"trusted-entries": "scanner", "owner": "red-team", "expires": "2027-02-28"}


@pytest.fixture
def review(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Review:
    """The review as Lambda makes it: three Regions, of which the last has no trusted list."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", HOME)
    return Review.on_aws(replace(settings, regions=(HOME, "us-east-1", "eu-central-1")), now=NOW)


def test_each_region_is_asked_there(review: Review) -> None:
    """A count of another Region would be right in its form, and an entry that hides there would look unused here."""
    asked = {one.name: (one.guardduty.meta.endpoint_url, one.cloudwatch.meta.endpoint_url) for one in review.regions}
    assert asked == {
        name: (f"https://guardduty.{name}.amazonaws.com", f"https://monitoring.{name}.amazonaws.com")
        for name in (HOME, "us-east-1", "eu-central-1")
    }


def test_what_was_told_is_remembered_and_put_on_the_bus_at_home(review: Review) -> None:
    assert review.memory.table == TABLE
    assert review.memory.dynamodb.meta.endpoint_url == f"https://dynamodb.{HOME}.amazonaws.com"
    assert review.events.meta.endpoint_url == f"https://events.{HOME}.amazonaws.com"


def test_a_service_that_throttles_is_asked_again_and_none_is_waited_for_without_end(review: Review) -> None:
    clients = [review.memory.dynamodb, review.events]
    clients += [client for one in review.regions for client in (one.guardduty, one.cloudwatch)]
    for client in clients:
        config: Any = client.meta.config
        assert config.retries == {"total_max_attempts": 8, "mode": "adaptive"}, client.meta.service_model.service_name
        assert (config.connect_timeout, config.read_timeout) == (5, 20)


@pytest.mark.parametrize(
    ("region", "listed", "described"),
    [
        pytest.param(
            HOME,
            ("list_trusted_entity_sets", {"TrustedEntitySetIds": ["one"]}),
            ("get_trusted_entity_set", {"DetectorId": "detector", "TrustedEntitySetId": "one"}),
            id="the-newer",
        ),
        pytest.param(
            "us-east-1",
            ("list_ip_sets", {"IpSetIds": ["one"]}),
            ("get_ip_set", {"DetectorId": "detector", "IpSetId": "one"}),
            id="the-older",
        ),
    ],
)
def test_a_region_is_asked_for_the_kind_of_trusted_list_that_the_deployment_has_there(
    review: Review, region: str, listed: tuple[str, dict[str, Any]], described: tuple[str, dict[str, Any]]
) -> None:
    """The other kind is empty, and the end of an entry that hides everything would never be told."""
    (there,) = (one for one in review.regions if one.name == region)
    document = {"Name": "sandbox", "Format": "TXT", "Location": "s3://bucket/key", "Status": "ACTIVE", "Tags": TAGS}
    with Stubber(there.guardduty) as guardduty:
        guardduty.add_response("list_detectors", {"DetectorIds": ["detector"]})
        guardduty.add_response(*listed, {"DetectorId": "detector"})
        guardduty.add_response(described[0], document, described[1])
        assert [one.name for one in there.trusted] == ["scanner"]
        guardduty.assert_no_pending_responses()


def test_a_region_without_a_trusted_list_is_asked_for_none(review: Review) -> None:
    (there,) = (one for one in review.regions if one.name == "eu-central-1")
    with Stubber(there.guardduty):
        assert there.trusted == ()
