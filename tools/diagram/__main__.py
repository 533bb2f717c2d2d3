"""`python -m tools diagram [NAME]`: the picture of a deployment's architecture, from its synthesized templates."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from infra.config import ConfigurationError
from infra.project import PROJECT
from tools.diagram.icons import NoIconsError
from tools.diagram.layout import LayoutError
from tools.diagram.metadata import drawn_in
from tools.diagram.model import Diagram, UndrawableError
from tools.diagram.structure import structure_of
from tools.diagram.svg import svg_of
from tools.imaging.browser import Browser, NoBrowser
from tools.imaging.png import smaller
from tools.templates.assembly import AssemblyError, read_assembly
from tools.templates.synthesized import SynthFailedError, synthesized
from tools.terminal.progress import Progress
from tools.terminal.today import present_day

PICTURED = ("sandbox", "organization")
DAY = date(2026, 11, 23)
"""The day of the committed pictures: an entry of the examples that has ended would change them."""

OK, NOT_CURRENT, BAD_INPUT = 0, 1, 2
_REFUSALS = (
    AssemblyError, ConfigurationError, LayoutError, NoBrowser, NoIconsError, SynthFailedError, UndrawableError, OSError,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the structure of a deployment's picture, draw it, or keep the pictures of docs/images current.

    Returns:
        0, 1 if a committed picture would come out otherwise now, 2 if the input is wrong or something is missing.
    """
    options = _parser().parse_args(arguments)
    try:
        if options.write or options.check:
            if options.app or options.name not in {None, *PICTURED}:
                sys.stderr.write(f"diagram: docs/images shows {' and '.join(PICTURED)}; for others use --output\n")
                return BAD_INPUT
            names = [options.name] if options.name else PICTURED
            return max([_check(name) if options.check else _write(name) for name in names])
        diagram = (
            _from_folder(options.app) if options.app else structure(options.name or "sandbox", today=present_day())
        )
        if options.output is None:
            sys.stdout.writelines(f"{line}\n" for line in diagram.told())
        else:
            options.output.write_bytes(_as(options.output.suffix, svg_of(diagram, project=PROJECT)))
            sys.stdout.write(f"written to {options.output}\n")
    except _REFUSALS as error:
        sys.stderr.write(f"diagram: {error}\n")
        return BAD_INPUT
    return OK


def picture_of(name: str) -> Path:
    """Where the committed picture of a deployment is."""
    return PROJECT / "docs" / "images" / f"architecture-{name}.svg"


def structure(name: str, *, today: date) -> Diagram:
    """The structure of a deployment of `config/`.

    Raises:
        ConfigurationError: There is no such deployment, or something in it is wrong.
        SynthFailedError: The app refuses it.
        UndrawableError: It holds something of which nobody has said how it is drawn.
    """
    progress = Progress()
    with progress.step(f"templates of {name}"), synthesized(name, today=today) as (_, assembly):
        return structure_of(assembly, name=name)


def differences(name: str, now: Diagram) -> tuple[str, ...]:
    """What the committed picture of a deployment misses (`+`) and has too much (`-`), and what to do."""
    file = picture_of(name)
    told = os.path.relpath(file, PROJECT)
    try:
        shown = drawn_in(file.read_text(encoding="utf-8")).structure
    except (OSError, ValueError) as error:
        return (f"{told}: {error}", f"run: python -m tools diagram {name} --write")
    found = now.compared_with(shown)
    return (f"{told} shows another structure:", *found, f"run: python -m tools diagram {name} --write") if found else ()


def drawn_otherwise(name: str, now: Diagram) -> tuple[str, ...]:
    """What to do if the committed picture of a deployment would be drawn otherwise now, from the same start."""
    file = picture_of(name)
    committed = file.read_text(encoding="utf-8")
    if svg_of(now, project=PROJECT, start=drawn_in(committed).start) == committed:
        return ()
    told = os.path.relpath(file, PROJECT)
    return (f"{told}: would be drawn otherwise now", f"run: python -m tools diagram {name} --write")


def _check(name: str) -> int:
    now = structure(name, today=DAY)
    found = differences(name, now) or drawn_otherwise(name, now)
    sys.stderr.writelines(f"{line}\n" for line in found)
    return NOT_CURRENT if found else OK


def _write(name: str) -> int:
    file = picture_of(name)
    file.write_text(svg_of(structure(name, today=DAY), project=PROJECT), encoding="utf-8")
    print(f"{os.path.relpath(file)}  {file.stat().st_size // 1024} KiB")
    return OK


def _from_folder(folder: Path) -> Diagram:
    return structure_of(read_assembly(folder), name=folder.name)


def _as(suffix: str, svg: str) -> bytes:
    if suffix == ".svg":
        return svg.encode()
    width, height = (int(float(one)) + 1 for one in svg.partition('viewBox="0 0 ')[2].partition('"')[0].split())
    page = f'<!doctype html><meta charset="utf-8"><body style="margin:0">{svg}</body>'
    return smaller(Browser.found().picture(page, width=width, most_height=height))


def _file(text: str) -> Path:
    if not text.endswith((".svg", ".png")):
        raise argparse.ArgumentTypeError(f"must end with .svg or .png, got {text!r}")
    return Path(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools diagram",
        description="Draw a deployment from its templates. Without an option: what would be drawn, in words.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        help="config/NAME.yaml (default: sandbox; with --write or --check both that docs/images shows)",
    )
    which.add_argument("--app", metavar="CDK_OUT", type=Path, help="an existing folder of templates, such as cdk.out")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--output", metavar="FILE", type=_file, help="FILE.svg, or FILE.png (needs Chromium)")
    what.add_argument("--write", action="store_true", help="write docs/images/architecture-NAME.svg")
    what.add_argument("--check", action="store_true", help="fail if these would come out otherwise now")
    return parser


if __name__ == "__main__":
    sys.exit(main())
