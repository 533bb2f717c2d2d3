"""Whatever a template holds, the comparison ends in words and not in a traceback; nothing is no change."""

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.changes.change import Topic
from tools.changes.report import report
from tools.changes.show import as_json, as_markdown
from tools.templates.assembly import Assembly, Resource, Stack
from tools.templates.wording import markdown, plain

TYPES = (
    "AWS::CloudWatch::Alarm",
    "AWS::Detective::Graph",
    "AWS::Events::EventBusPolicy",
    "AWS::Events::Rule",
    "AWS::GuardDuty::Detector",
    "AWS::GuardDuty::Filter",
    "AWS::GuardDuty::IPSet",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::SNS::Subscription",
    "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::Schedule",
    "Custom::Thing",
)
NAMES = (
    "Action", "Activate", "AlarmActions", "AssumeRolePolicyDocument", "Condition", "Criterion", "DeadLetterConfig",
    "Effect", "Enable", "Equals", "EventBusName", "EventPattern", "Features", "FilterPolicy", "FindingCriteria",
    "FindingPublishingFrequency", "Fn::GetAtt", "Fn::If", "Fn::Join", "Id", "Key", "Location", "ManagedPolicyArns",
    "Matches", "Name", "NotAction", "PermissionsBoundary", "Policies", "PolicyDocument", "Principal", "Ref", "Resource",
    "Roles", "ScheduleExpression", "State", "Statement", "Status", "StringEquals", "Tags", "Targets", "TopicArn",
    "Value", "detail", "egress-entry", "numeric", "severity", "type", "x.ipAddressV4", "x.ipAddressV6",
)  # fmt: skip
leaves = st.sampled_from(
    [None, True, 0, 7, 1.5, "", "*", "ARCHIVE", "DISABLED", "198.51.100.7", "::1", "A", ">=", '{"']
) | (st.text(max_size=3))
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
contents = st.dictionaries(st.sampled_from(NAMES), values, max_size=5)
attributes = st.dictionaries(
    st.sampled_from(["DeletionPolicy", "UpdateReplacePolicy", "Condition"]), values, max_size=2
)


@st.composite
def stacks(draw: st.DrawFn) -> Stack:
    resources = {}
    for logical_id in draw(st.lists(st.sampled_from("ABC"), unique=True)):
        properties: dict[str, Any] = draw(contents)
        type_ = draw(st.sampled_from(TYPES))
        resources[logical_id] = Resource(
            logical_id=logical_id, type=type_, label=logical_id, properties=properties, attributes=draw(attributes)
        )
    region = draw(st.sampled_from(["eu-west-1", "xx-nowhere-1"]))
    return Stack(name=region, account="1", region=region, resources=resources)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=st.lists(stacks(), max_size=2), after=st.lists(stacks(), max_size=2))
def test_any_template_is_put_into_words(before: list[Stack], after: list[Stack], tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.getbasetemp()
    base, new = (Assembly(folder=folder, stacks={stack.name: stack for stack in side}) for side in (before, after))
    found = report(base, new)
    told = [change for topic in Topic for change in found.section(topic)]
    assert Counter(told) == Counter(found.changes), "each change stands in one section"
    document: dict[str, Any] = as_json(found, failing=())
    comment = as_markdown(found)
    assert [one["text"] for one in document["changes"]] == [plain(change.sentence) for change in told]
    assert all(f"{markdown(change.sentence)}\n" in comment for change in told)
    for topic in Topic:
        grave = [2 if change.kinds else 1 if change.unknown else 0 for change in found.section(topic)]
        assert grave == sorted(grave, reverse=True), "the grave ones stand first"
    assert found.empty == (base.stacks == new.stacks)
    assert report(new, new).empty


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=stacks(), after=stacks())
def test_each_resource_that_changes_is_told_or_counted_and_none_twice(
    before: Stack, after: Stack, tmp_path_factory: Any
) -> None:
    after = replace(after, name=before.name, region=before.region)
    folder = tmp_path_factory.getbasetemp()
    found = report(*(Assembly(folder=folder, stacks={side.name: side}) for side in (before, after)))
    told = {logical_id for change in found.changes for _, logical_id in change.about}
    changed = {
        logical_id: {side.resources[logical_id].type for side in (before, after) if logical_id in side.resources}
        for logical_id in {*before.resources, *after.resources}
        if before.resources.get(logical_id) != after.resources.get(logical_id)
    }
    assert told <= set(changed)
    # One that changes its type is one that goes and one that comes.
    assert found.others == Counter(type_ for id_, types in changed.items() if id_ not in told for type_ in types)
