"""What is around egress entries still pages; templates that hide a little more or less than declared are found out."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from infra.config.scope import ACCOUNT, FUNCTION_NAME, FUNCTION_TAG_KEY, FUNCTION_TAG_VALUE, FUNCTION_VPC
from tests.deployments import EVERYTHING, SANDBOX
from tests.unit.tools.cases.other_filters import with_criterion, with_filters
from tests.unit.tools.changes.assemblies import CALLER
from tools.cases.neighbours import wrong_neighbours
from tools.journey.world import World, read_world
from tools.matching.guardduty_filters import DeployedFilter
from tools.templates.assembly import read_assembly

FRANKFURT = SANDBOX.egress[0]
LEAKED, INSTANCE = FRANKFURT.finding_types
SCOPED = next(entry for entry in EVERYTHING.egress if entry.scope)


@pytest.fixture
def sandbox(sandbox_folder: Path) -> World:
    return read_world(read_assembly(sandbox_folder), name="sandbox")


@pytest.fixture
def everything(everything_folder: Path) -> World:
    return read_world(read_assembly(everything_folder), name="everything")


def test_what_is_around_every_entry_still_pages(sandbox: World, everything: World) -> None:
    # Two types at four addresses, and another type at the two inside, in two Regions.
    assert wrong_neighbours(sandbox, SANDBOX.egress) == (20, ())
    assert wrong_neighbours(everything, EVERYTHING.egress)[1] == ()


def test_every_edge_of_every_entry_is_tried_ipv6_addresses_too(everything: World) -> None:
    tried = {
        entry.name: wrong_neighbours(everything, [entry.model_copy(update={"cidrs": ()})])[0]
        for entry in EVERYTHING.egress
    }
    # The address, the one before and the one after, of two types, and the address of another, in three Regions.
    assert tried == {"tokyo-dc": 0, "partner-gateway": 21, "payments-gateway": 0}


def test_an_entry_within_a_wider_one_is_hidden_by_both(sandbox: World) -> None:
    """The wider one is about one account, so the narrower one says something of its own."""
    scoped = FRANKFURT.model_copy(
        update={"name": "aaa-wide", "scope": SCOPED.scope, "cidrs": (IPv4Network("198.51.100.0/24"),)}
    )
    conditions = {name: {"Equals": values} for name, values in scoped.narrowed_by.items()}
    wide = DeployedFilter(
        name="sandbox-aaa-wide-02",
        action="ARCHIVE",
        rank=1,
        criterion={"type": {"Equals": [LEAKED, INSTANCE]}, CALLER: {"Matches": ["198.51.100.*"]}, **conditions},
        tags={"egress-entry": "aaa-wide"},
    )
    nested = with_filters(sandbox, wide)
    assert wrong_neighbours(nested, [FRANKFURT, scoped])[1] == ()
    lost = with_criterion(nested, "aaa-wide", lambda criterion: criterion.update({CALLER: {"Equals": ["8.8.8.8"]}}))
    assert (
        f"198.51.100.0, at the edge of aaa-wide in eu-west-1, {LEAKED}: should be hidden by aaa-wide and "
        "frankfurt-dc, is hidden by frankfurt-dc" in wrong_neighbours(lost, [FRANKFURT, scoped])[1]
    )


@pytest.mark.parametrize("type_", [LEAKED, INSTANCE])
def test_fails_for_templates_that_hide_one_address_more_or_less(sandbox: World, type_: str) -> None:
    narrower = FRANKFURT.model_copy(update={"cidrs": (next(FRANKFURT.cidrs[0].subnets()),)})
    assert (
        f"198.51.100.8, beside frankfurt-dc in eu-west-1, {type_}: should page, is hidden by frankfurt-dc"
        in (wrong_neighbours(sandbox, [narrower])[1])
    )
    wider = FRANKFURT.model_copy(update={"cidrs": (FRANKFURT.cidrs[0].supernet(),)})
    assert (
        f"198.51.100.31, at the edge of frankfurt-dc in eu-west-1, {type_}: should be hidden by frankfurt-dc, is sent"
        in (wrong_neighbours(sandbox, [wider])[1])
    )


def test_fails_for_templates_that_hide_another_ipv6_address_than_declared(everything: World) -> None:
    (entry,) = [one for one in EVERYTHING.egress if one.ipv6_addresses]
    moved = entry.model_copy(update={"ipv6_addresses": (entry.ipv6_addresses[0] + 1,), "mode": "enforce"})
    wrong = wrong_neighbours(everything, [moved])[1]
    assert [one.partition(" in ")[0] for one in wrong if "2001:db8::8," in one] == [
        "2001:db8::8, at the edge of partner-gateway"
    ] * 6
    observed = entry.model_copy(update={"ipv6_addresses": (entry.ipv6_addresses[0] + 1,)})
    wrong = wrong_neighbours(everything, [observed])[1]
    region = "in eu-central-1"
    assert (
        f"2001:db8::8, at the edge of partner-gateway {region}, {LEAKED}: should page (observed by partner-gateway), "
        "is sent" in wrong
    )
    assert (
        f"2001:db8::7, beside partner-gateway {region}, {LEAKED}: should page, is sent (observed by partner-gateway)"
        in wrong
    )


def test_fails_where_a_rule_leaves_out_an_address_beside_an_entry(sandbox: World) -> None:
    """What the engine says of one address it need not say of the next."""
    other: object = {CALLER.rpartition(".")[2]: [{"anything-but": "198.51.100.16"}]}
    for name in reversed(CALLER.split(".")[:-1]):
        other = {name: other}
    rules = {
        bus: tuple(replace(rule, pattern={**rule.pattern, "detail": other}) for rule in some)
        for bus, some in sandbox.rules.items()
    }
    wrong = wrong_neighbours(replace(sandbox, rules=rules), SANDBOX.egress)[1]
    assert wrong == tuple(
        f"198.51.100.16, beside frankfurt-dc in {region}, {type_}: should page, is untold"
        for type_ in (LEAKED, INSTANCE)
        for region in ("eu-west-1", "us-east-1")
    )


def without(attribute: str) -> Callable[[dict[str, Any]], object]:
    return lambda criterion: criterion.pop(attribute)


def test_fails_for_a_filter_that_has_lost_one_of_its_finding_types(sandbox: World) -> None:
    less = with_criterion(sandbox, "frankfurt-dc", lambda criterion: criterion.update(type={"Equals": [LEAKED]}))
    wrong = wrong_neighbours(less, SANDBOX.egress)[1]
    assert [one.partition(" in ")[0] for one in wrong if INSTANCE in one] == [
        f"198.51.100.{number}, at the edge of frankfurt-dc" for number in (0, 0, 15, 15)
    ]
    assert all(one.endswith(f"{INSTANCE}: should be hidden by frankfurt-dc, is sent") for one in wrong)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(without("type"), id="every-type"),
        pytest.param(
            lambda criterion: criterion.update(type={"Matches": ["UnauthorizedAccess:IAMUser/*"]}), id="a-wildcard"
        ),
    ],
)
def test_fails_for_a_filter_that_hides_other_finding_types(
    sandbox: World, change: Callable[[dict[str, Any]], object]
) -> None:
    wrong = wrong_neighbours(with_criterion(sandbox, "frankfurt-dc", change), SANDBOX.egress)[1]
    assert len(wrong) == 4
    assert all(one.endswith("OutsideAW0: should page, is hidden by frankfurt-dc") for one in wrong)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        pytest.param(
            lambda criterion: criterion[CALLER]["Equals"].append("192.0.2.8"),
            "192.0.2.8, beside payments-gateway",
            id="one-address-more",
        ),
        pytest.param(
            lambda criterion: criterion.update({FUNCTION_NAME: {"Matches": ["payments-*"]}}),
            f"192.0.2.7, outside the scope of payments-gateway by {FUNCTION_NAME} payments-refund0",
            id="functions-by-a-wildcard",
        ),
        *(
            pytest.param(
                without(attribute),
                f"192.0.2.7, outside the scope of payments-gateway by {attribute} ",
                id=f"any-{attribute.rpartition('.')[2]}",
            )
            for attribute in (ACCOUNT, FUNCTION_NAME, FUNCTION_TAG_KEY, FUNCTION_TAG_VALUE, FUNCTION_VPC)
        ),
    ],
)
def test_fails_for_a_filter_that_is_wider_than_the_scope_of_its_entry(
    everything: World, change: Callable[[dict[str, Any]], object], where: str
) -> None:
    wrong = wrong_neighbours(with_criterion(everything, SCOPED.name, change), EVERYTHING.egress)[1]
    # In three Regions, and nothing else.
    assert len(wrong) == 3
    assert all(one.startswith(where) for one in wrong)
    assert all(one.endswith(": should page, is hidden by payments-gateway") for one in wrong)


def test_fails_for_a_filter_that_hides_nothing_within_the_scope_of_its_entry(everything: World) -> None:
    none = with_criterion(everything, SCOPED.name, lambda one: one.update({FUNCTION_NAME: {"Equals": ["refunds"]}}))
    wrong = wrong_neighbours(none, EVERYTHING.egress)[1]
    assert len(wrong) == 3
    assert all(one.endswith(": should be hidden by payments-gateway, is sent") for one in wrong)
