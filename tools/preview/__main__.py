"""`python -m tools.preview FINDING.json`: the messages for one finding file."""

import argparse
import json
import sys
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path

from rich.console import Console

from notifier.brief import Brief, brief_of
from notifier.destinations import slack_card, sns
from notifier.egress import EgressRange
from notifier.event import Unrecognised, read
from tools.preview.html import render_html
from tools.preview.terminal import print_brief

OK = 0
BAD_INPUT = 2
_MOST = 4 * 1024 * 1024


class BadFindingFile(Exception):
    """The file cannot be previewed; the text says why and what would do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        egress = tuple(_egress(entry) for entry in options.egress)
        briefs = briefs_of(_text(options.finding), named=options.finding, egress=egress)
        shown = _shown(briefs, options)
        if options.output:
            Path(options.output).write_text(shown, encoding="utf-8")
            print(f"written to {options.output}")
        elif shown:
            sys.stdout.write(shown)
    except BadFindingFile as error:
        print(f"preview: {error}", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(f"preview: {options.output}: cannot be written: {error.strerror}", file=sys.stderr)
        return BAD_INPUT
    return OK


def briefs_of(text: str, *, named: str, egress: Sequence[EgressRange] = (), deployment: str = "preview") -> list[Brief]:
    """The briefs of a finding file.

    Raises:
        BadFindingFile: it is no JSON, or no GuardDuty event.
    """
    items = read(text)
    for item in items:
        if isinstance(item, Unrecognised) and item.detail_type is None:
            raise BadFindingFile(
                f"{named}: {item.reason}; give an EventBridge event of GuardDuty, a finding, or the output of "
                "'aws guardduty get-findings'"
            )
    return [brief_of(item, deployment=deployment, egress=egress) for item in items]


def payloads(brief: Brief, destination: str) -> dict[str, object]:
    """What each destination would receive, by kind."""
    mail = sns.mail_of(brief)
    made: dict[str, object] = {
        "sns": {"Subject": mail.subject, "Message": mail.body},
        "slack": json.loads(slack_card.message(brief)),
    }
    return made if destination == "all" else {destination: made[destination]}


def _shown(briefs: Sequence[Brief], options: argparse.Namespace) -> str:
    if options.format == "html":
        return render_html(*briefs, destination=options.destination)
    if options.format == "json":
        made = [payloads(brief, options.destination) for brief in briefs]
        return json.dumps(made[0] if len(made) == 1 else made, indent=2, ensure_ascii=False) + "\n"
    console = Console(record=bool(options.output), file=None, quiet=bool(options.output))
    for brief in briefs:
        if options.destination == "sns":
            mail = sns.mail_of(brief)
            console.print(f"Subject: {mail.subject}\n\n{mail.body}", markup=False, highlight=False, soft_wrap=True)
        else:
            print_brief(brief, console)
    return console.export_text() if options.output else ""


def _text(path: str) -> str:
    try:
        raw = sys.stdin.buffer.read(_MOST + 1) if path == "-" else _bytes(Path(path))
    except OSError as error:
        raise BadFindingFile(f"{path}: cannot be read: {error.strerror}") from None
    if len(raw) > _MOST:
        raise BadFindingFile(f"{path}: is larger than 4 MiB; EventBridge carries at most 1 MiB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFindingFile(f"{path}: is not UTF-8 text") from None


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST + 1)


def _egress(entry: str) -> EgressRange:
    name, _, cidr = entry.rpartition("=")
    try:
        return EgressRange(name=name or "given", owner="(not given)", networks=(ip_network(cidr),))
    except ValueError as error:
        raise BadFindingFile(f"--egress {entry}: {error}; must look like frankfurt-dc=198.51.100.0/28") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.preview", description="Show what each destination would receive for a finding."
    )
    parser.add_argument("finding", metavar="FINDING.json", help="an event or a finding; - reads standard input")
    parser.add_argument("--destination", choices=("sns", "slack", "all"), default="all")
    parser.add_argument("--format", choices=("terminal", "json", "html"), default="terminal")
    parser.add_argument("--output", metavar="FILE", help="write there instead of to standard output")
    parser.add_argument(
        "--egress", metavar="NAME=CIDR", action="append", default=[], help="an egress range of yours; may be repeated"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
