"""What a function is told where it fits: Lambda gives all variables of a function 4,096 bytes together."""

import json
from collections.abc import Mapping

from aws_cdk import Annotations
from constructs import Construct


def json_within(scope: Construct, value: object, *, room: int, warning: str, says: str) -> str | None:
    """The value as JSON without blanks; None, and a warning, where it does not fit.

    Args:
        scope: The stack, which carries the warning.
        value: What the function is to know.
        room: Bytes that there are for it.
        warning: Name of the warning.
        says: What is left out, and what that means; `{size}` and `{room}` stand for the bytes.
    """
    text = json.dumps(value, separators=(",", ":"))
    if len(text) <= room:
        return text
    Annotations.of(scope).add_warning_v2(warning, says.format(size=len(text), room=room))
    return None


def first_within(values: Mapping[str, object], *, room: int) -> tuple[str, list[str]]:
    """The first of some values as JSON without blanks, as many as fit, and the names of the others; empty for none."""
    kept: dict[str, object] = {}
    for name, value in values.items():
        if len(json.dumps({**kept, name: value}, separators=(",", ":"))) > room:
            break
        kept[name] = value
    return json.dumps(kept, separators=(",", ":")) if kept else "", list(values)[len(kept) :]
