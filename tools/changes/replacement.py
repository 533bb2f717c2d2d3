"""Would CloudFormation make a resource anew? Asked of the resource schemas that cfn-lint ships."""

import json
from collections.abc import Mapping
from enum import Enum
from functools import cache

from cfnlint.schema import ResourceNotFoundError
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from tools.templates.assembly import Resource

KEEPS = ("Retain", "RetainExceptOnCreate")
"""Policies by which a resource outlives its stack. Compared, not looked up: a template may hold anything there."""


class Fate(Enum):
    """What an update does with the resource that is there."""

    UPDATED = "updated"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


def fate(base: Resource, new: Resource, *, region: str, replaced: frozenset[str]) -> tuple[Fate, tuple[str, ...]]:
    """What happens to a resource, and because of which properties.

    Args:
        base: As it is.
        new: As it is to be.
        region: Whose schemas to ask.
        replaced: Logical ids of the same stack that are made anew: a reference to one of them changes with it.
    """
    schema = _create_only(base.type, region)
    certain: list[str] = []
    doubtful: list[str] = []
    for paths, sure in ((schema[0] if schema else (), True), (schema[1] if schema else (), False)):
        for path in paths:
            before, after = _at(base.properties, path), _at(new.properties, path)
            name = ".".join(path)
            if before != after:
                # Two functions of CloudFormation can give the same value in the end.
                (certain if sure and _literal(before) and _literal(after) else doubtful).append(name)
            elif _referred(after) & replaced:
                (certain if sure else doubtful).append(name)
    if certain:
        return Fate.REPLACED, tuple(sorted(certain))
    if doubtful:
        return Fate.UNKNOWN, tuple(sorted(doubtful))
    if schema is None and base.properties != new.properties:
        return Fate.UNKNOWN, ()
    return Fate.UPDATED, ()


def identity(resource: Resource, *, region: str) -> dict[str, object]:
    """The properties of a resource whose change makes it anew, by name; those that it does not state are left out."""
    schema = _create_only(resource.type, region) or ((), ())
    found = {".".join(path): _at(resource.properties, path) for paths in schema for path in paths}
    return {name: value for name, value in sorted(found.items()) if value is not None}


Path = tuple[str, ...]


@cache
def _create_only(type_: str, region: str) -> tuple[tuple[Path, ...], tuple[Path, ...]] | None:
    """The properties that cannot be changed, and those that sometimes cannot; None if the type is not known."""
    if not type_.startswith("AWS::") or type_.startswith("AWS::CloudFormation::"):
        return None
    for place in (region, "us-east-1"):
        try:
            schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(place, type_).schema
        except (ResourceNotFoundError, KeyError):
            continue
        return _paths(schema.get("createOnlyProperties")), _paths(schema.get("conditionalCreateOnlyProperties"))
    return None


def _paths(pointers: object) -> tuple[Path, ...]:
    if not isinstance(pointers, list):
        return ()
    return tuple(tuple(str(pointer).removeprefix("/properties/").split("/")) for pointer in pointers)


def _at(value: object, path: Path) -> object:
    for place, name in enumerate(path):
        if name == "*" and isinstance(value, list):
            return [_at(one, path[place + 1 :]) for one in value]
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _literal(value: object) -> bool:
    text = json.dumps(value)
    return '{"Ref": ' not in text and '{"Fn::' not in text


def _referred(value: object) -> set[str]:
    match value:
        case {"Ref": str(id_)}:
            return {id_}
        case {"Fn::GetAtt": [str(id_), *_]}:
            return {id_}
        case Mapping():
            return {id_ for one in value.values() for id_ in _referred(one)}
        case list():
            return {id_ for one in value for id_ in _referred(one)}
    return set()
