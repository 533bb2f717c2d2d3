"""The configuration as JSON schema, for editors: they complete, explain and check while one writes."""

from typing import Any

from pydantic import BaseModel

from infra.config.deployment import Deployment

# What the YAML language server understands best; pydantic writes 2020-12, whose additions we do not need.
DIALECT = "http://json-schema.org/draft-07/schema#"


def json_schema() -> dict[str, Any]:
    """Return the schema of a configuration file, in draft 7."""
    return draft_7(Deployment)


def draft_7(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of a file that holds one model, in draft 7."""
    schema = _plainer(model.model_json_schema(ref_template="#/definitions/{model}"))
    definitions = schema.pop("$defs")
    return {"$schema": DIALECT, **schema, "definitions": definitions}


def _plainer(node: Any) -> Any:  # noqa: ANN401 (any part of a JSON document)
    """Take out what draft 7 reads differently, and put descriptions on one line."""
    if isinstance(node, list):
        return [_plainer(item) for item in node]
    if not isinstance(node, dict):
        return node
    # `discriminator` belongs to OpenAPI; titles repeat the key
    plain = {key: _plainer(value) for key, value in node.items() if key not in {"discriminator", "title"}}
    if isinstance(plain.get("description"), str):
        plain["description"] = " ".join(plain["description"].split())
    if "$ref" in plain and len(plain) > 1:
        # draft 7 ignores everything beside a $ref
        plain["allOf"] = [{"$ref": plain.pop("$ref")}]
    return plain
