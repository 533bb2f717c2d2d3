"""While a bus takes the place of another, what is sent to the old one is lost."""

from pathlib import Path
from typing import Any

from tests.unit.tools.changes.assemblies import home, resource, said
from tools.changes.change import Topic


def bus(name: str) -> dict[str, Any]:
    return {"Bus": resource("AWS::Events::EventBus", Name=name)}


def test_a_bus_of_another_name_leaves_a_gap(tmp_path: Path) -> None:
    assert said(tmp_path, home(bus("prod-findings")), home(bus("other-findings")), topic=Topic.ROUTES) == [
        "blind: the bus other-findings takes the place of prod-findings in eu-west-1: until a Region is deployed after "
        "it, what the Region sends reaches nobody, and no replay brings it back; look its findings of that time up in "
        "GuardDuty"
    ]


def test_a_bus_that_stays_or_is_new_leaves_none(tmp_path: Path) -> None:
    changed = {"Bus": resource("AWS::Events::EventBus", Name="prod-findings", Description="now with one")}
    for base, new in ((bus("prod-findings"), changed), ({}, bus("prod-findings"))):
        assert not [
            one for one in said(tmp_path, home(base), home(new), topic=Topic.ROUTES) if "takes the place" in one
        ]
