"""Text of one shape, and the words for it."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from infra.config.refusals import wrong


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
