"""The attributes by which GuardDuty filters findings, and the kind of value behind each."""

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

_DOCUMENTED = re.compile(r"<li> *<p>(?P<name>[A-Za-z0-9.]+)</p>(?P<note>[^/]*Timestamp)?")


class Kind(Enum):
    """What the finding holds where an attribute points."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "true or false"
    TIME = "time"


_KINDS = {
    "boolean": Kind.TRUTH,
    "double": Kind.NUMBER,
    "integer": Kind.NUMBER,
    "long": Kind.NUMBER,
    "string": Kind.TEXT,
    "timestamp": Kind.TIME,
}


@cache
def filter_attributes() -> Mapping[str, Kind]:
    """Every attribute that CreateFilter documents and that names a path in a finding.

    Some documented names, such as `resource.accessKeyDetails.userIdentity.*`, have no place in the finding's
    published shape; nobody can tell what they would match, so they are left out. Source: the GuardDuty model of the
    installed botocore.
    """
    # The loader and no session: a session looks at the caller's profile, which has nothing to do with this.
    model = Loader().load_service_model("guardduty", "service-2")
    documentation = model["shapes"]["CreateFilterRequest"]["members"]["FindingCriteria"]["documentation"]
    finding = ServiceModel(model).shape_for("Finding")
    known: dict[str, Kind] = {}
    for documented in _DOCUMENTED.finditer(documentation):
        shape = _at(finding, documented["name"])
        if shape is not None and shape.type_name in _KINDS:
            known[documented["name"]] = Kind.TIME if documented["note"] else _KINDS[shape.type_name]
    return known


def _at(shape: Shape | None, attribute: str) -> Shape | None:
    """The shape of one value at the attribute's path; lists on the way are looked into."""
    for name in attribute.split("."):
        shape = _element(shape)
        if not isinstance(shape, StructureShape):
            return None
        shape = next((m for m in shape.members.values() if m.serialization.get("name") == name), None)
    return _element(shape)


def _element(shape: Shape | None) -> Shape | None:
    while isinstance(shape, ListShape):
        shape = shape.member
    return None if isinstance(shape, MapShape) else shape
