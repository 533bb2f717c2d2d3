"""A stack in a Region that was taken out, or is no longer a hub, is found, and told with what to do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from infra.config import GUARDDUTY_REGIONS, region_facts
from tools.live.verdict import State, passes
from tools.templates.assembly import Assembly, Stack
from tools.verify.check import Check
from tools.verify.left_behind import left_behind
from tools.verify.run import verify

HERE = ("eu-west-1", "us-east-1")
ACCOUNT = "111122223333"


def of(*names: str) -> list[Stack]:
    return [
        Stack(name=name, account=ACCOUNT, region=name.partition("Detection-")[2] or "eu-west-1", resources={})
        for name in names
    ]


OURS = of("prod-Response", *(f"prod-Detection-{region}" for region in HERE))


class CloudFormation:
    """Stacks by name and Region; what it answers where somebody may not look."""

    def __init__(self, *there: tuple[str, str]) -> None:
        self.there = set(there)
        self.refusals: dict[str, Exception] = {}
        self.asked: list[tuple[str, str]] = []

    def client_of(self, service: str, region: str) -> Any:
        assert service in {"cloudformation", "sts"}
        return _Client(self, region)


class _Client:
    def __init__(self, world: CloudFormation, region: str) -> None:
        self._world, self._region = world, region

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": ACCOUNT}

    def get_paginator(self, _operation: str) -> Any:
        raise error("AccessDenied", "not asked here")

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 (AWS's names)
        self._world.asked.append((self._region, StackName))
        if self._region in self._world.refusals:
            raise self._world.refusals[self._region]
        if (self._region, StackName) not in self._world.there:
            raise error("ValidationError", f"Stack with id {StackName} does not exist")
        return {"Stacks": [{"StackName": StackName, "StackStatus": "UPDATE_COMPLETE"}]}


def error(code: str, text: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": text}}, "DescribeStacks")


def looked(world: CloudFormation, stacks: list[Stack] = OURS) -> list[Check]:
    return list(left_behind(stacks, client_of=world.client_of))


def test_every_other_region_of_the_partition_is_asked_once() -> None:
    world = CloudFormation()
    (check,) = looked(world)
    others = [one for one in GUARDDUTY_REGIONS if region_facts(one).partition == "aws" and one not in HERE]
    # In a Region of ours there may be another hub's, or the old home's.
    hubs = [(one, f"prod-Response{end}") for one in (*others, *HERE) for end in ("", f"-{one}")]
    hubs.remove(("eu-west-1", "prod-Response"))
    assert sorted(world.asked) == sorted([*((one, f"prod-Detection-{one}") for one in others), *hubs])
    assert (check.stack, check.state) == ("prod-*", State.OK)
    assert check.detail == f"no other stack in {len(others) + len(HERE)} Regions"


def test_a_stack_that_was_left_behind_is_wrong_and_says_how_it_goes() -> None:
    world = CloudFormation(("eu-central-1", "prod-Detection-eu-central-1"), ("eu-west-2", "test-Detection-eu-west-2"))
    (check,) = [one for one in looked(world) if one.state is State.WRONG]
    assert (check.stack, check.region) == ("prod-Detection-eu-central-1", "eu-central-1")
    assert check.detail == (
        "is there (UPDATE_COMPLETE), and its Region is not in the deployment: its filters go on hiding findings, and"
        " nobody looks back at them; aws cloudformation delete-stack --region eu-central-1 --stack-name"
        " prod-Detection-eu-central-1 keeps detector and graph (docs/operations.md#take-a-region-out)"
    )


@pytest.mark.parametrize(
    ("region", "name"),
    [
        pytest.param("eu-central-1", "prod-Response", id="the-old-home"),
        pytest.param("us-east-1", "prod-Response", id="the-old-home-that-is-still-watched"),
        pytest.param("eu-central-1", "prod-Response-eu-central-1", id="a-region-that-was-taken-out"),
        pytest.param("us-east-1", "prod-Response-us-east-1", id="a-hub-that-is-none-any-more"),
    ],
)
def test_a_response_stack_that_takes_nothing_any_more_is_wrong_and_says_how_it_goes(region: str, name: str) -> None:
    (check,) = [one for one in looked(CloudFormation((region, name))) if one.state is State.WRONG]
    assert (check.stack, check.region) == (name, region)
    assert check.detail == (
        "is there (UPDATE_COMPLETE), and the deployment has none of this name there: no finding comes to it, and it"
        f" costs on; aws cloudformation delete-stack --region {region} --stack-name {name} keeps bus, archive and"
        " ledger (docs/operations.md#move-the-home-region)"
    )


def test_the_hubs_of_the_deployment_are_none_that_was_left() -> None:
    ours = [("eu-west-1", "prod-Response"), ("us-east-1", "prod-Response-us-east-1")]
    world = CloudFormation(*ours)
    regional = [Stack(name="prod-Response-us-east-1", account=ACCOUNT, region="us-east-1", resources={})]
    assert [one.state for one in looked(world, [*OURS, *regional])] == [State.OK]
    assert not {*world.asked} & {*ours}


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(error("AccessDenied", "an explicit deny in a service control policy"), id="denied"),
        pytest.param(error("UnrecognizedClientException", "The security token is invalid"), id="not-enabled"),
        pytest.param(EndpointConnectionError(endpoint_url="https://example.com"), id="not-reached"),
    ],
)
def test_a_region_in_which_nobody_may_look_is_listed_and_fails_nothing(refusal: Exception) -> None:
    world = CloudFormation(("eu-central-1", "prod-Detection-eu-central-1"))
    world.refusals = dict.fromkeys(("af-south-1", "ap-east-1"), refusal)
    found = looked(world)
    assert [one.state for one in found] == [State.WRONG, State.UNKNOWN]
    assert "could not look in af-south-1, ap-east-1: " in found[1].detail
    partition = [one for one in GUARDDUTY_REGIONS if region_facts(one).partition == "aws"]
    assert found[1].detail.startswith(f"no other stack in {len(partition) - 2} Regions; ")
    assert passes(one for one in found[1:] if not one.awaited)


def test_china_is_not_asked_about_a_deployment_elsewhere_and_the_other_way_round() -> None:
    world = CloudFormation()
    looked(world, of("prod-Detection-cn-north-1"))
    assert {region for region, _ in world.asked} == {"cn-north-1", "cn-northwest-1"}


@pytest.mark.parametrize(
    ("options", "asks"),
    [
        pytest.param({"other_regions": True}, True, id="at-night"),
        pytest.param({"other_regions": True, "stacks_named": [one.name for one in OURS]}, True, id="each-by-its-name"),
        pytest.param({"other_regions": True, "stacks_named": ["prod-Detection-*"]}, True, id="all-that-detect"),
        pytest.param({"other_regions": True, "stacks_named": ["prod-Response"]}, False, id="some-stacks"),
        pytest.param({"other_regions": True, "regions": ["us-east-1"]}, False, id="one-region"),
        pytest.param({}, False, id="between-waves"),
    ],
)
def test_it_is_looked_for_when_everything_is(options: dict[str, Any], *, asks: bool) -> None:
    world = CloudFormation()
    assembly = Assembly(folder=Path("cdk.out"), stacks={one.name: one for one in OURS})
    run: Callable[..., Any] = verify
    checks = list(run(assembly, client_of=world.client_of, **options))
    assert any(one.area == "left behind" for one in checks) is asks
    assert ("eu-west-1", "prod-Response") not in world.asked, "it is the deployment's, chosen or not"
