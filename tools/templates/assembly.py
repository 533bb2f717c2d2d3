"""A cloud assembly: the folder that synth writes, read as plain data."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

Json = Mapping[str, object]

_STACK = "aws:cloudformation:stack"
_NESTED = "cdk:cloud-assembly"
_ENVIRONMENT = re.compile(r"aws://(?P<account>[^/]+)/(?P<region>[^/]+)")


class AssemblyError(Exception):
    """A folder that is no cloud assembly; the text says where, what, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource of a template.

    Attributes:
        label: Its construct path without the stack; the logical id if it has none.
        attributes: DeletionPolicy, DependsOn and the like; all but properties and metadata.
    """

    logical_id: str
    type: str
    label: str
    properties: Json
    attributes: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One stack.

    Attributes:
        sections: The template without its resources, metadata and description.
        tags: The tags of the stack, which CloudFormation hands on to what it holds; they stand beside the template.
        file: Its template, beside which lies what it deploys; None for a template that lies nowhere.
    """

    name: str
    account: str
    region: str
    resources: Mapping[str, Resource]
    sections: Json = field(default_factory=dict)
    tags: Json = field(default_factory=dict)
    file: Path | None = field(default=None, compare=False)

    @property
    def outputs(self) -> Mapping[str, Json]:
        """Its outputs, by logical id."""
        outputs = self.sections.get("Outputs")
        return outputs if isinstance(outputs, Mapping) else {}

    @property
    def folder(self) -> Path | None:
        """Where its template lies."""
        return self.file and self.file.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """Every stack of a folder, by name."""

    folder: Path
    stacks: Mapping[str, Stack]


def read_assembly(folder: Path) -> Assembly:
    """Read a folder that `cdk synth`, or `python app.py`, has written.

    Raises:
        AssemblyError: It is none, or a file of it cannot be read.
    """
    stacks = {stack.name: stack for stack in _stacks(folder)}
    if not stacks:
        raise AssemblyError(f"{folder}: holds no stack; give the folder that 'cdk synth' wrote, usually cdk.out")
    return Assembly(folder=folder, stacks=stacks)


def _stacks(folder: Path) -> Iterator[Stack]:
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise AssemblyError(
            f"{folder}: is no cloud assembly: it has no manifest.json; give the folder that 'cdk synth' wrote, "
            "usually cdk.out"
        )
    artifacts = _mapping(_json(manifest).get("artifacts", {}), where=f"{manifest}: artifacts")
    for name, content in artifacts.items():
        artifact = _mapping(content, where=f"{manifest}: {name}")
        properties = _mapping(artifact.get("properties", {}), where=f"{manifest}: {name}.properties")
        if artifact.get("type") == _NESTED:
            yield from _stacks(folder / str(properties.get("directoryName")))
        elif artifact.get("type") == _STACK:
            place = _ENVIRONMENT.fullmatch(str(artifact.get("environment")))
            if place is None:
                raise AssemblyError(
                    f"{manifest}: {name}.environment: must be aws://ACCOUNT/REGION, got "
                    f"{artifact.get('environment')!r}; synthesize again"
                )
            file = folder / str(properties.get("templateFile"))
            tags = _mapping(properties.get("tags", {}), where=f"{manifest}: {name}.properties.tags")
            yield _stack(str(properties.get("stackName", name)), place["account"], place["region"], tags, file)


def _stack(name: str, account: str, region: str, tags: Json, file: Path) -> Stack:
    template = _json(file)
    resources = {}
    for logical_id, content in _mapping(template.get("Resources", {}), where=f"{file}: Resources").items():
        where = f"{file}: Resources.{logical_id}"
        resource = _mapping(content, where=where)
        if not isinstance(resource.get("Type"), str):
            raise AssemblyError(f"{where}.Type: must be a text, got {resource.get('Type')!r}; synthesize again")
        resources[logical_id] = Resource(
            logical_id=logical_id,
            type=str(resource["Type"]),
            label=_label(resource, logical_id),
            properties=_mapping(resource.get("Properties", {}), where=f"{where}.Properties"),
            attributes={key: value for key, value in resource.items() if key not in {"Type", "Properties", "Metadata"}},
        )
    sections = {key: value for key, value in template.items() if key not in {"Resources", "Metadata", "Description"}}
    return Stack(
        name=name, account=account, region=region, resources=resources, sections=sections, tags=tags, file=file
    )


def _label(resource: Json, logical_id: str) -> str:
    metadata = resource.get("Metadata")
    path = metadata.get("aws:cdk:path") if isinstance(metadata, Mapping) else None
    if not isinstance(path, str) or "/" not in path:
        return logical_id
    label = path.partition("/")[2]
    while label.endswith(("/Resource", "/Default")):
        label = label.rpartition("/")[0]
    return label


def _json(file: Path) -> Json:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise AssemblyError(f"{file}: cannot be read: {error.strerror}; synthesize again") from error
    except ValueError as error:
        raise AssemblyError(f"{file}: is not JSON: {error}; synthesize again") from error
    except RecursionError as error:
        raise AssemblyError(f"{file}: is nested too deeply; synthesize again") from error
    return _mapping(content, where=str(file))


def _mapping(value: object, *, where: str) -> Json:
    if not isinstance(value, dict):
        raise AssemblyError(f"{where}: must be a JSON object, got {type(value).__name__}; synthesize again")
    return cast("Json", value)
