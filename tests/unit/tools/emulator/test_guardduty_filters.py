"""The evaluator keeps to what is documented, and refuses the rest by name."""

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.config.scope import ACCOUNT, FUNCTION_NAME, FUNCTION_TAG_KEY, FUNCTION_TAG_VALUE, FUNCTION_VPC
from infra.suppression.compiler import CALLER_ADDRESS
from tools.matching.finding_attributes import Kind, filter_attributes
from tools.matching.guardduty_filters import DeployedFilter, UnverifiedFilterError, archiving_filter

LEAKED = "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS"
addresses = st.ip_addresses(v=4).map(str)


def finding(**changes: Any) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "type": LEAKED,
        "severity": 8.0,
        "updatedAt": "2026-11-23T04:14:58.402Z",
        "resource": {
            "lambdaDetails": {"functionName": "payments", "tags": [{"key": "team", "value": "payments"}]},
            "instanceDetails": {"networkInterfaces": [{"publicIp": "203.0.113.1"}, {"publicIp": "203.0.113.2"}]},
        },
        "service": {
            "archived": False,
            "count": 7,
            "action": {"awsApiCallAction": {"remoteIpDetails": {"ipAddressV4": "198.51.100.7"}}},
        },
    }
    return detail | changes


def called_from(address: str) -> dict[str, Any]:
    action = {"awsApiCallAction": {"remoteIpDetails": {"ipAddressV4": address}}}
    return finding(service={"action": action})


def filtering(
    criterion: Mapping[str, Mapping[str, object]], *, name: str = "ours", action: str = "ARCHIVE", rank: int = 1
) -> DeployedFilter:
    return DeployedFilter(name=name, action=action, rank=rank, criterion=criterion)


def archives(criterion: Mapping[str, Mapping[str, object]], detail: Mapping[str, object]) -> bool:
    return archiving_filter(detail, [filtering(criterion)]).archived


def test_the_filter_that_archives_is_named() -> None:
    verdict = archiving_filter(finding(), [filtering({"type": {"Equals": [LEAKED]}}, name="leaks")])
    assert verdict.archived
    assert verdict.archived_by == "leaks"


def test_without_filters_nothing_is_archived() -> None:
    assert archiving_filter(finding(), []).archived_by is None


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param({"Equals": ["198.51.100.7"]}, True, id="both-hold"),
        pytest.param({"Equals": ["198.51.100.8"]}, False, id="one-does-not"),
    ],
)
def test_attributes_of_one_filter_must_all_hold(other: dict[str, object], expected: bool) -> None:  # noqa: FBT001
    assert archives({"type": {"Equals": [LEAKED]}, CALLER_ADDRESS: other}, finding()) is expected


def test_one_filter_of_several_is_enough() -> None:
    verdict = archiving_filter(
        finding(),
        [
            filtering({"type": {"Equals": ["Other"]}}, name="a"),
            filtering({"type": {"Equals": [LEAKED]}}, name="b", rank=2),
        ],
    )
    assert verdict.matched == ("b",)


def test_every_archiving_filter_is_named_and_the_one_of_lowest_rank_first() -> None:
    criterion = {"type": {"Equals": [LEAKED]}}
    ranked = [filtering(criterion, name="third", rank=3), filtering(criterion, name="second", rank=2)]
    counting = filtering(criterion, name="first", action="NOOP")
    verdict = archiving_filter(finding(), [*ranked, counting])
    assert (verdict.archived_by, verdict.archiving) == ("second", ("second", "third"))


def test_a_noop_filter_matches_and_hides_nothing() -> None:
    verdict = archiving_filter(finding(), [filtering({"type": {"Equals": [LEAKED]}}, action="NOOP", name="dry-run")])
    assert verdict.matched == ("dry-run",)
    assert not verdict.archived


def test_a_noop_filter_does_not_shield_from_an_archiving_one_behind_it() -> None:
    criterion = {"type": {"Equals": [LEAKED]}}
    filters = [filtering(criterion, action="NOOP", name="dry-run"), filtering(criterion, name="real", rank=2)]
    verdict = archiving_filter(finding(), filters)
    assert verdict.matched == ("dry-run", "real")
    assert verdict.archived_by == "real"


@given(wanted=addresses, called=addresses)
def test_equals_on_an_address_matches_that_address_and_no_other(wanted: str, called: str) -> None:
    assert archives({CALLER_ADDRESS: {"Equals": [wanted]}}, called_from(called)) is (wanted == called)


