"""Every list that comes in pages is read in one way: to its end, or to as many pages as it is worth."""

from typing import Any

import pytest

from investigation.pages import pages
from investigation.refused import Refusal
from tests.findings import REGION
from tests.unit.investigation.world import World, facts, settings


class Listed:
    """A service that answers with one page after the other."""

    def __init__(self, *tokens: str | None) -> None:
        self.tokens = list(tokens)
        self.asked: list[dict[str, object]] = []

    def call(self, operation: str, /, **parameters: object) -> dict[str, object]:
        token = self.tokens[len(self.asked)]
        self.asked.append(parameters)
        return {"Number": len(self.asked), **({"NextToken": token} if token is not None else {})}


def numbers(found: Listed, *, most: int = 9) -> list[object]:
    return [page["Number"] for page in pages(found, "list_things", most=most, MaxResults=5)]


def test_each_page_is_asked_for_by_the_token_of_the_one_before() -> None:
    found = Listed("a", "b", None)
    assert numbers(found) == [1, 2, 3]
    assert found.asked == [
        {"MaxResults": 5}, {"MaxResults": 5, "NextToken": "a"}, {"MaxResults": 5, "NextToken": "b"},
    ]  # fmt: skip


def test_an_empty_token_is_none() -> None:
    assert numbers(Listed("")) == [1]


def test_no_more_pages_are_read_than_it_is_worth() -> None:
    assert numbers(Listed("a", "b", "c"), most=2) == [1, 2]


@pytest.mark.parametrize("tokens", [("a", "a"), ("a", "b", "a")])
def test_a_page_that_is_announced_twice_ends_the_list_as_unread(tokens: tuple[str, ...]) -> None:
    found = Listed(*tokens)
    with pytest.raises(Refusal, match=r"^list_things announced the same page twice$"):
        numbers(found)
    assert len(found.asked) == len(tokens)


def test_a_list_of_graphs_without_end_is_not_taken_for_no_graph(case: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case.detective, "list_graphs", _without_end({"GraphList": []}))
    assert facts(case.investigate(), "Not known")["Detective"] == (
        "an investigation was refused: list_graphs announced the same page twice"
    )


def test_a_list_of_indicators_without_end_says_how_bad_it_is_all_the_same(
    case: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case.detective, "list_indicators", _without_end({"Indicators": []}))
    assert facts(case.investigate(), "Detective") == {
        "Severity": "HIGH",
        "Indicators": "could not be read: list_indicators announced the same page twice; see them in Detective",
    }


def test_a_list_of_regions_without_end_proves_nothing(case: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case.not_enabled("us-east-1")
    monkeypatch.setattr(case.account, "list_regions", _without_end({"Regions": []}))
    assert "us-east-1" in facts(case.investigate(), "Not known")["Event history"]


def test_a_list_of_investigations_without_end_starts_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.settings = settings(guardduty_regions=frozenset({REGION}))
    monkeypatch.setattr(world.guardduty, "list_investigations", _without_end({"Investigations": []}))
    said = facts(world.investigate(), "Not known")["GuardDuty's investigation"]
    assert said == "an investigation was not started: list_investigations announced the same page twice"
    assert world.guardduty.prompts == []


def _without_end(page: dict[str, Any]) -> Any:
    def answer(**_: Any) -> dict[str, Any]:
        return {**page, "NextToken": "again"}

    return answer
