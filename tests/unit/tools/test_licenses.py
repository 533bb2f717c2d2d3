"""docs/licenses.md is what the locks pin, all under licences that we take; and AWS gets our own files only."""

import ast
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.constructs.python_function import EVERYWHERE, KNOWN_FILE
from infra.project import PROJECT
from tools.licenses import __main__ as command
from tools.licenses import bills
from tools.licenses.bills import CannotListError, bill
from tools.licenses.locks import PARTS, Part, pins
from tools.licenses.page import PAGE, rows
from tools.licenses.policy import ACKNOWLEDGED, UNSAID, named, problem

OF_THE_RUNTIME = {"boto3", "botocore"}
"""What Lambda's Python runtime brings."""


def documented() -> dict[str, dict[str, tuple[tuple[str, ...], str]]]:
    """The rows of the page, by part."""
    listing, _, _ = PAGE.read_text(encoding="utf-8").partition("## What we take")
    sections = re.split(r"^## (\w+): .*$", listing, flags=re.MULTILINE)
    return {
        name.lower(): {
            package: (tuple(versions.split(", ")), licence)
            for package, versions, licence in re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
            if package not in {"Package", "---"}
        }
        for name, text in zip(sections[1::2], sections[2::2], strict=True)
    }


def test_every_lock_is_a_part() -> None:
    locks = {file.name for file in (PROJECT / "locks").glob("*.lock")}
    assert {Path(part.lock).name for part in PARTS} == locks | {"package-lock.json"}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_the_page_lists_exactly_what_the_lock_pins(part: Part) -> None:
    page = {package: versions for package, (versions, _) in documented()[part.name].items()}
    assert page == pins(part), "run `make sbom`"


def test_every_licence_on_the_page_is_one_that_we_take() -> None:
    every = [(name, licence) for those in documented().values() for name, (_, licence) in those.items()]
    assert len(every) > 100
    assert [said for name, licence in every if (said := problem(name, licence))] == []


def test_what_is_acknowledged_is_still_used_and_still_so() -> None:
    every = {name: licence for those in documented().values() for name, (_, licence) in those.items()}
    for package, (licence, reason) in {**ACKNOWLEDGED, **UNSAID}.items():
        assert every[package] == licence
        assert reason


@pytest.mark.parametrize(
    ("package", "licence", "says"),
    [
        ("evil", "GPL-3.0-only", "evil: GPL-3.0-only is not one of the licences that we take"),
        ("evil", "AGPL-3.0-or-later", "evil: AGPL-3.0-or-later is not one"),
        ("evil", "MIT AND LGPL-2.1-only", "evil: MIT AND LGPL-2.1-only is not one"),
        ("evil", "MIT OR (GPL-2.0-only AND Apache-2.0)", "evil: MIT OR (GPL-2.0-only AND Apache-2.0) is not one"),
        ("evil", "Proprietary", "evil: Proprietary is not one"),
        ("evil", "", "evil: says no licence; find it"),
        # another one than the one that was acknowledged
        ("certifi", "GPL-3.0-only", "certifi: GPL-3.0-only is not one"),
        ("not-certifi", "MPL-2.0", "not-certifi: MPL-2.0 is not one"),
    ],
)
def test_fails_for_a_licence_that_we_do_not_take(package: str, licence: str, says: str) -> None:
    assert problem(package, licence).startswith(says)


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        (["Apache-2.0", "License :: OSI Approved"], "Apache-2.0"),
        (["BSD-3-Clause", "License :: OSI Approved :: BSD License"], "BSD-3-Clause"),
        (["License :: OSI Approved :: Apache Software License"], "Apache-2.0"),
        (["MIT", "License :: OSI Approved :: GNU GPL v3 (GPLv3)"], "MIT AND GNU GPL v3 (GPLv3)"),
        (["License :: OSI Approved"], ""),
        ([], ""),
    ],
)
def test_a_licence_is_named_once_and_a_second_one_is_not_lost(said: list[str], licence: str) -> None:
    assert named(said) == licence


def component(name: str, version: str, *licenses: str) -> dict[str, Any]:
    return {"name": name, "version": version, "licenses": [{"license": {"name": one}} for one in licenses]}


def listed(part: Part) -> dict[str, Any]:
    """A bill of all that the part's lock pins."""
    return {"components": [component(name, versions[0], "MIT") for name, versions in pins(part).items()]}


