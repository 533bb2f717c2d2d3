"""The ground every model stands on: frozen, closed, and refusals that say what to do."""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from infra.config.descriptions import descriptions
from infra.config.errors import Path

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Model(BaseModel):
    """A part of the configuration: cannot be changed, and knows no keys but its own."""

    # Deferred: the models of the parts are built as parts of the whole, and not each once more by itself.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Tell editors what each field is for."""
        described = handler(schema)
        properties = handler.resolve_ref_schema(described)["properties"]
        for name, text in descriptions(cls).items():
            properties[name] = {"description": text, **properties[name]}
        return described


class FrozenMapping(Mapping[K, V]):
    """A mapping that cannot be changed and can be hashed; `frozen` alone does not freeze a dict inside a model."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[K, V] | None = None) -> None:
        self._items: dict[K, V] = dict(items or {})

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._items!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 (pydantic's own signature)
        """Validate as a dict of the given types, then freeze."""
        key, value = get_args(source)
        return core_schema.no_info_after_validator_function(
            cls,
            handler.generate_schema(dict[key, value]),  # type: ignore[valid-type]  # known only while pydantic builds the model
            serialization=core_schema.plain_serializer_function_ser_schema(dict),
        )


def wrong(rule: str, *, advice: str = "") -> PydanticCustomError:
    """Build the refusal `<rule>, got <value>; <advice>`; the loader adds what was given, as it stands in the file."""
    return PydanticCustomError("wrong", "{rule}", {"rule": rule, "advice": advice})


def refused(text: str) -> PydanticCustomError:
    """Build a refusal whose text is already complete."""
    return PydanticCustomError("refused", "{text}", {"text": text})


def refusals(found: Iterable[tuple[Path, str]]) -> None:
    """Raise every refusal at once, each at its own place below the value being checked; nothing if there is none."""
    details = [InitErrorDetails(type=refused(text), loc=loc, input=None) for loc, text in found]
    if details:
        raise ValidationError.from_exception_data("configuration", details)


@dataclass(frozen=True, slots=True)
class Shape:
    """Text of one shape; used as `Annotated[str, Shape(pattern, rule)]`.

    Attributes:
        pattern: Regular expression for the whole text.
        rule: The same in words, beginning with "must".
    """

    pattern: str
    rule: str

    def check(self, value: object) -> str:
        """Return the text, or refuse it."""
        if not isinstance(value, str):
            quotes_help = value is not None and not isinstance(value, list | dict) and "in quotes" not in self.rule
            raise wrong(self.rule, advice="put it in quotes" if quotes_help else "")
        if not re.fullmatch(self.pattern, value):
            raise wrong(self.rule)
        # Bidirectional overrides and zero-width characters show a reviewer something else than there is.
        if hidden := [sign for sign in value if not sign.isprintable()]:
            raise wrong(self.rule, advice=f"take out the invisible character U+{ord(hidden[0]):04X}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 (pydantic's own signature)
        """Check before pydantic does, so that a number is refused in the words of the rule too."""
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Give editors the pattern, and the rule as the message they show."""
        return handler(schema) | {"pattern": f"^(?:{self.pattern})$", "patternErrorMessage": self.rule}


@dataclass(frozen=True, slots=True)
class Distinct:
    """Items that differ from one another; used as `Annotated[tuple[...], Distinct()]`.

    Attributes:
        key: The attribute that must differ, where the items are models.
    """

    key: str = ""

    def check(self, items: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the items, or refuse each that repeats an earlier one."""
        refusals(self._repeated(items))
        return items

    def _repeated(self, items: tuple[Any, ...]) -> Iterator[tuple[Path, str]]:
        first: dict[str, int] = {}
        for position, item in enumerate(items):
            value = str(getattr(item, self.key) if self.key else item)
            if value in first:
                loc: Path = (position, self.key) if self.key else (position,)
                yield loc, f"must be distinct, got {value!r}, which is already at [{first[value]}]; keep one of them"
            first.setdefault(value, position)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 (pydantic's own signature)
        """Compare once every item is valid by itself."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Tell editors where JSON schema can say so."""
        return handler(schema) | ({} if self.key else {"uniqueItems": True})


def near(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name, if one is near enough to be what was meant.

    The same letters in another case come first, then the same letters in another order.
    """
    names = list(known)
    alike = [one for one in names if one.lower() == name.lower()]
    alike += get_close_matches(name, [one for one in names if sorted(one) == sorted(name)], n=1)
    matches = alike or get_close_matches(name, names, n=1) or get_close_matches(name.lower(), names, n=1)
    return f"did you mean {matches[0]!r}?" if matches else ""


def sentence(*parts: str) -> str:
    """Join the parts of a message that there are."""
    return "; ".join(part for part in parts if part).replace("?; ", "? ")


def words(names: Iterable[str]) -> str:
    """List names in a message, or say that there are none."""
    return ", ".join(names) or "none"
