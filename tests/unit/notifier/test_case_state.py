"""What is known of a case: nothing is forgotten, and the order in which it came does not matter."""

import json
from dataclasses import replace
from typing import get_args

import pytest

from notifier.items.mark import Kind
from notifier.ledger.sight import MARKS, Sight
from notifier.ledger.state import CLAIMS, FINDINGS, CaseState, Claim, Member

SIGHT = Sight(
    case="c", finding="f1", rank=5.0, severity="5.0", marks=("198.51.100.7",), updated=100.0, region="eu-west-1"
)
NEW = CaseState.new()
TOLD = NEW.after(SIGHT, now=160.0)


def test_after_it_was_told_everything_of_it_is_known() -> None:
    assert (
        CaseState(
            told=160.0,
            updated=100.0,
            rank=5.0,
            severity="5.0",
            marks=("198.51.100.7",),
            findings={"f1": Member("eu-west-1", archived=False, updated=100.0)},
        )
        == TOLD
    )


def test_an_older_state_sets_nothing_back() -> None:
    older = replace(SIGHT, rank=2.0, severity="2.0", updated=50.0, marks=(), archived=True)
    assert TOLD.after(older, now=90.0) == TOLD
    assert TOLD.is_older(older)
    assert not TOLD.is_older(SIGHT)
    assert not TOLD.is_older(replace(SIGHT, updated=None))
    assert not NEW.is_older(older)


def test_a_newer_state_is_taken_over() -> None:
    worse = replace(SIGHT, rank=8.0, severity="8.0", updated=200.0, marks=("203.0.113.9",), archived=True)
    state = TOLD.after(worse, now=260.0)
    assert (state.told, state.updated, state.rank, state.severity) == (260.0, 200.0, 8.0, "8.0")
    assert state.marks == ("198.51.100.7", "203.0.113.9")
    assert state.findings == {"f1": Member("eu-west-1", archived=True, updated=200.0)}


def test_as_high_as_before_keeps_the_words_of_before() -> None:
    assert TOLD.after(replace(SIGHT, severity="five"), now=170.0).severity == "5.0"


def test_a_time_that_guardduty_does_not_say_takes_no_known_one_away() -> None:
    assert TOLD.after(replace(SIGHT, updated=None), now=170.0).updated == 100.0
    assert NEW.after(replace(SIGHT, updated=None), now=170.0).updated is None


def test_the_last_addresses_and_findings_are_kept_the_newest_last() -> None:
    state = NEW
    for number in range(120):
        state = state.after(replace(SIGHT, finding=f"f{number}", marks=(f"a{number}",)), now=1.0)
    assert state.marks == tuple(f"a{number}" for number in range(120 - MARKS, 120))
    assert list(state.findings) == [f"f{number}" for number in range(120 - FINDINGS, 120)]
    again = state.after(replace(SIGHT, finding="f40", marks=("a80",)), now=1.0)
    assert (again.marks[-1], len(again.marks), list(again.findings)[-1]) == ("a80", MARKS, "f40")


def test_every_kind_of_marks_has_its_own_room() -> None:
    marks = ("198.51.100.7", "key 1b", *(f"resource {number}" for number in range(MARKS)), "address 3d")
    state = NEW.after(replace(SIGHT, marks=marks), now=1.0)
    assert state.marks == marks
    assert [state.is_full(kind) for kind in ("address", "key", "resource", "signal")] == [False, False, True, False]
    more = state.after(replace(SIGHT, marks=("resource new", "key 1b")), now=1.0)
    assert set(marks) - set(more.marks) == {"resource 0"}
    assert more.marks[-2:] == ("resource new", "key 1b")


