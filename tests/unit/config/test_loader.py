"""From a file to a deployment."""

from datetime import date
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from infra.config import ConfigurationError, SlackDestination, SnsDestination, config_file, load
from infra.suppression import SUPPRESSED_FINDING_TYPES
from tests.unit.config.examples import GOOD, TODAY, ConfigFile

CONFIG = Path(__file__).parents[3] / "config"


@pytest.mark.parametrize("name", ["sandbox", "organization"])
def test_an_example_warns_only_of_the_addresses_to_replace(name: str) -> None:
    warnings = load(CONFIG / f"{name}.yaml", today=TODAY).warnings
    egress, mail, alarms = (one for one in warnings if "is left out" not in one)
    assert "egress[0]: frankfurt-dc: 192.0.2.0/28 is a documentation range" in egress
    assert "destinations[0].emails: example.com is a reserved domain" in mail
    assert "operations.emails: example.com is a reserved domain" in alarms


def test_file_becomes_a_deployment(config_file: ConfigFile) -> None:
    deployment = config_file.deployment()
    assert deployment.home_region == "eu-west-1"
    assert deployment.regions == ("eu-west-1", "us-east-1")
    (entry,) = deployment.egress
    assert entry.cidrs == (IPv4Network("8.8.4.0/28"),)
    assert entry.expires == date(2027, 6, 30)
    assert (entry.ticket, entry.mode, entry.finding_types) == (None, "enforce", SUPPRESSED_FINDING_TYPES)
    mail, slack = deployment.destinations
    assert (mail.name, isinstance(mail, SnsDestination)) == ("security-mail", True)
    assert (slack.name, isinstance(slack, SlackDestination)) == ("security-slack", True)
    (route,) = deployment.routes
    assert (route.minimum_severity, route.finding_types, route.accounts) == (7.0, (), ())


def test_what_is_left_out_has_a_safe_default(config_file: ConfigFile) -> None:
    deployment = config_file.deployment(("name: sandbox", "name: Prod-EU"))
    assert deployment.account is None
    assert deployment.guardduty.finding_publishing_frequency == "FIFTEEN_MINUTES"
    assert len(deployment.guardduty.features) == 5
    assert deployment.detective.enabled
    assert deployment.archive_days == 90
    assert deployment.encryption_key == "create"
    assert deployment.name_prefix == "prod-eu"
    assert deployment.permissions_boundary is None
    assert deployment.role_path == "/"
    assert dict(deployment.tags) == {}


def test_route_without_a_severity_takes_every_finding(config_file: ConfigFile) -> None:
    """Left out must mean more findings, never fewer."""
    assert config_file.deployment(("    minimum_severity: 7\n", "")).routes[0].minimum_severity is None


def test_quoted_account_keeps_its_leading_zero(config_file: ConfigFile) -> None:
    assert config_file.deployment(more='account: "012345670123"\n').account == "012345670123"


def test_single_address_is_a_range_of_one(config_file: ConfigFile) -> None:
    deployment = config_file.deployment(("8.8.4.0/28", "8.8.8.8"))
    assert deployment.egress[0].cidrs == (IPv4Network("8.8.8.8/32"),)


def test_key_and_boundary_of_this_account_are_accepted(config_file: ConfigFile) -> None:
    key = "arn:aws:kms:eu-west-1:123456789012:key/mrk-1234abcd"
    boundary = "arn:aws:iam::123456789012:policy/team/boundary"
    deployment = config_file.deployment(
        more=f'account: "123456789012"\nencryption_key: {key}\npermissions_boundary: {boundary}\n'
    )
    assert (deployment.encryption_key, deployment.permissions_boundary) == (key, boundary)


def test_one_region_without_forwarding_is_accepted(config_file: ConfigFile) -> None:
    deployment = config_file.deployment(
        ("home_region: eu-west-1", "home_region: cn-north-1"), ("[eu-west-1, us-east-1]", "[cn-north-1]")
    )
    assert not deployment.region("cn-north-1").detective


def test_override_corrects_the_table(config_file: ConfigFile) -> None:
    deployment = config_file.deployment(
        more="region_overrides: {us-east-1: {detective: false, features_not_offered: [AI_ANALYST]}}\n"
    )
    corrected = deployment.region("us-east-1")
    assert not corrected.detective
    assert "AI_ANALYST" not in corrected.features
    assert deployment.region("eu-west-1").detective


def test_byte_order_mark_is_no_content(config_file: ConfigFile) -> None:
    assert config_file.load_text(b"\xef\xbb\xbf" + GOOD.encode()).deployment.name == "sandbox"


