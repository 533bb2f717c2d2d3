"""What is refused as a destination, and in which words."""

import pytest

from tests.unit.config.examples import ConfigFile, spoiled

SLACK = "    kind: slack\n    webhook_secret: detection/slack-webhook\n"
FLOW = "https://prod-1.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=secret"

REFUSED = [
    spoiled(
        "destination-kind-unknown",
        ("kind: sns", "kind: sms"),
        says=(
            "12: destinations[0].kind: must be one of sns, slack, teams, pagerduty, webhook, got 'sms'; did you mean "
            "'sns'?"
        ),
    ),
    spoiled(
        "destination-kind-missing",
        ("    kind: sns\n", ""),
        says="11: destinations[0]: missing key 'kind' (what kind of destination it is)",
    ),
    spoiled(
        "destination-name-twice",
        ("name: security-slack", "name: security-mail"),
        ("to: [security-slack]", "to: [security-mail]"),
        ("catch_all: [security-mail]", "catch_all: [x]"),
        says=(
            "14: destinations[1].name: must be distinct, got 'security-mail', which is already at [0]; keep one of them"
        ),
    ),
    spoiled(
        "destination-without-a-name",
        ("  - name: security-slack\n    kind: slack", "  - kind: slack"),
        says="14: destinations[1]: missing key 'name' (Short name, distinct; routes and catch_all name it)",
    ),
    spoiled(
        "emails-as-text",
        ("[security@anycompany.com]", "security@anycompany.com"),
        says="13: destinations[0].emails: must be a list such as [a, b], got 'security@anycompany.com'",
    ),
    spoiled(
        "email-without-a-domain",
        ("security@anycompany.com", "security@"),
        says=("13: destinations[0].emails[0]: must be an e-mail address such as security@example.com, got 'security@'"),
    ),
    spoiled(
        "webhook-address-in-place-of-the-secret",
        ("webhook_secret: detection/slack-webhook", "webhook_secret: https://hooks.slack.com/services/T0/B0/secret"),
        says=(
            "16: destinations[1].webhook_secret: is the webhook address itself; keep it out of the "
            "configuration: store it in Secrets Manager and give the secret's name"
        ),
    ),
    spoiled(
        "webhook-address-elsewhere",
        ("security@anycompany.com", "https://hooks.slack.com/services/T0/B0/secret"),
        says=(
            "13: destinations[0].emails[0]: must be an e-mail address such as security@example.com, got a "
            "webhook address (not repeated here)"
        ),
    ),
    spoiled(
        "secret-name-with-a-space",
        ("webhook_secret: detection/slack-webhook", "webhook_secret: slack webhook"),
        says=(
            "16: destinations[1].webhook_secret: must be the name of a secret in Secrets Manager such as "
            "detection/slack-webhook, at most 512 letters, digits and /_+=.@-, got 'slack webhook'"
        ),
    ),
    spoiled(
        "secret-name-that-the-watch-cannot-hold",
        ("webhook_secret: detection/slack-webhook", f"webhook_secret: {'slack/' * 75}"),
        says=(
            "16: destinations[1].webhook_secret: must be at most 390 characters with the watch, got 450: its event "
            "pattern holds the name three times; call the secret otherwise, or write watch: {enabled: false}"
        ),
    ),
    spoiled(
        "custom-notifications-to-mailboxes",
        ("    kind: sns\n", "    kind: sns\n    message_format: custom_notification\n"),
        says=(
            "14: destinations[0].emails: must be left out with message_format custom_notification, which is JSON for "
            "a chat program; make a second destination of kind sns for the mails"
        ),
    ),
    spoiled(
        "message-format-unknown",
        ("    kind: sns\n", "    kind: sns\n    message_format: chat\n"),
        says="13: destinations[0].message_format: must be one of text, custom_notification, got 'chat'",
    ),
    spoiled(
        "teams-webhook-in-place-of-the-secret",
        (SLACK, f"    kind: teams\n    webhook_secret: {FLOW}\n"),
        says=(
            "16: destinations[1].webhook_secret: is the webhook address itself; keep it out of the "
            "configuration: store it in Secrets Manager and give the secret's name"
        ),
    ),
    spoiled(
        "teams-webhook-without-its-beginning",
        (SLACK, "    kind: teams\n    webhook_secret: default1.a7.environment.api.powerplatform.com\n"),
        says=(
            "16: destinations[1].webhook_secret: is the webhook address itself; keep it out of the "
            "configuration: store it in Secrets Manager and give the secret's name"
        ),
    ),
    spoiled(
        "teams-webhook-elsewhere",
        ("security@anycompany.com", f'"{FLOW}"'),
        says=(
            "13: destinations[0].emails[0]: must be an e-mail address such as security@example.com, got a "
            "webhook address (not repeated here)"
        ),
    ),
    spoiled(
        "routing-key-in-place-of-the-secret",
        (SLACK, "    kind: pagerduty\n    routing_key_secret: R0123456789ABCDEF0123456789ABCDE\n"),
        says=(
            "16: destinations[1].routing_key_secret: looks like the integration key itself, 32 letters and digits; "
            "keep it out of the configuration: store it in Secrets Manager and give the secret's name"
        ),
    ),
    spoiled(
        "a-pager-alone-in-the-catch-all",
        (SLACK, "    kind: pagerduty\n    routing_key_secret: a\n"),
        ("to: [security-slack]", "to: [security-mail]"),
        ("catch_all: [security-mail]", "catch_all: [security-slack]"),
        says=(
            "21: catch_all: must name a destination beside security-slack: PagerDuty is sent no samples and no notices "
            "about suppression, which would then reach nobody; add one that is read by day"
        ),
    ),
    spoiled(
        "a-pager-alone-for-notices",
        (SLACK, "    kind: pagerduty\n    routing_key_secret: a\n"),
        more="suppression_review:\n  to: [security-slack]\n",
        says=(
            "25: suppression_review.to: must name a destination beside security-slack: PagerDuty is sent no samples "
            "and no notices about suppression, which would then reach nobody; add one that is read by day"
        ),
    ),
    spoiled(
        "service-region-unknown",
        (SLACK, "    kind: pagerduty\n    routing_key_secret: a\n    service_region: apac\n"),
        says="17: destinations[1].service_region: must be one of us, eu, got 'apac'",
    ),
    spoiled(
        "routing-key-secret-key-of-another-region",
        (
            SLACK,
            "    kind: pagerduty\n    routing_key_secret: a\n"
            "    routing_key_secret_key: arn:aws:kms:us-east-1:123456789012:key/1234abcd\n",
        ),
        says=(
            "17: destinations[1].routing_key_secret_key: must be a key of the home Region eu-west-1, where the "
            "secret is, got one of 'us-east-1'"
        ),
    ),
    *(
        spoiled(
            f"allowed-host-{id_}",
            (SLACK, f'    kind: webhook\n    webhook_secret: a\n    allowed_hosts: ["{host}"]\n'),
            says=(
                "17: destinations[1].allowed_hosts[0]: must be the name of a public host in small letters such as "
                f"alerts.example.com, without https://, port or path, got '{host}'"
            ),
        )
        for id_, host in (
            ("address", "192.0.2.1"),
            ("with-port", "alerts.example.com:8443"),
            ("with-scheme", "https://alerts.example.com"),
            ("wildcard", "*.example.com"),
            ("single-label", "localhost"),
            ("hexadecimal", "0x7f.0.0.0x1"),
        )
    ),
    spoiled(
        "secret-key-of-another-region",
        (
            "webhook_secret: detection/slack-webhook",
            "webhook_secret: a\n    webhook_secret_key: arn:aws:kms:us-east-1:123456789012:key/1234abcd",
        ),
        says=(
            "17: destinations[1].webhook_secret_key: must be a key of the home Region eu-west-1, where the "
            "secret is, got one of 'us-east-1'"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "more", "message"), REFUSED)
def test_fails_saying_where_what_and_what_to_do(
    config_file: ConfigFile, changes: tuple[tuple[str, str], ...], more: str, message: str
) -> None:
    assert config_file.refusal(*changes, more=more) == message


@pytest.mark.parametrize(
    ("name", "more"),
    [
        pytest.param("x" * 390, "", id="as-long-as-the-watch-takes"),
        pytest.param("x" * 512, "watch: {enabled: false}\n", id="without-the-watch"),
    ],
)
def test_a_long_name_of_a_secret_is_taken(config_file: ConfigFile, name: str, more: str) -> None:
    spelt = ("webhook_secret: detection/slack-webhook", f"webhook_secret: {name}")
    assert config_file.deployment(spelt, more=more).destinations[1].model_dump()["webhook_secret"] == name
