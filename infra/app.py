"""The CDK app of this project: the same templates however it is started."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import aws_cdk as cdk
from aws_cdk import Validations
from aws_cdk.cx_api import SynthesisMessageLevel
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks

from infra.config import ConfigurationError, Problem
from infra.project import PROJECT

Value = TypeVar("Value")


# What the CDK CLI adds to the context by itself. Given here too, so that `python app.py` writes the same bytes.
_CONTEXT_OF_THE_CLI = {
    "aws:cdk:enable-path-metadata": True,
    "aws:cdk:enable-asset-metadata": True,
}


def feature_flags() -> dict[str, Any]:
    """The feature flags of `cdk.json`; a bare `cdk.App()` does not read them and gives other templates."""
    settings: dict[str, Any] = json.loads((PROJECT / "cdk.json").read_text(encoding="utf-8"))
    return {**settings["context"], **_CONTEXT_OF_THE_CLI}


_INFO = SynthesisMessageLevel.INFO


class RulesBrokenError(Exception):
    """The templates were written, but must not be deployed."""


class App(cdk.App):
    """An app with the feature flags of `cdk.json` and the rule packs in force, under the CDK CLI or alone.

    Rule packs: cdk-nag's AwsSolutions, NIST 800-53 R5 and Serverless. A finding that is not acknowledged beside
    its resource makes `write()` fail.

    Args:
        outdir: Where to write; `cdk.out` unless the CLI says otherwise.
        checked: False for templates that are only read, as a command of the desk does: no rule packs, no validation by
            CDK, which takes a second to start, and no `tree.json`.

    Raises:
        ConfigurationError: There is no writing to `outdir`.
    """

    def __init__(self, *, outdir: str | None = None, checked: bool = True) -> None:
        folder = outdir or os.environ.get("CDK_OUTDIR") or str(PROJECT / "cdk.out")
        _must_be_writable(Path(folder))
        super().__init__(
            context=dict(feature_flags()),
            outdir=folder,
            analytics_reporting=False,
            builtin_cloud_formation_validation=checked,
            tree_metadata=checked,
        )
        if checked:
            Validations.of(self).add_plugins(AwsSolutionsChecks(self), NIST80053R5Checks(self), ServerlessChecks(self))

    def write(self) -> None:
        """Write the templates; started without the CDK CLI, print the notes that it would print, and where they are.

        Raises:
            RulesBrokenError: A rule pack, or CDK's own validation, found something; its report is on standard error.
        """
        try:
            assembly = self.synth()
        except RuntimeError as error:
            if "ValidationFailed" not in str(error):
                raise
            raise RulesBrokenError(
                "the templates break the rules above; mend each, or acknowledge it beside its resource with a reason"
            ) from error
        if "CDK_OUTDIR" not in os.environ:
            stacks = assembly.stacks
            notes = [message for stack in stacks for message in stack.messages if message.level == _INFO]
            for note in notes:
                sys.stderr.write(f"note: {note.entry.data}\n")
            count = len(stacks)
            sys.stderr.write(f"{count} template{'s' * (count != 1)} in {os.path.relpath(assembly.directory)}\n")

    def setting(self, name: str, *, read: Callable[[str], Value], default: Value) -> Value:
        """One of the few settings of a run: `-c name=…` under the CLI, else `NAME=…` in the environment.

        Raises:
            ConfigurationError: What was given cannot be read.
        """
        given = self.node.try_get_context(name) or os.environ.get(name.upper())
        if given is None:
            return default
        try:
            return read(str(given))
        except ValueError as error:
            text = f"{error}; give it as -c {name}=… or {name.upper()}=…"
            raise ConfigurationError([Problem(file="command line", path=(name,), text=text)]) from error


def _must_be_writable(folder: Path) -> None:
    """Refuse a folder here: CDK would end in a traceback of another language, or wait for ever."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fault = "" if os.access(folder, os.W_OK) else "it cannot be written"
    except OSError as error:
        fault = error.strerror or type(error).__name__
    if fault:
        text = (
            f"must be a folder for the templates that can be written, got {folder}: {fault}; choose another CDK_OUTDIR"
        )
        raise ConfigurationError([Problem(file="outdir", text=text)])
