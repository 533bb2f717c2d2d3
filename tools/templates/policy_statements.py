"""Policy statements of a template, in words that can be compared: by the tests, and by `python -m tools changes`."""

import json
from collections.abc import Callable

PSEUDO_PARAMETERS = {"AWS::AccountId": "<account>", "AWS::Partition": "<partition>", "AWS::Region": "<Region>"}


def as_list(value: object) -> list[object]:
    """The elements of what IAM takes as one element or as a list of them."""
    return value if isinstance(value, list) else [value]


def shown(value: object, *, name: Callable[[str], str | None]) -> str:
    """A value of a template as one text, with what it refers to in angle brackets.

    Args:
        value: Text, or CloudFormation's functions around texts.
        name: What to call the resource of a logical id; None if there is no such resource.
    """
    match value:
        case str():
            return value
        case {"Fn::Join": ["", list(parts)]}:
            return "".join(shown(part, name=name) for part in parts)
        case {"Ref": str(id_)} if id_ in PSEUDO_PARAMETERS:
            return PSEUDO_PARAMETERS[id_]
        case {"Fn::GetAtt": [str(id_), "Arn"]} | {"Ref": str(id_)} if (known := name(id_)) is not None:
            return f"<{known}>"
    return json.dumps(value, sort_keys=True)
