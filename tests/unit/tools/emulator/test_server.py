"""The emulator's process names what it cannot find, and its doors open for whom they should."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from types import SimpleNamespace
from typing import Any

import pytest

from tools.emulator import borrowed, mended, server
from tools.emulator.account_region import AccountRegion
from tools.emulator.borrowed import Ministack
from tools.emulator.detective import Detective
from tools.emulator.gateway import Gateway
from tools.emulator.guardduty import GuardDuty
from tools.emulator.organizations import Organizations
from tools.emulator.queues import Queues

ACCOUNT = "123456789012"
TOKEN = "known-to-the-harness"
SIGNED = "AWS4-HMAC-SHA256 Credential={key}/20261123/eu-west-1/{service}/aws4_request, SignedHeaders=host, Signature=x"
EVENT = {"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": {"type": "A"}}


class FakeMinistack:
    """What the gateway and the forwarding take from ministack, and what they did with it."""

    def __init__(self) -> None:
        self.account, self.region = ACCOUNT, "us-east-1"
        self.served: list[dict[str, str]] = []
        self.put: list[tuple[str, str, dict[str, Any]]] = []
        self.dispatched: list[tuple[str, dict[str, Any]]] = []
        self.archived: list[tuple[str, dict[str, Any]]] = []
        self.sizes: list[int] = []
        self.same_region = 0
        self.objects: dict[tuple[str, str, str], bytes] = {}
        self.sessions: dict[str, str] = {}
        self.roles: set[str] = set()
        self.queues: dict[tuple[str, str, str], dict[str, Any]] = {}

    async def application(self, scope: Any, _receive: Any, send: Any) -> None:
        self.served.append({name.decode(): value.decode() for name, value in scope["headers"]})
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"from ministack"})

    @contextmanager
    def request_scope(self, account: str, region: str) -> Iterator[None]:
        before = self.account, self.region
        self.account, self.region = account, region
        yield
        self.account, self.region = before

    def put_events(self, request: dict[str, Any], *, allow_aws_source: bool) -> tuple[int, dict[str, str], bytes]:
        assert allow_aws_source
        self.put.append((self.account, self.region, request["Entries"][0]))
        self.sizes.append(len(request["Entries"]))
        return 200, {}, json.dumps({"Entries": [{"EventId": "e-1"}] * len(request["Entries"])}).encode()

    def same_region_dispatch(self, *_arguments: object) -> None:
        self.same_region += 1

    def borrowed(self) -> Ministack:
        def unused(*_arguments: object) -> Any:
            raise AssertionError("not needed here")

        return Ministack(
            application=self.application,
            request_scope=self.request_scope,
            get_account_id=lambda: self.account,
            get_region=lambda: self.region,
            resource_handlers={},
            put_events=self.put_events,
            event_bus_names={"findings"},
            dispatch_event=lambda event: self.dispatched.append((self.region, event)),
            archive_event=lambda event: self.archived.append((self.region, event)),
            dispatch_to_event_bus=self.same_region_dispatch,
            create_archive=unused,
            update_archive=unused,
            delete_archive=unused,
            object_content=lambda bucket, key: self.objects.get((self.account, bucket, key)),
            account_of_session=self.sessions.get,
            roles=self.roles,
            role_actions={},
            role_error=unused,
            queue_actions={},
            queues=Queues(
                by_arn=lambda arn: self.queues.get((self.account, self.region, arn)),
                lock=Lock(),
                wake=lambda: None,
                error=lambda *_: KeyError(),
            ),
        )


@pytest.fixture
def ministack() -> FakeMinistack:
    return FakeMinistack()


def ask(
    ministack: FakeMinistack,
    path: str,
    *,
    guardduty: GuardDuty | None = None,
    detective: Detective | None = None,
    organizations: Organizations | None = None,
    body: object = None,
    **headers: str,
) -> tuple[int, Any]:
    """Send one request through a gateway of its own."""
    gateway = Gateway(
        ministack=ministack.borrowed(),
        guardduty=guardduty or GuardDuty(),
        detective=detective or Detective(),
        organizations=organizations or Organizations(),
        default_account=ACCOUNT,
        token=TOKEN,
    )
    return through(gateway, path, body=body, **headers)


def through(gateway: Gateway, path: str, *, body: object = None, **headers: str) -> tuple[int, Any]:
    """Send one request through a gateway that stays."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(gateway(scope, receive, send))
    answer = sent[1]["body"]
    return sent[0]["status"], answer if answer == b"from ministack" else json.loads(answer)


