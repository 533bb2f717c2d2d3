"""Findings that others have published: they are not ours to publish, so they lie outside the project, or nowhere."""

import os
from collections.abc import Mapping
from pathlib import Path

from infra.project import PROJECT

VARIABLE = "PUBLIC_SAMPLES"
"""The variable of the environment that names their folder."""

BESIDE = PROJECT.parent / "shared" / "samples"
"""Where they are looked for otherwise: beside the checkout."""


def folder_of(environment: Mapping[str, str]) -> Path | None:
    """The folder that holds them, by the forms in which findings come; None where nobody has put any.

    Raises:
        NotADirectoryError: the folder that is named is not there. Who names one wants it read, and nothing passed over.
    """
    named = environment.get(VARIABLE)
    if not named:
        return BESIDE if BESIDE.is_dir() else None
    folder = Path(named)
    if not folder.is_dir():
        raise NotADirectoryError(f"{VARIABLE}: no folder {named!r}; it must hold eventbridge, api and export")
    return folder


SAMPLES = folder_of(os.environ)


def texts_of(folder: Path | None, forms: str) -> dict[str, str]:
    """Each file's text by its name.

    Args:
        folder: Of `folder_of`.
        forms: The folder of one form in it, or a pattern for several.
    """
    files = sorted(folder.glob(f"{forms}/*.json")) if folder else []
    assert files, f"no findings in {folder}/{forms}"
    return {file.name: file.read_text(encoding="utf-8") for file in files}