def test_each_finding_of_a_case_has_a_time_of_its_own() -> None:
    """What another Region's finding was told of later is no reason to take this one's news for old."""
    case = TOLD.after(replace(SIGHT, finding="f2", region="us-east-1", updated=300.0), now=310.0)
    assert not case.is_older(replace(SIGHT, updated=200.0))
    assert case.seen(replace(SIGHT, updated=200.0, archived=True)).findings["f1"].archived
    assert case.is_older(replace(SIGHT, updated=50.0))
    assert not case.seen(replace(SIGHT, updated=50.0, archived=True)).findings["f1"].archived
    # A time that GuardDuty does not say is taken for now, and takes no known one away.
    unsaid = case.seen(replace(SIGHT, updated=None, archived=True)).findings["f1"]
    assert unsaid == Member("eu-west-1", archived=True, updated=100.0)
    assert NEW.seen(replace(SIGHT, updated=None)).findings["f1"].updated is None


def test_what_an_older_version_wrote_of_a_finding_is_read() -> None:
    written = json.loads(TOLD.text()) | {"findings": {"f1": ["eu-west-1", True]}}
    assert CaseState.parse(json.dumps(written)).findings == {"f1": Member("eu-west-1", archived=True)}


OLDER = (
    '{"version":1,"told":160.0,"updated":100.0,"rank":5.0,"severity":"5.0","addresses":["198.51.100.7"],"findings":'
    '{"f1":["eu-west-1",false,100.0]},"forgotten":false,"claim":{"sight":{"case":"c","finding":"f1","rank":5.0,'
    '"severity":"5.0","address":"198.51.100.7","updated":100.0,"region":"eu-west-1","archived":false,"account":"",'
    '"type":""},"owner":"me","until":220.0}}'
)
"""As a version wrote it that knew of one address alone."""


def test_what_an_older_version_wrote_is_read_and_it_reads_what_this_one_writes() -> None:
    """A deployment replaces functions one after the other, and may be taken back."""
    claimed = TOLD.claimed(SIGHT, owner="me", until=220.0)
    assert CaseState.parse(OLDER) == replace(claimed, whole=False)
    assert json.loads(claimed.text()) == json.loads(OLDER) | {"addresses": ["all marks", "198.51.100.7"]}
    assert CaseState.parse(CaseState.parse(OLDER).text()) == CaseState.parse(OLDER)
    assert CaseState.parse(OLDER).after(SIGHT, now=160.0).whole
    silent = replace(SIGHT, marks=())
    assert json.loads(TOLD.claimed(silent, owner="me", until=220.0).text())["claim"]["sight"]["address"] is None
    # Once it is told, only a list of texts is longer.
    grown = TOLD.after(replace(SIGHT, marks=("203.0.113.9", "key 1b")), now=160.0)
    assert json.loads(grown.text()) == json.loads(TOLD.text()) | {
        "addresses": ["all marks", "198.51.100.7", "203.0.113.9", "key 1b"]
    }


def test_names_are_not_kept() -> None:
    named = replace(SIGHT, marks=("key 1b", "203.0.113.9"), names={"key 1b": "AKIAIOSFODNN7EXAMPLE"})
    state = TOLD.claimed(named, owner="me", until=220.0)
    assert "AKIA" not in state.text()
    assert CaseState.parse(state.text()) == state


def test_archived_findings_are_forgotten_before_open_ones() -> None:
    state = NEW
    for number in range(FINDINGS):
        state = state.seen(replace(SIGHT, finding=f"f{number}", archived=number in (7, 9)))
    more = state.seen(replace(SIGHT, finding="new"))
    assert set(state.findings) - set(more.findings) == {"f7"}
    assert not more.forgotten
    assert "f9" not in more.seen(replace(SIGHT, finding="newer")).findings


def test_a_case_of_which_an_open_finding_was_forgotten_is_never_archived() -> None:
    state = NEW
    for number in range(FINDINGS + 1):
        state = state.seen(replace(SIGHT, finding=f"f{number}"))
    assert "f0" not in state.findings
    for number in range(1, FINDINGS + 1):
        state = state.seen(replace(SIGHT, finding=f"f{number}", archived=True))
    assert all(one.archived for one in state.findings.values())
    assert CaseState.parse(state.text()).forgotten
    assert not state.archived
    # What is archived by then is no reason to forget that there was an open one.
    assert state.seen(replace(SIGHT, finding="one more", archived=True)).forgotten


