"""Bills of materials in CycloneDX, from what is installed: by cyclonedx-bom for Python, by npm for the CDK CLI."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from infra.project import PROJECT
from tools.licenses.locks import Part, pins, plain

BOM_OF_PYTHON = PROJECT / ".venv-sbom" / "bin" / "cyclonedx-py"


_SECONDS = 600
"""For one list; seconds on a quiet machine, and the first run compiles the tool."""


class CannotListError(Exception):
    """A part cannot be listed; with what to do."""


def bill(part: Part) -> dict[str, Any]:
    """The bill of materials of a part: what is installed, of what its lock pins; asks no network.

    Raises:
        CannotListError: An environment is not installed, or the tool failed.
    """
    if not part.environment:
        # By the lock: the CLI is one bundle, and npm wants what it was built from where it reads the folder.
        return _said(["npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"])
    python = PROJECT / part.environment / "bin" / "python"
    for needed in (python, BOM_OF_PYTHON):
        if not needed.exists():
            raise CannotListError(f"{needed}: is not there; `make sbom` installs it")
    document = _said(
        [str(BOM_OF_PYTHON), "environment", "--output-reproducible", "--short-PURLs", "-o", "-", str(python)]
    )
    wanted = pins(part)
    document["components"] = [one for one in document.get("components", []) if plain(one["name"]) in wanted]
    kept = {one["bom-ref"] for one in document["components"]}
    document["dependencies"] = [
        {**one, "dependsOn": [ref for ref in one.get("dependsOn", []) if ref in kept]}
        for one in document.get("dependencies", [])
        if one["ref"] in kept
    ]
    return document


def _said(command: list[str]) -> dict[str, Any]:
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    try:
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise CannotListError(f"{Path(command[0]).name} did not end within {_SECONDS} s; try again") from None
    except OSError as error:
        raise CannotListError(f"{Path(command[0]).name}: cannot be run: {error}; `make setup` installs it") from error
    if done.returncode:
        raise CannotListError(f"{Path(command[0]).name} ended with exit code {done.returncode}: {done.stderr.strip()}")
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def licenses(component: dict[str, Any]) -> list[str]:
    """What a component says of its licence."""
    said = component.get("licenses", [])
    return [one.get("expression") or one["license"].get("id") or one["license"].get("name", "") for one in said]
