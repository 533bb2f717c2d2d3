"""`python -m tools preview FINDING.json`: the messages for one finding file."""

import argparse
import io
import json
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from infra.config import ConfigurationError, Deployment, config_file, load
from infra.project import PROJECT
from notifier.brief import Brief
from notifier.items.event import read
from notifier.items.unrecognised import Unrecognised
from tools.messages.deployment import brief_for, hidden_by
from tools.messages.html import render_html
from tools.messages.kinds import KINDS, kind_of
from tools.messages.terminal import print_brief
from tools.terminal.given_file import UnreadableFileError, given_text
from tools.terminal.today import present_day

OK = 0
BAD_INPUT = 2
ALL = "all"


class CannotPreview(Exception):
    """What was asked for cannot be previewed; the text says why and what would do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that knows ASCII only shows question marks rather than nothing.
        sys.stdout.reconfigure(errors="replace")
    try:
        deployment = _deployment(options.deployment)
        kinds = _kinds(options.destination, deployment)
        briefs = briefs_of(_text(options.finding), named=options.finding, deployment=deployment)
        shown = _shown(briefs, kinds, options)
        for brief in briefs:
            if hiding := hidden_by(brief, deployment):
                sys.stderr.write(
                    f"preview: this is not sent: {', '.join(hiding)} suppresses such a finding; what becomes of it: "
                    f"python -m tools explain {shlex.quote(options.finding)} --deployment "
                    f"{shlex.quote(Path(options.deployment).stem)}\n"
                )
        if options.output:
            Path(options.output).write_text(shown, encoding="utf-8")
            print(f"written to {options.output}")
        elif shown:
            sys.stdout.write(shown)
    except CannotPreview as error:
        print(f"preview: {error}", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(f"preview: {options.output}: cannot be written: {error.strerror}", file=sys.stderr)
        return BAD_INPUT
    return OK


def briefs_of(text: str, *, named: str, deployment: Deployment) -> list[Brief]:
    """The briefs of a finding file, as the notifier of a deployment would make them.

    Raises:
        CannotPreview: it is no JSON, or no GuardDuty event.
    """
    items = [item for document in _documents(text) for item in read(document)]
    for item in items:
        if isinstance(item, Unrecognised) and item.detail_type is None:
            raise CannotPreview(
                f"{named}: {item.reason}; give an EventBridge event of GuardDuty, a finding, or the output of "
                "'aws guardduty get-findings'"
            )
    return [brief_for(item, deployment) for item in items]


def _documents(text: str) -> Iterator[str]:
    """A file's findings one by one: a queue message holds one, and the notifier reads no long list in one."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    inside = document
    if isinstance(document, dict):
        inside = next((document[name] for name in ("Findings", "findings", "Records") if name in document), None)
    if isinstance(inside, list) and inside:
        yield from map(json.dumps, inside)
    else:
        yield text


def payloads(brief: Brief, kinds: Sequence[str]) -> dict[str, object]:
    """Exactly what is sent in each of the forms; None where nothing is."""
    return {kind: KINDS[kind].payload(brief) for kind in kinds}


def _kinds(destination: str, deployment: Deployment) -> Sequence[str]:
    """The forms to show: all, one, or that of a destination of the deployment by its name."""
    if destination == ALL:
        return tuple(KINDS)
    named = {one.name: kind_of(one) for one in deployment.destinations}
    if destination not in {**KINDS, **named}:
        raise CannotPreview(
            f"--destination: unknown {destination!r}; choose {ALL}, a kind ({', '.join(KINDS)}), or a destination of "
            f"{deployment.name} ({', '.join(named)})"
        )
    chosen = destination if destination in KINDS else named[destination]
    if chosen not in KINDS:
        raise CannotPreview(
            f"nobody has said how a message of kind {chosen!r} is shown; add it to tools/messages/kinds"
        )
    return (chosen,)


def _shown(briefs: Sequence[Brief], kinds: Sequence[str], options: argparse.Namespace) -> str:
    if options.format == "html":
        return render_html(*briefs, kinds=kinds)
    if options.format == "json":
        made = [payloads(brief, kinds) for brief in briefs]
        return json.dumps(made[0] if len(made) == 1 else made, indent=2, ensure_ascii=False) + "\n"
    console = Console(record=bool(options.output), file=None, quiet=bool(options.output))
    for brief in briefs:
        if len(kinds) == 1 and kinds != ("slack",):
            console.print(KINDS[kinds[0]].words(brief), markup=False, highlight=False, soft_wrap=True)
        else:
            print_brief(brief, console)
    return console.export_text() if options.output else ""


def _text(path: str) -> str:
    try:
        return given_text(path)
    except UnreadableFileError as error:
        raise CannotPreview(f"{path}: {error}") from None


def _deployment(name: str) -> Deployment:
    try:
        file = config_file(name, folder=Path(os.path.relpath(PROJECT / "config")))
        return load(file, today=present_day()).deployment
    except ConfigurationError as error:
        raise CannotPreview(str(error)) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools preview", description="Show what each destination would receive for a finding."
    )
    parser.add_argument("finding", metavar="FINDING.json", help="an event or a finding; - reads standard input")
    parser.add_argument(
        "--destination",
        metavar="KIND|NAME",
        default=ALL,
        help=f"only what this one would receive: {', '.join(KINDS)}, or the name of a destination of the deployment",
    )
    parser.add_argument(
        "--format",
        choices=("terminal", "json", "html"),
        default="terminal",
        help="terminal: to read; json: the very payload; html: a page that shows the messages as people see them",
    )
    parser.add_argument("--output", metavar="FILE", help="write there instead of to standard output")
    parser.add_argument(
        "--deployment",
        metavar="NAME",
        default="sandbox",
        help="the deployment whose messages to show: config/NAME.yaml (default: sandbox)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
