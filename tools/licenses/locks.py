"""What is pinned: each part of the project, its lock, and the environment that it is installed in."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from infra.project import PROJECT

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Packages that are used for one thing.

    Attributes:
        name: In one word; the bill of materials is `build/sbom/NAME.cdx.json`.
        used_for: In a sentence for the page.
        lock: The file that pins them.
        environment: Where they are installed; empty for npm, whose lock holds the licences itself.
        without: A lock whose packages are of another part.
    """

    name: str
    used_for: str
    lock: str
    environment: str = ""
    without: str = ""


PARTS = (
    Part(name="deploy", used_for="synth and deployment", lock="locks/deploy.lock", environment=".venv"),
    Part(
        name="checks",
        used_for="tests, static checks, the desk",
        lock="locks/dev.lock",
        environment=".venv",
        without="locks/deploy.lock",
    ),
    Part(name="node", used_for="Node, where the system has none", lock="locks/node.lock", environment=".venv"),
    Part(name="emulator", used_for="the embedded AWS", lock="locks/emulator.lock", environment=".venv-emulator"),
    Part(name="mutation", used_for="mutation testing", lock="locks/mutation.lock", environment=".venv-mutation"),
    Part(name="sbom", used_for="these bills of materials", lock="locks/sbom.lock", environment=".venv-sbom"),
    Part(name="npm", used_for="the CDK CLI, and what draws the architecture", lock="package-lock.json"),
)
"""Every lock of the project; a test compares."""


def pins(part: Part) -> dict[str, tuple[str, ...]]:
    """The versions of each package of a part, by its plain name; several where platforms or Pythons differ."""
    others = _pinned(part.without) if part.without else {}
    return {name: versions for name, versions in _pinned(part.lock).items() if name not in others}


def _pinned(lock: str) -> dict[str, tuple[str, ...]]:
    text = (PROJECT / Path(lock)).read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    if lock.endswith(".json"):
        packages = json.loads(text)["packages"]
        listed = [(path.rpartition("node_modules/")[2], one["version"]) for path, one in packages.items() if path]
    else:
        listed = [(plain(pin["name"]), pin["version"]) for pin in _PIN.finditer(text)]
    for name, version in listed:
        found[name] = (*found.get(name, ()), version)
    return found


def plain(name: str) -> str:
    """A package's name as indexes compare it (PyPA, name normalization)."""
    return re.sub(r"[-_.]+", "-", name).lower()
