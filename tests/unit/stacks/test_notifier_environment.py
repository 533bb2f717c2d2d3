"""What functions are told beside the event: some in their environment, which is small, and the rest in a file."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from app import build
from infra.app import App
from infra.constructs import python_function
from tests.deployments import SANDBOX_DATA, deployment
from tests.synthesis import Template, Templates, functions, read_templates

LIMIT = 4096
"""Bytes of all environment variables of a function, names included (Lambda quotas)."""


def variables(template: Template) -> list[dict[str, Any]]:
    """The environment of each notifier."""
    return [one["Properties"]["Environment"]["Variables"] for one in functions(template, "notifier").values()]


def made(outdir: Path, data: dict[str, Any]) -> Template:
    """The home Region's Response stack of a deployment."""
    app = App(outdir=str(outdir), checked=False)
    build(app, deployment(data))
    app.write()
    return read_templates(outdir)["sandbox-Response"]


def test_the_portal_is_told_to_every_notifier(everything: Templates) -> None:
    for found in variables(everything["prod-Response"]):
        assert (found["PORTAL_URL"], found["PORTAL_ROLE"]) == ("https://example.awsapps.com/start", "SecurityAudit")


def test_nothing_is_told_that_nobody_wrote(sandbox: Templates) -> None:
    for found in variables(sandbox["sandbox-Response"]):
        assert not {"PORTAL_URL", "PORTAL_ROLE"} & set(found)


def test_every_environment_fits(sandbox: Templates, everything: Templates) -> None:
    for template in (*sandbox.values(), *everything.values()):
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Lambda::Function":
                found = resource["Properties"].get("Environment", {}).get("Variables", {})
                # What CloudFormation fills in is an address of a queue or a name, 200 characters at most.
                size = sum(len(name) + (len(value) if isinstance(value, str) else 200) for name, value in found.items())
                assert size <= LIMIT


def test_any_number_of_accounts_and_addresses_is_told(tmp_path: Path) -> None:
    """An organization has thousands of accounts, and a company a hundred sites."""
    data = copy.deepcopy(SANDBOX_DATA)
    data["accounts"] = {f"{n:012}": {"name": f"workload-{n}", "owner": "some-team"} for n in range(2_000)}
    entry = SANDBOX_DATA["egress"][0]
    data["egress"] = [entry | {"name": f"site-{n}", "cidrs": [f"198.51.100.{n}"]} for n in range(100)]
    data["egress_limits"] = {"maximum_filters": 100}
    template = made(tmp_path, data)
    for package in ("notifier", "investigation"):
        (function, *_) = functions(template, package).values()
        asset = tmp_path / f"asset.{function['Properties']['Code']['S3Key'].removesuffix('.zip')}"
        told = json.loads((asset / "known.json").read_text(encoding="utf-8"))
        assert told["accounts"] == {f"{n:012}": [f"workload-{n}", "some-team"] for n in range(2_000)}
        assert [(one["name"], one["cidrs"]) for one in told["egress"]] == [
            (f"site-{n}", [f"198.51.100.{n}/32"]) for n in range(100)
        ]


def test_the_code_is_the_same_wherever_it_is_laid_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that it is put together in has another name each time, and is in no template."""
    first = made(tmp_path / "first", SANDBOX_DATA)
    monkeypatch.setattr(python_function, "_laid_out", python_function._laid_out.__wrapped__)
    assert made(tmp_path / "second", SANDBOX_DATA) == first
