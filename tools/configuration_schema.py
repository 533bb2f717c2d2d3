"""config/schema.json, written from the models, for editors: they complete, explain and check while one writes."""

import json
import sys
from collections.abc import Sequence

from infra.config.schema import json_schema
from infra.project import PROJECT
from tools.terminal.generated_file import keep_current

SCHEMA_FILE = PROJECT / "config" / "schema.json"


def schema_text() -> str:
    """Return the schema as the text of `config/schema.json`."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Print the schema, write it to its file, or tell whether the file is current."""
    return keep_current(
        arguments,
        command="python -m tools configuration_schema",
        about=main.__doc__,
        file=SCHEMA_FILE,
        name="config/schema.json",
        text=schema_text,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
