"""A scope takes findings away from what the filters of an entry match, and never adds one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from ipaddress import IPv4Network, IPv6Address
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.config.scope import ACCOUNT, FUNCTION_NAME, FUNCTION_TAG_KEY, FUNCTION_TAG_VALUE, FUNCTION_VPC
from infra.suppression import SUPPRESSED_FINDING_TYPES, CompiledFilter, UnsupportedScopeError, compile_filters
from infra.suppression.compiler import CALLER_ADDRESS
from tools.matching.guardduty_filters import DeployedFilter, UnverifiedFilterError, archiving_filter


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An egress entry, as little of it as the compiler asks for."""

    cidrs: tuple[IPv4Network, ...] = (IPv4Network("198.51.100.0/25"),)
    name: str = "dc"
    owner: str = "network-ops"
    reason: str = "Data centre"
    expires: date = date(2027, 6, 30)
    notify: tuple[str, ...] = ()
    ipv6_addresses: tuple[IPv6Address, ...] = ()
    narrowed_by: Mapping[str, Sequence[str]] = field(default_factory=dict)


def compiled(entry: Entry) -> tuple[CompiledFilter, ...]:
    return compile_filters([entry], finding_types=SUPPRESSED_FINDING_TYPES, name_prefix="sandbox")


def hides(filters: Sequence[CompiledFilter], finding: Mapping[str, object]) -> bool:
    deployed = (DeployedFilter(name=one.name, action="ARCHIVE", rank=1, criterion=one.criterion) for one in filters)
    return archiving_filter(finding, deployed).archived


SMALL: Mapping[str, st.SearchStrategy[str]] = {
    ACCOUNT: st.sampled_from(["111122223333", "444455556666"]),
    FUNCTION_NAME: st.sampled_from(["payments-api", "payments-api2", "Payments-api"]),
    FUNCTION_TAG_KEY: st.sampled_from(["team", "stage"]),
    FUNCTION_TAG_VALUE: st.sampled_from(["payments", "prod"]),
    FUNCTION_VPC: st.sampled_from(["vpc-00000001", "vpc-00000002"]),
}
"""Few values, so that findings often fit."""

# The first call reads botocore's model of GuardDuty, which takes longer than the usual deadline.
unhurried = settings(deadline=None, max_examples=200)

scopes = st.fixed_dictionaries(
    {}, optional={name: st.lists(value, min_size=1, max_size=3) for name, value in SMALL.items()}
)
addresses = st.sampled_from(["198.51.100.0", "198.51.100.7", "198.51.100.127", "198.51.100.128", "203.0.113.9"])
types = st.sampled_from([*SUPPRESSED_FINDING_TYPES, "Recon:IAMUser/TorIPCaller"])


@st.composite
def findings(draw: st.DrawFn) -> dict[str, Any]:
    """Findings with and without a function, with and without tags and VPC."""
    function: dict[str, Any] = {"functionName": draw(SMALL[FUNCTION_NAME])}
    tag = st.fixed_dictionaries({"key": SMALL[FUNCTION_TAG_KEY], "value": SMALL[FUNCTION_TAG_VALUE]})
    function |= draw(st.fixed_dictionaries({}, optional={"tags": st.lists(tag, max_size=2)}))
    if draw(st.booleans()):
        function["vpcConfig"] = {"vpcId": draw(SMALL[FUNCTION_VPC])}
    return {
        "type": draw(types),
        "accountId": draw(SMALL[ACCOUNT]),
        "resource": {"lambdaDetails": draw(st.sampled_from([function, None]))},
        "service": {"action": {"awsApiCallAction": {"remoteIpDetails": {"ipAddressV4": draw(addresses)}}}},
    }


def held(finding: dict[str, Any]) -> dict[str, set[str]]:
    """What a finding has at the attributes of a scope."""
    function = finding["resource"]["lambdaDetails"] or {}
    found = {
        ACCOUNT: {finding["accountId"]},
        FUNCTION_NAME: {function.get("functionName")},
        FUNCTION_TAG_KEY: {tag["key"] for tag in function.get("tags", ())},
        FUNCTION_TAG_VALUE: {tag["value"] for tag in function.get("tags", ())},
        FUNCTION_VPC: {function.get("vpcConfig", {}).get("vpcId")},
    }
    return {attribute: values - {None} for attribute, values in found.items()}


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """A scope and a finding, which often fits: two drawn apart would seldom meet."""
    finding, scope = draw(findings()), draw(scopes)
    if draw(st.booleans()):
        found = held(finding)
        scope = {attribute: [*values, *sorted(found[attribute])] for attribute, values in scope.items()}
    return scope, finding


