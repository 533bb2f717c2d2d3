"""What is said when an egress entry appears, goes or changes."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tools.changes.assemblies import CALLER, TYPE, compared, detector, guardduty_filter, home, said
from tools.changes.change import Kind, Topic

OTHER_TYPE = "Recon:IAMUser/TorIPCaller"
FOUR = ("198.51.100.4", "198.51.100.5", "198.51.100.6", "198.51.100.7")


def region(**filters: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {"Detector": detector(), **filters}


def of_dc(tmp_path: Path, base: dict[str, Any] | None, new: dict[str, Any] | None) -> list[str]:
    """What is said of one filter in one Region."""
    before, after = (home(region(**({"F": one} if one else {}))) for one in (base, new))
    return said(tmp_path, before, after, topic=Topic.SUPPRESSION)


def test_a_new_entry_says_how_much_it_hides_where_who_answers_and_until_when(tmp_path: Path) -> None:
    regions = [f"eu-west-{number}" for number in range(1, 18)]
    new = guardduty_filter(matches=[f"198.51.{number}.*" for number in range(100, 116)])
    found = said(
        tmp_path,
        {name: region() for name in regions},
        {name: region(F=new) for name in regions},
        topic=Topic.SUPPRESSION,
    )
    assert found == [
        "blind: dc newly suppresses 4,096 addresses for one finding type in 17 Regions: 198.51.100.0/22, "
        "198.51.104.0/21, 198.51.112.0/22, owner network-ops, until 2027-03-31; it enforces at once: the base did not "
        "observe it first"
    ]


def test_regions_are_named_where_not_all_are_concerned(tmp_path: Path) -> None:
    regions = ("eu-west-1", "eu-west-2", "eu-west-3")
    base = {name: region() for name in regions}
    new = {**base, **{name: region(F=guardduty_filter(equals=FOUR)) for name in regions[:2]}}
    (found,) = said(tmp_path, base, new, topic=Topic.SUPPRESSION)
    assert " in 2 of 3 Regions (eu-west-1, eu-west-2): 198.51.100.4/30, owner" in found


def test_a_new_entry_that_observes_hides_nothing(tmp_path: Path) -> None:
    assert of_dc(tmp_path, None, guardduty_filter(equals=FOUR, action="NOOP")) == [
        "dc newly observes 4 addresses for one finding type in eu-west-1: 198.51.100.4/30, owner network-ops, until "
        "2027-03-31; it hides nothing yet"
    ]


def test_an_entry_that_goes_hides_no_longer(tmp_path: Path) -> None:
    assert of_dc(tmp_path, guardduty_filter(equals=FOUR), None) == [
        "dc no longer suppresses 4 addresses for one finding type in eu-west-1: 198.51.100.4/30, owner network-ops, "
        "until 2027-03-31"
    ]
    assert of_dc(tmp_path, guardduty_filter(equals=FOUR, action="NOOP"), None)[0].startswith("dc no longer observes 4")


@pytest.mark.parametrize(
    ("base", "new", "says"),
    [
        pytest.param(
            {"equals": FOUR},
            {"matches": ["198.51.100.?"]},
            "blind: dc grows by 6 addresses to 10 for one finding type in eu-west-1: 198.51.100.0/30, 198.51.100.8/31; "
            "they are hidden at once, without having been observed",
            id="grows",
        ),
        pytest.param(
            {"matches": ["198.51.100.*"]},
            {"equals": FOUR},
            "dc shrinks by 252 addresses to 4 for one finding type in eu-west-1: 198.51.100.0/30, 198.51.100.8/29, "
            "198.51.100.16/28, 198.51.100.32/27, 198.51.100.64/26, 198.51.100.128/25",
            id="shrinks",
        ),
        pytest.param(
            {"equals": FOUR},
            {"equals": [*FOUR[1:], "203.0.113.9", "203.0.113.10"]},
            "blind: dc suppresses 2 addresses more and 1 fewer, 5 in all, for one finding type in eu-west-1: "
            "203.0.113.9, 203.0.113.10; no longer 198.51.100.4; they are hidden at once, without having been observed",
            id="moves",
        ),
        pytest.param(
            {"equals": FOUR},
            {"equals": FOUR, "tags": {"egress-entry": "dc", "owner": "network-ops", "expires": "2027-06-30"}},
            "blind: dc ends 2027-06-30 instead of 2027-03-31 in eu-west-1",
            id="ends-later",
        ),
        pytest.param(
            {"equals": FOUR},
            {"equals": FOUR, "tags": {"egress-entry": "dc", "owner": "network-ops", "expires": "2027-01-31"}},
            "dc ends 2027-01-31 instead of 2027-03-31 in eu-west-1",
            id="ends-earlier",
        ),
        pytest.param(
            {"equals": FOUR},
            {"equals": FOUR, "tags": {"egress-entry": "dc", "owner": "network-ops"}},
            "blind: dc ends never instead of 2027-03-31 in eu-west-1",
            id="ends-never",
        ),
        pytest.param(
            {"equals": FOUR},
            {"equals": FOUR, "tags": {"egress-entry": "dc", "owner": "soc", "expires": "2027-03-31"}},
            "dc is owned by soc instead of network-ops in eu-west-1",
            id="owner",
        ),
        pytest.param(
            {"equals": FOUR, "action": "NOOP"},
            {"equals": FOUR},
            "blind: dc goes from observe to enforce: it now suppresses 4 addresses for one finding type in eu-west-1: "
            "198.51.100.4/30, owner network-ops, until 2027-03-31",
            id="enforces",
        ),
        pytest.param(
            {"equals": FOUR},
            {"equals": FOUR, "action": "NOOP"},
            "dc goes from enforce to observe: it no longer hides 4 addresses for one finding type in eu-west-1: "
            "198.51.100.4/30",
            id="observes",
        ),
        pytest.param(
            {"equals": FOUR},
            {"equals": FOUR, "types": [TYPE, OTHER_TYPE]},
            f"blind: dc also suppresses the finding type {OTHER_TYPE}, from 4 addresses in eu-west-1: 198.51.100.4/30",
            id="type-added",
        ),
        pytest.param(
            {"equals": FOUR, "types": [TYPE, OTHER_TYPE]},
            {"equals": FOUR},
            f"dc no longer suppresses the finding type {OTHER_TYPE}, from 4 addresses in eu-west-1: 198.51.100.4/30",
            id="type-removed",
        ),
        pytest.param(
            {"equals": FOUR},
            {"equals": FOUR, "criterion": {"accountId": {"Equals": ["111122223333"]}}},
            "dc is now limited to accountId 111122223333 in eu-west-1",
            id="limited",
        ),
        pytest.param(
            {"equals": FOUR, "criterion": {"accountId": {"Equals": ["111122223333"]}}},
            {"equals": FOUR},
            "blind: dc is no longer limited to accountId 111122223333 in eu-west-1",
            id="no-longer-limited",
        ),
        pytest.param(
            {"equals": FOUR, "criterion": {"accountId": {"Equals": ["111122223333"]}}},
            {"equals": FOUR, "criterion": {"accountId": {"Equals": ["111122223333", "444455556666"]}}},
            "blind: dc is now limited to accountId 111122223333, 444455556666 in eu-west-1; before it was limited to "
            "accountId 111122223333",
            id="less-limited",
        ),
        pytest.param(
            {"equals": FOUR, "criterion": {"accountId": {"Equals": ["111122223333", "444455556666"]}}},
            {"equals": FOUR, "criterion": {"accountId": {"Equals": ["111122223333"]}}},
            "dc is now limited to accountId 111122223333 in eu-west-1; before it was limited to accountId "
            "111122223333, 444455556666",
            id="more-limited",
        ),
        pytest.param(
            {"equals": FOUR},
            {"equals": FOUR, "criterion": {CALLER: None}},
            "blind: dc grows by 4,294,967,292 IPv4 addresses and every IPv6 address to every address for one finding "
            "type in eu-west-1; they are hidden at once, without having been observed",
            id="every-address",
        ),
    ],
)
def test_each_difference_is_one_sentence(tmp_path: Path, base: dict[str, Any], new: dict[str, Any], says: str) -> None:
    assert of_dc(tmp_path, guardduty_filter(**base), guardduty_filter(**new)) == [says]


def test_a_filter_without_a_type_hides_every_type(tmp_path: Path) -> None:
    (found,) = of_dc(tmp_path, None, guardduty_filter(equals=FOUR, criterion={"type": None}))
    assert "newly suppresses 4 addresses for every finding type" in found


def test_unusual_types_are_named(tmp_path: Path) -> None:
    (found,) = of_dc(tmp_path, None, guardduty_filter(equals=FOUR, types=[OTHER_TYPE]))
    assert f"4 addresses for one finding type ({OTHER_TYPE}) in" in found


def test_a_filter_that_names_no_entry_is_called_by_its_name(tmp_path: Path) -> None:
    (found,) = of_dc(tmp_path, None, guardduty_filter(equals=FOUR, tags={}))
    assert found.startswith("blind: the filter dc-01, which names no entry, newly suppresses 4 addresses")
    assert "without an owner, without an end" in found


def test_an_entry_may_be_spread_over_other_filters_without_a_change(tmp_path: Path) -> None:
    base = home(region(One=guardduty_filter(equals=FOUR)))
    new = home(region(Two=guardduty_filter(equals=FOUR[:1]), Three=guardduty_filter(equals=FOUR[1:])))
    assert said(tmp_path, base, new, topic=Topic.SUPPRESSION) == []


def test_addresses_that_become_hidden_while_others_are_observed_are_told(tmp_path: Path) -> None:
    watched, enforced = guardduty_filter(equals=FOUR[:2], action="NOOP"), guardduty_filter(equals=FOUR[2:])
    base = home(region(One=watched, Two=enforced))
    new = home(region(One=guardduty_filter(equals=FOUR[:2]), Two=enforced))
    assert said(tmp_path, base, new, topic=Topic.SUPPRESSION) == ["blind: dc suppresses more than before in eu-west-1"]


def test_a_region_that_starts_with_what_others_hide_is_no_blinding(tmp_path: Path) -> None:
    base = {"eu-west-1": region(F=guardduty_filter(equals=FOUR))}
    found = compared(tmp_path, base, {**base, "eu-west-2": base["eu-west-1"]})
    assert found.section(Topic.SUPPRESSION) == ()
    assert found.failing([Kind.BLIND]) == ()


def test_a_region_that_starts_with_more_than_others_hide_is_told(tmp_path: Path) -> None:
    base = {"eu-west-1": region(F=guardduty_filter(equals=FOUR))}
    more = region(F=guardduty_filter(matches=["198.51.100.*"]))
    assert said(tmp_path, base, {**base, "eu-west-2": more}, topic=Topic.SUPPRESSION) == [
        "blind: dc grows by 252 addresses to 256 for one finding type in eu-west-2: 198.51.100.0/30, 198.51.100.8/29, "
        "198.51.100.16/28, 198.51.100.32/27, 198.51.100.64/26, 198.51.100.128/25; they are hidden at once, without "
        "having been observed"
    ]


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        pytest.param({"equals": ["198.51.100.0/24"]}, "what 198.51.100.0/24 matches is not documented", id="cidr"),
        pytest.param(
            {"criterion": {CALLER: {"NotEquals": ["198.51.100.4"]}}}, "which addresses NotEquals matches", id="not"
        ),
        pytest.param(
            {"criterion": {CALLER: {"Equals": ["198.51.100.4"], "Matches": ["198.51.*"]}}},
            "how several conditions on one address combine is not documented",
            id="both",
        ),
        pytest.param({"equals": [{"Ref": "Address"}]}, "is not a plain list of texts", id="computed"),
        pytest.param({"FindingCriteria": {"Fn::If": ["A", {}, {}]}}, "its criteria is not written out", id="chosen"),
        pytest.param({"equals": FOUR, "action": "HIDE"}, "its action is HIDE", id="action"),
    ],
)
def test_what_cannot_be_told_is_said_and_fails_the_gate(tmp_path: Path, new: dict[str, Any], reason: str) -> None:
    base, after = (
        home(region(F=guardduty_filter(equals=FOUR))),
        home(region(F=guardduty_filter(**new))),
    )
    found = compared(tmp_path, base, after)
    (change,) = found.section(Topic.SUPPRESSION)
    assert "dc\x03 changes, and what it matches cannot be told in" in change.sentence
    assert reason in change.sentence.replace("\x02", "").replace("\x03", "")
    assert found.failing([Kind.BLIND]) == (change,)


def test_what_cannot_be_told_but_does_not_change_is_no_change(tmp_path: Path) -> None:
    doubtful = home(region(F=guardduty_filter(equals=["198.51.100.0/24"])))
    assert compared(tmp_path, doubtful, doubtful).empty
