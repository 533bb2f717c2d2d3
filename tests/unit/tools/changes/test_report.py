"""How changes are put together: the grave ones first, and one sentence for all the Regions of the same."""

from itertools import permutations

import pytest

from tools.changes.change import BLIND, PERMISSION, Change, Topic, merged
from tools.changes.report import Report
from tools.templates.wording import plain

PLAIN = Change(topic=Topic.ROUTES, says="a route is renamed")
DOUBTFUL = Change(topic=Topic.ROUTES, says="a route changes its code", unknown=PERMISSION)
GRAVE = Change(topic=Topic.ROUTES, says="a route is gone", kinds=BLIND)
ELSEWHERE = Change(topic=Topic.OTHER, says="a custom resource changes", unknown=BLIND)


def test_in_a_section_the_grave_changes_stand_before_the_doubtful_and_those_before_the_rest() -> None:
    for changes in permutations([PLAIN, DOUBTFUL, GRAVE, ELSEWHERE]):
        found = Report(changes=changes, others={})
        assert found.section(Topic.ROUTES) == (GRAVE, DOUBTFUL, PLAIN)
        assert found.section(Topic.OTHER) == (ELSEWHERE,)
        assert found.section(Topic.SUPPRESSION) == ()


def test_a_gate_fails_for_what_is_grave_and_for_what_may_be() -> None:
    found = Report(changes=(PLAIN, DOUBTFUL, GRAVE, ELSEWHERE), others={})
    assert found.failing(BLIND) == (GRAVE, ELSEWHERE)
    assert found.failing(PERMISSION) == (DOUBTFUL,)
    assert found.failing(()) == ()


def of(region: str) -> Change:
    return Change(
        topic=Topic.FEATURES,
        says="GuardDuty is switched off",
        places=frozenset({region}),
        among=frozenset({"eu-west-1", "us-east-1", "eu-central-1"}),
        about=frozenset({(f"prod-Detection-{region}", "GuardDuty")}),
        kinds=BLIND,
    )


def test_the_same_in_several_regions_is_one_change_about_the_resources_of_all() -> None:
    (change,) = merged([of("eu-west-1"), of("us-east-1")])
    assert plain(change.sentence) == "GuardDuty is switched off in 2 of 3 Regions (eu-west-1, us-east-1)"
    assert change.about == of("eu-west-1").about | of("us-east-1").about


OURS, THEIRS = "eu-west-1 (111122223333)", "eu-west-1 (999988887777)"
OTHERS = ("eu-west-2 (111122223333)", "us-east-1 (111122223333)")


@pytest.mark.parametrize(
    ("places", "among", "says"),
    [
        pytest.param((OURS, *OTHERS), (OURS, *OTHERS), " in 3 Regions", id="all"),
        pytest.param((OURS, THEIRS, *OTHERS), (OURS, THEIRS, *OTHERS), " in 3 Regions", id="all-accounts"),
        pytest.param(
            (OURS, *OTHERS),
            (OURS, THEIRS, *OTHERS),
            f" in 3 Regions ({OURS}, {OTHERS[0]}, {OTHERS[1]})",
            id="all-regions-of-one-account",
        ),
        pytest.param((OURS, THEIRS), (OURS, THEIRS, *OTHERS), f" in {OURS}, {THEIRS}", id="two-accounts"),
        pytest.param(
            (OURS, OTHERS[0]), (OURS, THEIRS, *OTHERS), f" in 2 of 3 Regions ({OURS}, {OTHERS[0]})", id="some-regions"
        ),
        pytest.param((OURS, THEIRS), (OURS, THEIRS), f" in {OURS}, {THEIRS}", id="one-region-is-all"),
        pytest.param((OURS,), (OURS, THEIRS), f" in {OURS}", id="one-place"),
    ],
)
def test_regions_are_counted_once_however_many_accounts_are_in_them(
    places: tuple[str, ...], among: tuple[str, ...], says: str
) -> None:
    change = Change(topic=Topic.OTHER, says="it changes", places=frozenset(places), among=frozenset(among))
    assert plain(change.sentence) == f"it changes{says}"
