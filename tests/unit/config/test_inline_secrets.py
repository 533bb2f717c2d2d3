"""A secret in the file is refused wherever it stands, and never repeated."""

import pytest

from infra.config import ConfigurationError
from tests.unit.config.examples import ConfigFile

SLACK_NAME = "webhook_secret: detection/slack-webhook"
REASON = "reason: Frankfurt data centre, NAT pool A"
SECRET = "pLaNtEdSeCrEtVaLuE0123"
TOKEN = f"xoxb-1234567890-{SECRET}"
TAIL = f"T0123ABCD/B0123ABCD/{SECRET}"


def said(config_file: ConfigFile, *changes: tuple[str, str], more: str = "") -> str:
    with pytest.raises(ConfigurationError) as raised:
        config_file.load(*changes, more=more)
    text = str(raised.value)
    assert SECRET not in text
    return text


@pytest.mark.parametrize("given", [TOKEN, TAIL, f"services/{TAIL}", "0123456789abcdef" * 4])
def test_what_is_in_a_secret_is_refused_in_place_of_its_name(config_file: ConfigFile, given: str) -> None:
    text = said(config_file, (SLACK_NAME, f"webhook_secret: {given}"))
    assert text.startswith(
        "stack.yaml:16: destinations[1].webhook_secret: looks like the secret itself and not like its"
    )
    assert text.count("stack.yaml:") == 1, "once is enough"


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (f"https://hooks.slack.com/services/{TAIL}", "webhook's address"),
        (f"https://prod-1.westeurope.logic.azure.com/workflows/1/triggers?a=1&sig={SECRET}", "webhook's address"),
        (f"told by {TOKEN}", "token"),
        (f"github_pat_{SECRET}", "token"),
        (f"see {TAIL} for it", "token"),
        (f"ghp_{SECRET}0123456789", "token"),
    ],
)
def test_a_secret_in_running_text_is_refused_too(config_file: ConfigFile, given: str, what: str) -> None:
    assert f"stack.yaml:8: egress[0].reason: holds a {what} (not repeated here), and everybody who reads" in said(
        config_file, (REASON, f'reason: "{given}"')
    )
    assert "stack.yaml:24: tags.note: " in said(config_file, more=f'tags: {{note: "{given}"}}\n')


@pytest.mark.parametrize("given", [TOKEN, f"https://hooks.slack.com/services/{TAIL}"])
@pytest.mark.parametrize("place", ["tags", "accounts", "region_overrides"])
def test_a_secret_in_place_of_a_key_is_refused_and_not_repeated_either(
    config_file: ConfigFile, place: str, given: str
) -> None:
    text = said(config_file, more=f'{place}: {{"{given}": x}}\n')
    what = "token" if given == TOKEN else "webhook address"
    assert f"stack.yaml:24: {place}.a {what} (not repeated here)" in text
    assert ("holds a" in text) == (place == "tags"), "a key that would be taken is refused for what it is"


@pytest.mark.parametrize(
    "text",
    [
        "Proxy that posts to hooks.slack.com for the build farm",
        "https://wiki.example.com/page?x=1&sig=abc",
        "NAT of prod-12.westeurope.logic.azure.com",
    ],
)
def test_what_only_speaks_of_a_service_is_no_secret(config_file: ConfigFile, text: str) -> None:
    assert config_file.load((REASON, f'reason: "{text}"')).warnings == ()


def test_the_host_of_a_flow_may_be_the_only_one_that_is_allowed(config_file: ConfigFile) -> None:
    hosts = "    kind: webhook\n    allowed_hosts: [prod-12.westeurope.logic.azure.com]\n"
    assert config_file.load(("    kind: slack\n", hosts)).warnings == ()


def test_a_secret_is_told_beside_every_other_mistake(config_file: ConfigFile) -> None:
    text = said(config_file, (REASON, f'reason: "told by {TOKEN}"'), ("minimum_severity: 7", "minimum_severity: 70"))
    assert "egress[0].reason: holds a token" in text
    assert "routes[0].minimum_severity: must be at most 10" in text


@pytest.mark.parametrize("name", ["detection/slack-webhook", "T/B/x", "prod/T1/B2", "xoxb", "a" * 40, "0123abcd"])
def test_names_of_secrets_are_names(config_file: ConfigFile, name: str) -> None:
    assert config_file.load((SLACK_NAME, f"webhook_secret: {name}")).warnings == ()
