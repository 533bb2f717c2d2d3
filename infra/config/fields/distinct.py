"""Items that differ from one another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from infra.config.errors import Path
from infra.config.refusals import refusals


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
