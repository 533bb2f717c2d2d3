"""What to do about a Python that is too old or lacks a package; runs in every Python 3, without any package."""

from __future__ import annotations

import sys

from infra.project import PROJECT

OLDEST = (3, 11)


def too_old() -> str | None:
    """What to do if this Python is older than the project's code, in one line; None if it is not."""
    if sys.version_info >= OLDEST:
        return None
    # One that runs this file but not the others: the reader would see an ImportError of ours.
    return (
        f"needs Python {OLDEST[0]}.{OLDEST[1]} or newer, and {sys.executable} is {sys.version.split()[0]}; run "
        "make setup PYTHON=python3.13, or another that you have, then export PATH=$PWD/.venv/bin:$PATH"
    )


def missing_package(error: ModuleNotFoundError) -> str | None:
    """What is missing and how to get it, in one line; None if it is a module of the project's own, which is a mistake.

    Args:
        error: What an import ended with.
    """
    package = (error.name or "").partition(".")[0]
    ours = (PROJECT, PROJECT / "lambda_src")
    if not package or any((root / package).is_dir() or (root / f"{package}.py").is_file() for root in ours):
        return None
    return (
        f"the package {package} is missing in {sys.executable}; run make setup, then export PATH=$PWD/.venv/bin:$PATH\n"
    )
