"""A table that failed, was slow, or could take the time that is left, is left alone."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from notifier.ledger.fuse import Fuse
from notifier.ledger.table import EMPTY, SECONDS, Changed, Entry, TableFailed
from tests.unit.notifier.fake_table import FakeTable


@dataclass
class Slow:
    """A clock that each call of the table moves on."""

    now: float = 0.0
    takes: float = 0.0
    table: FakeTable = field(default_factory=FakeTable)

    def __post_init__(self) -> None:
        self.table.fails = self._moving_on

    def _moving_on(self, _call: str, _key: str) -> None:
        self.now += self.takes

    def fuse(self, seconds_left: Callable[[], float] = lambda: 900.0) -> Fuse:
        fuse = Fuse(self.table, clock=lambda: self.now)
        fuse.begin(seconds_left)
        return fuse


def test_calls_are_passed_on_and_answered() -> None:
    fuse = Slow().fuse()
    written = fuse.write("k", "text", after=EMPTY, expires=5.0)
    assert written == Entry("text", 1)
    assert fuse.read("k") == written


def test_before_an_invocation_has_begun_there_is_time_enough() -> None:
    assert Fuse(FakeTable()).read("k") == EMPTY


@pytest.mark.parametrize(("takes", "left_alone"), [(2.0, False), (2.1, True)])
def test_after_a_slow_answer_it_is_left_alone_until_the_next_invocation(takes: float, left_alone: bool) -> None:  # noqa: FBT001
    slow = Slow(now=100.0, takes=takes)
    fuse = slow.fuse()
    assert fuse.read("k") == EMPTY
    if left_alone:
        with pytest.raises(TableFailed, match=r"^LeftAlone$"):
            fuse.read("k")
    else:
        assert fuse.read("k") == EMPTY
    fuse.begin(lambda: 900.0)
    assert fuse.read("k") == EMPTY


def test_after_a_fault_it_is_left_alone_however_fast_it_was() -> None:
    table = FakeTable()
    table.fails = lambda _call, _key: "AccessDeniedException"
    fuse = Slow(table=table).fuse()
    table.fails = lambda _call, _key: "AccessDeniedException"
    with pytest.raises(TableFailed, match="AccessDenied"):
        fuse.read("k")
    with pytest.raises(TableFailed, match="LeftAlone"):
        fuse.write("k", "text", after=EMPTY, expires=5.0)
    assert table.calls == [("read", "k")]


def test_that_somebody_else_wrote_first_is_no_fault() -> None:
    fuse = Slow().fuse()
    fuse.write("k", "text", after=EMPTY, expires=5.0)
    with pytest.raises(Changed):
        fuse.write("k", "text", after=EMPTY, expires=5.0)
    assert fuse.read("k").version == 1


@pytest.mark.parametrize(("left", "asked"), [(SECONDS + 1, 0), (SECONDS + 1.1, 1)])
def test_when_lambda_could_end_the_function_during_the_call_it_is_not_made(left: float, asked: int) -> None:
    slow = Slow()
    fuse = slow.fuse(lambda: left)
    if asked:
        fuse.read("k")
    else:
        with pytest.raises(TableFailed, match=r"^NoTimeLeft$"):
            fuse.read("k")
    assert len(slow.table.calls) == asked
