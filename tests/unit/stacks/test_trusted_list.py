"""The trusted list of a Region: exactly the configured addresses, read again after each edit, gone with its stack."""

import copy
import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.config import load
from tests.deployments import EVERYTHING_DATA, SANDBOX_DATA, deployment
from tests.synthesis import Template, Templates, only, properties, resources, strings, synthesize

TYPES = {"AWS::GuardDuty::IPSet", "AWS::GuardDuty::TrustedEntitySet"}
CONTENT = b"192.0.2.16/30\n"
"""Two entries that are neighbours."""

KEY = f"{sha256(CONTENT).hexdigest()}.txt"
ENTRY: dict[str, Any] = {**EVERYTHING_DATA["trusted_list"][0], "name": "scanner"}


def lists(template: Template) -> dict[str, Template]:
    """The trusted lists of a stack, by logical id."""
    return {id_: one for type_ in TYPES for id_, one in resources(template, type_).items()}


def files(outdir: Path) -> dict[str, bytes]:
    """What the Detection stack of a sandbox in one Region uploads beside its template, by object key."""
    manifest = json.loads((outdir / "sandbox-Detection-eu-west-1.assets.json").read_text(encoding="utf-8"))
    return {
        destination["objectKey"]: (outdir / file["source"]["path"]).read_bytes()
        for file in manifest["files"].values()
        for destination in file["destinations"].values()
        if not file["source"]["path"].endswith(".template.json")
    }


def region(outdir: Path, *, trusted_list: list[dict[str, Any]]) -> Template:
    """The Detection stack of a sandbox in one Region with this list."""
    data = SANDBOX_DATA | {"regions": ["eu-west-1"], "trusted_list": trusted_list}
    return synthesize(deployment(data), outdir=outdir, checked=False)["sandbox-Detection-eu-west-1"]


def test_list_is_one_trusted_entity_set_that_says_who_wanted_it_until_when(everything: Templates) -> None:
    template = everything["prod-Detection-eu-central-1"]
    assert list(lists(template)) == ["TrustedListTrustedEntitySetD131C0FA"]
    assert only(properties(template, "AWS::GuardDuty::TrustedEntitySet")) == {
        "Name": "acme-detection-trusted-list",
        "DetectorId": {"Ref": "GuardDuty32B27AAC"},
        "Activate": True,
        "Format": "TXT",
        "Location": f"s3://cdk-hnb659fds-assets-111122223333-eu-central-1/{KEY}",
        "ExpectedBucketOwner": "111122223333",
        "Tags": [
            {"Key": "expires", "Value": "2027-01-15 / 2027-02-28"},
            {"Key": "owner", "Value": "network-ops / red-team@example.com"},
            {"Key": "trusted-entries", "Value": "branch-office / pentest-scanner"},
        ],
    }


def test_list_is_an_ip_set_where_the_region_knows_nothing_newer(govcloud: Templates) -> None:
    template = govcloud["gov-Detection-us-gov-west-1"]
    assert list(lists(template)) == ["TrustedListIPSetAA25C2CB"]
    assert only(properties(template, "AWS::GuardDuty::IPSet")) == {
        "Name": "gov-trusted-list",
        "DetectorId": {"Ref": "GuardDuty32B27AAC"},
        "Activate": True,
        "Format": "TXT",
        "Location": {"Fn::Sub": f"s3://cdk-hnb659fds-assets-${{AWS::AccountId}}-us-gov-west-1/{KEY}"},
        "ExpectedBucketOwner": {"Ref": "AWS::AccountId"},
        "Tags": [
            {"Key": "expires", "Value": "2027-01-15 / 2027-02-28"},
            {"Key": "owner", "Value": "network-ops / red-team@example.com"},
            {"Key": "trusted-entries", "Value": "branch-office / pentest-scanner"},
        ],
    }


def test_configuration_may_correct_which_form_a_region_has(everything: Templates) -> None:
    assert list(lists(everything["prod-Detection-eu-south-2"])) == ["TrustedListIPSetAA25C2CB"]


def test_every_region_has_one_list(everything: Templates) -> None:
    found = {name: len(lists(template)) for name, template in everything.items()}
    assert {name: count for name, count in found.items() if count} == {
        "prod-Detection-ap-east-2": 1,
        "prod-Detection-eu-central-1": 1,
        "prod-Detection-eu-south-2": 1,
    }


def test_file_holds_exactly_the_addresses_under_the_hash_of_its_content(tmp_path: Path) -> None:
    region(tmp_path, trusted_list=[{**ENTRY, "cidrs": ["203.0.113.128/25", "203.0.113.0/25", "192.0.2.19"]}])
    content = b"192.0.2.19\n203.0.113.0/24\n"
    assert files(tmp_path) == {f"{sha256(content).hexdigest()}.txt": content}


def test_edit_of_an_address_changes_the_location_so_that_guardduty_reads_it_again(tmp_path: Path) -> None:
    before = region(tmp_path / "1", trusted_list=[{**ENTRY, "cidrs": ["192.0.2.16"]}])
    after = region(tmp_path / "2", trusted_list=[{**ENTRY, "cidrs": ["192.0.2.17"]}])
    again = region(tmp_path / "3", trusted_list=[{**ENTRY, "cidrs": ["192.0.2.16"]}])
    assert before == again
    ((id_, one),), ((other_id, other),) = lists(before).items(), lists(after).items()
    assert id_ == other_id
    assert {key for key in one["Properties"] if one["Properties"][key] != other["Properties"][key]} == {"Location"}


