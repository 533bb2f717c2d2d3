"""Ctrl-C in a command: it cleans up, shows no traceback, and ends with the code that shells have for it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, cast

if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it: 128 and the number of the signal."""

_SOON_SECONDS = 0.01
"""By then what was forgotten is gone."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C; those who catch Python's own `KeyboardInterrupt` catch this.

    Python remembers a `KeyboardInterrupt` that leaves text it executes (the body of a dataclass, a named tuple), and in
    the end kills itself with the signal although the exception was caught: `run_eval_code_obj` in CPython's
    `Python/pythonrun.c`. It compares the class itself, so that one derived from it is not remembered.
    """


def end_when_interrupted() -> None:
    """From now on, let Ctrl-C raise `Interrupted`, and where nobody catches it end in silence with `INTERRUPTED`.

    Who started this Python may let it ignore the signal, as a shell does in its background: then it still does.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    # Not only for this exception: in the middle of an import Python may make another one of it.
    sys.excepthook = _end
    # Python ignores what is raised where an object is forgotten, as the locks of imports are one after another.
    sys.unraisablehook = _interrupt_soon
    if sys.stderr is not None:
        sys.stderr = cast("TextIO", _OfMainThread(sys.stderr))
    raise Interrupted


class _OfMainThread:
    """Standard error without what other threads write: one passes on what Node says, which is interrupted as well."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  for as long as Python runs

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever a stream has
        in_main = threading.current_thread() is threading.main_thread()
        return getattr(self._stream if in_main else self._nowhere, name)


def _interrupt_soon(ignored: sys.UnraisableHookArgs) -> None:
    if isinstance(ignored.exc_value, Interrupted):
        main = threading.main_thread().ident
        threading.Timer(_SOON_SECONDS, signal.pthread_kill, [main, signal.SIGINT]).start()
    else:
        sys.__unraisablehook__(ignored)


def _end(*_: object) -> NoReturn:
    # For good: Node is missed at Python's end by those who talked to it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stderr__.fileno() if sys.__stderr__ else 2)
    sys.exit(INTERRUPTED)