@given(wanted=st.ip_addresses(v=4))
def test_equals_on_an_address_never_matches_a_neighbour(wanted: IPv4Address) -> None:
    numbers = [number for number in (int(wanted) - 1, int(wanted) + 1) if 0 <= number < 2**32]
    for neighbour in [*(str(IPv4Address(number)) for number in numbers), f"{wanted}0", f"1{wanted}", f"{wanted} "]:
        assert not archives({CALLER_ADDRESS: {"Equals": [str(wanted)]}}, called_from(neighbour))


@given(called=addresses)
def test_a_star_after_the_dot_matches_its_block_and_nothing_else(called: str) -> None:
    expected = called.startswith("198.51.100.")
    assert archives({CALLER_ADDRESS: {"Matches": ["198.51.100.*"]}}, called_from(called)) is expected


@given(called=st.integers(min_value=0, max_value=255).map("198.51.100.{}".format))
def test_a_star_after_the_dot_matches_every_address_of_its_block(called: str) -> None:
    assert archives({CALLER_ADDRESS: {"Matches": ["198.51.100.*"]}}, called_from(called))


def test_a_star_within_an_octet_matches_more_than_it_seems() -> None:
    assert archives({CALLER_ADDRESS: {"Matches": ["198.51.1*"]}}, called_from("198.51.199.4"))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        pytest.param("198.51.100.?", "198.51.100.7", True, id="question-mark-is-one-character"),
        pytest.param("198.51.100.?", "198.51.100.17", False, id="question-mark-is-not-two"),
        pytest.param("198.51.100.7?", "198.51.100.7", False, id="question-mark-is-not-none"),
        pytest.param("198.51.100.7*", "198.51.100.7", True, id="star-may-be-empty"),
        pytest.param("198x51.100.7", "198.51.100.7", False, id="a-dot-in-the-address-is-not-any-character"),
        pytest.param("198.51.100.7", "198x51.100.7", False, id="a-dot-in-the-pattern-is-a-dot"),
        pytest.param("*", "198.51.100.7", True, id="a-star-alone"),
        pytest.param("51.100", "198.51.100.7", False, id="the-whole-text-not-a-part"),
    ],
)
def test_wildcards(pattern: str, text: str, expected: bool) -> None:  # noqa: FBT001
    assert archives({CALLER_ADDRESS: {"Matches": [pattern]}}, called_from(text)) is expected


@pytest.mark.parametrize("address", ["198.51.100.7", "198.51.100.71", "8.51.100.7", "198.51.100.0"])
def test_a_cidr_in_equals_is_a_literal_that_never_matches(address: str) -> None:
    assert not archives({CALLER_ADDRESS: {"Equals": ["198.51.100.0/28"]}}, called_from(address))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param({"GreaterThan": 8}, False, id="greater"),
        pytest.param({"GreaterThanOrEqual": 8}, True, id="greater-or-equal"),
        pytest.param({"LessThan": 8}, False, id="less"),
        pytest.param({"LessThanOrEqual": 8}, True, id="less-or-equal"),
        pytest.param({"GreaterThanOrEqual": 7, "LessThan": 9}, True, id="a-range"),
        pytest.param({"GreaterThanOrEqual": 7, "LessThan": 8}, False, id="a-range-that-ends-before"),
        pytest.param({"Equals": ["7", "8"]}, True, id="a-whole-number-as-text"),
    ],
)
def test_severity(condition: dict[str, object], expected: bool) -> None:  # noqa: FBT001
    assert archives({"severity": condition}, finding()) is expected


def test_times_compare_in_milliseconds() -> None:
    updated = 1_795_407_298_402
    assert archives({"updatedAt": {"GreaterThanOrEqual": updated}}, finding())
    assert not archives({"updatedAt": {"GreaterThan": updated}}, finding())


def test_true_and_false_compare_as_texts() -> None:
    assert archives({"service.archived": {"Equals": ["false"]}}, finding())


def test_any_element_of_a_list_is_enough() -> None:
    attribute = "resource.instanceDetails.networkInterfaces.publicIp"
    assert archives({attribute: {"Equals": ["203.0.113.2"]}}, finding())
    assert not archives({attribute: {"Equals": ["203.0.113.3"]}}, finding())


def test_not_equals_is_the_opposite_where_there_is_one_value() -> None:
    assert archives({"type": {"NotEquals": ["Other"]}}, finding())
    assert not archives({"type": {"NotEquals": [LEAKED]}}, finding())
    assert not archives({"type": {"NotMatches": ["UnauthorizedAccess:*"]}}, finding())


@pytest.mark.parametrize("missing", [finding(service={}), finding(service={"action": None}), {"type": LEAKED}])
def test_an_absent_value_equals_nothing(missing: dict[str, Any]) -> None:
    assert not archives({CALLER_ADDRESS: {"Matches": ["*"]}}, missing)


