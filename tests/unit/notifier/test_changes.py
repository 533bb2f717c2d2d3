"""What a sight adds to what was told, in words."""

from dataclasses import replace
from typing import get_args

import pytest

from notifier.items.mark import Kind
from notifier.ledger.changes import FULL_SECONDS, Changes, changes
from notifier.ledger.sight import MARKS, Sight
from notifier.ledger.state import CaseState

NOON = 1_795_435_200.0  # 2026-11-23 12:00 UTC
DAY = 86_400.0
SIGHT = Sight(
    case="c", finding="f1", rank=5.0, severity="5.0", marks=("198.51.100.7",), updated=NOON, region="eu-west-1"
)
TOLD = CaseState.new().after(SIGHT, now=NOON + 60)


def due(sight: Sight, state: CaseState = TOLD, *, now: float = NOON + 120) -> Changes | None:
    return changes(state, sight, now=now, quiet=DAY)


def test_a_first_sight_is_told_without_words_about_before() -> None:
    found = due(SIGHT, CaseState.new())
    assert found == Changes(first=True, regions=("eu-west-1",))
    assert found.notes() == ()
    assert found._replace(severity=("1.0", "2.0"), regions=("a", "b")).notes() == ()


def test_the_same_again_is_no_news() -> None:
    assert due(SIGHT) is None


ONCE = [
    Sight(case="report|r-1|d", finding=""), Sight(case="notice|n-1", finding=""),
    Sight(case="c", finding="e-1", type="Watched call guardduty:DeleteDetector"),
]  # fmt: skip


@pytest.mark.parametrize("once", ONCE, ids=["report", "notice", "call"])
def test_one_event_is_not_told_again_however_late_it_comes(once: Sight) -> None:
    assert due(once, CaseState.new().after(once, now=NOON), now=NOON + 300 * DAY) is None


def test_a_rise_and_a_new_address_are_told_in_one_sentence() -> None:
    found = due(replace(SIGHT, rank=8.0, severity="8.0", marks=(*SIGHT.marks, "203.0.113.9")))
    assert found == Changes(severity=("5.0", "8.0"), more=(("address", "203.0.113.9"),), regions=("eu-west-1",))
    assert found.notes() == (
        "You were told of this before. What changed: severity 5.0 → 8.0; now also from 203.0.113.9.",
    )


def test_of_a_host_that_the_workload_calls_it_is_said_that_it_goes_there() -> None:
    found = due(replace(SIGHT, marks=(*SIGHT.marks, "203.0.113.9"), hosts=frozenset({"203.0.113.9"})))
    assert found is not None
    assert found.more == (("host", "203.0.113.9"),)
    assert found.notes() == ("You were told of this before. What changed: now also to 203.0.113.9.",)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_of_every_kind_it_is_said_what_there_is_more_of(kind: str) -> None:
    for number in (1, 2, 3, 5):
        (said,) = Changes(more=tuple((kind, f"n{one}") for one in range(number))).notes()
        names = ", ".join(f"n{one}" for one in range(min(number, 3)))
        assert said.startswith("You were told of this before. What changed: now also ")
        assert said.endswith(f" {names} and 2 more." if number == 5 else f" {names}.")


def test_what_there_is_more_of_is_said_by_its_name_one_kind_after_the_other() -> None:
    names = {"resource 0a": "receipts", "key 1b": "AKIAIOSFODNN7EXAMPLE"}
    found = due(replace(SIGHT, marks=(*names, "203.0.113.9", "signal 2c"), names=names))
    assert found is not None
    assert not found.closes
    assert found.more == (
        ("resource", "receipts"),
        ("key", "AKIAIOSFODNN7EXAMPLE"),
        ("address", "203.0.113.9"),
        ("signal", "signal 2c"),
    )
    assert found.notes() == (
        "You were told of this before. What changed: now also from 203.0.113.9; now also with the access key "
        "AKIAIOSFODNN7EXAMPLE; now also the resource receipts; now also the signal signal 2c.",
    )


def test_of_a_kind_without_room_more_is_told_once_an_hour_and_of_the_others_at_once() -> None:
    most = tuple(f"a{number}" for number in range(MARKS))
    full = TOLD.after(replace(SIGHT, marks=most), now=NOON + 60)
    beyond = replace(SIGHT, marks=("203.0.113.9",), updated=NOON + FULL_SECONDS - 1)
    assert due(beyond, TOLD.after(replace(SIGHT, marks=most[2:]), now=NOON + 60)) is not None, "room for one"
    assert due(beyond, full) is None
    assert due(replace(beyond, updated=None), full, now=NOON + 60 + FULL_SECONDS - 1) is None
    assert due(replace(beyond, updated=None), full, now=NOON + 60 + FULL_SECONDS) is not None
    over = due(replace(beyond, updated=NOON + FULL_SECONDS), full)
    assert over is not None
    assert over.more == (("address", "203.0.113.9"),)
    other = due(replace(beyond, marks=("203.0.113.9", "key 1b")), full)
    assert other is not None
    assert other.more == (("address", "203.0.113.9"), ("key", "key 1b"))
    # Nothing new at all is not told every hour.
    assert due(replace(SIGHT, marks=most, updated=NOON + FULL_SECONDS), full) is None
    # Whatever else is told brings it along, and closes nothing then.
    away = due(replace(beyond, archived=True), full)
    assert away is not None
    assert (away.more, away.closes) == ((("address", "203.0.113.9"),), False)


