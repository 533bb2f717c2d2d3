"""The cases as JSON schema, for editors: they complete, explain and check while one writes."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.config.schema import draft_7
from tools.cases.model import CaseFile
from tools.terminal.generated_file import keep_current

SCHEMA_FILE = Path(__file__).parents[2] / "config" / "cases" / "schema.json"


def schema_text() -> str:
    """The schema as the text of `config/cases/schema.json`."""
    return json.dumps(draft_7(CaseFile), indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Print the schema of the cases, write it to its file, or tell whether the file is current."""
    return keep_current(
        arguments,
        command="python -m tools.cases.schema",
        about=main.__doc__,
        file=SCHEMA_FILE,
        name="config/cases/schema.json",
        text=schema_text,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
