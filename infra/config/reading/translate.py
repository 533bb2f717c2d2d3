"""Pydantic's findings in our own words: its sentences are about Python, our reader writes YAML."""

import re
from collections.abc import Callable, Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from infra.config.descriptions import descriptions
from infra.config.errors import Path, Problem
from infra.config.model import FrozenMapping
from infra.config.reading.yaml_source import YamlSource
from infra.config.wording import near, sentence, shown, words


def problems_of(error: ValidationError, *, model: type[BaseModel], source: YamlSource) -> Iterator[Problem]:
    """Translate every error, and say where in the file it is."""
    for detail in error.errors(include_url=False):
        path, owner = _walk(model, tuple(detail["loc"]))
        if _is_echo(detail) or source.is_refused(path):
            continue
        if detail["type"] == "union_tag_invalid":
            path = (*path, "kind")
        place = source.position(path)
        if detail["type"] == "extra_forbidden":
            parent = path[:-1]
            yield Problem(file=source.file, line=place.key_line, path=parent, text=_unknown(str(path[-1]), owner))
        elif detail["type"] == "missing":
            parent = path[:-1]
            text = _missing(str(path[-1]), owner)
            yield Problem(file=source.file, line=source.position(parent).line, path=parent, text=text)
        else:
            yield Problem(file=source.file, line=place.line, path=path, text=said(detail, written=place.written))


def _is_echo(detail: ErrorDetails) -> bool:
    """Tell whether an error only repeats another: a default made from a wrong field, a list whose items are wrong."""
    if detail["type"] == "too_short":
        return len(detail["input"]) >= int(detail["ctx"]["min_length"])
    return detail["type"] == "default_factory_not_called"


def said(detail: ErrorDetails, *, written: str | None = None) -> str:
    """Say one error in our own words.

    Args:
        detail: The error as pydantic reports it.
        written: The value as it stands in the file.
    """
    context: dict[str, Any] = detail.get("ctx") or {}
    value = detail["input"].get("kind") if detail["type"] == "union_tag_invalid" else detail["input"]
    got = shown(value, written=written)
    match detail["type"]:
        case "refused":
            return str(context["text"])
        case "wrong":
            rule, advice = str(context["rule"]), str(context["advice"])
            return sentence(f"{rule}, got {got}", advice)
        case kind:
            return SENTENCES.get(kind, _unforeseen)(context, got, value)


def _unforeseen(_context: dict[str, Any], got: str, _value: object) -> str:
    return f"is not accepted here, got {got}; docs/configuration.md says what is"


def _text(_context: dict[str, Any], got: str, value: object) -> str:
    scalar = value is not None and not isinstance(value, list | dict)
    return sentence(f"must be text, got {got}", "put it in quotes" if scalar else "")


def _bare(what: str, *, is_one: Callable[[str], bool]) -> Callable[[dict[str, Any], str, object], str]:
    """Of a text where something else has to stand; `is_one`: whether it would be that, without its quotes."""

    def text(_context: dict[str, Any], got: str, value: object) -> str:
        quoted = isinstance(value, str) and is_one(value)
        return sentence(f"must be {what}, got {got}", "write it without quotes" if quoted else "")

    return text


def _is_truth(text: str) -> bool:
    return text.strip().lower() in {"true", "false", "yes", "no", "on", "off"}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _list(_context: dict[str, Any], got: str, value: object) -> str:
    return sentence(f"must be a list such as [a, b], got {got}", "write its items below it" if value is None else "")


def _mapping(_context: dict[str, Any], got: str, value: object) -> str:
    return sentence(f"must be a mapping of keys, got {got}", "write its keys below it" if value is None else "")


def _bound(word: str, key: str) -> Callable[[dict[str, Any], str, object], str]:
    return lambda context, got, _value: f"must be at {word} {context[key]:g}, got {got}"


def _length(word: str, key: str) -> Callable[[dict[str, Any], str, object], str]:
    def text(context: dict[str, Any], _got: str, value: object) -> str:
        limit = int(context[key])
        count = len(value) if isinstance(value, list | tuple | dict | FrozenMapping) else 0
        return f"must hold at {word} {limit} item{'' if limit == 1 else 's'}, got {count or 'none'}"

    return text


def _choice(key: str) -> Callable[[dict[str, Any], str, object], str]:
    def text(context: dict[str, Any], got: str, value: object) -> str:
        choices = re.findall(r"'([^']*)'", str(context[key]))
        advice = near(value, choices) if isinstance(value, str) else ""
        one_of = "one of " if len(choices) > 1 else ""
        return sentence(f"must be {one_of}{', '.join(choices)}, got {got}", advice)

    return text


SENTENCES: dict[str, Callable[[dict[str, Any], str, object], str]] = {
    "string_type": _text,
    "string_unicode": lambda _context, _got, _value: "must not hold half of a character (a lone surrogate)",
    "bool_type": _bare("true or false", is_one=_is_truth),
    "int_type": _bare("a whole number", is_one=_is_number),
    "float_type": _bare("a number", is_one=_is_number),
    "finite_number": lambda _context, got, _value: f"must be a finite number, got {got}",
    "greater_than_equal": _bound("least", "ge"),
    "less_than_equal": _bound("most", "le"),
    "tuple_type": _list,
    "too_short": _length("least", "min_length"),
    "too_long": _length("most", "max_length"),
    "dict_type": _mapping,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "literal_error": _choice("expected"),
    "union_tag_invalid": _choice("expected_tags"),
    "union_tag_not_found": lambda _context, _got, _value: "missing key 'kind' (what kind of destination it is)",
}
"""The errors our models can raise; a property test finds the ones forgotten."""


def _unknown(key: str, owner: type[BaseModel] | None) -> str:
    known = list(owner.model_fields) if owner else []
    return sentence(f"unknown key {shown(key)}", near(key, known), f"known: {words(known)}")


def _missing(key: str, owner: type[BaseModel] | None) -> str:
    description = descriptions(owner)[key] if owner else ""
    return f"missing key {key!r} ({first_sentence(description)})"


def first_sentence(text: str) -> str:
    """Return the first sentence of a description, on one line, without its full stop."""
    line = " ".join(text.split())
    return re.split(r"\.(?: |$)", line, maxsplit=1)[0]


def _walk(model: type[BaseModel], loc: Path) -> tuple[Path, type[BaseModel] | None]:
    """Turn pydantic's location into a path of the file, and find the model that owns its last key.

    Pydantic adds the tag of a discriminated union and `[key]` for keys of a mapping, which no file holds.
    """
    path: Path = ()
    candidates: list[type[BaseModel]] = [model]
    owner: type[BaseModel] | None = model
    keyed = False
    for part in loc:
        if part == "[key]":
            continue
        if len(candidates) > 1 and (tagged := [found for found in candidates if part in _kinds(found)]):
            candidates = tagged
            continue
        path = (*path, part)
        owner = candidates[0] if len(candidates) == 1 else None
        if isinstance(part, int) or keyed:
            keyed = False
        elif owner and part in owner.model_fields:
            annotation = owner.model_fields[part].annotation
            candidates = list(_models_in(annotation))
            keyed = _is_mapping(annotation)
        else:
            candidates = []
    return path, owner


def _kinds(model: type[BaseModel]) -> tuple[object, ...]:
    return get_args(model.model_fields["kind"].annotation)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not get_args(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _is_mapping(annotation: object) -> bool:
    return get_origin(annotation) is FrozenMapping or any(_is_mapping(part) for part in get_args(annotation))
