"""Tiny cloud assemblies made by hand, and what is said of the change from one to another."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tools.changes.change import Topic
from tools.changes.report import Report, report
from tools.changes.show import label
from tools.templates.assembly import read_assembly
from tools.templates.wording import plain

Resources = Mapping[str, Mapping[str, Any]]
Regions = Mapping[str, Resources]

TYPE = "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS"
CALLER = "service.action.awsApiCallAction.remoteIpDetails.ipAddressV4"


def write(
    folder: Path,
    regions: Regions,
    *,
    account: str = "111122223333",
    tags: Mapping[str, str] | None = None,
    **sections: Any,
) -> Path:
    """An assembly with one stack in each of these Regions."""
    folder.mkdir(parents=True, exist_ok=True)
    artifacts = {}
    for region, resources in regions.items():
        file = f"Stack-{region}.template.json"
        (folder / file).write_text(json.dumps({"Resources": resources, **sections}), encoding="utf-8")
        artifacts[f"Stack-{region}"] = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://{account}/{region}",
            "properties": {"templateFile": file, **({"tags": tags} if tags else {})},
        }
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}), encoding="utf-8")
    return folder


def compared(tmp_path: Path, base: Regions, new: Regions) -> Report:
    """The report on two assemblies made of these Regions."""
    return report(read_assembly(write(tmp_path / "base", base)), read_assembly(write(tmp_path / "new", new)))


def said(tmp_path: Path, base: Regions, new: Regions, *, topic: Topic | None = None) -> list[str]:
    """Every sentence, with its kinds in front."""
    return sentences(compared(tmp_path, base, new), topic=topic)


def sentences(found: Report, *, topic: Topic | None = None) -> list[str]:
    """The sentences of a report, with their kinds in front."""
    return [
        f"{label(change)}: {plain(change.sentence)}".removeprefix(": ")
        for one in Topic
        if topic in {None, one}
        for change in found.section(one)
    ]


def home(resources: Resources) -> Regions:
    """One Region with these resources."""
    return {"eu-west-1": resources}


def guardduty_filter(
    *,
    equals: Iterable[str] = (),
    matches: Iterable[str] = (),
    types: Iterable[str] = (TYPE,),
    action: str = "ARCHIVE",
    tags: Mapping[str, str] | None = None,
    criterion: Mapping[str, Any] | None = None,
    **properties: Any,
) -> dict[str, Any]:
    """A filter of the egress entry dc, unless said otherwise."""
    condition = {"Equals": list(equals)} if equals else {"Matches": list(matches)}
    given = {"egress-entry": "dc", "owner": "network-ops", "expires": "2027-03-31"} if tags is None else tags
    found = {"type": {"Equals": list(types)}, CALLER: condition, **(criterion or {})}
    return {
        "Type": "AWS::GuardDuty::Filter",
        "Properties": {
            "Action": action,
            "Name": "dc-01",
            "DetectorId": {"Ref": "Detector"},
            "FindingCriteria": {"Criterion": {name: one for name, one in found.items() if one is not None}},
            "Tags": [{"Key": key, "Value": value} for key, value in given.items()],
            **properties,
        },
    }


def detector(**properties: Any) -> dict[str, Any]:
    """A detector that is kept."""
    return {
        "Type": "AWS::GuardDuty::Detector",
        "Properties": {"Enable": True, **properties},
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
    }


def resource(type_: str, **properties: Any) -> dict[str, Any]:
    """A resource of any type."""
    return {"Type": type_, "Properties": properties}
