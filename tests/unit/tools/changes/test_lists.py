"""Trusted lists blind every finding type, and that is said loudly."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tools.changes.assemblies import detector, home, resource, said, sentences, write
from tools.changes.change import Topic
from tools.changes.report import report
from tools.templates.assembly import read_assembly

HASH, OTHER_HASH = "a" * 64, "b" * 64


def trusted(hash_: str = HASH, type_: str = "AWS::GuardDuty::TrustedEntitySet", **more: Any) -> dict[str, Any]:
    return resource(type_, Name="office", Location=f"https://bucket.s3.amazonaws.com/{hash_}.txt", **more)


def of(tmp_path: Path, base: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return said(tmp_path, home({"D": detector(), **base}), home({"D": detector(), **new}), topic=Topic.SUPPRESSION)


@pytest.mark.parametrize("type_", ["AWS::GuardDuty::TrustedEntitySet", "AWS::GuardDuty::IPSet"])
def test_a_new_trusted_list_blinds_every_finding_type(tmp_path: Path, type_: str) -> None:
    assert of(tmp_path, {}, {"L": trusted(type_=type_)}) == [
        "blind: every finding type goes blind for the addresses of the trusted list office in eu-west-1, "
        "without an owner, without an end"
    ]


def test_its_addresses_are_counted_where_the_assembly_holds_its_file(tmp_path: Path) -> None:
    base, new = (
        write(tmp_path / "base", home({"L": trusted()})),
        write(tmp_path / "new", home({"L": trusted(OTHER_HASH)})),
    )
    (base / f"asset.{HASH}.txt").write_text("# ours\n198.51.100.0/30\n203.0.113.7\n")
    (new / f"asset.{OTHER_HASH}.txt").write_text("198.51.100.0/29 # more\n")
    assert sentences(report(read_assembly(base), read_assembly(new)), topic=Topic.SUPPRESSION) == [
        "blind: every finding type goes blind for 4 addresses more of the trusted list office in eu-west-1",
        "the trusted list office no longer holds one address in eu-west-1",
    ]


def test_another_owner_or_end_is_told(tmp_path: Path) -> None:
    def tagged(owner: str, expires: str) -> dict[str, Any]:
        return {"L": trusted(Tags=[{"Key": "owner", "Value": owner}, {"Key": "expires", "Value": expires}])}

    base = tagged("a / b", "2027-01-31 / 2027-02-28")
    assert of(tmp_path, {}, base)[0].endswith("in eu-west-1, owner a / b, until 2027-01-31 / 2027-02-28")
    assert of(tmp_path, base, tagged("a / c", "2027-02-15 / 2027-02-28")) == [
        "blind: the trusted list office ends 2027-02-15 / 2027-02-28 instead of 2027-01-31 / 2027-02-28 in eu-west-1",
        "the trusted list office is owned by a / c instead of a / b in eu-west-1",
    ]
    assert of(tmp_path, base, tagged("a / b", "2027-01-15")) == [
        "the trusted list office ends 2027-01-15 instead of 2027-01-31 / 2027-02-28 in eu-west-1"
    ]


def test_a_region_that_starts_with_the_list_of_the_others_is_no_blinding(tmp_path: Path) -> None:
    content = {"D": detector(), "L": trusted()}
    base = write(tmp_path / "base", {"eu-west-1": content})
    new = write(tmp_path / "new", {"eu-west-1": content, "eu-west-2": content})
    for folder in (base, new):
        (folder / f"asset.{HASH}.txt").write_text("198.51.100.0/30\n")
    assert sentences(report(read_assembly(base), read_assembly(new)), topic=Topic.SUPPRESSION) == [
        "every finding type goes blind for 4 addresses of the trusted list office in eu-west-2, as in other Regions "
        "before"
    ]
    (base / f"asset.{HASH}.txt").unlink()
    (unknown,) = sentences(report(read_assembly(base), read_assembly(new)), topic=Topic.SUPPRESSION)
    assert unknown.startswith("blind: every finding type goes blind for 4 addresses")


def test_an_edited_list_whose_file_is_elsewhere_cannot_be_judged(tmp_path: Path) -> None:
    assert of(tmp_path, {"L": trusted()}, {"L": trusted(OTHER_HASH)}) == [
        "blind?: every finding type goes blind for whatever the trusted list office holds now in eu-west-1: "
        "its file is not in both folders"
    ]


def test_a_trusted_list_that_goes_or_is_switched_off_blinds_no_longer(tmp_path: Path) -> None:
    says = "the trusted list office is no longer used: the addresses can be found again in eu-west-1"
    assert of(tmp_path, {"L": trusted()}, {}) == [says]
    assert of(tmp_path, {"L": trusted()}, {"L": trusted(Activate=False)}) == [says]


def test_a_threat_list_is_the_other_way_round(tmp_path: Path) -> None:
    threats = {"L": trusted(type_="AWS::GuardDuty::ThreatIntelSet")}
    assert of(tmp_path, {}, threats) == ["the threat list office is newly used in eu-west-1"]
    assert of(tmp_path, threats, {}) == ["blind: the threat list office is no longer used in eu-west-1"]
    edited = {"L": trusted(OTHER_HASH, type_="AWS::GuardDuty::ThreatIntelSet")}
    assert of(tmp_path, threats, edited) == [
        "blind?: the threat list office changes in eu-west-1: what it no longer finds cannot be told"
    ]
