"""Every shell command on every page is run here, or checked as far as it goes without an account; none slips by."""

import importlib
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError

import app
from infra.app import App
from infra.project import PROJECT
from tests.pages import PAGES, blocks, fences
from tests.shell_lines import Command, commands, scripts
from tests.synthesis import Templates

READ_ONLY = {"changes", "execution_policy", "explain", "preview", "suppressions"}
"""Tools that are run as the page says."""

WITHOUT_CREDENTIALS = {"doctor": 2, "selftest": 2, "verify": 2}
"""Tools that ask an account: run up to their first call, and the exit code with which they say that they have no
credentials. Their own tests run them against accounts in memory."""

WHERE_RUN = {
    "bootstrap": "tests/e2e/conftest.py",
    "deploy": "tests/e2e/conftest.py",
    "destroy": "tests/e2e/test_teardown.py",
    "diff": "tests/e2e/test_deployment.py",
    "import": "tests/e2e/test_adopt.py",
    "orphan": "tests/e2e/test_teardown.py",
}
"""Commands of the CDK CLI, and where they are run against the embedded AWS."""

NOT_RUN_ANYWHERE = {
    "drift": "the emulator knows no drift detection",
}
"""Commands of the CDK CLI that are checked by its own list of options only."""

OF_THE_SHELL = {
    "[": "a condition",
    "break": "leaves a loop whose commands are checked",
    "cd": "into a folder of the reader's",
    "cp": "copies the file from which every other command here begins",
    "curl": "needs the network; PagerDuty's rules are in the emulator",
    "export": "the Makefile sets the same path, and every test runs by it",
    "git": "needs the network, or is what `python -m tools meaning` does, which has tests",
    "jq": "not ours; a filter for what CloudTrail answers",
    "kubectl": "needs a cluster",
    "printf": "gives one program's answer to the next",
    "python3": "a line that takes one answer of SQS apart; tests/unit/test_page_loops.py runs it",
}
"""Programs that are neither run nor checked beyond the syntax of the shell, and why."""


def on_the_pages() -> list[tuple[str, Command]]:
    return [
        (page.name, command)
        for page in PAGES
        for script in scripts(page.read_text(encoding="utf-8"))
        for command in commands(script)
    ]


def of_program(*programs: str) -> list[Command]:
    found = {str(command): command for _, command in on_the_pages() if command.words[0] in programs}
    return list(found.values())


def test_every_command_is_of_a_kind_that_is_checked() -> None:
    """`aws` in test_documented_commands.py, the rest here."""
    programs = {command.words[0] for _, command in on_the_pages()}
    assert programs == {"aws", "make", "npx", "python", *OF_THE_SHELL}


def test_no_block_of_code_is_without_a_language() -> None:
    """What is shell says so; otherwise nobody would look at it."""
    for page in PAGES:
        for language, code in fences(page.read_text(encoding="utf-8")):
            assert language in {"sh", "text", "json", "yaml", "python", "mermaid"}, (page.name, code)
            if language == "text":
                assert not re.search(r"^\s*(aws|make|npx|python|git|\./) ", code, re.MULTILINE), (page.name, code)


def test_every_block_is_shell() -> None:
    for page in PAGES:
        for script in scripts(page.read_text(encoding="utf-8")):
            found = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
            assert (found.returncode, found.stderr) == (0, ""), (page.name, script)


@pytest.fixture(name="templates", scope="module")
def fixture_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`CONFIG=sandbox python app.py`, as the pages run it."""
    folder = tmp_path_factory.mktemp("desk") / "cdk.out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONFIG", "sandbox")
        patch.setenv("TODAY", "2026-11-23")
        patch.setenv("CDK_OUTDIR", str(folder))
        # The rule packs judge templates and change nothing in them; other tests let them judge these.
        patch.setattr(app, "App", partial(App, checked=False))
        app.main()
    return folder


def test_the_app_is_started_for_a_deployment_that_there_is(templates: Path) -> None:
    assert (templates / "sandbox-Response.template.json").exists()
    started = [one for one in of_program("python") if "-m" not in one.words]
    for command in started:
        assert command.words == ("python", "app.py")
        settings = dict(command.settings)
        assert settings.keys() <= {"CONFIG", "CDK_OUTDIR"}
        # The organization is synthesized for the table on docs/explain.md (tests/unit/tools/test_explain_page.py).
        assert settings["CONFIG"] in {"sandbox", "organization"}
    assert started


def test_every_tool_on_the_pages_is_run() -> None:
    named = {one.words[3] for one in of_program("python") if one.words[1:3] == ("-m", "tools")}
    assert named == READ_ONLY | set(WITHOUT_CREDENTIALS)


def tools(names: set[str]) -> list[Command]:
    return [one for one in of_program("python") if one.words[1] == "-m" and one.words[3] in names]


def main_of(name: str) -> Callable[..., int]:
    package = importlib.import_module(f"tools.{name}")
    module = importlib.import_module(f"tools.{name}.__main__") if hasattr(package, "__path__") else package
    found: Callable[..., int] = module.main
    return found


@pytest.mark.parametrize("command", tools(READ_ONLY), ids=str)
def test_a_tool_that_reads_is_run(
    command: Command,
    templates: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(PROJECT)
    # `prod` is the reader's own.
    ours = {"build/before": str(templates), "build/after": str(templates), "prod": "sandbox"}
    name, *arguments = [ours.get(word, word) for word in command.words[3:]]
    if "--output" in arguments:
        arguments[arguments.index("--output") + 1] = str(tmp_path / "output")
    assert main_of(name)(arguments) == 0, capsys.readouterr().err
    assert capsys.readouterr().out or (tmp_path / "output").read_text(encoding="utf-8")


class Nobody:
    """A client without credentials: made without a word, and of no use."""

    def __getattr__(self, operation: str) -> Any:
        """A call, or a paginator, which fails when it is used."""

        def call(*_: object, **__: object) -> Any:
            if operation == "get_paginator":
                return self
            raise NoCredentialsError

        return call


@pytest.mark.parametrize("command", tools(set(WITHOUT_CREDENTIALS)), ids=str)
def test_a_tool_that_asks_an_account_is_run_up_to_its_first_call(
    command: Command, templates: Path, everything: Templates, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *arguments = command.words[3:]
    if name == "verify":
        for number, word in enumerate(arguments):
            if word == "--stack":
                assert is_stack(arguments[number + 1], set(everything))
                arguments[number + 1] = "sandbox-Response"
        arguments += ["--app", str(templates)]
    assert main_of(name)(arguments, client_of=lambda _service, _region: Nobody()) == WITHOUT_CREDENTIALS[name]
    told = capsys.readouterr()
    assert "Unable to locate credentials" in told.err + told.out


@pytest.mark.parametrize("command", of_program("make"), ids=str)
def test_make_knows_what_to_do(command: Command) -> None:
    """Printed and not run; what its lines do is in the tests of the tools that they call."""
    # Started by `make -j2 test` it would complain that it is not the other's child.
    outside = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"}}
    done = subprocess.run(
        ["make", "-n", *command.words[1:]], cwd=PROJECT, capture_output=True, text=True, check=False, env=outside
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@cache
def cli() -> Any:
    registry = PROJECT / "node_modules" / "aws-cdk" / "lib" / "cli" / "cli-type-registry.json"
    if not registry.exists():
        pytest.skip("the CDK CLI is not installed; `make setup` does it")
    return json.loads(registry.read_text(encoding="utf-8"))


def is_stack(written: str, stacks: set[str]) -> bool:
    """Whether there is such a stack; the name of the deployment before it is the reader's."""
    kind = re.sub("eu-west-1$", "*", written.partition("-")[2])
    return any(fnmatchcase(one.partition("-")[2], kind) for one in stacks)


