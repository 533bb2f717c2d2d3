"""The option `--app`: which folder of synthesized templates a command reads."""

import argparse
from pathlib import Path

from infra.project import PROJECT


def add_app(parser: argparse.ArgumentParser) -> None:
    """Add it, for a command that always reads one; left out, the project's own `cdk.out`."""
    parser.add_argument(
        "--app",
        metavar="CDK_OUT",
        type=Path,
        default=PROJECT / "cdk.out",
        help="an existing folder of templates (default: cdk.out)",
    )
