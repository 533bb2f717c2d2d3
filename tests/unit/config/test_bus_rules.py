"""Which rules lead to a destination: its queue lets in these, and no other."""

import copy
from typing import Any

from infra.config import Deployment, rules_to
from tests.deployments import SANDBOX_DATA, deployment


def sandbox(**members: Any) -> Deployment:
    return deployment({**copy.deepcopy(SANDBOX_DATA), **members})


def test_a_destination_of_a_route_hears_of_it_and_of_notices() -> None:
    assert rules_to(sandbox(), "security-slack") == ["high", "notices-security-slack"]


def test_a_destination_of_the_catch_all_hears_of_changes_too() -> None:
    assert rules_to(sandbox(), "security-mail") == ["catch-all", "notices-security-mail", "watch"]


def test_who_is_to_hear_of_changes_can_be_somebody_else() -> None:
    chosen = sandbox(watch={"to": ["security-slack"]})
    assert rules_to(chosen, "security-slack") == ["high", "notices-security-slack", "watch"]
    assert rules_to(chosen, "security-mail") == ["catch-all", "notices-security-mail"]


def test_without_suppression_and_watch_only_findings_lead_to_it() -> None:
    bare = sandbox(egress=[], watch={"enabled": False})
    assert rules_to(bare, "security-slack") == ["high"]
    assert rules_to(bare, "security-mail") == ["catch-all"]


def test_each_route_that_names_it_leads_to_it_in_their_order() -> None:
    routes = [
        {"name": "second", "minimum_severity": 4, "to": ["security-slack"]},
        {"name": "first", "minimum_severity": 9, "to": ["security-slack"]},
    ]
    assert rules_to(sandbox(routes=routes), "security-slack")[:2] == ["second", "first"]
    assert rules_to(sandbox(routes=routes), "nobody") == ["notices-nobody"]
