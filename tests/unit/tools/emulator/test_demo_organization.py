"""What the rollout deploys, and what it would notice."""

from datetime import date
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

from infra.project import PROJECT
from tools.demo import __main__ as demo
from tools.demo import run as of_findings
from tools.demo.organization import run
from tools.demo.organization.run import Seen, uncovered
from tools.demo.organization.setting import Rollout, rollout
from tools.demo.organization.stage import Coverage
from tools.demo.setting import UnsuitableConfigurationError
from tools.live.verdict import State
from tools.selftest.hop import Hop, Leg
from tools.verify.check import Check

TODAY = date(2026, 11, 23)
SECURITY, MEMBERS = "444455556666", ("111122223333", "777788889999")


@pytest.fixture
def setting(tmp_path: Path) -> Rollout:
    return rollout(today=TODAY, folder=tmp_path)


def test_three_regions_of_the_example_are_taken_one_of_them_without_detective(setting: Rollout) -> None:
    home, second, without = setting.before.regions
    assert (home, second) == ("eu-west-1", "us-east-1")
    assert setting.before.detective_regions() == (home, second)
    assert without not in setting.before.detective_regions()
    assert set(setting.accounts) == {SECURITY, *MEMBERS}


def test_one_word_of_one_entry_changes_and_nothing_else(setting: Rollout) -> None:
    changed = [line for line in setting.change if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    assert changed == ["-  mode: observe", "+  mode: enforce"]
    before, after = setting.before.model_dump(), setting.after.model_dump()
    assert {key for key in before if before[key] != after[key]} == {"egress"}


def test_the_day_is_moved_when_every_entry_has_ended(tmp_path: Path) -> None:
    late = rollout(today=date(2099, 1, 1), folder=tmp_path)
    assert late.pretended
    assert late.today == date(2027, 6, 30)
    assert late.before.egress


def test_fails_for_an_example_that_has_no_region_without_detective(tmp_path: Path) -> None:
    text = (PROJECT / "config" / "organization.yaml").read_text(encoding="utf-8")
    (tmp_path / "organization.yaml").write_text(
        text.replace("\nregions: all\n", "\nregions: [eu-west-1, us-east-1]\n"), encoding="utf-8"
    )
    with pytest.raises(UnsuitableConfigurationError, match="three Regions, one of them without Detective"):
        rollout(today=TODAY, folder=tmp_path, configurations=tmp_path)


def hop(state: State) -> Hop:
    return Hop(region="eu-west-1", leg=Leg.ROUTED, subject="catch-all", state=state, detail="is disabled")


@pytest.mark.parametrize("state", [State.WRONG, State.UNKNOWN])
def test_no_wave_follows_one_whose_heartbeat_did_not_arrive(state: State) -> None:
    seen = Seen()
    assert seen.proved("canary", (hop(State.OK),))
    assert seen.differences == []
    assert not seen.proved("rest", (hop(State.OK), hop(state)))
    assert seen.differences == [f"wave rest: {state.value}: heartbeat from eu-west-1, routed, catch-all: is disabled"]


def test_a_wave_that_brings_no_region_has_nothing_to_prove() -> None:
    assert Seen().proved("delegation", ())


def covered(region: str, **changes: object) -> Coverage:
    as_promised: dict[str, object] = {
        "region": region,
        "administrator": SECURITY,
        "members": MEMBERS,
        "enrols": "ALL",
        "detective": MEMBERS,
    }
    return Coverage(**{**as_promised, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, []),
        ({"administrator": None}, ["the administrator is None, not 444455556666"]),
        ({"members": MEMBERS[:1]}, ["GuardDuty's members are ('111122223333',), and it enrols ALL"]),
        ({"enrols": "NEW"}, [f"GuardDuty's members are {MEMBERS}, and it enrols NEW"]),
        ({"detective": None}, ["Detective's members are None"]),
        ({"detective": ()}, ["Detective's members are ()"]),
    ],
    ids=["as-promised", "no-administrator", "a-member-less", "enrols-less", "no-graph", "empty-graph"],
)
def test_what_is_not_covered_is_said(setting: Rollout, changes: dict[str, object], said: list[str]) -> None:
    assert uncovered([covered("eu-west-1", **changes)], setting) == [f"eu-west-1: {one}" for one in said]


@pytest.mark.parametrize("state", [State.WRONG, State.UNKNOWN])
def test_a_wave_that_is_not_verified_is_the_last_and_says_why(state: State) -> None:
    seen = Seen()
    check = Check(stack="org-Response", region="eu-west-1", area="rules", subject="high", state=state, detail="is off")
    assert not seen.verified("home", [check])
    assert seen.differences == [f"wave home: {state.value}: org-Response, rules, high: is off"]


def test_a_wave_of_which_nothing_could_be_verified_is_the_last() -> None:
    assert not Seen().verified("home", [])


@pytest.mark.parametrize(("module", "asks"), [(run, "rollout"), (of_findings, "setting")])
def test_a_demo_that_cannot_begin_says_why_and_ends_with_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: ModuleType, asks: str
) -> None:
    def unsuitable(**_: object) -> NoReturn:
        raise UnsuitableConfigurationError("config/sandbox.yaml: no route")

    monkeypatch.setattr(module, asks, unsuitable)
    assert module.main(folder=tmp_path / "demo") == 1
    assert "config/sandbox.yaml: no route" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [(["organisation"], 2, "invalid choice: 'organisation'"), (["--help"], 0, "usage: python -m tools demo [-h]")],
)
def test_a_demo_that_there_is_not_is_refused_and_help_is_given(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, says: str
) -> None:
    with pytest.raises(SystemExit) as left:
        demo.main(arguments)
    assert left.value.code == code
    assert says in "".join(capsys.readouterr())
