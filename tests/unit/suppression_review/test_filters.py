"""Our own evaluation of a deployed filter agrees with the independent one, and never claims what it cannot know."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.suppression import plan_filters
from suppression_review.filters import EgressFilter, egress_filter
from suppression_review.hidden import hidden_finding
from tests.deployments import SANDBOX_DATA, deployment
from tests.findings import OUTSIDE_AWS
from tools.matching.guardduty_filters import DeployedFilter, archiving_filter

CIDRS = ["198.51.100.0/28", "203.0.113.0/25", "192.0.2.77"]
ENTRIES = deployment(
    {**SANDBOX_DATA, "egress": [{**SANDBOX_DATA["egress"][0], "cidrs": CIDRS}], "name": "sandbox"}
).egress
COMPILED = plan_filters(ENTRIES, name_prefix="sandbox")


def from_api(name_prefix: str = "sandbox", **changes: Any) -> EgressFilter | None:
    document = {
        "Name": "sandbox-frankfurt-dc-01",
        "Action": "ARCHIVE",
        "FindingCriteria": {"Criterion": {"type": {"Equals": [OUTSIDE_AWS]}}},
        "Tags": {"egress-entry": "frankfurt-dc", "owner": "network-ops", "expires": "2027-06-30"},
    }
    return egress_filter({**document, **changes}, region="eu-west-1", name_prefix=name_prefix)


OURS = [
    found
    for one in COMPILED
    if (found := from_api(Name=one.name, FindingCriteria={"Criterion": one.criterion}, Tags=one.tags))
]
INDEPENDENT = [DeployedFilter(name=one.name, action="ARCHIVE", rank=1, criterion=one.criterion) for one in COMPILED]

addresses = st.one_of(
    st.integers(0, 255).map(lambda last: f"198.51.100.{last}"),
    st.integers(0, 255).map(lambda last: f"203.0.113.{last}"),
    st.integers(0, 255).map(lambda last: f"192.0.2.{last}"),
    st.ip_addresses(v=4).map(str),
)


@settings(max_examples=300, deadline=None)
@given(address=addresses, type_=st.sampled_from([OUTSIDE_AWS, "Recon:IAMUser/TorIPCaller"]))
def test_the_entry_that_hides_a_finding_is_the_one_an_independent_evaluation_names(address: str, type_: str) -> None:
    wire = {"type": type_, "service": {"action": {"awsApiCallAction": {"remoteIpDetails": {"ipAddressV4": address}}}}}
    api = {"Type": type_, "Service": {"Action": {"AwsApiCallAction": {"RemoteIpDetails": {"IpAddressV4": address}}}}}
    found = hidden_finding(api, region="eu-west-1", filters=OURS)
    verdict = archiving_filter(wire, INDEPENDENT)
    assert (found.entry == "frankfurt-dc") is verdict.archived
    assert found.address == address


def test_a_filter_of_somebody_else_is_none_of_ours() -> None:
    assert from_api(Tags={"owner": "network-ops"}) is None
    assert from_api(Tags=None) is None


MADE = datetime(2026, 11, 23, 6, 0, 5, 400_000, tzinfo=UTC)


def made(created: datetime | None, *, number: int = 1, entry: str = "frankfurt-dc", action: str = "ARCHIVE") -> Any:
    found = from_api(
        Name=f"sandbox-{entry}-{number:02}", Tags={"egress-entry": entry}, CreatedAt=created, Action=action
    )
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("updated", "last_seen", "filters", "entry"),
    [
        pytest.param("2026-11-22T06:00:05Z", None, [made(MADE)], None, id="a-day-before"),
        pytest.param("2026-11-23T05:55:05.399Z", None, [made(MADE)], None, id="sent-before"),
        pytest.param("2026-11-23T06:55:05.399+01:00", None, [made(MADE)], None, id="sent-before-in-another-zone"),
        pytest.param("2026-11-23T05:55:05.400Z", None, [made(MADE)], "frankfurt-dc", id="perhaps-not-sent-yet"),
        pytest.param("2026-11-23T06:00:05Z", None, [made(MADE)], "frankfurt-dc", id="the-same-second"),
        pytest.param("2026-11-23T06:00:06.000Z", None, [made(MADE)], "frankfurt-dc", id="after"),
        pytest.param(
            "2026-11-23T06:10:00Z", "2026-11-23T05:50:00Z", [made(MADE)], "frankfurt-dc",
            id="found-after-activity-before",
        ),
        pytest.param(None, "2026-11-23T05:50:00Z", [made(MADE)], None, id="only-the-activity-known-before"),
        pytest.param(None, "2026-11-23T06:10:00Z", [made(MADE)], "frankfurt-dc", id="only-the-activity-known-after"),
        pytest.param("yesterday", None, [made(MADE)], "frankfurt-dc", id="no-time-of-the-finding"),
        pytest.param("2026-11-01T06:00:00Z", None, [made(None)], "frankfurt-dc", id="no-time-of-the-filter"),
        pytest.param(
            "2026-11-01T06:00:00Z", None, [made(MADE), made(None, number=3)], "frankfurt-dc", id="no-time-of-one-filter"
        ),
        pytest.param(
            "2026-11-22T06:00:00Z", None, [made(MADE, number=3), made(MADE - timedelta(days=9))], "frankfurt-dc",
            id="the-entry-had-an-older-filter",
        ),
        pytest.param(
            "2026-11-22T06:00:00Z", None, [made(MADE), made(MADE - timedelta(days=9), entry="lab")], "lab",
            id="another-entry-was-there",
        ),
        pytest.param(
            "2026-11-22T06:00:00Z", None, [made(MADE), made(MADE - timedelta(days=9), entry="lab", action="NOOP")],
            None, id="another-entry-only-observes",
        ),
    ],
)  # fmt: skip
def test_an_entry_hides_only_what_was_not_sent_before_it_had_a_filter(
    *, updated: str | None, last_seen: str | None, filters: list[EgressFilter], entry: str | None
) -> None:
    finding = {"Type": OUTSIDE_AWS, "UpdatedAt": updated, "Service": {"EventLastSeen": last_seen}}
    assert hidden_finding(finding, region="eu-west-1", filters=filters).entry == entry


@pytest.mark.parametrize(
    ("name_prefix", "entry", "name", "ours"),
    [
        pytest.param("prod", "office", "prod-office-01", True, id="own"),
        pytest.param("prod", "office", "prod-office-102", True, id="own-of-three-digits"),
        pytest.param("prod", "eu-office", "prod-eu-office-01", True, id="entry-that-begins-like-a-prefix"),
        pytest.param("prod", "office", "prod-eu-office-01", False, id="of-a-longer-prefix"),
        pytest.param("prod-eu", "office", "prod-eu-office-01", True, id="own-of-the-longer-prefix"),
        pytest.param("prod-eu", "eu-office", "prod-eu-office-01", False, id="of-a-shorter-prefix"),
        pytest.param("prod", "office", "prod-office-eu-01", False, id="another-entry"),
        pytest.param("prod", "office", "test-office-01", False, id="another-prefix"),
        pytest.param("prod", "office", "xprod-office-01", False, id="something-before"),
        pytest.param("prod", "office", "prod-office-01-old", False, id="something-behind"),
        pytest.param("prod", "office", "prod-office-1", False, id="no-number-of-ours"),
        pytest.param("prod", "office", "prod-office", False, id="no-number"),
        pytest.param("prod", "office", "-01", False, id="only-a-number"),
        pytest.param("p.od", "office", "prod-office-01", False, id="no-pattern"),
    ],
)
def test_a_filter_is_ours_if_its_whole_name_is_made_of_our_prefix_and_its_entry(
    *, name_prefix: str, entry: str, name: str, ours: bool
) -> None:
    found = from_api(name_prefix, Name=name, Tags={"egress-entry": entry})
    assert (found is not None) is ours
    assert found is None or (found.name, found.entry) == (name, entry)


def test_an_operator_that_the_compiler_does_not_write_matches_nothing() -> None:
    for condition in ({"NotEquals": ["x"]}, {"Equals": "text"}, {}):
        found = from_api(FindingCriteria={"Criterion": {"type": condition}})
        assert found is not None
        assert not found.matches({"Type": "x"})


def test_lost_tags_are_said_rather_than_guessed() -> None:
    found = from_api(Tags={"egress-entry": "frankfurt-dc", "expires": "soon"})
    assert found is not None
    assert found.expires is None
    assert "has lost its owner tag" in found.owner


@settings(max_examples=100, deadline=None)
@given(
    finding=st.dictionaries(
        st.sampled_from(["Id", "Type", "AccountId", "Resource", "Service"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["AccessKeyDetails", "Action", "Count", "EventFirstSeen", "UserName", "PrincipalId"]
                    ),
                    inner,
                    max_size=3,
                )
            ),
            max_leaves=10,
        ),
    )
)
def test_no_finding_is_too_odd_to_be_counted(finding: dict[str, Any]) -> None:
    found = hidden_finding(finding, region="eu-west-1", filters=OURS)
    assert found.count >= 1
    assert found.role