def wrong(words: tuple[str, ...], stacks: set[str]) -> Iterator[str]:
    """What is wrong with the arguments of `cdk`: by the pinned CLI's own list, and by the stacks that there are."""
    verb, *rest = words
    if verb not in cli()["commands"]:
        yield f"no command {verb}"
        return
    known = {**cli()["globalOptions"], **cli()["commands"][verb].get("options", {})}
    known |= {one["alias"]: one for one in known.values() if isinstance(one.get("alias"), str)}
    values = iter(rest)
    for word in values:
        if not word.startswith("-"):
            if not (word.startswith("aws://") or is_stack(word.partition("/")[0], stacks)):
                yield f"no stack {word}"
            continue
        name, equal, value = word.lstrip("-").partition("=")
        option = known.get(name)
        if option is None:
            yield f"no option {word}"
        elif option["type"] != "boolean":
            value = value if equal else next(values, "")
            if name == "c" and not (PROJECT / "config" / f"{value.removeprefix('config=')}.yaml").exists():
                yield f"no configuration {value}"
            if option.get("choices") and value not in option["choices"]:
                yield f"{word} is none of {option['choices']}"


def cdk_commands() -> list[Command]:
    """Those in the text too."""
    found = {str(one): one for one in of_program("npx")}
    for page in PAGES:
        for code in blocks(page.read_text(encoding="utf-8")):
            if code.startswith("npx cdk ") and "…" not in code:
                found |= {str(one): one for script in scripts(f"```sh\n{code}\n```") for one in commands(script)}
    return list(found.values())


@pytest.mark.parametrize("command", cdk_commands(), ids=str)
def test_cdk_is_called_as_its_command_line_takes_it(command: Command, everything: Templates) -> None:
    assert command.words[:2] == ("npx", "cdk")
    assert list(wrong(command.words[2:], set(everything))) == []
    assert command.words[2] in WHERE_RUN.keys() | NOT_RUN_ANYWHERE.keys()


@pytest.mark.parametrize(("verb", "test"), WHERE_RUN.items())
def test_each_command_of_cdk_is_run_against_the_embedded_aws(verb: str, test: str) -> None:
    assert re.search(rf'"{verb}"|"npx cdk {verb}"', (PROJECT / test).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("deploi --all", "no command deploi"),
        ("deploy --everything", "no option --everything"),
        ("deploy -c config=nothing", "no configuration config=nothing"),
        ("deploy prod-Nothing", "no stack prod-Nothing"),
        ("deploy --require-approval sometimes", "--require-approval is none of"),
    ],
)
def test_what_the_command_line_does_not_take_is_seen(words: str, says: str) -> None:
    (found,) = wrong(tuple(words.split()), {"prod-Response"})
    assert found.startswith(says)


def test_a_page_is_taken_apart_as_a_shell_does() -> None:
    text = """
```sh
(cd build/base && CONFIG=prod python app.py)   # the base
url=$(aws sqs get-queue-url --queue-name <end of the ARN>)
curl https://example.com -d @- <<'EVENT'
{"a": "b && make nothing"}
EVENT
```
"""
    (script,) = scripts(text)
    assert list(map(str, commands(script))) == [
        "cd build/base",
        "CONFIG=sandbox python app.py",
        "aws sqs get-queue-url --queue-name end-of-the-ARN",
        "curl https://example.com -d @-",
    ]