def test_guardduty_is_answered_here_for_the_account_and_region_of_the_signature(ministack: FakeMinistack) -> None:
    guardduty = GuardDuty()
    ours = guardduty.create_detector(AccountRegion(ACCOUNT, "eu-west-1"), {"Enable": True})
    guardduty.create_detector(AccountRegion("210987654321", "eu-west-1"), {"Enable": True})
    signed = SIGNED.format(key=ACCOUNT, service="guardduty")
    assert ask(ministack, "/detector", guardduty=guardduty, authorization=signed) == (200, {"detectorIds": [ours]})
    other_key = SIGNED.format(key="ASIAIOSFODNN7EXAMPLE", service="guardduty")
    assert ask(ministack, "/detector", guardduty=guardduty, authorization=other_key) == (200, {"detectorIds": [ours]})
    assert ministack.served == []


def test_detective_lists_the_graph_of_the_region(ministack: FakeMinistack) -> None:
    detective = Detective()
    signed = SIGNED.format(key=ACCOUNT, service="detective")
    assert ask(ministack, "/graphs/list", detective=detective, authorization=signed) == (200, {"GraphList": []})
    arn = detective.create_graph(AccountRegion(ACCOUNT, "eu-west-1"))
    found = ask(ministack, "/graphs/list", detective=detective, authorization=signed)
    assert found == (200, {"GraphList": [{"Arn": arn}]})
    assert ask(ministack, "/investigations", authorization=signed)[0] == 501


def test_a_refusal_of_detective_has_its_name(ministack: FakeMinistack) -> None:
    signed = SIGNED.format(key=ACCOUNT, service="detective")
    status, document = ask(ministack, "/graph/removal", body={"GraphArn": "arn:none"}, authorization=signed)
    assert (status, document["__type"]) == (400, "ValidationException")


def test_organizations_is_answered_here_for_the_account_of_a_role(ministack: FakeMinistack) -> None:
    ministack.sessions["ASIAIOSFODNN7EXAMPLE"] = "210987654321"
    organizations = Organizations()
    organizations.found(management="210987654321", accounts={"210987654321": "management"})

    def described(key: str) -> tuple[int, Any]:
        return ask(
            ministack,
            "/",
            organizations=organizations,
            body={},
            authorization=SIGNED.format(key=key, service="organizations"),
            x_amz_target="AWSOrganizationsV20161128.DescribeOrganization",
        )

    status, document = described("ASIAIOSFODNN7EXAMPLE")
    assert (status, document["Organization"]["MasterAccountId"]) == (200, "210987654321")
    status, document = described(ACCOUNT)
    assert (status, document["__type"]) == (400, "AWSOrganizationsNotInUseException")


def test_the_harness_founds_an_organization(ministack: FakeMinistack) -> None:
    organizations = Organizations()
    request = {"management": ACCOUNT, "accounts": {ACCOUNT: "management"}}
    founded = ask(
        ministack, "/_emulator/found-organization", organizations=organizations, body=request, x_emulator_token=TOKEN
    )
    assert founded == (200, {})
    assert organizations.of(ACCOUNT).management == ACCOUNT


def test_a_role_is_looked_for_in_its_own_account(ministack: FakeMinistack) -> None:
    ministack.roles.add("AWSServiceRoleForAmazonGuardDuty")
    assert ministack.borrowed().has_role(ACCOUNT, "AWSServiceRoleForAmazonGuardDuty")
    assert not ministack.borrowed().has_role(ACCOUNT, "another")
    assert ministack.account == ACCOUNT


def test_everything_else_is_ministack_and_counts_as_tls(ministack: FakeMinistack) -> None:
    signed = SIGNED.format(key=ACCOUNT, service="sqs")
    assert ask(ministack, "/", authorization=signed) == (200, b"from ministack")
    assert ministack.served[0]["x-forwarded-proto"] == "https"


