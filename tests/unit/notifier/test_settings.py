"""A wrong environment is refused in words."""

from ipaddress import ip_network

import pytest

from notifier.destinations.pagerduty import PagerDutySender
from notifier.destinations.slack import SlackSender
from notifier.destinations.sns import SnsSender
from notifier.destinations.teams import TeamsSender
from notifier.destinations.webhook import WebhookSender
from notifier.links import Portal
from notifier.settings import Settings
from shared.egress import EgressRange
from shared.known import Account, Known
from shared.settings import InvalidSettings
from tests.notifier_environment import NOTHING_KNOWN, NOTIFIER

QUEUES = NOTIFIER | {
    "DEAD_LETTER_QUEUE_URL": "http://127.0.0.1:4566/111122223333/dead-letters",
    "LEDGER_TABLE": "sandbox-Response-LedgerTable12345678-ABCDEFGHIJKL",
}
MAIL = QUEUES | {
    "DETECTIVE_REGIONS": "eu-west-1,us-gov-west-1",
    "DESTINATION_NAME": "security-mail",
    "DESTINATION_KIND": "sns",
    "SNS_TOPIC_ARN": "arn:aws:sns:eu-west-1:111122223333:security-mail",
    "SNS_MESSAGE_FORMAT": "text",
}
SLACK = QUEUES | {
    "DETECTIVE_REGIONS": "",
    "DESTINATION_NAME": "security-slack",
    "DESTINATION_KIND": "slack",
    "SLACK_WEBHOOK_SECRET": "detection/slack-webhook",
}
TEAMS = MAIL | {"DESTINATION_KIND": "teams", "TEAMS_WEBHOOK_SECRET": "soc/teams"}
PAGER = MAIL | {
    "DESTINATION_KIND": "pagerduty",
    "PAGERDUTY_ROUTING_KEY_SECRET": "soc/pagerduty",
    "PAGERDUTY_SERVICE_REGION": "eu",
}
SIEM = MAIL | {"DESTINATION_KIND": "webhook", "WEBHOOK_SECRET": "soc/siem", "WEBHOOK_ALLOWED_HOSTS": ""}


def test_settings_hold_what_the_template_says() -> None:
    settings = Settings.from_environment(SLACK | {"PATH": "/usr/bin"}, known=NOTHING_KNOWN)
    assert (settings.around.deployment, settings.destination_name) == ("sandbox", "security-slack")


def test_what_is_known_beside_a_message_goes_into_every_brief() -> None:
    known = Known(
        accounts={"111122223333": Account("payments-prod", "payments-team")},
        egress=(EgressRange(name="dc", owner="network-ops", networks=(ip_network("198.51.100.0/28"),)),),
    )
    around = Settings.from_environment(MAIL, known=known).around
    assert (around.accounts, around.egress) == (known.accounts, known.egress)


def test_regions_with_detective_are_a_list() -> None:
    assert Settings.from_environment(MAIL, known=NOTHING_KNOWN).around.detective == {"eu-west-1", "us-gov-west-1"}
    assert Settings.from_environment(SLACK, known=NOTHING_KNOWN).around.detective == frozenset()


def test_each_kind_gets_its_sender() -> None:
    assert isinstance(Settings.from_environment(MAIL, known=NOTHING_KNOWN).sender(), SnsSender)
    assert isinstance(Settings.from_environment(SLACK, known=NOTHING_KNOWN).sender(), SlackSender)
    assert isinstance(Settings.from_environment(TEAMS, known=NOTHING_KNOWN).sender(), TeamsSender)
    assert isinstance(Settings.from_environment(PAGER, known=NOTHING_KNOWN).sender(), PagerDutySender)
    assert isinstance(Settings.from_environment(SIEM, known=NOTHING_KNOWN).sender(), WebhookSender)


@pytest.mark.parametrize("hosts", ["", "siem.example.com", "siem.example.com,siem-2.example.net"])
def test_a_webhook_has_any_number_of_allowed_hosts(hosts: str) -> None:
    settings = Settings.from_environment(SIEM | {"WEBHOOK_ALLOWED_HOSTS": hosts}, known=NOTHING_KNOWN)
    assert isinstance(settings.sender(), WebhookSender)
    assert settings.values["WEBHOOK_ALLOWED_HOSTS"] == hosts