def test_a_case_is_archived_when_every_finding_is_and_regions_are_named_once() -> None:
    assert not NEW.archived
    assert NEW.regions == ()
    both = TOLD.seen(replace(SIGHT, finding="f2", region="us-east-1", archived=True))
    assert not both.archived
    assert both.seen(replace(SIGHT, archived=True)).archived
    assert both.seen(replace(SIGHT, finding="f3", region=None)).regions == ("eu-west-1", "us-east-1")
    assert both.seen(replace(SIGHT, finding="f3", region=None)).findings["f3"].region == ""


def test_a_claim_is_taken_back_by_its_owner_alone() -> None:
    claimed = TOLD.claimed(SIGHT, owner="me", until=220.0)
    assert claimed == replace(TOLD, claims=(Claim(sight=SIGHT, owner="me", until=220.0),))
    assert claimed.released("me") == TOLD
    assert claimed.released("you") == claimed
    assert TOLD.released("me") == TOLD
    both = claimed.claimed(replace(SIGHT, rank=8.0), owner="you", until=230.0)
    assert both.released("me") == TOLD.claimed(replace(SIGHT, rank=8.0), owner="you", until=230.0)
    assert both.released("you") == claimed


def test_the_newest_claims_are_kept_and_an_item_with_all_it_can_hold_stays_small() -> None:
    kinds = [[f"203.0.113.{number}" + "0" * 30 for number in range(MARKS)]]
    kinds += [[f"{kind} {number:016x}" for number in range(MARKS)] for kind in get_args(Kind) if kind != "address"]
    most = replace(SIGHT, marks=tuple(mark for kind in kinds for mark in kind), case="c" * 255)
    state = TOLD.after(most, now=200.0)
    for number in range(CLAIMS + 2):
        state = state.claimed(most, owner=f"{number:016x}", until=220.0)
    assert [claim.owner for claim in state.claims] == [f"{number:016x}" for number in range(2, CLAIMS + 2)]
    assert CaseState.parse(state.text()) == state
    assert len(state.text()) < 40_000
    assert len(state.after(most, now=210.0).text()) < 40_000


def test_what_it_wrote_is_read_back() -> None:
    for sight in (SIGHT, replace(SIGHT, marks=()), replace(SIGHT, marks=("a", "key 1b", "signal 2c"))):
        state = TOLD.claimed(sight, owner="me", until=220.0)
        assert CaseState.parse(state.text()) == state
    several = TOLD.claimed(SIGHT, owner="me", until=220.0).claimed(replace(SIGHT, rank=8.0), owner="you", until=230.0)
    for state in (NEW, TOLD, several):
        assert CaseState.parse(state.text()) == state
    assert TOLD.text().startswith('{"version":1,"told":160.0,')


def test_only_true_is_archived() -> None:
    written = json.loads(TOLD.text()) | {"findings": {"f1": ["eu-west-1", 1]}}
    assert not CaseState.parse(json.dumps(written)).archived


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "1",
        "{}",
        json.dumps({**json.loads(TOLD.text()), "version": 2}),
        json.dumps({**json.loads(TOLD.text()), "findings": None}),
        json.dumps({**json.loads(TOLD.text()), "findings": {"f1": ["eu-west-1"]}}),
        json.dumps({**json.loads(TOLD.text()), "claim": {"owner": "me"}}),
        json.dumps({**json.loads(TOLD.text()), "claim": {"owner": "me", "until": 1.0, "sight": {"case": "c"}}}),
        json.dumps({**json.loads(TOLD.text()), "more": 1}),
    ],
)
def test_fails_for_whatever_this_version_did_not_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"another version|no state of a case|Expecting value|unpack"):
        CaseState.parse(text)
