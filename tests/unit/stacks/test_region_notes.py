"""What the build says of Regions in which something is otherwise: a line for each kind, however many there are."""

from infra.stacks.region_notes import region_notes
from tests.deployments import SANDBOX, SANDBOX_DATA, deployment


def test_nothing_is_said_where_every_region_has_all() -> None:
    assert list(region_notes(SANDBOX)) == []


def test_regions_of_which_the_same_is_to_be_said_share_a_line() -> None:
    regions = ["eu-west-1", "ap-east-2", "ca-west-1", "mx-central-1", "eu-south-1"]
    without_detective, opt_in = region_notes(deployment({**SANDBOX_DATA, "regions": regions}))
    assert without_detective == "Detective is left out in ap-east-2, ca-west-1, mx-central-1: not offered there"
    assert opt_in.startswith("opt-in Regions: ap-east-2, ca-west-1, mx-central-1, eu-south-1; that EventBridge ")


def test_a_hub_that_keeps_no_findings_for_a_replay_is_named_and_a_spoke_is_not() -> None:
    away = {**SANDBOX_DATA, "home_region": "ca-west-1", "regions": ["ca-west-1", "ap-east-2"]}
    (archive,) = [note for note in region_notes(deployment(away)) if "archive" in note]
    assert archive.startswith("no archive of findings in ca-west-1: EventBridge keeps none there")
    by_now = {**away, "region_overrides": {"ca-west-1": {"event_archive": True}}}
    assert not [note for note in region_notes(deployment(by_now)) if "archive" in note]


def test_where_each_region_is_its_own_hub_nothing_is_forwarded() -> None:
    regional = {**SANDBOX_DATA, "regions": ["eu-west-1", "eu-south-1"], "hub": "regional"}
    assert list(region_notes(deployment(regional))) == []


def test_nothing_is_said_of_detective_where_nobody_asked_for_it() -> None:
    off = {**SANDBOX_DATA, "regions": ["eu-west-1", "ca-west-1"], "detective": {"enabled": False}}
    assert not any("Detective" in note for note in region_notes(deployment(off)))
