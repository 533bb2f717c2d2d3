"""A finding is read whatever is missing, null or odd in it."""

import json
from datetime import UTC, datetime

import pytest

from notifier.items.event import read
from notifier.items.finding import Finding
from notifier.items.unrecognised import Unrecognised
from tests.findings import event, leaked_lambda_credentials, leaked_task_credentials, low_finding
from tests.unit.notifier.briefs import finding_in

FIRST = datetime(2026, 11, 23, 3, 52, 10, tzinfo=UTC)


def pascal(value: object) -> object:
    """A document as boto3 shows it."""
    if isinstance(value, dict):
        return {key[:1].upper() + key[1:]: pascal(item) for key, item in value.items()}
    return [pascal(item) for item in value] if isinstance(value, list) else value


def test_finding_holds_what_the_event_says() -> None:
    finding = finding_in(leaked_lambda_credentials())
    assert finding.type == "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS"
    assert (finding.account, finding.region, finding.severity.number) == ("111122223333", "eu-west-1", 8.0)
    assert finding.lambda_function
    assert finding.lambda_function.name == "payments-api"
    assert finding.lambda_function.role == "arn:aws:iam::111122223333:role/service-role/payments-api-role"
    assert finding.access_key
    assert finding.access_key.access_key_id == "ASIAIOSFODNN7EXAMPLE"
    assert finding.caller
    assert (finding.caller.address, finding.caller.asn) == ("203.0.113.9", "64496")
    assert finding.caller.country == "Netherlands"
    assert finding.action
    assert (finding.action.api, finding.action.service) == ("ListBuckets", "s3.amazonaws.com")
    assert finding.action.affected == (("AWS::S3::Bucket", "payments-receipts"),)
    assert (finding.count, finding.first_seen) == (7, FIRST)
    assert not finding.sample


def _wrapped_by_sns(inner: object) -> object:
    return {"Type": "Notification", "MessageId": "m", "TopicArn": "arn:aws:sns:…", "Message": json.dumps(inner)}


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda e: e, id="eventbridge-event"),
        pytest.param(lambda e: e["detail"], id="bare-finding"),
        pytest.param(lambda e: pascal(e["detail"]), id="api-form"),
        pytest.param(lambda e: {**e, "detail": pascal(e["detail"])}, id="api-form-inside-an-event"),
        pytest.param(lambda e: {"Findings": [pascal(e["detail"])]}, id="answer-of-get-findings"),
        pytest.param(lambda e: [e["detail"]], id="list-of-findings"),
        pytest.param(json.dumps, id="encoded-twice"),
        pytest.param(lambda e: {**e, "detail": json.dumps(e["detail"])}, id="detail-encoded-twice"),
        pytest.param(_wrapped_by_sns, id="wrapped-by-sns"),
        pytest.param(lambda e: {"Records": [{"Sns": {"Message": json.dumps(e)}}]}, id="sns-record"),
        pytest.param(lambda e: {"Records": [{"body": json.dumps(e)}]}, id="sqs-record"),
        pytest.param(lambda e: {"body": json.dumps(e), "httpMethod": "POST"}, id="api-gateway"),
        pytest.param(lambda e: {k: v for k, v in e.items() if k == "detail"}, id="event-with-detail-alone"),
    ],
)
def test_finding_is_found_in_every_known_wrapping(wrap: object) -> None:
    assert callable(wrap)
    finding = finding_in(wrap(leaked_lambda_credentials()))
    assert finding.type == "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS"
    assert finding.lambda_function
    assert finding.lambda_function.name == "payments-api"
    assert finding.caller
    assert finding.caller.address == "203.0.113.9"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param("{not json", "not JSON", id="no-json"),
        pytest.param("", "empty", id="empty"),
        pytest.param("   ", "not text", id="blank"),
        pytest.param(None, "empty", id="null"),
        pytest.param(7, "not text", id="number"),
        pytest.param("7", "not an event", id="json-number"),
        pytest.param("null", "not an event", id="json-null"),
        pytest.param("[]", "no finding", id="empty-list"),
        pytest.param("{}", "not a GuardDuty event", id="empty-object"),
        pytest.param('{"Findings": []}', "not a GuardDuty event", id="no-findings"),
        pytest.param('{"Event": "s3:TestEvent"}', "not a GuardDuty event", id="s3-test-event"),
        pytest.param(json.dumps(event({})), "no finding", id="empty-detail"),
        pytest.param(json.dumps(event(None)), "no finding", id="null-detail"),
        pytest.param(json.dumps(event("{broken")), "no finding", id="broken-detail"),
        # How deep the parser of JSON goes differs between versions of Python; either way it is no finding.
        pytest.param("[" * 5000 + "]" * 5000, "the message ", id="nested-too-deeply"),
        pytest.param('{"detail":' * 300 + "1" + "}" * 300, "", id="nested-deeply"),
    ],
)
def test_what_is_no_finding_is_kept_as_text(body: object, reason: str) -> None:
    (found,) = read(body)
    assert isinstance(found, Unrecognised) or not reason
    if isinstance(found, Unrecognised):
        assert reason in found.reason
        assert str(body)[:50] in found.raw


