"""Runs the real CDK CLI of this project, with its output in a log file."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from infra.project import PROJECT
from tools.node_program import node_program

CDK = PROJECT / "node_modules" / "aws-cdk" / "bin" / "cdk"
_TAIL = 40


class CdkError(Exception):
    """The CDK CLI is missing, failed, or took too long; the message ends with the tail of its output."""


class CdkCli:
    """The CDK CLI in one environment, for one deployment."""

    def __init__(
        self,
        *,
        environment: Mapping[str, str],
        log: Path,
        outdir: Path,
        context: Mapping[str, str],
        folder: Path = PROJECT,
    ) -> None:
        """Prepare, without running anything.

        Args:
            environment: All of the environment; of ours nothing else is passed on.
            log: File that gets the output of every run, one after another.
            outdir: Where the templates go.
            context: Values for `-c`.
            folder: Where the app's `cdk.json` is.
        """
        self._environment = {**environment, "PATH": _path(environment), "CI": "true", "NO_COLOR": "1"}
        self._log = log
        self._outdir = outdir
        self._context = context
        self._folder = folder

    def run(self, *arguments: str, within: float = 300.0) -> str:
        """Run one command and return its output.

        Args:
            arguments: `deploy`, `--all`, …
            within: Seconds after which it is ended.

        Raises:
            CdkError: It did not end with exit code 0.
        """
        if not CDK.exists():
            raise CdkError(f"{CDK} is not there; `npm ci` installs the pinned CDK CLI")
        command = [_node(), str(CDK), *arguments, "--no-notices", "--output", str(self._outdir)]
        for name, value in self._context.items():
            command += ["--context", f"{name}={value}"]
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            log.write(f"$ cdk {' '.join(arguments)}\n".encode())
            log.flush()
            start = log.tell()
            process = subprocess.Popen(
                command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches only us; we end the CLI and the app that it runs.
                start_new_session=True,
            )
            try:
                code = process.wait(timeout=within)
            except subprocess.TimeoutExpired as late:
                raise CdkError(f"cdk {arguments[0]} did not end within {within:g} s\n{self.tail()}") from late
            finally:
                _end(process)
        output = self._log.read_bytes()[start:].decode("utf-8", errors="replace")
        if code != 0:
            raise CdkError(
                f"cdk {arguments[0]} ended with exit code {code}; its output, {self._log}, ends with\n{self.tail()}"
            )
        return output

    def tail(self, lines: int = _TAIL) -> str:
        """The last lines of the log."""
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End what may be left of the CLI and its children; usually nothing."""
    for number, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 0.0)):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        until = time.monotonic() + patience
        while process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
    process.wait()


def _node() -> str:
    node = node_program()
    if node is None:
        raise CdkError("no Node: install requirements-dev.txt into this environment, or Node 22 or later")
    return node


def _path(environment: Mapping[str, str]) -> str:
    """`python3` in cdk.json shall be the Python that runs this, and `node` the one that runs the CLI."""
    ours = [str(Path(sys.executable).parent), str(Path(_node()).parent)]
    return os.pathsep.join([*ours, environment.get("PATH", os.defpath)])