def test_the_harness_publishes_as_an_aws_service(ministack: FakeMinistack) -> None:
    request = {"account": ACCOUNT, "region": "eu-west-1", "events": [EVENT]}
    status, document = ask(ministack, "/_emulator/emit", body=request, x_emulator_token=TOKEN)
    assert (status, document) == (200, {"Entries": [{"EventId": "e-1"}]})
    ((account, region, entry),) = ministack.put
    assert (account, region) == (ACCOUNT, "eu-west-1")
    assert (entry["Source"], entry["DetailType"]) == ("aws.guardduty", "GuardDuty Finding")
    assert json.loads(entry["Detail"]) == {"type": "A"}


@pytest.mark.parametrize("token", ["", "guessed"], ids=["without", "wrong"])
@pytest.mark.parametrize(
    "door", ["emit", "enforce-iam", "ready", "waits", "bring-now", "throttle", "found-organization"]
)
def test_fails_to_open_the_harness_door_without_its_token(ministack: FakeMinistack, door: str, token: str) -> None:
    status, document = ask(ministack, f"/_emulator/{door}", body={}, x_emulator_token=token)
    assert (status, document["message"]) == (403, "for the process that started this emulator only")
    assert ministack.put == []


def test_many_events_are_put_ten_at_a_time(ministack: FakeMinistack) -> None:
    request = {"account": ACCOUNT, "region": "eu-west-1", "events": [EVENT] * 23}
    status, document = ask(ministack, "/_emulator/emit", body=request, x_emulator_token=TOKEN)
    assert (status, len(document["Entries"])) == (200, 23)
    assert ministack.sizes == [10, 10, 3]


def test_the_harness_sees_how_long_messages_wait_and_lets_the_time_pass(ministack: FakeMinistack) -> None:
    arn = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:findings"
    ministack.queues[ACCOUNT, "eu-west-1", arn] = {"messages": [{"visible_at": time.time() + 60}]}
    request = {"account": ACCOUNT, "queue": arn}
    status, document = ask(ministack, "/_emulator/waits", body=request, x_emulator_token=TOKEN)
    assert (status, round(document["seconds"][0])) == (200, 60)
    assert ask(ministack, "/_emulator/bring-now", body=request, x_emulator_token=TOKEN) == (200, {})
    assert ask(ministack, "/_emulator/waits", body=request, x_emulator_token=TOKEN) == (200, {"seconds": [0.0]})


def test_a_service_can_be_throttled_for_everybody_who_signs_for_it() -> None:
    gateway = Gateway(
        ministack=FakeMinistack().borrowed(),
        guardduty=GuardDuty(),
        detective=Detective(),
        organizations=Organizations(),
        default_account=ACCOUNT,
        token=TOKEN,
    )
    token = {"x_emulator_token": TOKEN}

    def status(service: str) -> tuple[int, Any]:
        return through(gateway, "/", authorization=SIGNED.format(key=ACCOUNT, service=service))

    assert through(gateway, "/_emulator/throttle", body={"services": ["dynamodb"]}, **token) == (200, {})
    assert status("dynamodb") == (400, {"__type": "ThrottlingException", "message": "Rate exceeded"})
    assert status("sqs") == (200, b"from ministack")
    assert through(gateway, "/_emulator/throttle", body={"services": []}, **token) == (200, {})
    assert status("dynamodb") == (200, b"from ministack")


def test_fails_on_an_unknown_door(ministack: FakeMinistack) -> None:
    assert ask(ministack, "/_emulator/other", x_emulator_token=TOKEN)[0] == 404


