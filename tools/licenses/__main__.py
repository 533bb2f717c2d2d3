"""`python -m tools licenses`: bills of materials of all that is used, its licences, and whether we take them."""

import argparse
import json
import sys
from collections.abc import Sequence

from infra.project import PROJECT
from tools.licenses.bills import CannotListError, bill
from tools.licenses.locks import PARTS
from tools.licenses.page import PAGE, Row, rows, text
from tools.licenses.policy import problem

BILLS = PROJECT / "build" / "sbom"

TAKEN = 0
NOT_TAKEN = 1
BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the bills to build/sbom, the page with `--write`, and say which licences we do not take.

    Returns:
        0; 1 if there is a licence that we do not take, or the page is not current; 2 if something is not installed.
    """
    options = _parser().parse_args(arguments)
    found: dict[str, tuple[Row, ...]] = {}
    try:
        BILLS.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            document = bill(part)
            found[part.name] = tuple(rows(part, document))
            file = BILLS / f"{part.name}.cdx.json"
            file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
            sys.stdout.write(f"{len(found[part.name]):>4} packages  {file.relative_to(PROJECT)}  {part.used_for}\n")
    except CannotListError as error:
        sys.stderr.write(f"licenses: {error}\n")
        return BAD_INPUT
    problems = sorted(
        {said for those in found.values() for row in those if (said := problem(row.package, row.licence))}
    )
    for said in problems:
        sys.stderr.write(f"licenses: {said}\n")
    if options.write:
        PAGE.write_text(text(found), encoding="utf-8")
    elif options.check and (not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text(found)):
        sys.stderr.write("docs/licenses.md: is not current; run make sbom\n")
        return NOT_TAKEN
    return NOT_TAKEN if problems else TAKEN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools licenses", description=__doc__)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--write", action="store_true", help="write docs/licenses.md too")
    choice.add_argument("--check", action="store_true", help="fail if docs/licenses.md is not current")
    return parser


if __name__ == "__main__":
    sys.exit(main())
