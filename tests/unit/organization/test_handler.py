"""CloudFormation always gets an answer, and one that it can take."""

import json
import logging
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from organization import handler as entry
from organization.answer import NotAnswered, body, send
from organization.aws import Aws
from organization.handler import FOR_THE_ANSWER, answer_to, handler
from organization.patience import Patience
from organization.request import NoRequest, Request
from tests.unit.organization.world import SECURITY, World, without_end

EU = "eu-west-1"
ARABIC = "".join(map(chr, range(0x660, 0x66A))) + "\u0660\u0661"
"""Twelve digits, and no account."""


@dataclass
class Invocation:
    """What Lambda says of an invocation."""

    invoked_function_arn: str = f"arn:aws:lambda:{EU}:111122223333:function:org"
    milliseconds: int = 900_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


def event(**members: Any) -> dict[str, Any]:
    return {
        "RequestType": "Create",
        "ResourceType": "Custom::GuardDutyDelegation",
        "LogicalResourceId": "logical",
        "RequestId": "request",
        "StackId": "stack",
        "ResponseURL": "https://answer.example.com/?Signature=secret",
        "ResourceProperties": {"Region": EU, "Administrator": SECURITY, "RemoveOnDelete": "false"},
        **members,
    }


def ask(world: World, given: Mapping[str, Any]) -> dict[str, Any]:
    return answer_to(Request.from_event(given), world.aws("111122223333"))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """What the handler's own clients lead to."""
    found = World()
    monkeypatch.setenv("AWS_REGION", EU)
    monkeypatch.setattr(entry, "_client", lambda service, region: found.aws("111122223333")._in(service, region))
    return found


def test_a_request_is_done_and_answered(world: World, httpserver: HTTPServer) -> None:
    taken: list[Any] = []

    def take(request: Any) -> Response:
        taken.append((request.method, request.headers.get("Content-Type"), request.get_json(force=True)))
        return Response(status=200)

    httpserver.expect_request("/answer").respond_with_handler(take)
    handler(event(ResponseURL=httpserver.url_for("/answer")), Invocation())
    assert world.guardduty.administrators[EU][0] == SECURITY
    assert taken == [
        (
            "PUT",
            "",
            {
                "Status": "SUCCESS",
                "Reason": "",
                "PhysicalResourceId": "GuardDutyDelegation-eu-west-1",
                "StackId": "stack",
                "RequestId": "request",
                "LogicalResourceId": "logical",
                "Data": {"Administrator": SECURITY, "Changed": "yes"},
            },
        )
    ]


