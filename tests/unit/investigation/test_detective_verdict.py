"""What Detective says stands, whatever of it cannot be read."""

from dataclasses import dataclass

import pytest

from investigation.detective import check
from investigation.documents import Probe
from investigation.probe import probe
from investigation.refused import Refusal, Throttled
from investigation.wire import Block

RUNNING = probe("running", about="arn:aws:detective:eu-west-1:111122223333:graph:a1", id_="1" * 21)


@dataclass
class Detective:
    """An investigation that is over; one of its calls ends otherwise."""

    fails: str
    error: Exception

    def call(self, operation: str, /, **_: object) -> Block:
        if operation == self.fails:
            raise self.error
        return {"Status": "SUCCESSFUL", "Severity": "CRITICAL"}


def checked(fails: str, error: Exception) -> Probe:
    return check(RUNNING, client=Detective(fails, error), most_checks=30)


def test_without_its_indicators_it_still_says_how_bad_it_is() -> None:
    found = checked("list_indicators", Refusal("ListIndicators was refused (AccessDeniedException)"))
    assert (found["outcome"], found["severity"], found["complete"]) == ("successful", "CRITICAL", False)
    assert found["facts"] == [
        {
            "label": "Indicators",
            "value": "could not be read: ListIndicators was refused (AccessDeniedException); see them in Detective",
        }
    ]


def test_what_is_not_said_at_all_is_refused() -> None:
    found = checked("get_investigation", Refusal("GetInvestigation was refused (AccessDeniedException)"))
    assert (found["outcome"], found["severity"], found["facts"]) == ("refused", "", [])
    assert found["reason"] == "GetInvestigation was refused (AccessDeniedException)"


@pytest.mark.parametrize("fails", ["get_investigation", "list_indicators"])
def test_a_busy_service_is_asked_again(fails: str) -> None:
    with pytest.raises(Throttled):
        checked(fails, Throttled("busy"))
