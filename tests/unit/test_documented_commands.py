"""Every `aws` command that the documentation tells people to paste is one that the AWS CLI has."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.model import OperationModel
from botocore.session import Session

from tests.pages import PAGES, blocks

OF_THE_CLI = {
    "--cli-binary-format",
    "--cli-input-json",
    "--follow",
    "--max-items",
    "--no-paginate",
    "--output",
    "--profile",
    "--query",
    "--region",
}
"""Options that no operation has."""

WITHOUT_A_MODEL = {("logs", "tail")}
"""Commands of the CLI's own that are no operation of a service."""

_COMMAND = re.compile(r"(?:^|[\s`(\"=])aws (?P<service>[a-z0-9-]+) (?P<operation>[a-z][a-z0-9-]+)(?P<rest>[^`]*)")


def commands(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Service, operation and options of each command, those inside another one too."""
    for line in blocks(text):
        for start in [found.start() for found in re.finditer(r"\baws [a-z0-9-]+ [a-z]", line)]:
            found = _COMMAND.match(" " + line[start:])
            if found:
                yield found["service"], found["operation"], options(found["rest"])


def options(rest: str) -> list[str]:
    """The options of one command, up to the end of it and without those of a command inside."""
    if "…" in rest:
        # Cut short on the page: what is there must exist, and more may be needed.
        return ["…", *re.findall(r"(?<!\S)(--[a-z][a-z0-9-]*)", rest)]
    own = re.split(r"\)\"?(?:\s|$)|\s\|", re.sub(r"\"?\$\(aws [^)]*\)\"?", "X", rest))[0]
    return re.findall(r"(?<!\S)(--[a-z][a-z0-9-]*)", own)


@cache
def operations(service: str) -> dict[str, OperationModel]:
    # `aws s3` is for people, `aws s3api` the API.
    model = Session().get_service_model("s3" if service == "s3api" else service)
    return {xform_name(name, "-"): model.operation_model(name) for name in model.operation_names}


def wrong(service: str, operation: str, given: list[str]) -> list[str]:
    """What is wrong with a command."""
    if (service, operation) in WITHOUT_A_MODEL:
        return []
    model = operations(service).get(operation)
    if model is None:
        return [f"aws {service} {operation}: no such operation"]
    members = model.input_shape.members if model.input_shape else {}
    known = {f"--{xform_name(name, '-')}" for name in members}
    known |= {f"--no-{xform_name(name, '-')}" for name, shape in members.items() if shape.type_name == "boolean"}
    needed = {
        f"--{xform_name(name, '-')}" for name in (model.input_shape.required_members if model.input_shape else ())
    }
    missing = sorted(needed - set(given)) if given and "…" not in given else []
    unknown = [one for one in given if one not in known | OF_THE_CLI | {"…"}]
    return [f"aws {service} {operation}: unknown {one}" for one in unknown] + [
        f"aws {service} {operation}: {one} is missing" for one in missing
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_is_one_that_the_cli_has(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [one for found in commands(text) for one in wrong(*found)] == []


def test_the_pages_have_commands() -> None:
    found = [one for page in PAGES for one in commands(page.read_text(encoding="utf-8"))]
    assert len(found) > 30
    assert ("guardduty", "delete-detector", ["--region", "--detector-id"]) in found


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("aws guardduty delete-detectors --region x", "aws guardduty delete-detectors: no such operation"),
        ("aws guardduty delete-detector --region x --id 1", "aws guardduty delete-detector: unknown --id"),
        ("aws detective delete-graph --region x", "aws detective delete-graph: --graph-arn is missing"),
        ('x="$(aws detective list-graph --region x)"', "aws detective list-graph: no such operation"),
    ],
)
def test_a_command_that_there_is_not_is_seen(command: str, says: str) -> None:
    text = f"```\n{command}\n```\n"
    assert says in [one for found in commands(text) for one in wrong(*found)]