def test_another_guardduty_event_says_which() -> None:
    (found,) = read(json.dumps({**event({"scanStatus": "COMPLETED"}), "detail-type": "GuardDuty Malware Scan"}))
    assert isinstance(found, Unrecognised)
    assert found.detail_type == "GuardDuty Malware Scan"


def test_a_long_list_of_findings_ends_with_a_notice() -> None:
    found = read(json.dumps({"Findings": [low_finding()["detail"]] * 5_000}))
    assert len(found) == 11
    assert all(isinstance(item, Finding) for item in found[:10])
    assert isinstance(found[10], Unrecognised)
    assert "more than 10" in found[10].reason


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        pytest.param("2026-11-23T03:52:10.000Z", FIRST, id="iso"),
        pytest.param("2026-11-23T03:52:10Z", FIRST, id="iso-without-fraction"),
        pytest.param("2026-11-23 03:52:10", FIRST, id="space-and-no-zone"),
        pytest.param("2026-11-23T04:52:10+01:00", FIRST, id="another-zone"),
        pytest.param(1795405930, FIRST, id="seconds"),
        pytest.param(1.79540593e9, FIRST, id="float-seconds"),
        pytest.param(1795405930000, FIRST, id="milliseconds"),
        pytest.param(1795405930000000, FIRST, id="microseconds"),
        pytest.param("1795405930", FIRST, id="seconds-as-text"),
        pytest.param("yesterday", None, id="no-time"),
        pytest.param("2026-12-31T23:59:60Z", None, id="leap-second"),
        pytest.param("0001-01-01T00:00:00+14:00", None, id="before-the-first-year"),
        pytest.param(float("inf"), None, id="infinite"),
        pytest.param(-1, None, id="negative"),
        pytest.param(True, None, id="true"),
        pytest.param([], None, id="list"),
        pytest.param(None, None, id="null"),
    ],
)
def test_times_are_read_in_every_form_seen(value: object, moment: datetime | None) -> None:
    found = leaked_lambda_credentials()
    found["detail"]["service"]["eventFirstSeen"] = value
    assert finding_in(found).first_seen == moment


@pytest.mark.parametrize(
    ("info", "sample"),
    [
        pytest.param({"value": '{"sample":true}', "type": "default"}, True, id="as-text"),
        pytest.param({"value": '{"sample":"true"}'}, True, id="as-text-in-text"),
        pytest.param({"sample": True}, True, id="raw"),
        pytest.param({"value": {"sample": True}}, True, id="value-as-object"),
        pytest.param({"value": '{"sample":false}'}, False, id="not"),
        pytest.param({"value": "{broken"}, False, id="broken"),
        pytest.param({"value": "[1]"}, False, id="list"),
        pytest.param(None, False, id="null"),
        pytest.param([], False, id="a-list"),
    ],
)
def test_samples_are_recognised_in_both_forms(info: object, *, sample: bool) -> None:
    found = leaked_lambda_credentials()
    found["detail"]["service"]["additionalInfo"] = info
    assert finding_in(found).sample is sample


def test_a_title_marks_a_sample_too() -> None:
    assert finding_in(low_finding(title="[SAMPLE] A port is probed.")).sample


@pytest.mark.parametrize(
    ("count", "read_as"), [(7, 7), ("7", 7), (7.0, 7), (7.5, None), (-1, None), (True, None), ("x", None), ([], None)]
)
def test_count_is_a_whole_number_or_nothing(count: object, read_as: int | None) -> None:
    found = low_finding()
    found["detail"]["service"]["count"] = count
    assert finding_in(found).count == read_as


def test_a_huge_integer_does_not_hide_the_finding() -> None:
    body = json.dumps(low_finding()).replace('"count": 14', f'"count": {"9" * 5000}')
    (finding,) = read(body)
    assert isinstance(finding, Finding)
    assert finding.count is None
    assert finding.type == "Recon:EC2/PortProbeUnprotectedPort"


def test_the_blocks_that_exist_are_read_whatever_the_resource_type_says() -> None:
    found = leaked_task_credentials()
    found["detail"]["resource"]["resourceType"] = "Nonsense"
    found["detail"]["resource"]["newThingDetails"] = {"name": "thing", "size": 3, "on": True, "inner": {"arn": "a"}}
    finding = finding_in(found)
    assert finding.ecs_task
    assert finding.ecs_task.cluster == "shop"
    (thing,) = finding.resources
    assert (thing.kind, thing.name) == ("newThingDetails", "thing")
    assert thing.facts == (("name", "thing"), ("size", "3"), ("on", "yes"), ("arn", "a"))


def test_account_region_and_partition_fall_back_to_the_arn() -> None:
    detail = low_finding()["detail"]
    for member in ("accountId", "region", "partition"):
        del detail[member]
    finding = finding_in(detail)
    assert (finding.account, finding.region, finding.partition) == ("111122223333", "eu-west-1", "aws")


def test_an_address_of_ipv6_alone_is_read() -> None:
    found = leaked_lambda_credentials()
    remote = found["detail"]["service"]["action"]["awsApiCallAction"]["remoteIpDetails"]
    remote["ipAddressV6"] = "2001:db8::9"
    del remote["ipAddressV4"]
    caller = finding_in(found).caller
    assert caller
    assert caller.address == "2001:db8::9"
