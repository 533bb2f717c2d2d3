"""Who switches GuardDuty and Detective on, and what was found where somebody else does."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.config import Deployment, load
from tests.unit.config.examples import TODAY, ConfigFile, spoiled

FOUND = Path("found/stack.json")
ACCOUNT = "111122223333"
DETECTORS = {"eu-west-1": "12abc34d567e8fa901bc2d34e56789f0", "us-east-1": "0f98765e43d2cb109af8e765d43cba21"}
GRAPH = f"arn:aws:detective:eu-west-1:{ACCOUNT}:graph:{'0a1b2c3d' * 4}"
EXISTING = f'account: "{ACCOUNT}"\nguardduty: {{ownership: existing}}\n'
ADVICE = "run python -m tools doctor stack --write, and commit what it writes"


def write_found(**changes: Any) -> None:
    """Write a good file of what was found, with some of its keys changed."""
    regions: dict[str, dict[str, str]] = {name: {"detector_id": detector} for name, detector in DETECTORS.items()}
    regions["eu-west-1"]["graph_arn"] = GRAPH
    FOUND.parent.mkdir(exist_ok=True)
    document = {"account": ACCOUNT, "taken": "2026-11-23", "regions": regions} | changes
    FOUND.write_text(json.dumps(document, indent=2))


def detectors(deployment: Deployment) -> dict[str, str | None]:
    return {region: deployment.existing_detector(region) for region in deployment.regions}


def test_the_stack_makes_every_detector_unless_said_and_reads_no_file(config_file: ConfigFile) -> None:
    FOUND.parent.mkdir()
    FOUND.write_text("not even JSON {")
    assert detectors(config_file.deployment()) == {"eu-west-1": None, "us-east-1": None}


def test_existing_detectors_come_from_the_committed_file(config_file: ConfigFile) -> None:
    write_found()
    deployment = config_file.deployment(more=EXISTING)
    assert detectors(deployment) == DETECTORS
    assert deployment.detective_regions() == ("eu-west-1", "us-east-1")


def test_a_region_may_have_another_owner_than_the_rest(config_file: ConfigFile) -> None:
    write_found(regions={"us-east-1": {"detector_id": DETECTORS["us-east-1"]}})
    deployment = config_file.deployment(
        more=f'account: "{ACCOUNT}"\nguardduty: {{features: [S3_DATA_EVENTS]}}\n'
        "region_overrides: {us-east-1: {guardduty_ownership: existing}}\n"
    )
    assert detectors(deployment) == {"eu-west-1": None, "us-east-1": DETECTORS["us-east-1"]}


def test_existing_graphs_are_used_where_one_was_found(config_file: ConfigFile) -> None:
    write_found()
    deployment = config_file.deployment(more=f'account: "{ACCOUNT}"\ndetective: {{ownership: existing}}\n')
    assert deployment.detective_regions() == ("eu-west-1",)


def test_who_looks_itself_needs_no_file(config_file: ConfigFile) -> None:
    write_found()
    config_file.load(more=EXISTING)
    FOUND.unlink()
    deployment = load(config_file.path, today=TODAY, with_found=False).deployment
    with pytest.raises(ValueError, match="eu-west-1: no detector was found"):
        deployment.existing_detector("eu-west-1")


def test_fails_without_the_file_and_says_what_writes_it(config_file: ConfigFile) -> None:
    assert config_file.refusal(more=EXISTING) == (
        "found/stack.json: no such file; with ownership: existing the ids of detectors and graphs come from there, as a"
        f" build asks no service: {ADVICE}"
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param(
            {"account": "999988887777", "regions": {name: {"detector_id": id_} for name, id_ in DETECTORS.items()}},
            f"found/stack.json: account: must be {ACCOUNT}, the account of stack.yaml, got '999988887777'; {ADVICE}",
            id="another-account",
        ),
        pytest.param(
            {"regions": {"eu-west-1": {"detector_id": DETECTORS["eu-west-1"]}}},
            "found/stack.json: regions: needs the detector of us-east-1, got none; switch GuardDuty on there, then"
            f" {ADVICE}",
            id="a-region-is-missing",
        ),
        pytest.param(
            {"regions": {"eu-west-1": {"detector_id": DETECTORS["eu-west-1"]}, "us-east-1": {}}},
            "found/stack.json: regions: needs the detector of us-east-1, got none; switch GuardDuty on there, then"
            f" {ADVICE}",
            id="a-region-without-detector",
        ),
        pytest.param(
            {"regions": {"eu-west-1": {"detector_id": "12abc34d567e8fa901bc2d34e56789f"}}},
            "found/stack.json:6: regions.eu-west-1.detector_id: must be the id of a GuardDuty detector, 32 characters"
            f" of 0-9 and a-f, got '12abc34d567e8fa901bc2d34e56789f'; {ADVICE}",
            id="malformed-detector",
        ),
        pytest.param(
            {"regions": {"us-east-1": {"detector_id": DETECTORS["us-east-1"], "graph_arn": GRAPH}}},
            f"found/stack.json:7: regions.us-east-1.graph_arn: must be a graph of account {ACCOUNT} in us-east-1, got"
            f" '{GRAPH}'; {ADVICE}",
            id="graph-of-another-region",
        ),
        pytest.param(
            {"taken": "yesterday"},
            "found/stack.json:3: taken: must be a date such as 2026-11-23, in quotes, got 'yesterday'; " + ADVICE,
            id="no-date",
        ),
    ],
)
def test_fails_saying_what_is_wrong_with_the_file(config_file: ConfigFile, changes: dict[str, Any], says: str) -> None:
    write_found(**changes)
    assert config_file.refusal(more=EXISTING) == says


ORGANIZATION = 'organization: {management_account: "999988887777"}\n'
NO_EFFECT = (
    "must be left out where every detector is existing: whoever switches GuardDuty on decides it, and it would have no"
    " effect here; leave it out, or write ownership: create"
)


@pytest.mark.parametrize(
    ("changes", "more", "says"),
    [
        spoiled(
            "no-account",
            more="guardduty: {ownership: existing}\n",
            says="24: guardduty.ownership: existing needs account, as detectors and graphs are those of one account,"
            " got none; write it at the top, 12 digits in quotes",
        ),
        spoiled(
            "features-are-stated",
            more=f'account: "{ACCOUNT}"\nguardduty: {{ownership: existing, features: [S3_DATA_EVENTS]}}\n',
            says=f"25: guardduty.features: {NO_EFFECT}",
        ),
        spoiled(
            "frequency-is-stated",
            more=f'account: "{ACCOUNT}"\nguardduty: {{ownership: existing, finding_publishing_frequency: ONE_HOUR}}\n',
            says=f"25: guardduty.finding_publishing_frequency: {NO_EFFECT}",
        ),
        spoiled(
            "plans-of-members-are-not-said",
            more=EXISTING + ORGANIZATION,
            says="26: organization: needs member_features where every detector is existing, got none: there is no"
            " guardduty.features to take them from; write [] to leave the plans of members to whoever switches"
            " GuardDuty on, and enroll: none to leave enrolment to them too",
        ),
        spoiled(
            "a-graph-that-is-not-used",
            more=f'account: "{ACCOUNT}"\ndetective: {{enabled: false, ownership: existing}}\n',
            says="25: detective.ownership: must be left out with enabled: false, got 'existing'; no graph is made or"
            " used",
        ),
        spoiled(
            "a-graph-where-none-can-be",
            ("[eu-west-1, us-east-1]", "[eu-west-1, ap-east-2]"),
            more=f'account: "{ACCOUNT}"\nregion_overrides: {{ap-east-2: {{detective_ownership: existing}}}}\n',
            says="25: region_overrides.ap-east-2.detective_ownership: must be left out, got 'existing'; Detective is"
            " not offered there",
        ),
        spoiled(
            "an-override-of-nothing",
            more="region_overrides: {us-east-1: {guardduty_ownership: create}}\n",
            says="24: region_overrides.us-east-1.guardduty_ownership: must differ from guardduty.ownership, which is"
            " create too; leave it out",
        ),
    ],
)
def test_fails_where_owners_and_the_rest_disagree(
    config_file: ConfigFile, changes: tuple[tuple[str, str], ...], more: str, says: str
) -> None:
    assert config_file.refusal(*changes, more=more) == says


def test_members_may_be_enrolled_where_somebody_else_owns_the_detectors(config_file: ConfigFile) -> None:
    write_found()
    more = EXISTING + 'organization: {management_account: "999988887777", member_features: [S3_DATA_EVENTS]}\n'
    assert config_file.deployment(more=more).member_features("eu-west-1") == ("S3_DATA_EVENTS",)
