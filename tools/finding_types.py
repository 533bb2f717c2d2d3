"""`python -m tools finding_types`: compare the catalogue of finding types with what AWS says today, or add to it.

Two kinds of file will do. A saved copy of a page of the GuardDuty user guide that lists finding types (HTML or
Markdown): its types are added with the action type that their name suggests. Or the output of
`aws guardduty get-findings` after `create-sample-findings`, which makes one finding of every type and says what its
action really is. Nothing is fetched here.
"""

import argparse
import html
import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from infra.config.reading.file_text import RefusedError, file_text
from infra.suppression.finding_types import API_CALL, CATALOGUE_FILE, Catalogue, read_catalogue

CURRENT = 0
DIFFERENT = 1
BAD_INPUT = 2

MOST_BYTES = 16 * 1024 * 1024

TYPE = re.compile(r"\b[A-Z][A-Za-z]+:[A-Z][A-Za-z0-9]+/[A-Z][A-Za-z0-9&]*(?:[.!][A-Za-z0-9&]+)*")
"""Purpose, resource, name, and what qualifies it (GuardDuty user guide, finding format)."""

_OF_RESOURCE = {
    "IAMUser": API_CALL,
    "S3": API_CALL,
    "Kubernetes": "KUBERNETES_API_CALL",
    "RDS": "RDS_LOGIN_ATTEMPT",
    "Lambda": "NETWORK_CONNECTION",
}


def action_suggested_by(name: str) -> str | None:
    """The action type that a finding type's name suggests; None where it suggests none.

    An inference for types of which no finding was seen; wrong for Custom Detection Rules, whose names say the
    technique, so look at the diff. Only `AWS_API_CALL` has consequences: it lets an egress entry
    name the type. A wrong guess would make a filter that matches nothing, never one that matches more.
    """
    purpose, _, rest = name.partition(":")
    resource, _, threat = rest.partition("/")
    if purpose == "AttackSequence" or "MaliciousFile" in threat or "SuspiciousFile" in threat:
        return None
    if resource != "EC2":
        return _OF_RESOURCE.get(resource)
    if "PortProbe" in threat:
        return "PORT_PROBE"
    by_name = "!DNS" in threat or "DomainRequest" in threat or threat in {"DNSDataExfiltration", "MetadataDNSRebind"}
    return "DNS_REQUEST" if by_name else "NETWORK_CONNECTION"


def types_in(text: str) -> dict[str, str | None]:
    """The finding types of a page or of findings, with their actions."""
    try:
        findings = json.loads(text)["Findings"]
        return {finding["Type"]: finding.get("Service", {}).get("Action", {}).get("ActionType") for finding in findings}
    except (ValueError, KeyError, TypeError, AttributeError):
        # a page; Markdown escapes the exclamation mark
        page = html.unescape(text).replace("\\", "")
        return {name: action_suggested_by(name) for name in TYPE.findall(page)}


def differences(catalogue: Catalogue, found: Mapping[str, str | None]) -> list[str]:
    """What a file says otherwise than the catalogue, one sentence each."""
    old = {*catalogue.retired, *catalogue.renamed}
    lines = [f"{name}: not in the catalogue" for name in sorted(set(found) - set(catalogue.actions) - old)]
    for name in sorted(set(found) & set(catalogue.actions)):
        ours, theirs = catalogue.actions[name], found[name]
        if theirs and ours and ours != theirs:
            lines.append(f"{name}: the catalogue says {ours}, the file {theirs}")
    return lines


def merged(text: str, found: Mapping[str, str | None], *, month: str, source: str) -> str:
    """The catalogue's text with the types that it lacked, and the month.

    Types that the file does not hold stay: a page lists some types only, and a retired one is for a person to move.
    """
    content = json.loads(text)
    known = {*content["types"], *content["retired"], *content["renamed"]}
    added = {name: action for name, action in found.items() if name not in known}
    content["types"] = dict(sorted((content["types"] | added).items()))
    content["date"] = month
    if added and source not in content["sources"]:
        content["sources"].append(source)
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare the catalogue with a file, or add to it.

    Returns:
        0 if nothing differs or everything was written, 1 if something differs, 2 if the file is of no use.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tools finding_types",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--check", metavar="FILE", type=Path, help="say what differs")
    choice.add_argument("--write", metavar="FILE", type=Path, help="add the types that are missing")
    options = parser.parse_args(arguments)
    file: Path = options.check or options.write
    try:
        found = types_in(file_text(file, most=MOST_BYTES, what="a page of the user guide is under 1 MiB"))
    except RefusedError as refusal:
        sys.stderr.write(f"{file}: {refusal.text}\n")
        return BAD_INPUT
    if not found:
        sys.stderr.write(
            f"{file}: holds no finding type; save a page of the user guide that lists them, or the output of"
            " 'aws guardduty get-findings'\n"
        )
        return BAD_INPUT
    text = CATALOGUE_FILE.read_text(encoding="utf-8")
    lines = differences(read_catalogue(text), found)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    if options.check:
        # On standard error: on the other are the differences, for a program.
        agree = len(found) - len(lines)
        sys.stderr.write(f"{file}: {len(found)} finding type{'s' * (len(found) != 1)}, {agree} as in the catalogue\n")
        return DIFFERENT if lines else CURRENT
    month = datetime.now(UTC).strftime("%Y-%m")
    CATALOGUE_FILE.write_text(merged(text, found, month=month, source=file.name), encoding="utf-8")
    sys.stdout.write(f"{CATALOGUE_FILE.name}: written, as of {month}; look at the diff before you commit it\n")
    return CURRENT


if __name__ == "__main__":
    sys.exit(main())
