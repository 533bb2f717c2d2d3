"""The code of a function, as it lies beside its template until it is deployed."""

from collections.abc import Mapping
from pathlib import Path

from shared.known import FILE
from tools.templates.assembly import Resource


def code_folder(function: Resource, folder: Path | None) -> Path | None:
    """The folder that becomes the function's archive; None where the template names none, or it is not there.

    Args:
        function: The function.
        folder: Where its template lies.
    """
    code = function.properties.get("Code")
    key = code.get("S3Key") if isinstance(code, Mapping) else None
    if folder is None or not isinstance(key, str):
        return None
    # An asset's key is its hash, behind a prefix of bootstrap's if there is one; its folder is called after the hash.
    found = folder / f"asset.{key.rpartition('/')[2].partition('.')[0]}"
    return found if found.is_dir() else None


def does_the_same(one: Path | None, other: Path | None) -> bool:
    """Whether two folders hold the same code, whatever it knows of the deployment; False where one is not there."""
    return one is not None and other is not None and _files(one) == _files(other)


def _files(folder: Path) -> Mapping[Path, bytes]:
    return {
        file.relative_to(folder): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file != folder / FILE
    }
