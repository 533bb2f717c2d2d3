"""What AWS tells on a later page, or in a later call, counts as much as what it tells first."""

import json
from typing import Any

from tests.unit.tools.stubbed_account import ACCOUNT, DEPLOYED, REGION, Account, assembly, delivering, home
from tools.live.verdict import State
from tools.verify.run import verify

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:operations"
GRAPH = f"arn:aws:detective:{REGION}:{ACCOUNT}:graph:" + "0123456789abcdef" * 2
RINGS = {"AlarmActions": [TOPIC]}


def alarm(name: str, state: str = "OK") -> dict[str, Any]:
    return {"AlarmName": name, "StateValue": state, "ActionsEnabled": True, **RINGS}


def test_an_alarm_beyond_the_hundred_of_one_call_is_asked_for_and_one_of_a_second_page_is_read() -> None:
    names = [f"alarm-{number:03}" for number in range(102)]
    account = home(services=("cloudwatch",), names={f"A{name}": name for name in names})
    first, rest = names[:100], names[100:]
    second_page = [*(alarm(name) for name in first[50:-1]), alarm(first[-1], "ALARM")]
    answers: list[tuple[dict[str, Any], list[dict[str, Any]], dict[str, str]]] = [
        ({"AlarmNames": first}, [alarm(name) for name in first[:50]], {"NextToken": "more"}),
        ({"AlarmNames": first, "NextToken": "more"}, second_page, {}),
        ({"AlarmNames": rest}, [alarm(rest[0], "ALARM")], {}),
    ]
    for asked, found, token in answers:
        account.stubs["cloudwatch"].add_response("describe_alarms", {"MetricAlarms": found, **token}, asked)
    (check,) = delivering(account, *((f"A{name}", "AWS::CloudWatch::Alarm", RINGS) for name in names))
    assert (check.state, check.subject) == (State.WRONG, "102 alarms")
    assert check.detail == "red: alarm-099, alarm-100 (docs/operations.md); gone: alarm-101; deploy"
    account.stubs["cloudwatch"].assert_no_pending_responses()


def test_an_alarm_that_was_green_long_ago_has_been_heard() -> None:
    """The newest changes come first: that it was ever green may stand on the last page."""
    account = home(services=("cloudwatch",), names={"A": "heartbeat"})
    stub = account.stubs["cloudwatch"]
    stub.add_response("describe_alarms", {"MetricAlarms": [alarm("heartbeat", "ALARM")]})
    for state, token in (("ALARM", {"NextToken": "older"}), ("OK", {})):
        change = json.dumps({"newState": {"stateValue": state}})
        stub.add_response("describe_alarm_history", {"AlarmHistoryItems": [{"HistoryData": change}], **token})
    declared = RINGS | {"TreatMissingData": "breaching"}
    (check,) = delivering(account, ("A", "AWS::CloudWatch::Alarm", declared), not_yet_heard=True)
    assert (check.state, check.detail) == (State.WRONG, "red: heartbeat (docs/operations.md)")


def test_a_graph_on_a_second_page_exists() -> None:
    for second, state in ([{"Arn": GRAPH}], State.OK), ([], State.WRONG):
        account = home(services=(), names={"G": GRAPH})
        account.stubs["detective"].add_response("list_graphs", {"GraphList": [], "NextToken": "more"}, {})
        account.stubs["detective"].add_response("list_graphs", {"GraphList": second}, {"NextToken": "more"})
        (check,) = delivering(account, ("G", "AWS::Detective::Graph", {}))
        assert (check.area, check.subject, check.state) == ("detective", GRAPH, state)


def test_a_filter_on_a_second_page_is_there_and_those_of_others_are_counted() -> None:
    account = home(services=(), names={"D": "detector", "F": "prod-dc-01"})
    guardduty = account.stubs["guardduty"]
    criterion = {"Criterion": {"type": {"Equals": ["Some:Type/Name"]}}}
    declared = {"Name": "prod-dc-01", "Action": "ARCHIVE", "FindingCriteria": criterion}
    guardduty.add_response("get_detector", {"Status": "ENABLED", "ServiceRole": "role"})
    guardduty.add_response("list_filters", {"FilterNames": ["theirs"], "NextToken": "more"})
    guardduty.add_response(
        "list_filters", {"FilterNames": ["prod-dc-01"]}, {"DetectorId": "detector", "NextToken": "more"}
    )
    guardduty.add_response("get_filter", declared)
    checks = delivering(account, ("D", "AWS::GuardDuty::Detector", {}), ("F", "AWS::GuardDuty::Filter", declared))
    assert [(one.subject, one.state, one.detail) for one in checks if one.area == "filters"] == [
        ("prod-dc-01", State.OK, "ARCHIVE, as declared"),
        ("count", State.OK, "1 ours, 1 of others, of 100 in the Region"),
    ]


def test_whoever_reads_a_topic_on_a_second_page_is_told() -> None:
    account = home(services=("sns",), names={"T": TOPIC})
    stranger = {"Endpoint": "somebody@example.com", "SubscriptionArn": f"{TOPIC}:2"}
    account.stubs["sns"].add_response("list_subscriptions_by_topic", {"Subscriptions": [], "NextToken": "more"})
    account.stubs["sns"].add_response("list_subscriptions_by_topic", {"Subscriptions": [stranger]})
    (check,) = delivering(account, ("T", "AWS::SNS::Topic", {}))
    assert (check.state, check.subject) == (State.WRONG, "somebody@example.com to operations")


def test_a_resource_on_a_second_page_is_deployed() -> None:
    account = Account()
    for id_, token in (("First", {"NextToken": "more"}), ("Second", {})):
        summary = {
            "LogicalResourceId": id_,
            "PhysicalResourceId": id_,
            "ResourceType": "AWS::SSM::Parameter",
            "LastUpdatedTimestamp": DEPLOYED,
            "ResourceStatus": "CREATE_COMPLETE",
        }
        found = {"StackResourceSummaries": [summary], **token}
        account.stubs["cloudformation"].add_response("list_stack_resources", found)
    complete = {"StackName": "prod", "CreationTime": DEPLOYED, "StackStatus": "CREATE_COMPLETE"}
    account.stubs["cloudformation"].add_response("describe_stacks", {"Stacks": [complete]})
    for stub in account.stubs.values():
        stub.activate()
    declared = assembly(("First", "AWS::SSM::Parameter", {}), ("Second", "AWS::SSM::Parameter", {}))
    checks = {one.subject: one.detail for one in verify(declared, client_of=account.client_of)}
    assert checks["resources"] == "all 2 deployed"
