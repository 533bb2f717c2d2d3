"""The ground every model stands on: frozen, and closed."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from infra.config.descriptions import descriptions

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
