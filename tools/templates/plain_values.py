"""What stands in a template, where it stands there in plain words and not as a function of CloudFormation."""

from collections.abc import Mapping


class UnjudgedError(Exception):
    """What this is, or does, cannot be told from the template; the text says why."""


def text(value: object, what: str) -> str:
    """A text.

    Raises:
        UnjudgedError: It is something else.
    """
    if isinstance(value, str):
        return value
    raise UnjudgedError(f"{what} is not a plain text")


def texts(value: object, what: str) -> tuple[str, ...]:
    """A list of texts.

    Raises:
        UnjudgedError: It is something else.
    """
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise UnjudgedError(f"{what} is not a plain list of texts")


def mapping(value: object, what: str) -> Mapping[str, object]:
    """An object; nothing counts as an empty one.

    Raises:
        UnjudgedError: It is something else, or one of CloudFormation's functions.
    """
    if value is None:
        return {}
    if isinstance(value, Mapping) and not any(key == "Ref" or key.startswith("Fn::") for key in value):
        return value
    raise UnjudgedError(f"{what} is not written out")


def mappings(value: object, what: str) -> tuple[Mapping[str, object], ...]:
    """A list of objects; nothing counts as an empty one.

    Raises:
        UnjudgedError: It is something else.
    """
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(mapping(one, what) for one in value)
    raise UnjudgedError(f"{what} is not a plain list")


def tags(value: object) -> Mapping[str, str]:
    """The plain tags of a resource; those that are computed count as missing."""
    found = {}
    for tag in value if isinstance(value, list) else ():
        match tag:
            case {"Key": str(key), "Value": str(content)}:
                found[key] = content
    return found