@pytest.mark.parametrize(
    ("criterion", "message"),
    [
        pytest.param({"type": {"Eq": [LEAKED]}}, r"type\.Eq: unknown operator", id="short-operator"),
        pytest.param({"type": {"StartsWith": ["x"]}}, r"type\.StartsWith: unknown operator", id="unknown-operator"),
        pytest.param(
            {"service.action.ip": {"Equals": ["x"]}}, r"service\.action\.ip: unknown attribute", id="misspelt"
        ),
        pytest.param({"title": {"Equals": ["x"]}}, "title: unknown attribute", id="in-findings-but-not-filterable"),
        pytest.param(
            {"resource.accessKeyDetails.userIdentity.type": {"Equals": ["x"]}},
            "userIdentity.type: unknown attribute",
            id="filterable-but-not-in-findings",
        ),
        pytest.param(
            {"severity": {"GreaterThan": "7"}}, "must compare with a whole number, got '7'", id="text-as-bound"
        ),
        pytest.param(
            {"severity": {"GreaterThan": True}}, "must compare with a whole number, got True", id="true-as-bound"
        ),
        pytest.param({"type": {"Equals": LEAKED}}, "must hold a list of texts", id="bare-text"),
        pytest.param({"type": {"Equals": []}}, "must hold a list of texts", id="no-values"),
        pytest.param({"type": {"Equals": [8]}}, "must hold a list of texts", id="numbers"),
        pytest.param({"type": {}}, "names no operator", id="no-operator"),
        pytest.param({}, "has no criterion", id="no-criterion"),
        pytest.param(
            {CALLER_ADDRESS: {"Equals": ["198.51.100.7"], "Matches": ["203.0.113.*"]}},
            "how Equals and Matches on one attribute combine",
            id="equals-with-matches",
        ),
        pytest.param({"type": {"GreaterThan": 7}}, "not documented: how 'Unauth", id="text-against-number"),
    ],
)
def test_fails_by_name_on_what_cannot_be_evaluated(criterion: dict[str, dict[str, object]], message: str) -> None:
    with pytest.raises(UnverifiedFilterError, match=message):
        archives(criterion, finding())


def test_fails_on_an_unknown_operator_even_where_another_attribute_does_not_hold() -> None:
    with pytest.raises(UnverifiedFilterError, match="unknown operator"):
        archives({"type": {"Equals": ["Other"]}, "severity": {"Gte": 7}}, finding())


def test_fails_on_an_unknown_action() -> None:
    with pytest.raises(UnverifiedFilterError, match="filter ours: unknown action 'DELETE'; known: ARCHIVE, NOOP"):
        archiving_filter(finding(), [filtering({"type": {"Equals": [LEAKED]}}, action="DELETE")])


@pytest.mark.parametrize(
    ("criterion", "detail", "message"),
    [
        pytest.param(
            {"severity": {"Equals": ["8"]}}, finding(severity=8.5), "how 8.5 compares with a text", id="a-fraction"
        ),
        pytest.param(
            {CALLER_ADDRESS: {"NotEquals": ["192.0.2.1"]}},
            finding(service={}),
            "where the finding has no such value",
            id="not-equals-without-a-value",
        ),
        pytest.param(
            {"resource.instanceDetails.networkInterfaces.publicIp": {"NotEquals": ["203.0.113.1"]}},
            finding(),
            "any or every of several values",
            id="not-equals-with-several-values",
        ),
        pytest.param(
            {"updatedAt": {"GreaterThan": 1}}, finding(updatedAt="yesterday"), "how 'yesterday' compares", id="no-time"
        ),
        pytest.param({"type": {"Equals": ["x"]}}, finding(type=8), "how 8 compares with a text", id="no-text"),
        pytest.param({"severity": {"GreaterThan": 1}}, finding(severity=True), "how True compares", id="no-number"),
        pytest.param(
            {
                "resource.lambdaDetails.tags.key": {"Equals": ["team"]},
                "resource.lambdaDetails.tags.value": {"Equals": ["payments"]},
            },
            finding(
                resource={
                    "lambdaDetails": {
                        "tags": [{"key": "team", "value": "shop"}, {"key": "owner", "value": "payments"}],
                    }
                }
            ),
            "one and the same element of resource.lambdaDetails.tags",
            id="two-attributes-of-one-list",
        ),
    ],
)
def test_fails_where_two_readings_differ(
    criterion: dict[str, dict[str, object]], detail: dict[str, Any], message: str
) -> None:
    with pytest.raises(UnverifiedFilterError, match=message):
        archives(criterion, detail)