@pytest.fixture
def dispatch(ministack: FakeMinistack, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The forwarding as it is put in place of ministack's."""
    eventbridge = SimpleNamespace()
    monkeypatch.setattr(mended, "import_module", lambda _name: eventbridge)
    mended.deliver_across_regions(ministack.borrowed())
    return eventbridge._dispatch_to_event_bus


def target(region: str, bus: str = "findings", account: str = ACCOUNT) -> SimpleNamespace:
    return SimpleNamespace(account_id=account, region=region, resource=f"event-bus/{bus}")


def test_an_event_reaches_a_bus_elsewhere_and_keeps_its_own_region(ministack: FakeMinistack, dispatch: Any) -> None:
    dispatch(target("eu-west-1"), {"EventId": "e-1", "Region": "us-east-1", "Detail": "{}"}, {}, set())
    ((region, forwarded),) = ministack.dispatched
    assert region == "eu-west-1"
    assert forwarded == {"EventId": "e-1", "Region": "us-east-1", "Detail": "{}", "EventBusName": "findings"}
    assert ministack.archived == ministack.dispatched


def test_an_event_from_elsewhere_makes_no_second_hop(ministack: FakeMinistack, dispatch: Any) -> None:
    dispatch(target("eu-west-1"), {"EventId": "e-1", "Region": "ap-southeast-2"}, {}, set())
    assert ministack.dispatched == []


def test_a_bus_that_does_not_exist_gets_nothing(ministack: FakeMinistack, dispatch: Any) -> None:
    dispatch(target("eu-west-1", bus="other"), {"EventId": "e-1", "Region": "us-east-1"}, {}, set())
    assert ministack.dispatched == []


def test_the_same_region_and_other_accounts_are_left_to_ministack(ministack: FakeMinistack, dispatch: Any) -> None:
    dispatch(target("us-east-1"), {"EventId": "e-1"}, {}, set())
    dispatch(target("eu-west-1", account="210987654321"), {"EventId": "e-1"}, {}, set())
    assert ministack.same_region == 2
    assert ministack.dispatched == []


@pytest.mark.parametrize("name", ["json.moved_away", "no_such_module.name"])
def test_fails_by_name_when_something_of_ministack_has_moved(capsys: pytest.CaptureFixture[str], name: str) -> None:
    module, _, attribute = name.partition(".")
    with pytest.raises(SystemExit, match="2"):
        borrowed.borrow(module, attribute)
    said = capsys.readouterr().err
    assert f"{name} is not there" in said
    assert "written for ministack 1.5.33" in said
    assert "tools/emulator/borrowed.py and mended.py" in said


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"BIND_HOST": "", "GATEWAY_PORT": "1", "EMULATOR_TOKEN": "x"}, id="every-interface"),
        pytest.param({"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": "1"}, id="no-token"),
        pytest.param({}, id="by-hand"),
    ],
)
def test_fails_to_start_other_than_on_loopback_for_its_harness(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match="2"):
        server.main()
    assert "it serves loopback only" in capsys.readouterr().err


def test_an_object_is_read_as_its_own_account_from_the_store(ministack: FakeMinistack) -> None:
    ministack.objects["210987654321", "assets", "list.txt"] = b"8.8.8.8\n"
    borrowed = ministack.borrowed()
    assert borrowed.read_object("210987654321", "assets", "list.txt") == b"8.8.8.8\n"
    assert borrowed.read_object(ACCOUNT, "assets", "list.txt") is None
    assert (ministack.account, ministack.region) == (ACCOUNT, "us-east-1")


@pytest.mark.parametrize(
    ("call", "keys"),
    [
        ({"TableName": "t", "Key": {"Key": {"S": "mail/case/x"}}}, ["mail/case/x"]),
        ({"TableName": "t", "Item": {"Key": {"S": "mail/case/x"}, "State": {"S": "{}"}}}, ["mail/case/x"]),
    ],
)
def test_a_policy_can_limit_a_role_to_items_by_their_key(call: dict[str, Any], keys: list[str]) -> None:
    assert mended.leading_keys(json.dumps(call).encode()) == {"dynamodb:LeadingKeys": keys}


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        (
            {"Entries": [{"Source": "a", "DetailType": "x"}, {"Source": "b"}]},
            {"events:source": ["a", "b"], "events:detail-type": ["x"]},
        ),
        ({"Entries": []}, {}),
        ({"Entries": [1]}, {}),
        ([], {}),
    ],
)
def test_a_policy_can_limit_a_role_to_events_by_what_they_are(body: object, keys: dict[str, list[str]]) -> None:
    assert mended.sources_of_events(json.dumps(body).encode()) == keys


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"TableName": "t"}', b'{"Key": {"Other": {"S": "x"}}}'])
def test_a_call_that_names_no_item_has_no_leading_key(body: bytes) -> None:
    assert mended.leading_keys(body) == {}
