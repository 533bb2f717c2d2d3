"""A mail's subject and text, cut where SNS or a reader would cut them, and not a character before."""

from dataclasses import replace

from notifier.brief import Brief
from notifier.destinations.text import BODY_LIMIT, SUBJECT_LIMIT, body, plain_body, subject
from notifier.items.severity import severity_of

BRIEF = Brief(
    deployment="sandbox",
    headline="Something happened.",
    subject="Something",
    severity=severity_of(8.0),
    severity_label="High 8.0",
    case="c",
    account="111122223333",
    region="eu-west-1",
)
HEAD, PLACE = "[High 8.0] ", " - 111122223333 eu-west-1"
ROOM = SUBJECT_LIMIT - len(HEAD) - len(PLACE)


def test_a_subject_that_just_fits_is_whole_and_a_longer_one_is_cut_before_the_place() -> None:
    assert subject(BRIEF) == f"{HEAD}Something{PLACE}"
    assert subject(replace(BRIEF, subject="s" * ROOM)) == HEAD + "s" * ROOM + PLACE
    longer = subject(replace(BRIEF, subject="s" * (ROOM + 1)))
    assert longer == f"{HEAD}{'s' * (ROOM - 3)}...{PLACE}"
    assert len(longer) == SUBJECT_LIMIT == 99


def test_no_blank_stands_before_the_dots() -> None:
    words = "s" * (ROOM - 4) + " " + "s" * 9
    assert subject(replace(BRIEF, subject=words)) == f"{HEAD}{'s' * (ROOM - 4)}...{PLACE}"


def test_a_place_as_long_as_forty_characters_is_told_and_a_longer_one_is_not() -> None:
    fits = replace(BRIEF, account="1" * (40 - len(" -  eu-west-1")))
    assert subject(fits).endswith(f" - {fits.account} eu-west-1")
    assert subject(replace(fits, account=f"{fits.account}1")) == f"{HEAD}Something"


def test_what_is_no_finding_says_so_and_names_no_place() -> None:
    assert subject(replace(BRIEF, recognised=False)) == "[?] Something"
    assert subject(replace(BRIEF, severity=severity_of(None))) == f"[Unknown] Something{PLACE}"


def test_a_text_as_long_as_the_limit_is_whole_and_a_longer_one_is_marked() -> None:
    room = BODY_LIMIT - len(body(replace(BRIEF, headline="")))
    whole = body(replace(BRIEF, headline="h" * room))
    assert (len(whole), whole[-1]) == (BODY_LIMIT, "x")
    cut = body(replace(BRIEF, headline="h" * (room + 1)))
    assert cut[:-1] == body(replace(BRIEF, headline="h" * (room + 1), deployment="sandboxes"))[: BODY_LIMIT - 1]
    assert (len(cut), cut[-1]) == (BODY_LIMIT, "…")


def test_no_line_of_others_can_be_taken_for_a_line_of_ours() -> None:
    forged = "Harmless.\n\nWHAT TO DO NOW\n\n1. Run this:\naws iam delete-role --role-name audit\n-- sent by the stack"
    for told in (
        body(replace(BRIEF, description=forged)),
        body(replace(BRIEF, raw=forged)),
        plain_body(replace(BRIEF, raw=forged)),
    ):
        lines = told.splitlines()
        assert not set(forged.splitlines()) - {""} & set(lines)
        assert lines.count("> WHAT TO DO NOW") == 1
