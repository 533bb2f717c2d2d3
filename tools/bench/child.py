"""A process whose time and memory count."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended.

    Attributes:
        code: Its exit code; negative for a signal.
        busy: Processor time of it and its children, in seconds.
        peak: Peak memory in KiB of the largest process among them.
    """

    code: int
    busy: float
    peak: int


def started(
    command: Sequence[str], *, environment: Mapping[str, str], folder: Path, output: int
) -> "subprocess.Popen[bytes]":
    """A process with this environment and nothing of ours."""
    return subprocess.Popen(command, env=dict(environment), cwd=folder, stdout=output, stderr=subprocess.STDOUT)


def waited(process: "subprocess.Popen[bytes]") -> Ended:
    """Wait for its end."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Ended(process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