def test_time_is_kept_for_the_answer(world: World, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/answer").respond_with_data("")
    world.faults = without_end("ThrottlingException")
    began = time.monotonic()
    handler(event(ResponseURL=httpserver.url_for("/answer")), Invocation(milliseconds=60_500))
    assert time.monotonic() - began < 5
    ((request, _),) = httpserver.log
    assert request.get_json(force=True)["Status"] == "FAILED"


def test_an_answer_that_is_not_taken_is_sent_again(httpserver: HTTPServer) -> None:
    world = World()
    statuses = iter([500, 503, 200])
    httpserver.expect_request("/answer").respond_with_handler(lambda _: Response(status=next(statuses)))
    send(httpserver.url_for("/answer"), {}, patience=world.aws("1").patience)
    assert len(httpserver.log) == 3


def test_an_address_that_answers_nonsense_is_asked_again() -> None:
    answers = iter([b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"])

    class Odd(StreamRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.wfile.write(next(answers))

    with TCPServer(("127.0.0.1", 0), Odd) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            send(f"http://127.0.0.1:{server.server_address[1]}/", {}, patience=World().aws("1").patience)
        finally:
            server.shutdown()
            thread.join()
    assert not list(answers)


def test_fails_if_the_answer_is_never_taken_and_keeps_the_address_secret(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Lambda then runs the request again, and at last puts it into the dead-letter queue."""
    httpserver.expect_request("/answer").respond_with_data("", status=403)
    with caplog.at_level(logging.DEBUG), pytest.raises(NotAnswered, match=r"HTTP 403.*Lambda repeats") as refused:
        send(httpserver.url_for("/answer?Signature=hush"), {}, patience=World().aws("1").patience)
    assert refused.value.__context__ is None
    assert "hush" not in str(refused.value)
    assert not [
        record for record in caplog.records if record.name.startswith("organization") and "hush" in str(vars(record))
    ]


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_an_address_that_is_silent_is_asked_several_times_and_the_function_ends_by_itself(
    monkeypatch: pytest.MonkeyPatch, chance: float
) -> None:
    """Stopped by Lambda, it would have said in no log what it was waiting for."""
    clock = World()
    asked: list[float] = []

    def silent(_request: object, *, timeout: float) -> object:
        asked.append(clock.now)
        clock.sleep(timeout)
        raise TimeoutError

    monkeypatch.setattr(urllib.request, "urlopen", silent)
    patience = Patience(FOR_THE_ANSWER / 2, clock=lambda: clock.now, sleep=clock.sleep, chance=lambda: chance)
    with pytest.raises(NotAnswered, match=r"after 3 attempts \(TimeoutError\)"):
        send("https://answer.example.com/", {}, patience=patience)
    assert len(asked) == 3
    assert clock.now < FOR_THE_ANSWER


def test_a_mistake_of_ours_is_an_answer_too(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_service: str, _region: str) -> object:
        raise KeyError("surprise")

    aws = Aws(account="1", home=EU, client=broken, patience=Patience(1))
    with caplog.at_level(logging.ERROR):
        answer = answer_to(Request.from_event(event()), aws)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", "GuardDutyDelegation-eu-west-1/not-made")
    assert answer["Reason"] == "KeyError: 'surprise'; this is a mistake in the function: its log has the traceback"
    assert any(record.exc_info for record in caplog.records)


def test_a_reason_of_any_length_fits_the_answer() -> None:
    request = Request.from_event(event())
    given = {**request.answer, "StackId": "x" * 200, "RequestId": "x" * 36, "LogicalResourceId": "x" * 255}
    for text in ("é", "\U0001f984", "\n", "plain"):
        answer = {**body(request, physical_id="x" * 60, reason=text * 10_000), **given}
        assert len(json.dumps(answer).encode()) <= 4096
        assert str(answer["Reason"]).endswith("…")
    assert body(request, physical_id="x", reason="short")["Reason"] == "short"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param(
            {"ResourceType": "Custom::Surprise"},
            "resource type: must be one of Custom::GuardDutyDelegation, Custom::DetectiveDelegation, "
            "Custom::GuardDutyOrganization, Custom::DetectiveOrganization, got 'Custom::Surprise'; template and "
            "function are of two versions: deploy the whole stack again",
            id="unknown-type",
        ),
        pytest.param(
            {"ResourceProperties": {"Region": "Ireland"}},
            "property Region: must be a Region such as eu-west-1, got 'Ireland'; template and function are of two "
            "versions: deploy the whole stack again",
            id="no-region",
        ),
        pytest.param(
            {"ResourceProperties": {"Region": EU, "Administrator": ARABIC}},
            f"property Administrator: must be an account of 12 digits, got {ARABIC!r}; template and function are of "
            "two versions: deploy the whole stack again",
            id="digits-of-another-alphabet",
        ),
    ],
)
def test_fails_in_words_for_what_no_template_of_ours_says(changes: dict[str, Any], says: str) -> None:
    answer = ask(World(), event(**changes))
    assert (answer["Status"], answer["Reason"]) == ("FAILED", says)


@pytest.mark.parametrize(
    ("resource", "given", "says"),
    [
        pytest.param(
            "GuardDutyOrganization", {"Enroll": "some"}, "property Enroll: must be one of all, new, none", id="mode"
        ),
        pytest.param(
            "GuardDutyOrganization",
            {"Enroll": "new", "MemberFeatures": "S3_DATA_EVENTS"},
            "property MemberFeatures: must be a list of names such as S3_DATA_EVENTS, got 'S3_DATA_EVENTS'",
            id="no-list",
        ),
        pytest.param(
            "GuardDutyDelegation",
            {"MalwareProtection": "yes"},
            "property MalwareProtection: must be true or false",
            id="choice",
        ),
    ],
)
def test_fails_in_words_for_a_property_that_cannot_be(resource: str, given: dict[str, Any], says: str) -> None:
    world = World()
    world.guardduty.create_detector(SECURITY, EU)
    world.guardduty.administrators[EU] = (SECURITY, 0)
    answer = world.ask("Create", resource, EU, **given)
    assert answer["Status"] == "FAILED"
    assert str(answer["Reason"]).startswith(says)


def test_a_deletion_asks_only_whether_something_goes() -> None:
    """A stack that cannot be read any more can still be deleted."""
    given = event(
        RequestType="Delete", PhysicalResourceId="anything", ResourceType="Custom::Older", ResourceProperties={}
    )
    answer = ask(World(), given)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "anything")


def test_what_could_not_be_made_for_want_of_a_region_can_be_deleted() -> None:
    given = {"Region": "Ireland", "RemoveOnDelete": "true"}
    failed = ask(World(), event(ResourceProperties=given))
    assert failed["PhysicalResourceId"] == "GuardDutyDelegation/not-made"
    deletion = event(RequestType="Delete", PhysicalResourceId=failed["PhysicalResourceId"], ResourceProperties=given)
    assert ask(World(), deletion)["Status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        (
            {"ResponseURL": None},
            "ResponseURL: missing in the event, which only CloudFormation may send; nothing was done",
        ),
        ({"RequestType": "Look"}, "RequestType: must be one of Create, Update, Delete, got 'Look'"),
        ({"ResourceProperties": []}, "ResourceProperties: missing in the event"),
        ({"RequestType": "Update"}, "PhysicalResourceId: missing in the event"),
    ],
)
def test_fails_for_an_event_of_somebody_else(missing: dict[str, Any], says: str) -> None:
    with pytest.raises(NoRequest) as refused:
        Request.from_event(event(**missing))
    assert str(refused.value).startswith(says)


def test_the_clients_are_those_of_the_region() -> None:
    """An opt-in Region takes credentials at its own endpoint; Organizations has one for the whole partition."""
    for service, region, host in (
        ("guardduty", "af-south-1", "guardduty.af-south-1.amazonaws.com"),
        ("detective", "eu-south-1", "api.detective.eu-south-1.amazonaws.com"),
        ("organizations", "eu-south-1", "organizations.us-east-1.amazonaws.com"),
        ("organizations", "cn-north-1", "organizations.cn-northwest-1.amazonaws.com.cn"),
        ("organizations", "us-gov-east-1", "organizations.us-gov-west-1.amazonaws.com"),
        ("iam", "us-gov-west-1", "iam.us-gov.amazonaws.com"),
    ):
        made: Any = entry._client(service, region)
        assert made.meta.endpoint_url == f"https://{host}"
