"""A small check of a document against a JSON schema: the words that docs/webhook.schema.json uses, and no others."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

_KINDS: dict[type, str] = {
    dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"
}  # fmt: skip
"""What JSON calls what it is read as."""

_SILENT = {"$schema", "title", "description", "definitions"}


def problems(document: Any, schema: Mapping[str, Any]) -> list[str]:
    """Every place where the document is not what the schema says; members it does not name count too."""
    return list(_problems(document, schema, schema, "$"))


def _problems(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], place: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from _problems(value, root["definitions"][schema["$ref"].rpartition("/")[2]], root, place)
        return
    for word, rule in schema.items():
        if word not in _SILENT and not _RULES[word](value, rule):
            yield f"{place}: {json.dumps(value)[:80]} is not {word} {rule}"
    if "oneOf" in schema:
        found = [list(_problems(value, choice, root, place)) for choice in schema["oneOf"]]
        if sum(not problem for problem in found) != 1:
            yield from chain.from_iterable(found) if all(found) else [f"{place}: fits more than one choice"]
    if isinstance(value, dict) and "properties" in schema:
        for name, item in value.items():
            if name not in schema["properties"]:
                yield f"{place}.{name}: is not in the schema"
            else:
                yield from _problems(item, schema["properties"][name], root, f"{place}.{name}")
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from _problems(item, schema.get("items", {}), root, f"{place}[{position}]")


def _is(value: Any, kinds: str | list[str]) -> bool:
    kind = _KINDS[type(value)]
    return kind == kinds if isinstance(kinds, str) else kind in kinds


_RULES: dict[str, Callable[[Any, Any], bool]] = {
    "type": _is,
    "const": lambda value, wanted: value == wanted,
    "enum": lambda value, allowed: value in allowed,
    "required": lambda value, names: not isinstance(value, dict) or set(names) <= set(value),
    "minLength": lambda value, least: not isinstance(value, str) or len(value) >= least,
    "maxLength": lambda value, most: not isinstance(value, str) or len(value) <= most,
    "pattern": lambda value, pattern: not isinstance(value, str) or bool(re.search(pattern, value)),
    "exclusiveMinimum": lambda value, least: not _is(value, "number") or value > least,
    "maximum": lambda value, most: not _is(value, "number") or value <= most,
    # Looked at above, where what is inside is known.
    "properties": lambda _value, _rule: True,
    "items": lambda _value, _rule: True,
    "oneOf": lambda _value, _rule: True,
}
