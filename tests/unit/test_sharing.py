"""How the tests are shared among processes: nothing is deployed twice, and nothing long begins last."""

from pathlib import Path

import pytest

from tests.sharing import DEPLOYED, LONGEST, ON_ITS_OWN, SPREAD, turn, unit


@pytest.mark.parametrize(
    ("nodeid", "expected"),
    [
        ("tests/e2e/test_delivery.py::test_an_event_makes_one_hop_only", DEPLOYED),
        ("tests/e2e/test_watch.py::test_a_call[s3@eu-west-1]", DEPLOYED),
        ("tests/e2e/test_teardown.py::test_a", "tests/e2e/test_teardown.py"),
        # One stem, two files.
        ("tests/unit/stacks/test_investigation.py::test_a", "tests/unit/stacks/test_investigation.py"),
        ("tests/unit/notifier/test_slack.py::test_a[tests/e2e::b]", "tests/unit/notifier/test_slack.py"),
        (
            "tests/unit/stacks/test_configuration_keys.py::test_a[hub]",
            "tests/unit/stacks/test_configuration_keys.py::test_a[hub]",
        ),
    ],
)
def test_a_test_is_handed_out_with_its_file_or_with_what_is_deployed(nodeid: str, expected: str) -> None:
    assert unit(nodeid) == expected


def test_long_units_come_first_and_single_tests_last() -> None:
    short, single = "tests/unit/test_faq.py::test_a", "tests/unit/stacks/test_configuration_keys.py::test_a"
    long = [f"{one}::test_a" for one in LONGEST[1:]]
    assert sorted([single, short, *reversed(long)], key=turn) == [*long, short, single]
    assert turn("tests/e2e/test_watch.py::test_a") == 0


def test_every_file_with_a_place_of_its_own_is_there(project: Path) -> None:
    assert [one for one in LONGEST if one != DEPLOYED and not (project / one).is_file()] == []
    assert {file.stem for file in (project / "tests" / "e2e").glob("test_*.py")} >= ON_ITS_OWN
    assert {file.stem for file in (project / "tests").rglob("test_*.py")} >= SPREAD