def test_a_doubt_does_not_matter_where_another_attribute_does_not_hold() -> None:
    criterion = {"severity": {"Equals": ["8"]}, "type": {"Equals": ["Other"]}}
    assert not archives(criterion, finding(severity=8.5))


SPLIT_TAGS: Mapping[str, Mapping[str, object]] = {
    "resource.lambdaDetails.tags.key": {"Equals": ["team"]},
    "resource.lambdaDetails.tags.value": {"Equals": ["payments"]},
}
"""A key and a value that `split_tags` has, but on two tags: whether such a filter matches is not documented."""


def split_tags() -> dict[str, Any]:
    tags = [{"key": "team", "value": "shop"}, {"key": "owner", "value": "payments"}]
    return finding(resource={"lambdaDetails": {"tags": tags}})


@pytest.mark.parametrize("action", ["ARCHIVE", "NOOP"])
@pytest.mark.parametrize("doubt", [SPLIT_TAGS, {"made.up": {"Equals": ["a"]}}], ids=["two-readings", "unknown"])
@pytest.mark.parametrize("rank", [1, 3], ids=["before", "behind"])
def test_a_doubt_about_one_filter_takes_nothing_from_what_another_does_for_certain(
    action: str, doubt: Mapping[str, Mapping[str, object]], rank: int
) -> None:
    certain = filtering({"type": {"Equals": [LEAKED]}}, name="certain", rank=2)
    verdict = archiving_filter(split_tags(), [filtering(doubt, name="perhaps", action=action, rank=rank), certain])
    assert (verdict.archived, verdict.matched) == (True, ("certain",))
    ((name, reason),) = verdict.doubtful.items()
    assert (name, reason.startswith("filter perhaps: ")) == ("perhaps", True)


def test_fails_on_a_doubt_where_no_filter_archives_for_certain() -> None:
    counting = filtering({"type": {"Equals": [LEAKED]}}, name="counting", action="NOOP")
    with pytest.raises(UnverifiedFilterError, match="filter perhaps: not documented"):
        archiving_filter(split_tags(), [counting, filtering(SPLIT_TAGS, name="perhaps")])


def test_two_attributes_of_a_list_with_one_element_are_no_doubt() -> None:
    criterion = {
        "resource.lambdaDetails.tags.key": {"Equals": ["team"]},
        "resource.lambdaDetails.tags.value": {"Equals": ["payments"]},
    }
    assert archives(criterion, finding())


def test_two_attributes_of_one_of_several_elements_are_no_doubt() -> None:
    """Whether one element is asked for or not: the filter matches."""
    tags = [{"key": "owner", "value": "shop"}, {"key": "team", "value": "payments"}]
    criterion = {
        "resource.lambdaDetails.tags.key": {"Equals": ["team"]},
        "resource.lambdaDetails.tags.value": {"Equals": ["payments"]},
    }
    assert archives(criterion, finding(resource={"lambdaDetails": {"tags": tags}}))


def test_fails_where_three_attributes_of_a_list_hold_in_pairs_only() -> None:
    interfaces = "resource.instanceDetails.networkInterfaces"
    values = {"publicIp": "203.0.113.1", "subnetId": "subnet-1", "vpcId": "vpc-1"}
    elements = [{key: value for key, value in values.items() if key != left_out} for left_out in values]
    criterion = {f"{interfaces}.{key}": {"Equals": [value]} for key, value in values.items()}
    with pytest.raises(UnverifiedFilterError, match=f"one and the same element of {interfaces}"):
        archives(criterion, finding(resource={"instanceDetails": {"networkInterfaces": elements}}))
    elements.append(values)
    assert archives(criterion, finding(resource={"instanceDetails": {"networkInterfaces": elements}}))


def test_the_attributes_of_a_scope_are_known() -> None:
    attributes = {ACCOUNT, FUNCTION_NAME, FUNCTION_TAG_KEY, FUNCTION_TAG_VALUE, FUNCTION_VPC}
    assert {name: filter_attributes()[name] for name in attributes} == dict.fromkeys(attributes, Kind.TEXT)


def test_attributes_are_read_with_their_kinds() -> None:
    known = filter_attributes()
    assert known[CALLER_ADDRESS] is Kind.TEXT
    assert known["severity"] is Kind.NUMBER
    assert known["updatedAt"] is Kind.TIME
    assert known["service.archived"] is Kind.TRUTH
    # The documentation lists several hundred; a handful would mean that its form has changed.
    assert len(known) > 300