@pytest.mark.parametrize(
    ("environment", "change", "message"),
    [
        pytest.param(MAIL, {"DEPLOYMENT": None}, "variable DEPLOYMENT: is not set; must be", id="no-deployment"),
        pytest.param(MAIL, {"DEPLOYMENT": "9"}, "variable DEPLOYMENT: got '9'; must be", id="wrong-deployment"),
        pytest.param(MAIL, {"QUEUE_URL": None}, "variable QUEUE_URL: is not set; must be the URL of", id="no-queue"),
        pytest.param(MAIL, {"DEAD_LETTER_QUEUE_URL": "dead"}, "DEAD_LETTER_QUEUE_URL: got 'dead'; must", id="dead"),
        pytest.param(
            MAIL, {"LEDGER_TABLE": None}, "LEDGER_TABLE: is not set; must be the name of a Dyn", id="no-table"
        ),
        pytest.param(MAIL, {"LEDGER_TABLE": "a b"}, "LEDGER_TABLE: got 'a b'; must be the name of a Dyn", id="table"),
        pytest.param(
            MAIL, {"NOTIFY_AGAIN_AFTER_HOURS": "0"}, "HOURS: got '0'; must be a whole number from", id="hours"
        ),
        pytest.param(MAIL, {"MESSAGES_PER_MINUTE": "a lot"}, "MINUTE: got 'a lot'; must be a whole", id="rate"),
        pytest.param(MAIL, {"DESTINATION_NAME": ""}, "variable DESTINATION_NAME: got ''", id="empty-name"),
        pytest.param(
            MAIL, {"DESTINATION_KIND": "smtp"}, "KIND: got 'smtp'; must be one of pagerduty, slack, sns", id="kind"
        ),
        pytest.param(MAIL, {"DESTINATION_KIND": None}, "DESTINATION_KIND: is not set", id="no-kind"),
        pytest.param(MAIL, {"SNS_TOPIC_ARN": None}, "SNS_TOPIC_ARN: is not set; must be the ARN", id="no-topic"),
        pytest.param(MAIL, {"SNS_TOPIC_ARN": "arn:x"}, "SNS_TOPIC_ARN: got 'arn:x'; must be the ARN", id="topic"),
        pytest.param(MAIL, {"SNS_TOPIC_ARN": f"{MAIL['SNS_TOPIC_ARN']}\n"}, "SNS_TOPIC_ARN: got", id="line-end"),
        pytest.param(
            MAIL, {"SNS_MESSAGE_FORMAT": "chat"}, "got 'chat'; must be text or custom_notification", id="format"
        ),
        pytest.param(TEAMS, {"TEAMS_WEBHOOK_SECRET": None}, "TEAMS_WEBHOOK_SECRET: is not set", id="teams-secret"),
        pytest.param(PAGER, {"PAGERDUTY_ROUTING_KEY_SECRET": ""}, "ROUTING_KEY_SECRET: got ''", id="pager-secret"),
        pytest.param(
            PAGER, {"PAGERDUTY_SERVICE_REGION": "apac"}, "got 'apac'; must be one of us, eu", id="pager-region"
        ),
        pytest.param(SIEM, {"WEBHOOK_SECRET": "a b"}, "WEBHOOK_SECRET: got 'a b'; must be the name", id="siem-secret"),
        pytest.param(SIEM, {"WEBHOOK_ALLOWED_HOSTS": "a,b"}, "got 'a,b'; must be host names", id="siem-hosts"),
        pytest.param(SIEM, {"WEBHOOK_ALLOWED_HOSTS": "a.example,"}, "got 'a.example,'; must be", id="siem-hosts-end"),
        pytest.param(SIEM, {"WEBHOOK_ALLOWED_HOSTS": None}, "ALLOWED_HOSTS: is not set", id="siem-hosts-unset"),
        pytest.param(SLACK, {"SLACK_WEBHOOK_SECRET": "a b"}, "SECRET: got 'a b'; must be the name", id="secret"),
    ],
)
def test_fails_naming_the_variable_its_value_and_what_is_allowed(
    environment: dict[str, str], change: dict[str, str | None], message: str
) -> None:
    given = {name: value for name, value in (environment | change).items() if value is not None}
    with pytest.raises(InvalidSettings, match=message):
        Settings.from_environment(given, known=NOTHING_KNOWN)


def test_the_portal_is_read() -> None:
    portal = {"PORTAL_URL": "https://example.awsapps.com/start", "PORTAL_ROLE": "SecurityAudit"}
    settings = Settings.from_environment(MAIL | portal, known=NOTHING_KNOWN)
    assert settings.around.portal == Portal("https://example.awsapps.com/start", "SecurityAudit")
    assert Settings.from_environment(MAIL, known=NOTHING_KNOWN).around.portal is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"PORTAL_URL": "https://evil.example/start", "PORTAL_ROLE": "x"},
        {"PORTAL_URL": "https://example.awsapps.com/start"},
    ],
)
def test_a_wrong_portal_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidSettings, match=r"PORTAL_URL|PORTAL_ROLE"):
        Settings.from_environment(MAIL | wrong, known=NOTHING_KNOWN)
