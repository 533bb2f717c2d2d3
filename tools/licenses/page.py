"""docs/licenses.md: every package that the project uses, its licence, and what it is for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.project import PROJECT
from tools.licenses.bills import CannotListError, licenses
from tools.licenses.locks import PARTS, Part, pins, plain
from tools.licenses.policy import ACKNOWLEDGED, ALLOWED, UNSAID, named

PAGE = PROJECT / "docs" / "licenses.md"

_HEAD = """<!-- Written by `make sbom`: change the pins, not this. -->

# Licences

What goes into AWS carries no third-party code: the functions are our own files, the runtime's boto3 and Python's
standard library, and a test looks into every archive. All that is listed here is used at the desk and in CI, to make
templates and to check them.

`make sbom` (`python -m tools licenses --write`) writes this page, and a bill of materials in CycloneDX for each part
into `build/sbom`, from what is installed and without a network; the first time it installs its own tool, from
`locks/sbom.lock`. It ends with 1 for a licence that we do not take, and a test holds this page to locks and policy.
"""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Row:
    """One package."""

    package: str
    versions: tuple[str, ...]
    licence: str


def rows(part: Part, bill: Mapping[str, Any]) -> Iterator[Row]:
    """The packages of a part's lock, with the licence that the bill of materials has of them.

    Raises:
        CannotListError: Something is not installed, or in another version than the lock has.
    """
    installed = {plain(one["name"]) if part.environment else one["name"]: one for one in bill["components"]}
    for package, versions in sorted(pins(part).items()):
        component = installed.get(package)
        if component is not None and component["version"] not in versions:
            raise CannotListError(
                f"{package}: version {component['version']} is installed in {part.environment}, {part.lock} has"
                f" {', '.join(versions)}; install it anew: `make clean setup sbom`"
            )
        said = named(licenses(component)) if component is not None else ""
        # What a package says now is believed before what we once read in it.
        if said or (component is not None and package not in UNSAID):
            licence = said
        elif package in UNSAID:
            licence = UNSAID[package][0]
        else:
            raise CannotListError(
                f"{package}: is in {part.lock} and not installed in {part.environment}; this page is made on Linux,"
                " where all are, after `make setup`"
            )
        yield Row(package=package, versions=versions, licence=licence)


def text(found: Mapping[str, tuple[Row, ...]]) -> str:
    """The page, from the rows of each part."""
    return "\n".join([_HEAD, *(line for part in PARTS for line in _section(part, found[part.name])), *_policy()]) + "\n"


def _section(part: Part, those: tuple[Row, ...]) -> Iterator[str]:
    yield f"## {part.name.capitalize()}: {part.used_for}\n"
    yield f"From [`{Path(part.lock).name}`](../{part.lock}).\n"
    yield "| Package | Version | Licence |"
    yield "| --- | --- | --- |"
    for row in those:
        yield f"| {row.package} | {', '.join(row.versions)} | {row.licence} |"
    yield ""


def _policy() -> Iterator[str]:
    yield "## What we take\n"
    yield f"{', '.join(sorted(ALLOWED))}. Of several to choose from one is enough; of several together, all.\n"
    yield "| Package | Licence | Why it is taken, or how it is known |"
    yield "| --- | --- | --- |"
    for package, (licence, reason) in sorted({**ACKNOWLEDGED, **UNSAID}.items()):
        yield f"| {package} | {licence} | {reason} |"
    yield ""
    yield (
        "Some packages bundle others: the CDK CLI names those in `node_modules/aws-cdk/THIRD_PARTY_LICENSES`, Node"
        " in the licence file of its wheel."
    )
