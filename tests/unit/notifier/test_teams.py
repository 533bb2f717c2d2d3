"""The Teams sender against a real TLS server on loopback."""

import json
from collections.abc import Iterator

import pytest

from notifier.destinations import teams_card
from notifier.destinations.base import Refused, RetryLater
from notifier.destinations.teams import TeamsSender, webhook
from tests.findings import leaked_lambda_credentials
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.known_secret import KnownSecret
from tests.unit.notifier.named_host import NamedHost, named_host, replying
from tests.unit.notifier.scripted_host import Reply, reset

HOST = "default1.a7.environment.api.powerplatform.com"
PLANTED = "/powerautomate/automations/direct/workflows/1/triggers/manual/paths/invoke?api-version=1&sig=pLaNtEdSeCrEt"
WEBHOOK = f"https://{HOST}:443{PLANTED}"
BRIEF = brief_in(leaked_lambda_credentials())


@pytest.fixture(name="teams")
def fixture_teams() -> Iterator[NamedHost]:
    with named_host(HOST, replying("202 Accepted")) as server:
        yield server


def sender(server: NamedHost, *stored: str) -> TeamsSender:
    secret = KnownSecret(*(stored or (WEBHOOK,)), parse=webhook)
    return TeamsSender(webhook_secret="soc/teams", secret=secret, https=server.https)


@pytest.mark.parametrize("status", ["202 Accepted", "200 OK"])
def test_t6_teams_has_the_card_when_it_says_200_or_202(teams: NamedHost, status: str) -> None:
    teams.will(replying(status))
    sender(teams).send(BRIEF)
    (request,) = teams.requests
    assert request.path == PLANTED
    assert request.headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(request.body) == json.loads(teams_card.message(BRIEF))


@pytest.mark.parametrize("status", ["400 Bad Request", "413 Request Entity Too Large"])
def test_t4_a_card_that_teams_refuses_goes_out_as_plain_text(teams: NamedHost, status: str) -> None:
    teams.will(replying(status), replying("202 Accepted"))
    sender(teams).send(BRIEF)
    assert [json.loads(request.body) for request in teams.requests] == [
        json.loads(teams_card.message(BRIEF)),
        json.loads(teams_card.plain_message(BRIEF)),
    ]


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "404 Not Found"])
def test_q12_a_workflow_that_was_replaced_is_read_again_once(teams: NamedHost, status: str) -> None:
    teams.will(replying(status), replying("202 Accepted"))
    sender(teams, WEBHOOK, WEBHOOK.replace("/1/", "/2/")).send(BRIEF)
    assert [request.path for request in teams.requests] == [PLANTED, PLANTED.replace("/1/", "/2/")]


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        pytest.param(replying("429 Too Many Requests", headers="Retry-After: 3\r\n"), "429", id="rate-limited"),
        pytest.param(replying("502 Bad Gateway", b"<html>"), "502", id="bad-gateway"),
        pytest.param(reset(), "could not be reached", id="hangs-up"),
    ],
)
def test_t3_trouble_at_teams_is_for_later(teams: NamedHost, response: Reply, reason: str) -> None:
    teams.will(response)
    with pytest.raises(RetryLater, match=reason) as raised:
        sender(teams).send(BRIEF)
    assert raised.value.after == (3.0 if reason == "429" else None)
    assert "pLaNtEd" not in repr(raised.value)


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        pytest.param(
            replying("404 Not Found", b'{"error": {"code": "WorkflowNotFound", "message": "sig=pLaNtEdSeCrEt"}}'),
            "Teams answered 404 WorkflowNotFound$",
            id="flow-is-gone",
        ),
        pytest.param(replying("401 Unauthorized", b"sig=pLaNtEdSeCrEt"), "Teams answered 401$", id="signature-refused"),
        pytest.param(replying("403 Forbidden", b'{"error": {"code": "<b>"}}'), "answered 403$", id="code-is-no-code"),
        pytest.param(replying("400 Bad Request", b'{"error": "x"}'), "answered 400$", id="plain-text-refused-too"),
        pytest.param(
            replying("302 Found", headers="Location: https://evil.example/\r\n"),
            "redirects are not followed",
            id="redirect",
        ),
    ],
)
def test_t5_what_teams_refuses_for_good_is_told_without_the_address(
    teams: NamedHost, response: Reply, reason: str
) -> None:
    teams.will(response)
    with pytest.raises(Refused, match=reason) as raised:
        sender(teams).send(BRIEF)
    assert "pLaNtEd" not in repr(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(WEBHOOK, id="power-platform"),
        pytest.param(WEBHOOK.replace(":443", ""), id="without-port"),
        pytest.param(WEBHOOK.replace(".com", ".us"), id="us-government"),
        pytest.param("https://prod-1.westeurope.logic.azure.com:443/workflows/1/triggers/manual", id="logic-apps"),
        pytest.param("https://prod-1.usgovtexas.logic.azure.us/workflows/1/triggers/manual", id="logic-apps-us"),
        pytest.param("https://prod-1.chinaeast.logic.azure.cn/workflows/1/triggers/manual", id="logic-apps-cn"),
    ],
)
def test_the_hosts_of_workflows_are_accepted(url: str) -> None:
    assert "pLaNtEd" not in repr(webhook(url))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param(
            "https://tenant.webhook.office.com/webhookb2/pLaNtEd", "connectors .* are retired", id="connector"
        ),
        pytest.param("https://evil.example/workflows/pLaNtEd", "must be the address of a Workflows", id="other-host"),
        pytest.param("https://logic.azure.com/workflows/pLaNtEd", "must be the address of a", id="suffix-alone"),
        pytest.param("https://evillogic.azure.com/workflows/pLaNtEd", "must be the address of a", id="no-dot"),
        pytest.param("https://x.logic.azure.com.evil.example/workflows/pLaNtEd", "must be the", id="host-with-a-tail"),
        pytest.param("https://x.logic.azure.com@evil.example/workflows/pLaNtEd", "without user", id="host-as-user"),
        pytest.param("https://x.logic.azure.com:8443/workflows/pLaNtEd", "without user or port", id="other-port"),
        pytest.param("http://x.logic.azure.com/workflows/pLaNtEd", "must begin with https", id="http"),
        pytest.param("https://x.logic.azure.com/pLaNtEd", "is not the whole address", id="cut"),
        pytest.param("https://169.254.169.254/workflows/pLaNtEd", "an IP address is none", id="metadata-address"),
        pytest.param('{"url": "pLaNtEd"}', "is not a URL", id="json"),
    ],
)
def test_t14_fails_for_an_address_that_is_no_workflow_s_without_showing_it(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as raised:
        webhook(url)
    assert "pLaNtEd" not in repr(raised.value)