@unhurried
@given(case=cases())
def test_adding_a_scope_never_hides_a_finding_that_was_not_hidden(
    case: tuple[dict[str, list[str]], dict[str, Any]],
) -> None:
    scope, finding = case
    try:
        hidden = hides(compiled(Entry(narrowed_by=scope)), finding)
    except UnverifiedFilterError:
        hidden = True  # it may be: with the key of one tag and the value of another
    assert not hidden or hides(compiled(Entry()), finding)


@unhurried
@given(case=cases(), left_out=st.sets(st.sampled_from(sorted(SMALL))))
def test_adding_a_key_to_a_scope_never_hides_a_finding_that_was_not_hidden(
    case: tuple[dict[str, list[str]], dict[str, Any]], left_out: set[str]
) -> None:
    scope, finding = case
    fewer = {attribute: values for attribute, values in scope.items() if attribute not in left_out}
    try:
        hidden = hides(compiled(Entry(narrowed_by=scope)), finding)
        assert not hidden or hides(compiled(Entry(narrowed_by=fewer)), finding)
    except UnverifiedFilterError as doubt:
        assert "one and the same element of resource.lambdaDetails.tags" in str(doubt)  # noqa: PT017


@unhurried
@given(case=cases())
def test_what_is_hidden_fits_every_key_of_the_scope(case: tuple[dict[str, list[str]], dict[str, Any]]) -> None:
    scope, finding = case
    try:
        hidden = hides(compiled(Entry(narrowed_by=scope)), finding)
    except UnverifiedFilterError:
        return
    found = held(finding)
    fits = all(found[attribute] & set(values) for attribute, values in scope.items())
    assert hidden is (fits and hides(compiled(Entry()), finding))


def test_every_filter_of_an_entry_is_narrowed_and_there_are_no_more_of_them() -> None:
    plain = compiled(Entry())
    narrow = compiled(Entry(narrowed_by={FUNCTION_NAME: ["b", "a", "b"], ACCOUNT: ["111122223333"]}))
    assert len(narrow) == len(plain) == 2
    for one, other in zip(narrow, plain, strict=True):
        assert one == replace(
            other,
            criterion={
                **other.criterion,
                ACCOUNT: {"Equals": ["111122223333"]},
                FUNCTION_NAME: {"Equals": ["a", "b"]},
            },
        )


@unhurried
@given(scope=scopes, order=st.randoms(use_true_random=False))
def test_the_order_of_a_scope_does_not_matter(scope: dict[str, list[str]], order: Random) -> None:
    shuffled = {attribute: order.sample(scope[attribute], len(scope[attribute])) for attribute in reversed(scope)}
    one, other = compiled(Entry(narrowed_by=scope)), compiled(Entry(narrowed_by=shuffled))
    assert one == other
    assert [list(each.criterion) for each in one] == [list(each.criterion) for each in other]


@pytest.mark.parametrize(
    ("scope", "message"),
    [
        pytest.param({"type": ["x"]}, "must not hold type, which the filter holds already", id="type"),
        pytest.param({CALLER_ADDRESS: ["192.0.2.1"]}, "must not hold service.*ipAddressV4", id="address"),
        pytest.param({ACCOUNT: []}, "accountId must have 1 to 50 values, got 0", id="no-value"),
        pytest.param({ACCOUNT: [str(n) for n in range(51)]}, "accountId must have 1 to 50 values, got 51", id="51"),
        pytest.param(
            {f"a{number}": ["x"] for number in range(49)}, "must hold at most 48 attributes, got 49", id="49-attributes"
        ),
    ],
)
def test_fails_for_a_scope_that_no_filter_can_hold(scope: dict[str, list[str]], message: str) -> None:
    with pytest.raises(UnsupportedScopeError, match=f"egress: scope of dc: .*{message}"):
        compiled(Entry(narrowed_by=scope))


def test_a_filter_holds_fifty_values_and_fifty_attributes() -> None:
    values = [f"f{number:02}" for number in range(50)]
    (first, _) = compiled(Entry(narrowed_by={f"a{number}": values for number in range(48)}))
    assert len(first.criterion) == 50
    assert first.criterion["a0"] == {"Equals": values}
