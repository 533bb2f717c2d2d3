"""What no reader of templates can judge is said aloud, whatever gate asks."""

from pathlib import Path

import pytest

from tests.unit.tools.changes.assemblies import compared, home, resource
from tools.changes.change import Kind


@pytest.mark.parametrize(
    "type_",
    [
        "AWS::CloudFormation::StackSet",
        "AWS::CodeBuild::Project",
        "AWS::Pipes::Pipe",
        "AWS::Logs::SubscriptionFilter",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::CloudWatch::AlarmMuteRule",
        "Custom::Anything",
        "Somebody::Else::Thing",
    ],
)
@pytest.mark.parametrize("kind", list(Kind))
def test_a_type_of_which_nothing_is_known_stops_every_gate(tmp_path: Path, type_: str, kind: Kind) -> None:
    new = compared(tmp_path / "new", home({}), home({"It": resource(type_)}))
    changed = compared(tmp_path / "changed", home({"It": resource(type_, A=1)}), home({"It": resource(type_, A=2)}))
    assert new.failing([kind])
    assert changed.failing([kind])


def test_a_type_of_ours_that_is_new_stops_none_by_itself(tmp_path: Path) -> None:
    for type_ in ("AWS::SQS::Queue", "AWS::Logs::LogGroup", "AWS::DynamoDB::Table", "AWS::CloudWatch::Dashboard"):
        found = compared(tmp_path / type_.replace(":", ""), home({}), home({"It": resource(type_)}))
        assert found.failing(list(Kind)) == ()


def test_what_other_regions_have_already_is_no_doubt_for_one_more(tmp_path: Path) -> None:
    def enrols(region: str, enroll: str = "all") -> dict[str, object]:
        return resource("Custom::GuardDutyOrganization", Region=region, Enroll=enroll)

    base = {"A": enrols("eu-west-1")}
    same = compared(tmp_path / "same", home(base), home({**base, "B": enrols("eu-west-2")}))
    assert same.failing(list(Kind)) == ()
    assert [change.rest for change in same.changes] == [", as other Regions have it"]
    other = compared(tmp_path / "other", home(base), home({**base, "B": enrols("eu-west-2", "none")}))
    assert other.failing([Kind.BLIND])
    moved = compared(tmp_path / "moved", home(base), home({"A": enrols("eu-west-2")}))
    assert moved.failing([Kind.BLIND])