def test_neither_a_fall_nor_the_same_severity_is_news() -> None:
    assert due(replace(SIGHT, rank=2.0, severity="2.0")) is None
    assert due(replace(SIGHT, severity="five")) is None


def test_that_it_was_archived_and_opened_again_is_told_each_time() -> None:
    away = due(replace(SIGHT, archived=True))
    assert away == Changes(archived=True, regions=("eu-west-1",))
    assert away.closes
    assert away.notes() == ("You were told of this before. What changed: archived in GuardDuty.",)
    back = due(SIGHT, TOLD.after(replace(SIGHT, archived=True), now=NOON))
    assert back == Changes(archived=False, regions=("eu-west-1",))
    assert not back.closes
    assert back.notes() == ("You were told of this before. What changed: no longer archived in GuardDuty.",)


def test_what_goes_on_is_told_when_the_quiet_time_is_over_to_the_second() -> None:
    assert due(replace(SIGHT, updated=NOON + DAY - 1)) is None
    found = due(replace(SIGHT, updated=NOON + DAY))
    assert found == Changes(again=NOON, regions=("eu-west-1",))
    assert found.notes() == ("You were told of this before, as it was on 2026-11-23 12:00 UTC. It goes on.",)


@pytest.mark.usefixtures("far_east")
def test_times_are_told_in_utc_wherever_the_code_runs() -> None:
    assert Changes(again=NOON).notes() == (
        "You were told of this before, as it was on 2026-11-23 12:00 UTC. It goes on.",
    )


def test_with_other_news_it_is_not_said_that_it_goes_on() -> None:
    found = due(replace(SIGHT, updated=NOON + DAY, marks=(*SIGHT.marks, "203.0.113.9")))
    assert found is not None
    assert found.notes() == ("You were told of this before. What changed: now also from 203.0.113.9.",)


def test_without_guarddutys_time_our_own_clock_counts_whichever_of_the_two_is_missing() -> None:
    silent = replace(SIGHT, updated=None)
    assert due(silent, now=NOON + 60 + DAY - 1) is None
    assert due(silent, now=NOON + 60 + DAY) == Changes(again=NOON, regions=("eu-west-1",))
    before = CaseState.new().after(silent, now=NOON + 60)
    assert due(SIGHT, before, now=NOON + 60 + DAY - 1) is None
    assert due(SIGHT, before, now=NOON + 60 + DAY) == Changes(again=NOON + 60, regions=("eu-west-1",))


def test_of_an_older_state_it_is_said_that_a_newer_one_was_told() -> None:
    found = due(replace(SIGHT, updated=NOON - 1, marks=(*SIGHT.marks, "203.0.113.9")))
    assert found == Changes(more=(("address", "203.0.113.9"),), older=True, regions=("eu-west-1",))
    assert found.notes() == (
        "You were told of this before. What changed: now also from 203.0.113.9.",
        "GuardDuty has updated the finding since: a newer state of it was sent before this one.",
    )


def test_several_regions_are_named_and_one_is_not() -> None:
    assert Changes(more=(("address", "203.0.113.9"),), regions=("eu-west-1",)).notes()[1:] == ()
    assert Changes(more=(("address", "203.0.113.9"),), regions=("eu-west-1", "us-east-1")).notes()[1:] == (
        "Seen in 2 Regions: eu-west-1, us-east-1.",
    )


def test_what_others_wrote_is_inert_and_bounded() -> None:
    (said, regions) = Changes(more=(("address", "\x1b" + "a" * 99),), regions=("\x1b" + "b" * 99, "c")).notes()
    assert said == f"You were told of this before. What changed: now also from \\x1b{'a' * 59}…."
    assert regions == f"Seen in 2 Regions: \\x1b{'b' * 27}…, c."


OLDER = replace(TOLD, whole=False)


@pytest.mark.parametrize(
    ("state", "marks"),
    [
        # Two probers of a port, a caller with both families, and an attack sequence, of which no address was kept.
        (OLDER, ("198.51.100.7", "192.0.2.100")),
        (OLDER, ("198.51.100.7", "2001:db8::1")),
        (replace(OLDER, marks=()), ("203.0.113.9", "key 1b", "resource 0a", "signal 2c")),
    ],
)
def test_what_an_older_version_kept_no_mark_of_has_not_grown(state: CaseState, marks: tuple[str, ...]) -> None:
    """Else every open case would be told once more after a deployment, and archiving it would end no incident."""
    assert due(replace(SIGHT, marks=marks, updated=NOON + 60), state) is None
    found = due(replace(SIGHT, marks=marks, updated=NOON + 60, archived=True), state)
    assert found is not None
    assert found.closes
    assert not found.more


def test_another_caller_is_news_whichever_version_told_the_case() -> None:
    found = due(replace(SIGHT, marks=("203.0.113.9", "2001:db8::1")), OLDER)
    assert found is not None
    assert found.more == (("address", "203.0.113.9"),)
