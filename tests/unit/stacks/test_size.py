"""What the configuration allows, CloudFormation takes: its own count of resources is held against the templates."""

import copy
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from infra.config import Deployment
from infra.config.agreement.stack_size import MAX_RESOURCES, STACK_RESOURCES, response_resources
from tests.deployments import EVERYTHING, GOVCLOUD, SANDBOX, SANDBOX_DATA, deployment
from tests.synthesis import Templates, synthesize

ROOM = 3
"""Resources by which a part may be counted too many: never too few."""

SLACK: dict[str, Any] = {"name": "more", "kind": "slack", "webhook_secret": "more/slack"}
MAIL: dict[str, Any] = {"name": "more", "kind": "sns", "emails": ["a@example.com"]}
CHAT: dict[str, Any] = {"name": "more", "kind": "sns", "message_format": "custom_notification"}
PAGER: dict[str, Any] = {"name": "more", "kind": "pagerduty", "routing_key_secret": "more/pager"}
TEAMS: dict[str, Any] = {"name": "more", "kind": "teams", "webhook_secret": "more/teams"}
HOOK: dict[str, Any] = {
    "name": "more", "kind": "webhook", "webhook_secret": "more/siem", "allowed_hosts": ["a.example.com"],
}  # fmt: skip
ROUTE: dict[str, Any] = {"name": "more", "minimum_severity": 4, "to": ["security-slack"]}


def counted(of: Deployment) -> int:
    """What the configuration itself counts, by which it refuses what is too large."""
    return response_resources(**{name: getattr(of, name) for name in signature(response_resources).parameters})


def made(of: Deployment, outdir: Path) -> int:
    """What the largest Response stack has."""
    templates = synthesize(of, outdir=outdir, checked=False)
    return max(len(one["Resources"]) for name, one in templates.items() if "-Response" in name)


def sandbox_with(**changed: Any) -> Deployment:
    return deployment({**copy.deepcopy(SANDBOX_DATA), **changed})


def sending_to(destination: dict[str, Any]) -> Deployment:
    """The sandbox with one destination more, to which its route leads as well."""
    return sandbox_with(
        destinations=[*SANDBOX_DATA["destinations"], destination],
        routes=[{"name": "high", "minimum_severity": 7, "to": ["security-slack", "more"]}],
    )


@pytest.mark.parametrize("sample", [SANDBOX, EVERYTHING, GOVCLOUD], ids=lambda one: one.name)
def test_the_configuration_counts_resources_as_they_are(
    sandbox: Templates, everything: Templates, govcloud: Templates, sample: Deployment
) -> None:
    there = len((sandbox | everything | govcloud)[f"{sample.name}-Response"]["Resources"])
    assert there <= counted(sample) <= there + STACK_RESOURCES


@pytest.mark.parametrize(
    ("with_it", "without"),
    [
        pytest.param(SANDBOX, sandbox_with(egress=[]), id="review-of-suppression"),
        pytest.param(SANDBOX, sandbox_with(watch={"enabled": False}), id="watch"),
        pytest.param(SANDBOX, sandbox_with(heartbeat={"enabled": False}), id="heartbeat"),
        pytest.param(SANDBOX, sandbox_with(investigation={"enabled": False}), id="investigation"),
        pytest.param(sandbox_with(regions=["eu-west-1", "us-east-1", "us-west-2"]), SANDBOX, id="region"),
        pytest.param(sandbox_with(routes=[*SANDBOX_DATA["routes"], ROUTE]), SANDBOX, id="route"),
        *(pytest.param(sending_to(one), SANDBOX, id=str(one["kind"])) for one in (SLACK, MAIL, PAGER, TEAMS, HOOK)),
        pytest.param(sending_to(CHAT), SANDBOX, id="chat"),
        pytest.param(sending_to({**MAIL, "emails": ["a@example.com", "b@example.com"]}), sending_to(MAIL), id="mail"),
    ],
)
def test_each_part_costs_what_the_configuration_counts_for_it(
    tmp_path: Path, with_it: Deployment, without: Deployment
) -> None:
    there = made(with_it, tmp_path / "with") - made(without, tmp_path / "without")
    assert there > 0
    assert there <= counted(with_it) - counted(without) <= there + ROOM


def test_a_hub_in_each_region_is_counted_as_one(tmp_path: Path) -> None:
    """Each has a stack of its own, with the heartbeat of its own Region alone."""
    regions = [f"eu-{name}" for name in ("west-1", "west-2", "west-3", "central-1", "north-1", "south-1")]
    regional = sandbox_with(hub="regional", regions=regions)
    there = made(regional, tmp_path)
    assert there <= counted(regional) <= there + STACK_RESOURCES
    assert counted(regional) == counted(SANDBOX) - len(SANDBOX.regions) + 1


def large(*, mails: int, addresses: int, routes: int, more: int = 0) -> dict[str, Any]:
    """A sandbox with many destinations and routes, the first with some addresses more."""
    data = copy.deepcopy(SANDBOX_DATA)
    data["destinations"] += [
        {
            "name": f"mail-{n}",
            "kind": "sns",
            "emails": [f"p{one}@example.com" for one in range(addresses if n else addresses + more)],
        }
        for n in range(mails)
    ]
    data["routes"] = [{"name": f"route-{n}", "to": [f"mail-{n % mails}"]} for n in range(routes)]
    data["catch_all"] = ["security-mail", "security-slack"]
    return data


def test_the_largest_deployment_that_is_allowed_can_be_synthesized(tmp_path: Path) -> None:
    spare = MAX_RESOURCES - counted(deployment(large(mails=9, addresses=1, routes=39)))
    assert 0 <= spare < 15, "so many addresses fit one destination"
    allowed = deployment(large(mails=9, addresses=1, routes=39, more=spare))
    assert counted(allowed) == MAX_RESOURCES == 500
    assert made(allowed, tmp_path) <= MAX_RESOURCES
    with pytest.raises(ValidationError, match=r"need 501 resources, a CloudFormation stack holds 500"):
        deployment(large(mails=9, addresses=1, routes=39, more=spare + 1))


def test_fails_when_a_stack_cannot_hold_it_and_says_which_destination_takes_most() -> None:
    with pytest.raises(
        ValidationError,
        match=r"destinations and routes need \d+ resources, a CloudFormation stack holds 500; 'mail-0' alone takes 39, "
        r"a route 3: write to a mailing list",
    ):
        deployment(large(mails=18, addresses=18, routes=1, more=2))
