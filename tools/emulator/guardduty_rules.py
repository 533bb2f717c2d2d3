"""What the rules of GuardDuty for detectors, filters and lists share: how it refuses, and how it reads properties."""

from collections.abc import Mapping, Sequence

OUT_OF_RANGE = "The request is rejected because an invalid or out-of-range value is specified as an input parameter"


class GuardDutyError(Exception):
    """A request that the service refuses.

    Attributes:
        code: The service's name for it.
    """

    def __init__(self, text: str, *, code: str = "BadRequestException") -> None:
        super().__init__(text)
        self.code = code


def only(properties: Mapping[str, object], *known: str) -> None:
    """Refuse properties that the service does not know."""
    if unknown := sorted(set(properties) - set(known)):
        raise GuardDutyError(f"{OUT_OF_RANGE}: unknown property {unknown[0]}; known: {', '.join(known)}")


def text_of(properties: Mapping[str, object], key: str) -> str:
    """A property that must be a text, and not an empty one."""
    value = properties.get(key)
    if not isinstance(value, str) or not value:
        raise GuardDutyError(f"{OUT_OF_RANGE}: {key} must be a text, got {value!r}")
    return value


def documents_of(properties: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    """A property that must be a list of objects; nothing counts as an empty one."""
    value = properties.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise GuardDutyError(f"{OUT_OF_RANGE}: {key} must be a list of objects, got {value!r}")
    return value


def member_of(properties: Mapping[str, object], key: str, allowed: Sequence[str], *, what: str) -> str:
    """A property that must be one of these."""
    value = properties.get(key)
    if not isinstance(value, str) or value not in allowed:
        raise GuardDutyError(f"{OUT_OF_RANGE}: unknown {what} {value!r}; allowed: {', '.join(allowed)}")
    return value


def tags_of(properties: Mapping[str, object]) -> dict[str, str]:
    """The tags of a resource, as the API has them."""
    return {text_of(tag, "Key"): str(tag.get("Value", "")) for tag in documents_of(properties, "Tags")}
