"""A plugin of pytest for the run of a mutant: empty caches at its start, and an end for a test that never ends."""

import json
import os
import re
import signal
import sys
from collections.abc import Generator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Protocol, runtime_checkable

import pytest

LIMIT_SECONDS = 5.0
"""Processor time that a test may take, which for the original is less than two seconds; after that it has failed."""

STATS = Path("mutmut-stats.json")
"""What mutmut knows of the tests, beside the mutated code, where they run."""


@runtime_checkable
class _Cached(Protocol):
    def cache_clear(self) -> None: ...


def _ours() -> dict[str, ModuleType]:
    return {name: module for name, module in sys.modules.items() if name.startswith(("infra.", "notifier."))}


def reaches(name: str, wanted: str, *, seen: set[str]) -> bool:
    """Whether a module uses another one, by itself or through those that it uses."""
    seen.add(name)
    used = {getattr(value, "__module__", None) for value in vars(sys.modules[name]).values()} & _ours().keys()
    return name == wanted or any(reaches(one, wanted, seen=seen) for one in used - seen if isinstance(one, str))


def _clear(*, of: str = "") -> None:
    """Empty all caches, or those of the modules that use one: what the others keep is none of its doing."""
    for name, module in _ours().items():
        caches = [value for value in vars(module).values() if isinstance(value, _Cached)]
        if caches and (not of or reaches(name, of, seen=set())):
            for cache in caches:
                cache.cache_clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The quickest tests first: they see most mutants, and the others need not run then."""
    if STATS.exists():
        took = json.loads(STATS.read_text(encoding="utf-8"))["duration_by_test"]
        items.sort(key=lambda item: took.get(item.nodeid, 0.0))


def pytest_collection_finish() -> None:
    """Forget what was kept before there was a mutant, which is called `module.x_function__mutmut_1`."""
    _clear(of=re.split(r"\.x[_ǁ]", os.environ.get("MUTANT_UNDER_TEST", ""))[0])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Where mutmut looks which test reaches which function, each test has to reach for itself."""
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        _clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, None, None]:
    """By processor time, so that a busy machine makes no test fail; again and again, for who catches everything."""
    signal.signal(signal.SIGPROF, _end)
    signal.setitimer(signal.ITIMER_PROF, LIMIT_SECONDS, 1.0)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def _end(_signal: int, _frame: FrameType | None) -> None:
    pytest.fail(f"took more than {LIMIT_SECONDS:.0f} seconds of processor time")
