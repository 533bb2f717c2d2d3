"""Every shape a finding can have, made from botocore's model of GuardDuty.

The model says what members exist and how they are spelled on the wire; what the wire does otherwise is added by hand:
times of schema type `timestamp` arrive as epoch numbers. All values are synthetic.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, TypeAlias

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape

Detail: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str | int, ...]

_DEPTH = 9
_TEXTS = {
    "id": "5ef60718293a4b5c6d7e8f901a2b3c4d",
    "type": "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS",
    "accountId": "111122223333",
    "region": "eu-west-1",
    "partition": "aws",
    "ipAddressV4": "203.0.113.9",
    "ipAddressV6": "2001:db8::9",
    "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
    "principalId": "AROAI44QH8DHBEXAMPLE:session",
    "createdAt": "2026-11-23T03:58:41.137Z",
    "updatedAt": "2026-11-23T04:14:58.402Z",
    "eventFirstSeen": "2026-11-23T03:52:10.000Z",
    "eventLastSeen": "2026-11-23T04:12:07.000Z",
    "functionArn": "arn:aws:lambda:eu-west-1:111122223333:function:payments-api",
}
WRONG: dict[str, object] = {
    "string": 7, "double": "8", "integer": [1], "long": {"a": 1}, "boolean": "false", "timestamp": "yesterday",
    "structure": "text", "list": {"a": {"b": "c"}}, "map": ["a"],
}  # fmt: skip


@cache
def _model() -> StructureShape:
    shape = botocore.session.get_session().get_service_model("guardduty").shape_for("Finding")
    assert isinstance(shape, StructureShape)
    return shape


def complete() -> Detail:
    """A finding with every member of the model, camelCase as on the wire."""
    value = _value(_model(), "", _DEPTH)
    assert isinstance(value, dict)
    return value


def required_only() -> Detail:
    """A finding with the members that the model requires, and no others."""
    return {_wire(name, shape): _value(shape, _wire(name, shape), 1) for name, shape in _model().members.items()
            if name in _model().required_members}  # fmt: skip


def altered(how: str) -> Iterator[tuple[str, Detail]]:
    """The complete finding with one member `removed`, `null` or of a `wrong-type`: each with its path."""
    whole = complete()
    for path, shape in _paths(_model(), (), _DEPTH):
        name = ".".join(map(str, path))
        if how == "removed":
            yield name, _replaced(whole, path)
        elif how == "null":
            yield name, _replaced(whole, path, None)
        else:
            yield name, _replaced(whole, path, WRONG[shape.type_name])


_REMOVE = object()


def _replaced(value: Any, path: Path, new: object = _REMOVE) -> Any:
    """A copy of `value` along `path` alone; the rest is shared."""
    copy = value.copy()
    if len(path) > 1:
        copy[path[0]] = _replaced(value[path[0]], path[1:], new)
    elif new is _REMOVE:
        del copy[path[0]]
    else:
        copy[path[0]] = new
    return copy


def _paths(shape: Shape, path: Path, depth: int) -> Iterator[tuple[Path, Shape]]:
    if path:
        yield path, shape
    if depth <= 0:
        return
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield from _paths(member, (*path, _wire(name, member)), depth - 1)
    elif isinstance(shape, ListShape):
        yield from _paths(shape.member, (*path, 0), depth - 1)


def _value(shape: Shape, name: str, depth: int) -> object:
    if isinstance(shape, StructureShape):
        return {_wire(n, m): _value(m, _wire(n, m), depth - 1) for n, m in shape.members.items()} if depth > 0 else {}
    if isinstance(shape, ListShape):
        return [_value(shape.member, name, depth - 1)] if depth > 0 else []
    if isinstance(shape, MapShape):
        return {"AWS::S3::Bucket": "payments-receipts"}
    scalars: dict[str, object] = {
        "double": 8.0, "float": 8.0, "integer": 443, "long": 7, "boolean": True, "timestamp": 1795406525.5,
    }  # fmt: skip
    return scalars.get(shape.type_name, _TEXTS.get(name, f"Synthetic {name}"))


def _wire(name: str, shape: Shape) -> str:
    return str(shape.serialization.get("name", name))
