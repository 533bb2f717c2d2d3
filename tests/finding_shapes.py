"""Every shape a finding can have, made from botocore's model of GuardDuty.

The model says what members exist and how they are spelled on the wire; what the wire does otherwise is added by hand:
times of schema type `timestamp` arrive as epoch numbers. All values are synthetic.
"""

from collections.abc import Iterator
from functools import cache
from random import Random
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
    """The complete finding with one member `removed`, `null`, `[]`, `{}` or of a `wrong-type`: each with its path."""
    whole = complete()
    for path, shape in _paths(_model(), (), _DEPTH):
        name = ".".join(map(str, path))
        if how == "removed":
            yield name, _replaced(whole, path)
        elif how in _EMPTY:
            yield name, _replaced(whole, path, _EMPTY[how])
        else:
            yield name, _replaced(whole, path, WRONG[shape.type_name])


def generated(seed: int) -> Detail:
    """A finding that differs with `seed`: members left out, emptied, of a wrong type or huge, at random depth."""
    random = Random(seed)  # noqa: S311  not for secrets: the same findings in every run
    wanted = random.random()
    return {
        _wire(name, shape): _some(random, shape, _wire(name, shape), _DEPTH)
        for name, shape in _model().members.items()
        if random.random() < _KEPT + wanted * (1 - _KEPT)
    }


_KEPT = 0.7
_ODD = 0.03
_LONG = 4000
_MOST_ITEMS = 4
_CHARACTERS = ("a", "&", "\U0001f534", "\u202e", "\ud800", "\x00", "e\u0301", "<", '"', "\n", "日", "*", "https://x/")


def _some(random: Random, shape: Shape, name: str, depth: int) -> object:
    if random.random() < _ODD:
        return random.choice((None, [], {}, "", WRONG[shape.type_name], True, -1, 1e300, _long(random)))
    if depth <= 0:
        return None
    if isinstance(shape, StructureShape):
        kept = random.random()
        return {
            _wire(n, m): _some(random, m, _wire(n, m), depth - 1)
            for n, m in shape.members.items()
            if random.random() < kept
        }
    if isinstance(shape, ListShape):
        return [_some(random, shape.member, name, depth - 1) for _ in range(random.randint(0, _MOST_ITEMS))]
    chosen = {"severity": (random.uniform(0.1, 10), random.randint(0, 11)), "type": _TYPES}
    return random.choice(chosen[name]) if name in chosen else _value(shape, name, depth)


def _long(random: Random) -> str:
    return random.choice(_CHARACTERS) * random.randint(1, _LONG)


_TYPES = (
    "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS",
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.InsideAWS",
    "AttackSequence:IAM/CompromisedCredentials",
    "Execution:EC2/MaliciousFile",
    "Recon:EC2/PortProbeUnprotectedPort",
)
_EMPTY: dict[str, object] = {"null": None, "[]": [], "{}": {}}
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
