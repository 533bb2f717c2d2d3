"""Refusals of a value, in words that say what to do."""

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from infra.config.errors import Path


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
