"""An upgrade makes nothing anew that holds something, unless the changelog says so by name."""

import json
import re
from pathlib import Path

import pytest

from tests.deployments import SANDBOX_DATA, deployment
from tests.synthesis import Templates, synthesize
from tools.changes.replacement import identity
from tools.templates.assembly import Resource

GOLDEN = Path(__file__).with_name("stateful.golden")
HEADING = "### Replaces resources"

STATEFUL = {
    "AWS::Detective::Graph",
    "AWS::DynamoDB::Table",
    "AWS::Events::Archive",
    "AWS::Events::EventBus",
    "AWS::GuardDuty::Detector",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::SNS::Subscription",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
}
"""What holds data, or what somebody has to confirm again by hand."""

GONE = "- "


def line(stack: str, logical_id: str, resource: Resource) -> str:
    """What a resource is to CloudFormation: change anything here, and it is another one."""
    fixed = json.dumps(identity(resource, region="eu-west-1"), sort_keys=True)
    return f"{stack.split('-')[1]}  {logical_id}  {resource.type}  {fixed}"


def stateful(templates: Templates) -> set[str]:
    return {
        line(
            stack,
            id_,
            Resource(logical_id=id_, type=one["Type"], label=id_, properties=one.get("Properties", {}), attributes={}),
        )
        for stack, template in templates.items()
        for id_, one in template["Resources"].items()
        if one["Type"] in STATEFUL
    }


def golden() -> tuple[set[str], set[str]]:
    """The lines of resources that are, and of those that a version has left behind."""
    lines = [one for one in GOLDEN.read_text(encoding="utf-8").splitlines() if one and not one.startswith("#")]
    gone = {one.removeprefix(GONE) for one in lines if one.startswith(GONE)}
    return {one for one in lines if not one.startswith(GONE)}, gone


def announced(changelog: str) -> set[str]:
    """The logical ids that the changelog names under the heading, in any version."""
    sections = re.findall(rf"^{HEADING}$(.*?)(?=^##|\Z)", changelog, flags=re.DOTALL | re.MULTILINE)
    return {name for section in sections for name in re.findall(r"`([A-Za-z0-9]+)`", section)}


def unannounced(gone: set[str], changelog: str) -> set[str]:
    """The resources that are left behind and that nobody was told of."""
    named = announced(changelog)
    return {one for one in gone if one.split()[1] not in named}


def test_what_holds_something_is_the_same_resource_as_before(sandbox: Templates, everything: Templates) -> None:
    live, gone = golden()
    now = stateful(sandbox | everything)
    assert sorted(live - now) == [], (
        "an upgrade would make these anew, or leave them behind. Give them back what they had; or begin their lines "
        f"with '{GONE}' and say under '{HEADING}' in CHANGELOG.md, with the logical id, what is lost and what to do"
    )
    assert sorted(now - live) == [], "new: add these lines"
    assert not now & gone


def test_another_hub_keeps_what_the_home_region_has(sandbox: Templates, tmp_path: Path) -> None:
    """The bus has a fixed name, and is kept when its stack goes: a second stack there could never be made."""
    regional = synthesize(deployment({**SANDBOX_DATA, "hub": "regional"}), outdir=tmp_path, checked=False)
    name = "sandbox-Response"
    assert stateful({name: regional[name]}) == stateful({name: sandbox[name]})
    assert set(regional) - set(sandbox) == {f"{name}-us-east-1"}


def test_whatever_is_left_behind_is_named_in_the_changelog(project: Path) -> None:
    assert unannounced(golden()[1], (project / "CHANGELOG.md").read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("changelog", "told"),
    [
        (f"## 2.0\n\n{HEADING}\n\n- `LedgerTable1`: cases are told once more.\n\n### Added\n", True),
        (f"## 2.0\n\n{HEADING}\n\n- `LedgerTable1`: the last section\n", True),
        (f"## 2.0\n\n{HEADING}\n\n- the ledger\n", False),
        (f"## 2.0\n\n{HEADING}\n\n- `LedgerTable2`\n", False),
        ("## 2.0\n\n### Changed\n\n- `LedgerTable1`: another key\n", False),
        (f"## 2.0\n\n{HEADING}\n\n## 1.0\n\n- `LedgerTable1`\n", False),
    ],
    ids=["named", "named-at-the-end", "without-its-id", "another", "under-another-heading", "in-another-version"],
)
def test_only_the_logical_id_under_the_heading_counts(changelog: str, told: bool) -> None:  # noqa: FBT001 (a case)
    gone = {"Response  LedgerTable1  AWS::DynamoDB::Table  {}"}
    assert (unannounced(gone, changelog) == set()) is told


def test_a_name_or_a_key_that_cannot_be_changed_is_part_of_what_a_resource_is() -> None:
    table = Resource(
        logical_id="T",
        type="AWS::DynamoDB::Table",
        label="T",
        properties={"KeySchema": [{"AttributeName": "Key", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"},
        attributes={},
    )
    assert identity(table, region="eu-west-1") == {"KeySchema": [{"AttributeName": "Key", "KeyType": "HASH"}]}
