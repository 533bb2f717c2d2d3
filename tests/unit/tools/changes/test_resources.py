"""Which resources CloudFormation makes anew or deletes, and what becomes of what they held."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tools.changes.assemblies import compared, detector, home, resource, said, sentences, write
from tools.changes.change import Kind, Topic
from tools.changes.report import report
from tools.templates.assembly import read_assembly

Content = dict[str, Any]
KEPT = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}


def queue(name: object = "findings", **attributes: str) -> Content:
    return {**resource("AWS::SQS::Queue", QueueName=name), **attributes}


def of(tmp_path: Path, base: Content, new: Content) -> list[str]:
    return said(tmp_path, home({"Same": queue(), **base}), home({"Same": queue(), **new}), topic=Topic.RESOURCES)


@pytest.mark.parametrize(
    ("base", "new", "says"),
    [
        pytest.param(
            {"Q": queue("a")},
            {"Q": queue("b")},
            "replacement: Q (AWS::SQS::Queue) is replaced in eu-west-1, because QueueName cannot be changed; the old "
            "one is deleted",
            id="replaced",
        ),
        pytest.param(
            {"Q": queue("a", **KEPT)},
            {"Q": queue("b", **KEPT)},
            "replacement: Q (AWS::SQS::Queue) is replaced in eu-west-1, because QueueName cannot be changed; the old "
            "one is kept",
            id="replaced-and-kept",
        ),
        pytest.param(
            {"Q": queue({"Ref": "A"})},
            {"Q": queue("b")},
            "replacement?: Q (AWS::SQS::Queue) may be replaced in eu-west-1: QueueName may become another",
            id="computed",
        ),
        pytest.param(
            {"X": resource("AWS::No::Such", Name="a")},
            {"X": resource("AWS::No::Such", Name="b")},
            "replacement?: X (AWS::No::Such) may be replaced in eu-west-1: its type is not known here",
            id="unknown-type",
        ),
        pytest.param(
            {"Q": queue("a")},
            {},
            "replacement: Q (AWS::SQS::Queue) is deleted in eu-west-1, with what it holds",
            id="gone",
        ),
        pytest.param(
            {"Q": queue("a", **KEPT)},
            {},
            "Q (AWS::SQS::Queue) leaves the stack and is kept in eu-west-1",
            id="gone-and-kept",
        ),
        pytest.param(
            {"Q": queue("a", **KEPT)},
            {"Q": queue("a", UpdateReplacePolicy="Retain")},
            "replacement: Q (AWS::SQS::Queue) is no longer kept when it leaves the stack in eu-west-1",
            id="no-longer-kept",
        ),
        pytest.param(
            {"X": queue("a")},
            {"X": resource("AWS::SNS::Topic")},
            "replacement: X (AWS::SQS::Queue) is deleted in eu-west-1, with what it holds",
            id="another-type",
        ),
    ],
)
def test_each_resource_is_one_sentence(tmp_path: Path, base: Content, new: Content, says: str) -> None:
    assert of(tmp_path, base, new) == [says]


def test_what_refers_to_a_replaced_resource_is_replaced_with_it(tmp_path: Path) -> None:
    arn = {"Fn::GetAtt": ["Bus", "Arn"]}
    base, new = (
        {
            "Bus": resource("AWS::Events::EventBus", Name=name),
            "Archive": resource("AWS::Events::Archive", SourceArn=arn),
        }
        for name in ("a", "b")
    )
    assert of(tmp_path, base, new) == [
        "replacement: Archive (AWS::Events::Archive) is replaced in eu-west-1, because SourceArn cannot be changed; "
        "the old one is deleted",
        "replacement: Bus (AWS::Events::EventBus) is replaced in eu-west-1, because Name cannot be changed; the old "
        "one is deleted",
    ]


def test_what_only_sometimes_cannot_be_changed_is_unknown(tmp_path: Path) -> None:
    base, new = ({"R": resource("AWS::Events::Rule", EventBusName=bus)} for bus in ("a", "b"))
    assert of(tmp_path, base, new) == [
        "replacement?: R (AWS::Events::Rule) may be replaced in eu-west-1: EventBusName may become another"
    ]


def test_a_change_in_place_is_no_replacement(tmp_path: Path) -> None:
    longer = queue()
    longer["Properties"]["VisibilityTimeout"] = 60
    assert of(tmp_path, {"Q": queue()}, {"Q": longer}) == []


def test_what_holds_nothing_may_go_unmentioned_here(tmp_path: Path) -> None:
    assert of(tmp_path, {"A": resource("AWS::CloudWatch::Dashboard", DashboardBody="{}")}, {}) == []


def test_a_region_that_goes_blinds(tmp_path: Path) -> None:
    content = {"D": detector(), "T": resource("AWS::SNS::Topic")}
    found = compared(tmp_path, {"eu-west-1": content, "eu-west-2": content}, {"eu-west-1": content})
    assert sentences(found) == [
        "blind: the Region eu-west-2 is no longer part of the deployment: nothing in it changes any more, and it is "
        "not watched over",
        "replacement: the stack Stack-eu-west-2 is gone: no deployment deletes it, and cdk destroy no longer knows it; "
        "aws cloudformation delete-stack would keep one resource and delete 1",
    ]
    assert found.others == {}


def test_a_region_that_comes_is_told_without_alarm(tmp_path: Path) -> None:
    content = {"D": detector()}
    found = compared(tmp_path, {"eu-west-1": content}, {"eu-west-1": content, "eu-west-2": content})
    assert sentences(found) == [
        "the Region eu-west-2 is new",
        "the stack Stack-eu-west-2 is new in eu-west-2, with one resource",
    ]
    assert found.failing(list(Kind)) == ()


def test_another_account_is_as_unknown_as_can_be(tmp_path: Path) -> None:
    base = write(tmp_path / "base", home({"Q": queue()}), account="unknown-account")
    new = write(tmp_path / "new", home({"Q": queue()}), account="444455556666")
    found = report(read_assembly(base), read_assembly(new))
    assert sentences(found) == [
        "blind?, permission?, replacement?: the stack Stack-eu-west-1 names the account 444455556666 instead of "
        "unknown-account: if that is another account, everything is made anew there and stays behind here"
    ]


@pytest.mark.parametrize(
    "type_", ["Custom::Enrolment", "AWS::CloudFormation::CustomResource", "AWS::CloudFormation::Stack"]
)
def test_what_runs_code_or_hides_resources_is_unknown(tmp_path: Path, type_: str) -> None:
    base, new = (home({"C": resource(type_, Accounts=accounts)}) for accounts in (["1"], ["2"]))
    found = compared(tmp_path, base, new)
    assert (
        f"blind?, permission?, replacement?: C ({type_}) changes in eu-west-1, and what that does cannot be told from "
        "templates" in sentences(found)
    )
    assert all(found.failing([kind]) for kind in Kind)


def test_sections_that_bear_on_resources_are_unknown(tmp_path: Path) -> None:
    base = write(tmp_path / "base", home({"Q": queue()}), Conditions={"Prod": True}, Outputs={"A": 1})
    new = write(tmp_path / "new", home({"Q": {**queue(), "Condition": "Prod"}}), Conditions={"Prod": False}, Outputs={})
    found = report(read_assembly(base), read_assembly(new))
    assert sentences(found) == [
        "blind?, permission?, replacement?: the section Conditions of the template of Stack-eu-west-1 changes, and "
        "what that does to its resources cannot be told here",
        "blind?, permission?, replacement?: Q depends on another condition in eu-west-1, and whether it will be there "
        "cannot be told",
    ]
    assert found.others == {"Outputs": 1}


def test_everything_else_is_counted_by_type(tmp_path: Path) -> None:
    base = {"A": resource("AWS::Logs::LogGroup", RetentionInDays=1), "D": resource("AWS::CloudWatch::Dashboard")}
    new = {"A": resource("AWS::Logs::LogGroup", RetentionInDays=2), "B": resource("AWS::SNS::Topic")}
    found = compared(tmp_path, home(base), home(new))
    assert found.others == {"AWS::CloudWatch::Dashboard": 1, "AWS::Logs::LogGroup": 1, "AWS::SNS::Topic": 1}
    assert sentences(found) == []


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ({}, {"team": "soc"}, "the tag team with soc is new on everything in eu-west-1"),
        ({"team": "soc"}, None, "the tag team with soc is gone from everything in eu-west-1"),
        ({"team": "soc"}, {"team": "ops"}, "the tag team is ops instead of soc on everything in eu-west-1"),
    ],
)
def test_tags_of_a_stack_are_told(
    tmp_path: Path, before: dict[str, str], after: dict[str, str] | None, says: str
) -> None:
    base = write(tmp_path / "base", home({"Q": queue()}), tags=before)
    new = write(tmp_path / "new", home({"Q": queue()}), tags=after)
    found = report(read_assembly(base), read_assembly(new))
    assert sentences(found, topic=Topic.RESOURCES) == [says]
    assert not found.empty
