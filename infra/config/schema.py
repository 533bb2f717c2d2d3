"""The configuration as JSON schema, for editors: they complete, explain and check while one writes."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.config.deployment import Deployment

SCHEMA_FILE = Path(__file__).parents[2] / "config" / "schema.json"

# What the YAML language server understands best; pydantic writes 2020-12, whose additions we do not need.
DIALECT = "http://json-schema.org/draft-07/schema#"


def json_schema() -> dict[str, Any]:
    """Return the schema of a configuration file, in draft 7."""
    schema = _plainer(Deployment.model_json_schema(ref_template="#/definitions/{model}"))
    definitions = schema.pop("$defs")
    return {"$schema": DIALECT, **schema, "definitions": definitions}


def schema_text() -> str:
    """Return the schema as the text of `config/schema.json`."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


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


def main(arguments: Sequence[str]) -> int:
    """Print the schema, write it to its file, or tell whether the file is current."""
    parser = argparse.ArgumentParser(prog="python -m infra.config.schema", description=main.__doc__)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--write", action="store_true", help="write config/schema.json")
    choice.add_argument("--check", action="store_true", help="fail if config/schema.json is not current")
    options = parser.parse_args(arguments)
    if options.write:
        SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
        return 0
    if options.check:
        if SCHEMA_FILE.is_file() and SCHEMA_FILE.read_text(encoding="utf-8") == schema_text():
            return 0
        sys.stderr.write("config/schema.json: is not current; run python -m infra.config.schema --write\n")
        return 1
    sys.stdout.write(schema_text())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
