"""`python -m tools generate`: write the files that come from the code, and say which changed; pictures apart."""

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from infra.config import ConfigurationError
from infra.project import PROJECT
from tools.cases.schema import main as cases_schema
from tools.configuration_reference import main as configuration_reference
from tools.configuration_schema import main as configuration_schema
from tools.cost.__main__ import main as cost
from tools.execution_policy.__main__ import main as execution_policy
from tools.explain.page import main as explain_page
from tools.licenses.__main__ import main as licenses
from tools.templates.assembly import AssemblyError
from tools.templates.synthesized import SynthFailedError


@dataclass(frozen=True, slots=True)
class Generated:
    """A file, and the command that writes it when it is given `--write`; a `*` stands for several that it writes."""

    file: str
    command: Callable[[Sequence[str]], int]
    from_what: str


GENERATED = (
    Generated("config/schema.json", configuration_schema, "the models of the configuration"),
    Generated("config/cases/schema.json", cases_schema, "the models of cases"),
    Generated("docs/configuration.md", configuration_reference, "the models of the configuration"),
    Generated("docs/cost.md", cost, "the templates"),
    Generated("docs/execution-policy*.json", execution_policy, "CloudFormation's resource schemas"),
    Generated("docs/explain.md", explain_page, "what explain and routes print"),
    # Not the pictures of the architecture, which take a minute or two: `make docs` draws those that are not current.
)
"""In this order; nothing here needs more than the project's own environment."""

FROM_ENVIRONMENTS = (Generated("docs/licenses.md", licenses, "what is installed"),)
"""They look into every environment, which `make sbom` installs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, and print a line for each.

    Returns:
        0; 1 if one could not be written, with what its command said.
    """
    parser = argparse.ArgumentParser(prog="python -m tools generate", description=__doc__)
    parser.add_argument("--all", action="store_true", help="docs/licenses.md too, which needs every environment")
    options = parser.parse_args(arguments)
    failed = [one for one in (*GENERATED, *(FROM_ENVIRONMENTS if options.all else ())) if not _written(one)]
    return 1 if failed else 0


def _written(one: Generated) -> bool:
    before = _content(one.file)
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            code = one.command(["--write"])
        except (ConfigurationError, AssemblyError, SynthFailedError) as refusal:
            said.write(f"{refusal}\n")
            code = 1
    if code:
        sys.stderr.write(f"generate: {one.file}: ended with {code}\n{said.getvalue()}")
        return False
    state = "as it was" if _content(one.file) == before else "written"
    sys.stdout.write(f"{state:<10} {one.file:<28} from {one.from_what}\n")
    return True


def _content(pattern: str) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in PROJECT.glob(pattern)}


if __name__ == "__main__":
    sys.exit(main())