def without(document: dict[str, Any], name: str) -> dict[str, Any]:
    """A bill without one package."""
    return {"components": [one for one in document["components"] if one["name"] != name]}


def test_a_package_that_is_not_installed_or_in_another_version_is_no_guess() -> None:
    part = PARTS[0]
    whole = listed(part)
    assert {row.licence for row in rows(part, whole)} == {"MIT"}
    # What we know ourselves fills in where nothing is installed, or what is says nothing.
    (known,) = (row for row in rows(part, without(whole, "colorama")) if row.package == "colorama")
    assert known.licence == "BSD-3-Clause"
    other = {"components": [{**one, "version": "0"} for one in whole["components"]]}
    with pytest.raises(CannotListError, match=r"version 0 is installed in .venv, locks/deploy.lock has"):
        list(rows(part, other))
    with pytest.raises(CannotListError, match=r"annotated-types: is in locks/deploy.lock and not installed in .venv"):
        list(rows(part, {"components": []}))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command writes here."""
    monkeypatch.setattr(command, "PROJECT", tmp_path)
    monkeypatch.setattr(command, "BILLS", tmp_path / "build" / "sbom")
    monkeypatch.setattr(command, "PAGE", tmp_path / "licenses.md")
    return tmp_path


def test_the_command_writes_bills_and_page_and_fails_for_a_licence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = {**ACKNOWLEDGED, **UNSAID}

    def as_it_is(part: Part) -> dict[str, Any]:
        document = listed(part)
        for one in document["components"]:
            one["licenses"] = [{"license": {"name": known.get(one["name"], ("MIT", ""))[0]}}]
        return document

    monkeypatch.setattr(command, "bill", as_it_is)
    assert command.main(["--check"]) == 1
    assert "docs/licenses.md: is not current; run make sbom" in capsys.readouterr().err
    assert command.main(["--write"]) == 0
    assert command.main(["--check"]) == 0
    assert {file.name for file in (folder / "build" / "sbom").iterdir()} == {f"{part.name}.cdx.json" for part in PARTS}
    known.clear()
    known["boto3"] = ("GPL-3.0-only", "")
    assert command.main([]) == 1
    assert "boto3: GPL-3.0-only is not one of the licences that we take" in capsys.readouterr().err


def test_fails_where_its_tool_is_not_installed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bills, "BOM_OF_PYTHON", folder / "nowhere")
    assert command.main([]) == 2
    assert capsys.readouterr().err == f"licenses: {folder}/nowhere: is not there; `make sbom` installs it\n"


def test_the_bill_of_node_packages_is_made_by_npm() -> None:
    (npm,) = [part for part in PARTS if not part.environment]
    document = bill(npm)
    assert document["bomFormat"] == "CycloneDX"
    assert ("aws-cdk", "Apache-2.0") in {(row.package, row.licence) for row in rows(npm, document)}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder; what Python keeps beside its code is none of it."""
    files = [file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_what_goes_into_aws_is_our_own_files_only(everything_folder: Path) -> None:
    source = PROJECT / "lambda_src"
    seen = set()
    for asset in everything_folder.glob("asset.*"):
        if asset.is_file():
            # The other kind of asset is a trusted list: addresses of the configuration.
            assert asset.suffix == ".txt"
            continue
        (package,) = (one for one in asset.iterdir() if one.name not in {EVERYWHERE, KNOWN_FILE})
        assert contents(asset / EVERYWHERE) == contents(source / EVERYWHERE)
        # Exactly: a module that a function reads only when it needs it would be missed when it is needed.
        assert contents(package) == contents(source / package.name)
        assert {Path(name).suffix for name in contents(package)} == {".py"}
        seen.add(package.name)
    manifests = [json.loads(file.read_text(encoding="utf-8")) for file in everything_folder.glob("*.assets.json")]
    assert not any(manifest.get("dockerImages") for manifest in manifests)
    assert {*seen, EVERYWHERE} == {file.parent.name for file in source.glob("*/__init__.py")}


def test_the_functions_import_nothing_but_the_runtime() -> None:
    source = PROJECT / "lambda_src"
    own = {entry.stem for entry in source.iterdir()}
    for file in source.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        only_for_types = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if id(node) in only_for_types or not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
            for name in names:
                assert name.partition(".")[0] in sys.stdlib_module_names | OF_THE_RUNTIME | own, (file, name)
