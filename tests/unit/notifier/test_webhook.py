"""The webhook sender against a real TLS server on loopback."""

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest

from notifier.destinations import webhook_document
from notifier.destinations.base import Refused, RetryLater
from notifier.destinations.webhook import Endpoint, WebhookSender, endpoint
from notifier.https import Address
from tests.findings import leaked_lambda_credentials
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.known_secret import KnownSecret
from tests.unit.notifier.named_host import NamedHost, named_host, replying
from tests.unit.notifier.scripted_host import Reply

KEY = "pLaNtEd-key-0123456789-0123456789"
NOW = 1_795_406_525
BRIEF = brief_in(leaked_lambda_credentials())


def stored(url: str = "https://siem.example.com/in/pLaNtEd", key: object = KEY) -> str:
    return json.dumps({"url": url, "signing_key": key})


@pytest.fixture(name="siem")
def fixture_siem() -> Iterator[NamedHost]:
    with named_host("siem.example.com", replying("204 No Content")) as server:
        yield server


def sender(server: NamedHost, *secrets: str) -> WebhookSender:
    return WebhookSender(
        webhook_secret="soc/siem",
        secret=KnownSecret(*(secrets or (stored(),)), parse=endpoint),
        https=server.https,
        now=lambda: NOW + 0.9,
    )


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content"])
def test_t6_a_document_is_posted_and_signed_and_four_statuses_are_success(siem: NamedHost, status: str) -> None:
    siem.will(replying(status))
    sender(siem).send(BRIEF)
    (request,) = siem.requests
    assert request.path == "/in/pLaNtEd"
    assert json.loads(request.body) == json.loads(webhook_document.message(BRIEF))
    assert request.headers["x-detection-timestamp"] == str(NOW)
    digest = hmac.new(KEY.encode(), f"{NOW}.".encode() + request.body, hashlib.sha256).hexdigest()
    assert request.headers["x-detection-signature"] == f"v1={digest}"


def test_t4_a_document_that_is_refused_goes_out_in_plain_form_signed_again(siem: NamedHost) -> None:
    siem.will(replying("413 Content Too Large"), replying("200 OK"))
    sender(siem).send(BRIEF)
    assert [json.loads(request.body)["form"] for request in siem.requests] == ["full", "plain"]
    assert len({request.headers["x-detection-signature"] for request in siem.requests}) == 2


def test_q12_an_address_and_key_that_were_replaced_are_read_again_once(siem: NamedHost) -> None:
    siem.will(replying("401 Unauthorized"), replying("200 OK"))
    sender(siem, stored(), stored(key="another-key-0123456789-0123456789")).send(BRIEF)
    first, second = siem.requests
    assert first.body == second.body
    assert first.headers["x-detection-signature"] != second.headers["x-detection-signature"]


@pytest.mark.parametrize(
    ("response", "failure", "reason"),
    [
        pytest.param(replying("503 Service Unavailable"), RetryLater, "siem.example.com answered 503$", id="later"),
        pytest.param(replying("410 Gone", b"pLaNtEd"), Refused, "siem.example.com answered 410$", id="gone"),
        pytest.param(replying("422 Unprocessable", b"pLaNtEd"), Refused, "answered 422$", id="both-forms-refused"),
    ],
)
def test_t5_a_failure_at_a_webhook_is_told_without_what_was_answered(
    siem: NamedHost, response: Reply, failure: type[Exception], reason: str
) -> None:
    siem.will(response)
    with pytest.raises(failure, match=reason) as raised:
        sender(siem).send(BRIEF)
    assert "pLaNtEd" not in repr(raised.value)


def test_the_secret_holds_address_and_key() -> None:
    found = endpoint(stored())
    assert found == Endpoint(Address("siem.example.com", "/in/pLaNtEd"), KEY.encode())
    assert "pLaNtEd" not in repr(found)
    assert endpoint(stored(), allowed_hosts=["siem.example.com", "b.example.com"]) == found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("https://siem.example.com/pLaNtEd", "must be JSON with two texts", id="address-alone"),
        pytest.param("", "must be JSON with two texts", id="empty"),
        pytest.param("[" * 100_000, "must be JSON with two texts", id="nested-too-deeply"),
        pytest.param('["pLaNtEd", "x"]', "must be JSON with two texts", id="list"),
        pytest.param('{"url": "https://siem.example.com/pLaNtEd"}', "must be JSON with two texts", id="no-key"),
        pytest.param(stored(key=7), "must be JSON with two texts", id="key-is-a-number"),
        pytest.param(stored(key="pLaNtEd"), "must have a signing_key of 32", id="key-too-short"),
        pytest.param(stored(key="pLaNtEd" * 200), "must have a signing_key of 32", id="key-too-long"),
        pytest.param(stored(key=KEY + "\n"), "must have a signing_key of 32", id="key-with-a-line-end"),
        pytest.param(stored(key=KEY + "\ud800"), "must have a signing_key of 32", id="key-is-no-text"),
        pytest.param(stored("http://siem.example.com/pLaNtEd"), "must begin with https", id="http"),
        pytest.param(stored("https://u:p@siem.example.com/pLaNtEd"), "without user or port", id="user"),
        pytest.param(stored("https://siem.example.com:8443/pLaNtEd"), "without user or port", id="other-port"),
        pytest.param(stored("https://192.0.2.1/pLaNtEd"), "an IP address is none", id="ip-address"),
        pytest.param(stored("https://[fd00:ec2::254]/pLaNtEd"), "an IP address is none", id="ipv6-address"),
        pytest.param(stored("https://0x7f.1/pLaNtEd"), "an IP address is none", id="address-in-disguise"),
        pytest.param(stored("https://localhost/pLaNtEd"), "must name a public host", id="localhost"),
    ],
)
def test_t14_fails_for_a_secret_that_cannot_be_used_without_showing_it(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as raised:
        endpoint(text)
    assert "pLaNtEd" not in repr(raised.value)


@pytest.mark.parametrize("host", ["evil.example", "siem.example.com.evil.example", "x.siem.example.com"])
def test_t14_fails_for_a_host_that_is_not_allowed(host: str) -> None:
    with pytest.raises(ValueError, match=r"must be on siem\.example\.com, without user or port"):
        endpoint(stored(f"https://{host}/pLaNtEd"), allowed_hosts=["siem.example.com"])
