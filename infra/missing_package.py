"""What to do about a package that this Python does not have; imports nothing but Python's own."""

import sys
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent


def missing_package(error: ModuleNotFoundError) -> str | None:
    """What is missing and how to get it, in one line; None if it is a module of the project's own, which is a mistake.

    Args:
        error: What an import ended with.
    """
    package = (error.name or "").partition(".")[0]
    ours = (_PROJECT, _PROJECT / "lambda_src")
    if not package or any((root / package).is_dir() or (root / f"{package}.py").is_file() for root in ours):
        return None
    return (
        f"the package {package} is missing in {sys.executable}; run make setup, then export PATH=$PWD/.venv/bin:$PATH\n"
    )
