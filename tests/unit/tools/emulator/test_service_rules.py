"""The stand-ins take what the notifier sends, and refuse what the real services refuse."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from notifier.briefs import brief_of
from notifier.destinations import pagerduty_event, teams_card, webhook_document
from notifier.destinations.pagerduty import HOSTS as PAGERDUTY_HOSTS
from notifier.destinations.pagerduty import routing_key
from notifier.destinations.slack import webhook as slack_webhook
from notifier.destinations.teams import webhook as teams_webhook
from notifier.destinations.webhook import endpoint
from notifier.items.event import read
from tests.finding_shapes import complete
from tests.findings import event, leaked_lambda_credentials, low_finding
from tests.surroundings import AROUND
from tests.unit.notifier.briefs import brief_in
from tools.emulator.pagerduty_rules import PagerDuty
from tools.emulator.slack_rules import Slack
from tools.emulator.stand_in import Answer, RefusedError, Request, StandIn
from tools.emulator.teams_rules import Teams
from tools.emulator.webhook_rules import Webhook

NOW = 1_795_406_525
BRIEFS = [
    pytest.param(brief_in(leaked_lambda_credentials()), id="leaked"),
    pytest.param(brief_in(low_finding()), id="low"),
    pytest.param(brief_in(event(complete())), id="every-member"),
    pytest.param(brief_of(next(iter(read("no finding at all"))), AROUND), id="poison"),
]


def request(stand_in: StandIn, body: str | bytes, *, path: str, **headers: str) -> Request:
    sent = body if isinstance(body, bytes) else body.encode()
    named = {"host": stand_in.hosts[0], **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Request(method="POST", path=path, headers=named, body=sent)


def to_teams(teams: Teams, body: str) -> tuple[dict[str, object], Answer]:
    return teams.judged(request(teams, body, path=teams_webhook(teams.secret).path))


def to_pagerduty(pagerduty: PagerDuty, body: str) -> tuple[dict[str, object], Answer]:
    return pagerduty.judged(request(pagerduty, body, path="/v2/enqueue"))


def to_webhook(webhook: Webhook, body: str, *, key: str = "", sent: int = NOW, **headers: str) -> Answer:
    signing_key = key.encode() or endpoint(webhook.secret).signing_key
    signed = webhook_document.signature(body.encode(), timestamp=sent, signing_key=signing_key)
    given = {
        "content_type": "application/json",
        "x_detection_timestamp": str(sent),
        "x_detection_signature": signed,
        **headers,
    }
    return webhook.judged(request(webhook, body, path="/findings", **given))[1]


def card(*body: object) -> str:
    content = {"type": "AdaptiveCard", "version": "1.5", "body": list(body)}
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return json.dumps({"type": "message", "attachments": [attachment]})


def trigger(pagerduty: PagerDuty, **changes: Any) -> str:
    payload = {"summary": "leaked", "source": "aws", "severity": "error"} | changes.pop("payload", {})
    return json.dumps(
        {"routing_key": pagerduty.secret, "event_action": "trigger", "dedup_key": "case", "payload": payload} | changes
    )


@pytest.mark.parametrize("brief", BRIEFS)
@pytest.mark.parametrize("form", ["full", "plain"])
def test_what_the_notifier_sends_is_taken(brief: Any, form: str) -> None:
    def made(module: Any, **members: str) -> str:
        maker: Callable[..., str] = module.message if form == "full" else module.plain_message
        return maker(brief, **members)

    teams, pagerduty, webhook = Teams(), PagerDuty(), Webhook(now=lambda: NOW)
    assert to_teams(teams, made(teams_card))[1].status == 202
    taken, answer = to_pagerduty(pagerduty, made(pagerduty_event, routing_key=pagerduty.secret))
    assert (answer.status, json.loads(answer.body)["dedup_key"]) == (202, taken["dedup_key"])
    assert to_webhook(webhook, made(webhook_document)).status == 204


def test_their_secrets_and_names_are_ones_that_the_notifier_accepts() -> None:
    assert slack_webhook(Slack().secret).host in Slack.hosts
    assert teams_webhook(Teams().secret).host in Teams.hosts
    assert routing_key(PagerDuty().secret)
    assert set(PAGERDUTY_HOSTS.values()) == set(PagerDuty.hosts)
    assert endpoint(Webhook().secret, allowed_hosts=Webhook.hosts).address.host in Webhook.hosts


@pytest.mark.parametrize("stand_in", [Slack(), Teams(), PagerDuty(), Webhook()], ids=lambda one: type(one).__name__)
def test_a_replaced_secret_is_another_one(stand_in: StandIn) -> None:
    before = stand_in.secret
    stand_in.replace_secret()
    assert stand_in.secret != before
    assert stand_in.too_many().status == 429


def test_an_archived_finding_resolves_its_alert() -> None:
    pagerduty = PagerDuty()
    pagerduty.take(request(pagerduty, trigger(pagerduty), path="/v2/enqueue"))
    pagerduty.take(request(pagerduty, trigger(pagerduty, event_action="resolve"), path="/v2/enqueue"))
    assert pagerduty.alerts() == {"case": "resolve"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param({"routing_key": "f" * 32}, "not the key of an integration", id="unknown-key"),
        pytest.param({"routing_key": None}, "'routing_key' must be a text", id="no-key"),
        pytest.param({"event_action": "open"}, "must be one of trigger, acknowledge, resolve", id="action"),
        pytest.param({"event_action": "resolve", "dedup_key": None}, "'dedup_key' is missing", id="resolve-what"),
        pytest.param({"dedup_key": "x" * 256}, "1 to 255 characters", id="long-key"),
        pytest.param({"payload": {"summary": " "}}, "'payload.summary' is missing", id="no-summary"),
        pytest.param({"payload": {"summary": "x" * 1025}}, "more than 1024", id="long-summary"),
        pytest.param({"payload": {"severity": "High"}}, "critical, error, warning, info", id="severity"),
        pytest.param({"payload": {"timestamp": "yesterday"}}, "no time in ISO 8601", id="timestamp"),
        pytest.param({"links": [{"text": "without"}]}, "objects with 'href'", id="links"),
        pytest.param({"client": "x" * 512_000}, "at most 512000", id="size"),
    ],
)
def test_fails_on_an_event_that_pagerduty_refuses(changes: dict[str, Any], problem: str) -> None:
    pagerduty = PagerDuty()
    with pytest.raises(RefusedError, match=problem) as refusal:
        to_pagerduty(pagerduty, trigger(pagerduty, **changes))
    assert refusal.value.answer.status == 400
    assert json.loads(refusal.value.answer.body)["status"] == "invalid event"


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        pytest.param("{", 400, "not JSON", id="no-json"),
        pytest.param('{"text": "connectors took this"}', 400, "object of type message", id="retired"),
        pytest.param('{"type": "message", "attachments": []}', 400, "must have attachments", id="empty"),
        pytest.param(card({"type": "Poll"}), 400, r"body\[0\]: unknown type 'Poll'", id="element"),
        pytest.param(card({"type": "RichTextBlock", "inlines": []}), 400, "inlines must hold", id="inlines"),
        pytest.param(card({"type": "TextRun", "text": ""}), 400, "needs text", id="no-text"),
        pytest.param(card({"type": "TextRun", "text": "x"}).replace("1.5", "1.6"), 400, "up to 1.5", id="version"),
        pytest.param(card({"type": "TextRun", "text": '"' * 9000}), 413, "at most 28672", id="size-as-text"),
    ],
)
def test_fails_on_a_card_that_teams_refuses(body: str, status: int, problem: str) -> None:
    with pytest.raises(RefusedError, match=problem) as refusal:
        to_teams(Teams(), body)
    assert refusal.value.answer.status == status
    assert json.loads(refusal.value.answer.body)["error"]["code"].isalpha()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"key": "k" * 32}, 401, id="another-key"),
        pytest.param({"x_detection_signature": "v1=" + "0" * 64}, 401, id="forged"),
        pytest.param({"x_detection_signature": ""}, 401, id="unsigned"),
        pytest.param({"sent": NOW - 301}, 401, id="recorded"),
        pytest.param({"sent": NOW + 301}, 401, id="from-the-future"),
        pytest.param({"x_detection_timestamp": "now"}, 401, id="no-time"),
        pytest.param({"content_type": "text/plain"}, 400, id="no-json"),
    ],
)
def test_fails_on_what_is_not_ours(changes: dict[str, Any], status: int) -> None:
    with pytest.raises(RefusedError) as refusal:
        to_webhook(Webhook(now=lambda: NOW), '{"version": "1"}', **changes)
    assert refusal.value.answer.status == status


def test_fails_on_a_document_of_another_version() -> None:
    with pytest.raises(RefusedError, match="version 1"):
        to_webhook(Webhook(now=lambda: NOW), '{"version": "2"}')


@pytest.mark.parametrize("stand_in", [Teams(), PagerDuty(), Webhook(), Slack()], ids=lambda one: type(one).__name__)
def test_fails_on_another_path(stand_in: StandIn) -> None:
    with pytest.raises(RefusedError) as refusal:
        stand_in.judged(request(stand_in, "{}", path="/elsewhere"))
    assert refusal.value.answer.status == 404
