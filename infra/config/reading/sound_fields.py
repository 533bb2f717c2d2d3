"""What can still be judged of a deployment that has mistakes."""

from copy import copy
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from infra.config.deployment import Deployment


def sound_fields(data: dict[str, Any], error: ValidationError) -> dict[str, object]:
    """Return the fields that are right by themselves, although the deployment as a whole is not.

    Args:
        data: What was validated.
        error: What came of it.
    """
    unsound = {detail["loc"][0] for detail in error.errors(include_url=False) if detail["loc"]}
    sound: dict[str, object] = {}
    for name, field in Deployment.model_fields.items():
        if name in unsound:
            continue
        if name in data:
            own = copy(field)
            # One that is made of other fields means nothing for a single one, and pydantic warns of it.
            own.default_factory = None
            # the type is known only at run time, which mypy cannot follow
            adapter: TypeAdapter[object] = TypeAdapter(Annotated[field.annotation, own])  # type: ignore[arg-type]
            # what `regions: all` means depends on it
            sound[name] = adapter.validate_python(data[name], context={"home_region": data.get("home_region")})
        elif name != "name_prefix":
            sound[name] = field.get_default(call_default_factory=True)
    return sound
