"""What the notifier is told beside the finding fits its environment, or is left out with a warning."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Annotations, Match

from app import build
from infra.app import App
from tests.deployments import SANDBOX_DATA, deployment
from tests.synthesis import Template, Templates, functions, read_templates

LIMIT = 4096
"""Bytes of all environment variables of a function, names included (Lambda quotas)."""


def variables(template: Template) -> list[dict[str, Any]]:
    """The environment of each notifier."""
    return [one["Properties"]["Environment"]["Variables"] for one in functions(template, "notifier").values()]


def made(tmp_path: Path, *, accounts: int, ranges: int) -> tuple[App, Template]:
    """A sandbox with so many named accounts and egress ranges."""
    data = copy.deepcopy(SANDBOX_DATA)
    data["accounts"] = {f"{n:012}": {"name": f"workload-{n}", "owner": "some-team"} for n in range(accounts)}
    data["egress"] = [
        SANDBOX_DATA["egress"][0] | {"name": f"site-{n}", "cidrs": [f"198.51.100.{n}"]} for n in range(ranges)
    ]
    data["egress_limits"] = {"maximum_filters": 80}
    data["identity_center"] = {"start_url": f"https://{'a' * 60}.awsapps.com/start", "role_name": "R" * 32}
    app = App(outdir=str(tmp_path), checked=False)
    build(app, deployment(data))
    app.write()
    return app, read_templates(tmp_path)["sandbox-Response"]


def _warnings(app: App) -> list[str]:
    stack = app.node.find_child("sandbox-Response")
    found = Annotations.from_stack(stack).find_warning("*", Match.any_value())  # type: ignore[arg-type]
    return [str(one.entry.data) for one in found]


def test_names_of_accounts_are_told_to_every_notifier_and_the_portal_too(everything: Templates) -> None:
    for found in variables(everything["prod-Response"]):
        assert json.loads(found["ACCOUNTS"]) == {"444455556666": ["payments-prod", "payments"]}
        assert (found["PORTAL_URL"], found["PORTAL_ROLE"]) == ("https://example.awsapps.com/start", "SecurityAudit")


def test_nothing_is_told_that_nobody_wrote(sandbox: Templates) -> None:
    for found in variables(sandbox["sandbox-Response"]):
        assert not {"ACCOUNTS", "PORTAL_URL", "PORTAL_ROLE"} & set(found)


@pytest.mark.parametrize(
    ("accounts", "ranges", "all_fit"), [(50, 1, True), (80, 1, False), (30, 20, False), (9, 60, True)]
)
def test_of_accounts_as_many_are_named_as_fit_and_a_warning_says_from_where_on_not(
    tmp_path: Path, *, accounts: int, ranges: int, all_fit: bool
) -> None:
    app, template = made(tmp_path, accounts=accounts, ranges=ranges)
    said = [warning for warning in _warnings(app) if "names fit the notifier's environment" in warning]
    assert bool(said) is not all_fit
    for found in variables(template):
        named = list(json.loads(found.get("ACCOUNTS", "{}")))
        every = [f"{n:012}" for n in range(accounts)]
        assert named == every[: len(named)], "the first of the file"
        assert (len(named) == accounts) == all_fit
        if not all_fit:
            assert f"accounts: {len(named)} of {accounts} names fit" in said[0]
            assert f"from {every[len(named)]} on" in said[0]
        # What CloudFormation fills in is an address of a queue or a name, 200 characters at most.
        size = sum(len(name) + (len(value) if isinstance(value, str) else 200) for name, value in found.items())
        assert size <= LIMIT


@pytest.mark.parametrize(("ranges", "fits"), [(1, True), (60, False)])
def test_addresses_that_do_not_fit_the_investigation_are_left_out_with_a_warning_too(
    tmp_path: Path, *, ranges: int, fits: bool
) -> None:
    app, template = made(tmp_path, accounts=0, ranges=ranges)
    (worker,) = functions(template, "investigation").values()
    assert bool(worker["Properties"]["Environment"]["Variables"]["EGRESS_RANGES"]) == fits
    warned = [one for one in _warnings(app) if "bytes of addresses do not fit the investigation's environment" in one]
    assert bool(warned) is not fits
