"""Templates as plain data, from the same code path as `app.py`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app import build
from infra.app import App
from infra.config import Deployment

Template = dict[str, Any]
Templates = dict[str, Template]


def synthesize(deployment: Deployment, *, outdir: Path, checked: bool = True) -> Templates:
    """The template of each stack, by stack name. Feature flags and rule packs are in force, as in a deployment."""
    app = App(outdir=str(outdir), checked=checked)
    build(app, deployment)
    app.write()
    return read_templates(outdir)


def read_templates(outdir: Path) -> Templates:
    """The templates of a cloud assembly, by stack name."""
    return {
        file.name.removesuffix(".template.json"): json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(outdir.glob("*.template.json"))
    }


def stack_tags(outdir: Path) -> dict[str, Template]:
    """The tags of each stack; CloudFormation hands them on, so they stand beside the templates."""
    manifest = json.loads((outdir / "manifest.json").read_text(encoding="utf-8"))
    return {
        name: artifact["properties"].get("tags", {})
        for name, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    }


def resources(template: Template, type_: str) -> dict[str, Template]:
    """The resources of one type, by logical id."""
    return {id_: resource for id_, resource in template["Resources"].items() if resource["Type"] == type_}


def properties(template: Template, type_: str) -> list[Template]:
    """The properties of each resource of one type."""
    return [resource.get("Properties", {}) for resource in resources(template, type_).values()]


def functions(template: Template, package: str, *, module: str = "handler") -> dict[str, Template]:
    """The functions whose code is one package of `lambda_src`, by logical id."""
    return {
        id_: function
        for id_, function in resources(template, "AWS::Lambda::Function").items()
        if function["Properties"]["Handler"] == f"{package}.{module}.handler"
    }


def bus_rules(template: Template) -> dict[str, Template]:
    """The properties of the rules on the findings bus, by name; schedules are rules too and left out."""
    return {rule["Name"]: rule for rule in properties(template, "AWS::Events::Rule") if "EventBusName" in rule}


def delivery_rules(template: Template) -> dict[str, Template]:
    """Those of them that lead to destinations, and not to an investigation."""
    return {name: rule for name, rule in bus_rules(template).items() if name != "investigation"}


def finding_rules(template: Template) -> dict[str, Template]:
    """Those of them that carry findings."""
    return {
        name: rule for name, rule in delivery_rules(template).items() if "aws.guardduty" in str(rule["EventPattern"])
    }


def only(items: list[Template]) -> Template:
    """The one element there is."""
    (item,) = items
    return item


def strings(value: object) -> Iterator[str]:
    """Every text in a template, keys included."""
    match value:
        case str():
            yield value
        case Mapping():
            for key, inner in value.items():
                yield from strings(key)
                yield from strings(inner)
        case list():
            for inner in value:
                yield from strings(inner)


def logical_id(reference: object) -> str:
    """What a `Ref` or `Fn::GetAtt` points at."""
    match reference:
        case {"Ref": str(id_)}:
            return id_
        case {"Fn::GetAtt": [str(id_), _]}:
            return id_
    raise AssertionError(f"not a reference: {reference}")