def test_order_of_entries_and_ranges_changes_nothing(tmp_path: Path) -> None:
    other = {**ENTRY, "name": "office", "owner": "network-ops", "cidrs": ["192.0.2.80", "192.0.2.64"]}
    turned = {**other, "cidrs": other["cidrs"][::-1]}
    assert region(tmp_path / "1", trusted_list=[ENTRY, other]) == region(tmp_path / "2", trusted_list=[turned, ENTRY])


def test_list_goes_with_its_stack(everything: Templates, govcloud: Templates) -> None:
    """Taking the stack away must not leave a Region blind."""
    for template in (everything | govcloud).values():
        for id_, one in lists(template).items():
            assert one.get("DeletionPolicy", "Delete") == "Delete", id_
            assert one.get("UpdateReplacePolicy", "Delete") == "Delete", id_


def test_without_a_list_a_region_has_neither_list_nor_file(sandbox: Templates, tmp_path: Path) -> None:
    assert not any(lists(template) for template in sandbox.values())
    template = region(tmp_path, trusted_list=[])
    assert not lists(template)
    assert not files(tmp_path)
    assert not any("cdk-hnb659fds-assets" in text for text in strings(template))


def test_list_whose_every_entry_has_ended_is_taken_away(tmp_path: Path) -> None:
    data = copy.deepcopy(SANDBOX_DATA) | {"regions": ["eu-west-1"], "trusted_list": [ENTRY]}
    file = tmp_path / "sandbox.yaml"
    file.write_text(yaml.safe_dump(data))
    last, ended = date(2027, 2, 28), date(2027, 3, 1)
    for day, number in ((last, 1), (ended, 0)):
        outdir = tmp_path / day.isoformat()
        loaded = load(file, today=day)
        templates = synthesize(loaded.deployment, outdir=outdir, checked=False)
        assert len(lists(templates["sandbox-Detection-eu-west-1"])) == len(files(outdir)) == number


def test_bucket_of_the_file_is_encrypted_private_and_refuses_plain_http(project: Path) -> None:
    """The list leans on the bucket of `cdk bootstrap`: look whether its template still is what we say it is."""
    bootstrap = project / "node_modules" / "aws-cdk" / "lib" / "api" / "bootstrap" / "bootstrap-template.yaml"
    if not bootstrap.exists():
        pytest.skip("the CDK CLI is not installed: `make setup`")
    template = yaml.safe_load(bootstrap.read_text(encoding="utf-8"))
    bucket = template["Resources"]["StagingBucket"]["Properties"]
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    public = bucket["PublicAccessBlockConfiguration"]["Fn::If"][1]
    assert public == dict.fromkeys(public, True)
    assert len(public) == 4
    policy = template["Resources"]["StagingBucketPolicy"]["Properties"]
    assert policy["Bucket"] == {"Ref": "StagingBucket"}
    (tls,) = [one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Deny"]
    assert (tls["Action"], tls["Principal"]) == ("s3:*", "*")
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert tls["Resource"] == [{"Fn::Sub": "${StagingBucket.Arn}"}, {"Fn::Sub": "${StagingBucket.Arn}/*"}]


def test_key_that_bootstrap_makes_lets_guardduty_read_through_s3(project: Path) -> None:
    bootstrap = project / "node_modules" / "aws-cdk" / "lib" / "api" / "bootstrap" / "bootstrap-template.yaml"
    if not bootstrap.exists():
        pytest.skip("the CDK CLI is not installed: `make setup`")
    template = yaml.safe_load(bootstrap.read_text(encoding="utf-8"))
    policy = template["Resources"]["FileAssetsBucketEncryptionKey"]["Properties"]["KeyPolicy"]
    (through_s3,) = [one for one in policy["Statement"] if one["Principal"] == {"AWS": "*"}]
    assert "kms:Decrypt" in through_s3["Action"]
    assert set(through_s3["Condition"]["StringEquals"]) == {"kms:CallerAccount", "kms:ViaService"}


@pytest.mark.parametrize("count", [9, 100], ids=["a-few-long-owners", "as-many-as-one-may-have"])
def test_tags_count_what_they_cannot_hold(tmp_path: Path, count: int) -> None:
    owners = [f"team-{number:03}-".ljust(64, "x") for number in range(count)]
    entries = [
        {**ENTRY, "name": f"entry-{number:03}", "owner": owner, "cidrs": [f"203.0.113.{2 * number}"]}
        for number, owner in enumerate(owners)
    ]
    ((_, one),) = lists(region(tmp_path, trusted_list=entries)).items()
    tags = {tag["Key"]: tag["Value"] for tag in one["Properties"]["Tags"]}
    assert tags["owner"] == f"{owners[0]} / {owners[1]} / {owners[2]} / and {count - 3} more"
    assert tags["expires"].startswith("2027-02-28 / 2027-02-28")
    assert max(map(len, tags.values())) <= 256
