"""Whom a change stops or starts telling of findings."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.tools.changes.assemblies import compared, home, resource, said
from tools.changes.change import Kind, Topic

FINDINGS = {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]}
Says = dict[str, Any]


def rule(*to: str, detail: Says | None = None, **more: Any) -> Says:
    """A route on a bus of ours."""
    properties = {
        "Name": "high",
        "EventBusName": {"Ref": "Bus"},
        "State": "ENABLED",
        "EventPattern": {**FINDINGS, **({"detail": detail} if detail is not None else {})},
        "Targets": [
            {"Id": name, "Arn": {"Fn::GetAtt": [name, "Arn"]}, "DeadLetterConfig": {"Arn": "arn"}} for name in to
        ],
        **more,
    }
    return resource("AWS::Events::Rule", **{key: value for key, value in properties.items() if value is not None})


SEVERE = {"severity": [{"numeric": [">=", 7]}]}


def of(tmp_path: Path, base: Says | None, new: Says | None) -> list[str]:
    others = {"Bus": resource("AWS::Events::EventBus"), "Steady": rule("mail", "slack", detail={"x": ["y"]})}
    before, after = ({**others, **({"Rule": one} if one else {})} for one in (base, new))
    return said(tmp_path, home(before), home(after), topic=Topic.ROUTES)


@pytest.mark.parametrize(
    ("base", "new", "says"),
    [
        pytest.param(
            rule("mail", detail=SEVERE),
            None,
            "blind: the route high is gone: it notified mail of severity >= 7",
            id="gone",
        ),
        pytest.param(
            None,
            rule("mail", detail={**SEVERE, "accountId": ["1"]}),
            "the route high is new: it notifies mail of account 1 and severity >= 7",
            id="new",
        ),
        pytest.param(
            rule("mail", detail={"severity": [{"numeric": [">=", 4]}]}),
            rule("mail", detail={"severity": [{"numeric": [">=", 4, "<", 7]}, "heartbeat"]}),
            "blind: the route high takes severity >= 4 < 7 instead of >= 4",
            id="an-upper-end",
        ),
        pytest.param(
            rule("mail", detail={"accountId": [{"anything-but": ["1"]}]}),
            rule("mail", detail={"accountId": [{"anything-but": ["1", "2"]}]}),
            "blind: the route high no longer takes account 2",
            id="another-account-left-out",
        ),
        pytest.param(
            rule("mail", detail={"accountId": [{"anything-but": ["1", "2"]}]}),
            rule("mail", detail={"accountId": [{"anything-but": ["3", "2"]}]}),
            "blind: the route high also takes account 1 and no longer takes account 3",
            id="one-for-another",
        ),
        pytest.param(
            rule("mail"),
            rule("mail", detail={"accountId": [{"anything-but": ["1"]}]}),
            "blind: the route high now only takes account all but 1",
            id="all-but-one",
        ),
        pytest.param(
            rule("mail", detail={"accountId": ["1", "heartbeat"], "type": ["A:B/C", "DetectionStack:Heartbeat/Alive"]}),
            None,
            "blind: the route high is gone: it notified mail of account 1 and finding type A:B/C",
            id="nobody-has-to-know-of-heartbeats",
        ),
        pytest.param(
            rule("mail", "slack"),
            rule("mail"),
            "blind: the catch-all route high stops notifying slack",
            id="catch-all-loses-a-destination",
        ),
        pytest.param(rule("mail"), rule("mail", "slack"), "the catch-all route high starts notifying slack", id="to"),
        pytest.param(
            rule("mail"),
            rule("mail", State="DISABLED"),
            "blind: the catch-all route high is switched off: it notified mail",
            id="off",
        ),
        pytest.param(
            rule("mail", State="DISABLED"),
            rule("mail"),
            "the catch-all route high is switched on: mail hears of everything",
            id="on",
        ),
        pytest.param(
            rule("mail", EventBusName=None),
            None,
            "blind: the forwarding rule high is gone: it notified mail of everything",
            id="forwarder",
        ),
        pytest.param(
            rule("mail", EventPattern=None, ScheduleExpression="rate(7 days)"),
            None,
            "blind: the schedule high is gone: it notified mail of its time, rate(7 days)",
            id="schedule",
        ),
        pytest.param(
            rule("mail", detail=SEVERE),
            rule("mail", detail={"severity": [{"numeric": [">=", 8]}]}),
            "blind: the route high takes severity >= 8 instead of >= 7",
            id="severity-narrows",
        ),
        pytest.param(
            rule("mail", detail=SEVERE),
            rule("mail", detail={"severity": [{"numeric": [">=", 4]}]}),
            "the route high takes severity >= 4 instead of >= 7",
            id="severity-widens",
        ),
        pytest.param(
            rule("mail", detail=SEVERE),
            rule("mail", detail={"severity": [{"numeric": [">=", 7, "<", 9]}]}),
            "blind: the route high takes severity >= 7 < 9 instead of >= 7",
            id="severity-becomes-a-band",
        ),
        pytest.param(
            rule("mail", detail={"title": ["", "leak"]}),
            rule("mail", detail={"title": ["leak"]}),
            "blind: the route high no longer takes detail.title (empty)",
            id="no-longer-the-empty-text",
        ),
        pytest.param(
            rule("mail", detail={"title": ["leak"]}),
            rule("mail", detail={"title": ["leak", ""]}),
            "the route high also takes detail.title (empty)",
            id="the-empty-text-as-well",
        ),
        pytest.param(
            rule("mail", detail={"title": ["", "leak"]}),
            rule("mail", detail={"title": [{"prefix": ""}]}),
            "the route high also takes detail.title *",
            id="every-text-and-so-the-empty-one",
        ),
        pytest.param(
            rule("mail", detail={"title": ["", {"exists": False}]}),
            rule("mail", detail={"title": [{"exists": False}]}),
            'blind?: the route high takes detail.title {"exists": false} instead of (empty), {"exists": false}',
            id="the-empty-text-beside-what-is-no-text",
        ),
        pytest.param(
            rule("mail"),
            rule("mail", detail=SEVERE),
            "blind: the route high now only takes severity >= 7",
            id="condition-added",
        ),
        pytest.param(
            rule("mail", detail=SEVERE),
            rule("mail"),
            "the catch-all route high no longer asks for severity >= 7",
            id="condition-dropped",
        ),
        pytest.param(
            rule("mail", detail={"accountId": ["1", "2"]}),
            rule("mail", detail={"accountId": ["2", "3"]}),
            "blind: the route high also takes account 3 and no longer takes account 1",
            id="accounts",
        ),
        pytest.param(
            rule("mail", detail={"type": ["Recon:IAMUser/TorIPCaller"]}),
            rule("mail", detail={"type": [{"prefix": "Recon:"}]}),
            "the route high also takes finding type Recon:*",
            id="prefix-takes-the-type-in",
        ),
        pytest.param(
            rule("mail", detail={"type": [{"anything-but": {"prefix": "A"}}]}),
            rule("mail", detail={"type": [{"anything-but": {"prefix": "B"}}]}),
            'blind?: the route high takes finding type {"anything-but": {"prefix": "B"}} instead of {"anything-but": '
            '{"prefix": "A"}}',
            id="cannot-be-compared",
        ),
        pytest.param(
            rule("mail"),
            rule("mail", Targets={"Fn::If": ["A", [], []]}),
            "blind?: the rule high changes, and who hears of what cannot be told: its targets is not a plain list",
            id="computed-targets",
        ),
        pytest.param(
            rule("mail"),
            rule("mail", Targets=[{"Id": "mail", "Arn": "arn:elsewhere", "DeadLetterConfig": {"Arn": "arn"}}]),
            'blind?: the catch-all route high leads to arn:elsewhere instead of {"Fn::GetAtt": ["mail", "Arn"]} '
            "for mail",
            id="leads-elsewhere",
        ),
        pytest.param(
            rule("mail"),
            rule("mail", Targets=[{"Id": "mail", "Arn": {"Fn::GetAtt": ["mail", "Arn"]}}]),
            "blind: the catch-all route high no longer keeps what it cannot deliver to mail",
            id="keeps-nothing",
        ),
        pytest.param(
            rule("mail"),
            rule("mail", EventBusName={"Ref": "OtherBus"}),
            'blind?: the catch-all route high listens to the bus {"Ref": "OtherBus"} instead of the bus <Bus>',
            id="other-bus",
        ),
    ],
)
def test_each_difference_is_one_sentence(tmp_path: Path, base: Says | None, new: Says | None, says: str) -> None:
    found = of(tmp_path, base, new)
    assert [one.replace(" in eu-west-1", "") for one in found] == [says]


def test_a_destination_that_nothing_notifies_any_more_is_named(tmp_path: Path) -> None:
    base, new = home({"A": rule("mail", "slack")}), home({"A": rule("mail", "pager")})
    assert said(tmp_path, base, new, topic=Topic.ROUTES) == [
        "blind: the catch-all route high stops notifying slack",
        "blind: no rule notifies slack any more",
        "the catch-all route high starts notifying pager",
        "the destination pager is new",
    ]


def test_routes_of_one_home_need_no_region_and_forwarders_do(tmp_path: Path) -> None:
    forwarder = rule("bus", EventBusName=None)
    base = {"eu-west-1": {"R": rule("mail"), "F": forwarder}, "us-east-1": {"F": forwarder}}
    off = rule("bus", EventBusName=None, State="DISABLED")
    new = {"eu-west-1": {"R": rule("mail", detail=SEVERE), "F": off}, "us-east-1": {"F": off}}
    assert said(tmp_path, base, new, topic=Topic.ROUTES)[:2] == [
        "blind: the forwarding rule high is switched off: it notified bus in 2 Regions",
        "blind: the route high now only takes severity >= 7",
    ]


def subscription(**more: Any) -> Says:
    properties = {"Protocol": "email", "Endpoint": "soc@example.com", "TopicArn": {"Ref": "Topic"}, **more}
    return resource("AWS::SNS::Subscription", **properties)


def reader(**more: Any) -> Says:
    return resource(
        "AWS::Lambda::EventSourceMapping", FunctionName="notifier", EventSourceArn="arn:aws:sqs:queue", **more
    )


@pytest.mark.parametrize(
    ("base", "new", "says"),
    [
        pytest.param(
            subscription(),
            None,
            "blind: soc@example.com no longer gets what the topic <Topic> carries in eu-west-1",
            id="unsubscribed",
        ),
        pytest.param(
            None,
            subscription(),
            "soc@example.com newly gets, once confirmed, what the topic <Topic> carries in eu-west-1",
            id="subscribed",
        ),
        pytest.param(
            None,
            subscription(Protocol="sqs"),
            "soc@example.com newly gets what the topic <Topic> carries in eu-west-1",
            id="subscribed-at-once",
        ),
        pytest.param(
            subscription(),
            subscription(FilterPolicy={"a": ["b"]}),
            "blind: soc@example.com gets what another filter policy lets through of the topic <Topic> in eu-west-1",
            id="filtered",
        ),
        pytest.param(
            subscription(FilterPolicy={"a": ["b"]}),
            subscription(FilterPolicy={"a": ["c"]}),
            "blind?: soc@example.com gets what another filter policy lets through of the topic <Topic> in eu-west-1",
            id="filtered-otherwise",
        ),
        pytest.param(
            subscription(RedrivePolicy={"deadLetterTargetArn": "arn"}),
            subscription(),
            "blind: what cannot be delivered to soc@example.com from the topic <Topic> is no longer kept in eu-west-1",
            id="not-kept",
        ),
        pytest.param(
            reader(), None, "blind: the function notifier no longer reads arn:aws:sqs:queue in eu-west-1", id="unread"
        ),
        pytest.param(
            reader(),
            reader(Enabled=False),
            "blind: the function notifier no longer reads arn:aws:sqs:queue in eu-west-1",
            id="reader-off",
        ),
        pytest.param(
            None, reader(), "the function notifier newly reads arn:aws:sqs:queue in eu-west-1", id="newly-read"
        ),
        pytest.param(
            reader(),
            reader(FilterCriteria={"Filters": []}),
            "blind: the function notifier reads what other filter criteria let through of arn:aws:sqs:queue in "
            "eu-west-1",
            id="reads-less",
        ),
        pytest.param(
            resource("AWS::Lambda::Function"),
            resource("AWS::Lambda::Function", ReservedConcurrentExecutions=0),
            "blind: the function It may not run: its reserved concurrency is 0 in eu-west-1",
            id="stopped",
        ),
        pytest.param(
            resource("AWS::Scheduler::Schedule", State="ENABLED"),
            resource("AWS::Scheduler::Schedule", State="DISABLED"),
            "blind: the schedule It no longer runs in eu-west-1",
            id="schedule-off",
        ),
    ],
)
def test_each_delivery_that_changes_is_one_sentence(
    tmp_path: Path, base: Says | None, new: Says | None, says: str
) -> None:
    topic = {"Topic": resource("AWS::SNS::Topic")}
    before, after = ({**topic, **({"It": one} if one else {})} for one in (base, new))
    assert said(tmp_path, home(before), home(after), topic=Topic.ROUTES) == [says]


def test_less_told_fails_the_gate(tmp_path: Path) -> None:
    found = compared(tmp_path, home({"A": rule("mail")}), home({"A": rule("mail", State="DISABLED")}))
    assert found.failing([Kind.BLIND])
    assert not found.failing([Kind.PERMISSION])


def test_a_second_reader_takes_a_part_of_what_comes(tmp_path: Path) -> None:
    def reads(name: str) -> Says:
        queue = {"Fn::GetAtt": ["Queue", "Arn"]}
        return resource("AWS::Lambda::EventSourceMapping", FunctionName={"Ref": name}, EventSourceArn=queue)

    stays = {name: resource("AWS::Lambda::Function") for name in ("Ours", "Theirs")}
    base = {**stays, "Queue": resource("AWS::SQS::Queue"), "Reads": reads("Ours")}
    assert said(tmp_path, home(base), home({**base, "Also": reads("Theirs")}), topic=Topic.ROUTES) == [
        "blind: the function <Theirs> newly reads <Queue> beside <Ours>: each gets a part of what comes in eu-west-1"
    ]
    # By another logical id it is the same reader.
    same = {**stays, "Queue": base["Queue"], "Renamed": reads("Ours")}
    assert not any("beside" in one for one in said(tmp_path / "same", home(base), home(same), topic=Topic.ROUTES))


def test_the_regions_of_forwarders_are_counted_among_their_own(tmp_path: Path) -> None:
    """Only the home Region has a bus of ours."""
    own = {"Bus": resource("AWS::Events::EventBus"), "Steady": rule("mail"), "Default": rule("x", EventBusName=None)}

    def everywhere(*to: str) -> dict[str, Says]:
        regions = ("eu-west-2", "us-east-1", "us-east-2")
        return {"eu-west-1": own} | {region: {"Rule": rule(*to, EventBusName=None)} for region in regions}

    some = {**everywhere("bus"), "us-east-2": {"Rule": rule("bus", "logs", EventBusName=None)}}
    found = said(tmp_path, everywhere("bus", "logs"), some, topic=Topic.ROUTES)
    assert found == [
        "blind: the forwarding rule high stops notifying logs in 2 of 4 Regions (eu-west-2, us-east-1)",
        "blind: no rule notifies logs any more in 2 of 4 Regions (eu-west-2, us-east-1)",
    ]
