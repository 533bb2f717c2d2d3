"""What the configuration allows, CloudFormation takes."""

import copy
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from infra.config import Deployment, SnsDestination
from infra.config.agreement.delivery import (
    DELIVERY_RESOURCES,
    INVESTIGATION_RESOURCES,
    MAX_RESOURCES,
    REVIEW_RESOURCES,
    ROUTE_RESOURCES,
    STACK_RESOURCES,
    TOPIC_RESOURCES,
    WATCH_RESOURCES,
)
from tests.deployments import EVERYTHING, SANDBOX, SANDBOX_DATA, deployment
from tests.synthesis import Templates, synthesize


def estimate(of: Deployment) -> int:
    mails = [destination for destination in of.destinations if isinstance(destination, SnsDestination)]
    return (
        STACK_RESOURCES
        + DELIVERY_RESOURCES * len(of.destinations)
        + sum(TOPIC_RESOURCES + len(mail.emails) for mail in mails)
        + ROUTE_RESOURCES * (len(of.routes) + 1)
        + (REVIEW_RESOURCES + ROUTE_RESOURCES * len(of.destinations) if of.suppresses else 0)
        + (INVESTIGATION_RESOURCES if of.investigates(of.home_region) else 0)
        + (WATCH_RESOURCES if of.watch.enabled else 0)
        + (2 * len(of.destinations) + len(of.routes) + 1 + len(of.regions) if of.heartbeat.enabled else 0)
    )


def large(*, mails: int, addresses: int, routes: int) -> dict[str, Any]:
    """A sandbox with many destinations and routes."""
    data = copy.deepcopy(SANDBOX_DATA)
    data["destinations"] += [
        {"name": f"mail-{n}", "kind": "sns", "emails": [f"p{one}@example.com" for one in range(addresses)]}
        for n in range(mails)
    ]
    data["routes"] = [{"name": f"route-{n}", "to": [f"mail-{n % mails}"]} for n in range(routes)]
    data["catch_all"] = ["security-mail", "security-slack"]
    return data


@pytest.mark.parametrize("sample", [SANDBOX, EVERYTHING], ids=lambda one: one.name)
def test_the_configuration_counts_resources_as_they_are(
    sandbox: Templates, everything: Templates, sample: Deployment
) -> None:
    made = len((sandbox | everything)[f"{sample.name}-Response"]["Resources"])
    assert made <= estimate(sample) <= made + STACK_RESOURCES


def test_the_largest_deployment_that_is_allowed_can_be_synthesized(tmp_path: Path) -> None:
    allowed = deployment(large(mails=9, addresses=1, routes=39))
    assert MAX_RESOURCES - 30 < estimate(allowed) <= MAX_RESOURCES
    template = synthesize(allowed, outdir=tmp_path, checked=False)["sandbox-Response"]
    assert len(template["Resources"]) <= MAX_RESOURCES


def test_fails_when_a_stack_cannot_hold_it() -> None:
    with pytest.raises(ValidationError, match=r"destinations and routes need \d+ resources, a CloudFormation stack"):
        deployment(large(mails=18, addresses=20, routes=1))
