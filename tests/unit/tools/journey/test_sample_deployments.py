"""Journeys through real deployments: every kind of destination, a scope, a trusted list, observing, other hubs."""

import json
from pathlib import Path
from typing import Any

import pytest

from notifier.items.event import read
from tests.deployments import EVERYTHING, EVERYTHING_DATA, FOUND, GOVCLOUD_DATA, SANDBOX_DATA, deployment
from tests.findings import leaked_instance_credentials, leaked_lambda_credentials, low_finding
from tests.synthesis import synthesize
from tools.journey.journey import Journey, Outcome, journeys
from tools.journey.world import read_world
from tools.messages.deployment import brief_for
from tools.templates.assembly import read_assembly

EVERYONE = {"catch-all": ("everyone",)}
LEAKED = {"leaked-credentials": ("soc-slack",), **EVERYONE}
ON_CALL = {"critical": ("on-call", "siem", "soc-chat", "soc-teams")}
REGION = "eu-south-2"


def after(folder: Path, event: dict[str, Any]) -> Journey:
    (found,) = journeys(read_world(read_assembly(folder), name="prod"), [event])
    return found


def leaked(**members: Any) -> dict[str, Any]:
    return leaked_lambda_credentials(**{"region": REGION, "address": "8.8.8.8", **members})


@pytest.mark.parametrize(
    ("event", "routes"),
    [
        pytest.param(leaked(), LEAKED, id="leaked"),
        pytest.param(leaked(severity=9.5), {**LEAKED, **ON_CALL}, id="critical"),
        pytest.param(leaked(account="444455556666"), {**LEAKED, "pci": ("pci-slack",)}, id="pci"),
        pytest.param(low_finding() | {"region": REGION}, EVERYONE, id="low"),
        pytest.param(low_finding(type="Object:S3/MaliciousFile") | {"region": REGION}, LEAKED, id="wildcard"),
    ],
)
def test_each_route_leads_where_the_configuration_says(
    everything_folder: Path, event: dict[str, Any], routes: dict[str, Any]
) -> None:
    found = after(everything_folder, event)
    assert (found.outcome, dict(found.routes)) == (Outcome.SENT, routes)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:db8::7"])
def test_preview_and_explain_make_the_same_of_a_finding(everything_folder: Path, address: str) -> None:
    """One knows the configuration and the other what the function is told: addresses of both kinds, runbooks."""
    text = json.dumps(leaked(severity=9.5, address=address))
    told = after(everything_folder, leaked(severity=9.5)).told
    assert len(told) > 1
    previewed = tuple(brief_for(item, EVERYTHING) for item in read(text))
    assert all(one.destination.briefs(json.loads(text)) == previewed for one in told)


def test_every_destination_has_its_own_form_of_the_message(everything_folder: Path) -> None:
    found = after(everything_folder, leaked(severity=9.5))
    assert {told.destination.name: told.destination.form for told in found.told} == {
        "soc-slack": "slack",
        "everyone": "sns",
        "on-call": "pagerduty",
        "siem": "webhook",
        "soc-chat": "sns-custom-notification",
        "soc-teams": "teams",
    }
    assert all(payload is not None for told in found.told for payload in told.destination.payloads(found.event))
    sample = after(everything_folder, leaked(severity=9.5, sample=True))
    payloads = {told.destination.name: told.destination.payloads(sample.event) for told in sample.told}
    assert payloads["on-call"] == (None,)


@pytest.mark.parametrize(
    ("members", "outcome", "by"),
    [
        pytest.param({"address": "203.0.113.200"}, Outcome.SUPPRESSED, "tokyo-dc", id="wildcard-filter"),
        pytest.param({"address": "198.51.100.7"}, Outcome.SUPPRESSED, "tokyo-dc", id="single-address"),
        pytest.param({"address": "198.51.100.8"}, Outcome.SENT, "", id="the-next-address"),
        pytest.param({"address": "192.0.2.7", "account": "444455556666"}, Outcome.SUPPRESSED, "payments-gateway",
                     id="in-scope"),
        pytest.param({"address": "192.0.2.7", "account": "444455556666", "function": "other"}, Outcome.SENT, "",
                     id="another-function"),
        pytest.param({"address": "192.0.2.16"}, Outcome.TRUSTED, "acme-detection-trusted-list", id="trusted"),
        pytest.param({"address": "192.0.2.20"}, Outcome.SENT, "", id="after-the-trusted"),
    ],
)  # fmt: skip
def test_what_hides_a_finding_is_named(
    everything_folder: Path, members: dict[str, Any], outcome: Outcome, by: str
) -> None:
    found = after(everything_folder, leaked(**members))
    names = [one.entry for one in found.hiding.archived_by] or [
        found.hiding.trusted_by.name if found.hiding.trusted_by else ""
    ]
    assert (found.outcome, names) == (outcome, [by])


def test_an_entry_that_observes_is_named_and_hides_nothing(everything_folder: Path) -> None:
    found = after(everything_folder, leaked_instance_credentials(address="192.0.2.130") | {"region": REGION})
    assert (found.outcome, [one.entry for one in found.hiding.observed_by]) == (Outcome.SENT, ["partner-gateway"])


def test_a_list_of_the_older_form_is_read_too(tmp_path: Path) -> None:
    synthesize(deployment(GOVCLOUD_DATA), outdir=tmp_path, checked=False)
    region = "us-gov-west-1"
    assert after(tmp_path, leaked(address="192.0.2.18", region=region)).outcome is Outcome.TRUSTED
    assert dict(after(tmp_path, leaked(region=region)).routes) == EVERYONE


def test_with_a_hub_in_each_region_a_finding_stays_in_its_own(tmp_path: Path) -> None:
    synthesize(deployment({**SANDBOX_DATA, "hub": "regional"}), outdir=tmp_path, checked=False)
    found = after(tmp_path, leaked(region="us-east-1"))
    assert dict(found.routes) == {"high": ("security-slack",), "catch-all": ("security-mail",)}
    assert {told.destination.settings.queue_url.split(".")[1] for told in found.told} == {"us-east-1"}


def test_a_region_whose_detector_is_somebody_elses_is_watched_too(tmp_path: Path) -> None:
    made = deployment({**EVERYTHING_DATA, "guardduty": {"ownership": "existing"}}).with_found(FOUND)
    synthesize(made, outdir=tmp_path, checked=False)
    assert after(tmp_path, leaked(address="198.51.100.7")).outcome is Outcome.SUPPRESSED
    assert after(tmp_path, leaked()).outcome is Outcome.SENT


def test_an_organization_enrols_its_accounts(everything_folder: Path, sandbox_folder: Path) -> None:
    whole, alone = (read_world(read_assembly(one), name="x") for one in (everything_folder, sandbox_folder))
    assert (whole.enrols, alone.enrols) == ("all", "none")
