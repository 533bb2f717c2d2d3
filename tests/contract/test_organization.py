"""The custom resources of the templates, done by the function in a world that keeps the services' rules."""

from typing import Any

import pytest

from organization.detective_organization import logger as detective_logger
from organization.on_event import RESOURCES
from tests.deployments import EVERYTHING
from tests.synthesis import Template, Templates, functions, logical_id, properties, resources
from tests.unit.organization import world as fake
from tests.unit.organization.world import World, accounts

DELEGATION, ORGANIZATION = "prod-Delegation", "prod-Organization"


def custom(template: Template) -> dict[str, Template]:
    return {id_: one for id_, one in template["Resources"].items() if one["Type"].startswith("Custom::")}


def in_order(template: Template) -> list[Template]:
    """The custom resources, each after those that it depends on."""
    made: dict[str, Template] = {}
    waiting = custom(template)
    while waiting:
        ready = {id_: one for id_, one in waiting.items() if not set(one.get("DependsOn", ())) & set(waiting)}
        assert ready, "resources that wait for each other"
        made |= ready
        waiting = {id_: one for id_, one in waiting.items() if id_ not in ready}
    return list(made.values())


def as_cloudformation_sends(value: Any) -> Any:
    """Every value as text, which is what custom resources get."""
    if isinstance(value, list):
        return [as_cloudformation_sends(one) for one in value]
    return value if isinstance(value, str) else str(value).lower()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """The organization of the deployment: its management account and its security account."""
    organization = EVERYTHING.organization
    assert organization is not None
    assert EVERYTHING.account is not None
    monkeypatch.setattr(fake, "MANAGEMENT", organization.management_account)
    monkeypatch.setattr(fake, "SECURITY", EVERYTHING.account)
    found = World(states=accounts(60), settling=30, lag=4)
    for region in EVERYTHING.regions:
        found.guardduty.create_detector(EVERYTHING.account, region)
    return found


def deploy(world: World, template: Template) -> None:
    for one in in_order(template):
        given = {name: as_cloudformation_sends(value) for name, value in one["Properties"].items() if name != "Region"}
        del given["ServiceToken"]
        answer = world.ask("Create", one["Type"].removeprefix("Custom::"), one["Properties"]["Region"], **given)
        assert answer["Status"] == "SUCCESS", answer["Reason"]


def test_template_and_function_know_the_same_resources(everything: Templates) -> None:
    found = {one["Type"] for name in (DELEGATION, ORGANIZATION) for one in custom(everything[name]).values()}
    assert found == {f"Custom::{name}" for name in RESOURCES}


def test_every_resource_asks_the_function_of_its_stack(everything: Templates) -> None:
    for name in (DELEGATION, ORGANIZATION):
        (function,) = functions(everything[name], "organization")
        assert {logical_id(one["Properties"]["ServiceToken"]) for one in custom(everything[name]).values()} == {
            function
        }
        # CloudFormation gives up after an hour; the function has answered by then.
        assert everything[name]["Resources"][function]["Properties"]["Timeout"] == 900
        assert all("ServiceTimeout" not in one["Properties"] for one in custom(everything[name]).values())


def test_what_the_templates_ask_for_comes_true(everything: Templates, world: World) -> None:
    security = str(EVERYTHING.account)
    deploy(world, everything[DELEGATION])
    deploy(world, everything[ORGANIZATION])
    assert {region: who for region, (who, _) in world.guardduty.administrators.items()} == dict.fromkeys(
        EVERYTHING.regions, security
    )
    assert set(world.detective.administrators) == set(EVERYTHING.detective_regions())
    members = {id_ for id_ in world.states if id_ != security}
    for region in EVERYTHING.regions:
        assert set(world.guardduty.members[security, region]) == members
        configured = world.guardduty.configured[security, region]
        assert configured["AutoEnableOrganizationMembers"] == "ALL"
        on = {one["Name"] for one in configured["Features"] if one["AutoEnable"] == "ALL"}
        assert on == set(EVERYTHING.member_features(region)) == {"S3_DATA_EVENTS", "RUNTIME_MONITORING"}
    assert world.detective.enabled == {(security, "eu-central-1")}
    assert world.detective.members == {}, "new accounts only"


def test_alarms_listen_to_what_the_function_logs(
    everything: Templates, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    patterns = {one["FilterPattern"] for one in properties(everything[ORGANIZATION], "AWS::Logs::MetricFilter")}
    deploy(world, everything[DELEGATION])
    region = "eu-central-1"
    key = (str(EVERYTHING.account), region)
    world.detective.members[key] = {str(800000000000 + n): "ENABLED" for n in range(1199)}
    world.detective.volumes["200000000000"] = "VOLUME_TOO_HIGH"
    with caplog.at_level("WARNING", logger=detective_logger.name):
        world.ask("Create", "DetectiveOrganization", region, Enroll="all")
    logged = {name for record in caplog.records for name in vars(record) if name.endswith("_accounts")}
    assert patterns == {f"{{ $.{name} = * }}" for name in logged}
    alarms = properties(everything[ORGANIZATION], "AWS::CloudWatch::Alarm")
    filters = resources(everything[ORGANIZATION], "AWS::Logs::MetricFilter").values()
    metrics = {one["Properties"]["MetricTransformations"][0]["MetricName"] for one in filters}
    assert metrics <= {alarm["MetricName"] for alarm in alarms}