def test_fails_with_every_mistake_at_once(config_file: ConfigFile) -> None:
    """Unreadable values, wrong fields and parts that disagree: one run of the loader shows them all."""
    message = config_file.refusal(
        ("minimum_severity: 7", "min_severity: 7"),
        ("home_region: eu-west-1", "home_region: eu-west-2"),
        ("catch_all: [security-mail]", "catch_all: [security-mial]"),
        more="archive_days: 010\nname: again\n",
    )
    assert message.splitlines() == [
        "stack.yaml:2: home_region: must be one of regions, got 'eu-west-2'; regions are eu-west-1, us-east-1",
        "stack.yaml:19: routes[0]: unknown key 'min_severity'; did you mean 'minimum_severity'?"
        " known: name, finding_types, accounts, except_accounts, minimum_severity, below_severity, to",
        "stack.yaml:21: catch_all[0]: unknown destination 'security-mial'; did you mean 'security-mail'?"
        " known: security-mail, security-slack",
        "stack.yaml:24: archive_days: 010 is read by YAML as the number 8; put text in quotes, write numbers in plain"
        " decimal digits",
        "stack.yaml:25: duplicate key 'name', first given in line 1; keep one, the other would be lost",
    ]


def test_fails_with_all_disagreements_at_once(config_file: ConfigFile) -> None:
    message = config_file.refusal(
        ("home_region: eu-west-1", "home_region: eu-west-2"), ("to: [security-slack]", "to: [slack]")
    )
    assert [line.split(": ")[1] for line in message.splitlines()] == ["home_region", "routes[0].to[0]"]


def test_fails_without_repeating_a_mistake_as_another(config_file: ConfigFile) -> None:
    """A destination that is wrong itself does not make the routes that name it wrong."""
    message = config_file.refusal(("emails: [security@anycompany.com]", "emails: []"))
    assert message == (
        "stack.yaml:13: destinations[0].emails: must hold 1 to 20 addresses, got none; a topic that nobody reads "
        "loses findings"
    )


def test_fails_naming_what_a_missing_key_is_for(config_file: ConfigFile) -> None:
    message = config_file.refusal(("    webhook_secret:", "    webhook:"))
    assert message.splitlines() == [
        "stack.yaml:14: destinations[1]: missing key 'webhook_secret' (Name of the Secrets Manager secret, in the home"
        " Region, that holds the webhook address)",
        "stack.yaml:16: destinations[1]: unknown key 'webhook'; did you mean 'webhook_secret'?"
        " known: name, kind, webhook_secret, webhook_secret_key",
    ]


def test_fails_with_fifty_lines_at_most(config_file: ConfigFile) -> None:
    lines = config_file.refusal(more="".join(f"key{n}: x\n" for n in range(80))).splitlines()
    assert len(lines) == 51
    assert lines[-1] == "stack.yaml: and 30 more"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("absent.yaml", "absent.yaml: no such file", id="missing"),
        pytest.param(".", ".: is a folder; name a file in it", id="folder"),
        pytest.param("/dev/null", "/dev/null: is not a regular file", id="device"),
        pytest.param("a\0b", r"a\x00b: cannot be read: no file can have this name", id="impossible-name"),
        pytest.param("stack.yaml/x", "stack.yaml/x: cannot be read: not a directory", id="below-a-file"),
    ],
)
def test_fails_for_a_path_that_is_no_file(config_file: ConfigFile, path: str, message: str) -> None:
    config_file.load()
    with pytest.raises(ConfigurationError) as refused:
        load(Path(path), today=TODAY)
    assert str(refused.value) == message


def test_configuration_is_found_by_its_name() -> None:
    assert config_file("sandbox", folder=CONFIG) == CONFIG / "sandbox.yaml"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        pytest.param("prdo", "no configuration 'prdo'; did you mean 'prod'? known: prod, test", id="misspelt"),
        pytest.param("x", "no configuration 'x'; known: prod, test", id="unknown"),
        pytest.param("../prod", "no configuration '../prod'; did you mean 'prod'? known: prod, test", id="elsewhere"),
    ],
)
def test_fails_listing_the_configurations_there_are(tmp_path: Path, name: str, says: str) -> None:
    for known in ("prod", "test"):
        (tmp_path / f"{known}.yaml").touch()
    with pytest.raises(ConfigurationError) as refused:
        config_file(name, folder=tmp_path)
    assert str(refused.value) == f"{tmp_path}: {says}"
