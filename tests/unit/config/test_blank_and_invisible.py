"""What is not there, or not to be seen, does not change in silence what a file means."""

import pytest

from infra.config import ConfigurationError
from infra.config import config_file as file_of
from tests.unit.config.examples import ConfigFile

ACCOUNT = ("name: sandbox\n", 'name: sandbox\naccount: "111122223333"\n')
SCOPE = ("    expires: 2027-06-30\n", '    scope: {accounts: ["999900001111"]}\n    expires: 2027-06-30\n')


def refusal(config_file: ConfigFile, *changes: tuple[str, str], more: str = "") -> str:
    with pytest.raises(ConfigurationError) as raised:
        config_file.load(*changes, more=more)
    return str(raised.value)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (
            "organization:\n  # management_account: '111122223333'\n",
            "stack.yaml:24: organization: must not be blank: write what belongs there, or take the line out, and then "
            "there is no organization, and only one account is covered",
        ),
        ("ci:\n", "stack.yaml:24: ci: must not be blank"),
        ("identity_center:\n", "stack.yaml:24: identity_center: must not be blank"),
        ("investigation:\n  member_role:\n", "stack.yaml:25: investigation.member_role: must not be blank"),
    ],
)
def test_a_key_whose_lines_were_all_commented_out_is_refused(config_file: ConfigFile, more: str, says: str) -> None:
    assert refusal(config_file, more=more).startswith(says)


def test_a_blank_severity_does_not_mean_every_severity(config_file: ConfigFile) -> None:
    assert refusal(config_file, ("minimum_severity: 7", "minimum_severity:")) == (
        "stack.yaml:19: routes[0].minimum_severity: must not be blank: write what belongs there, or take the line out, "
        "and then the route takes every severity"
    )


@pytest.mark.parametrize(("sign", "shown"), [("\u202e", "U+202E"), ("\u200b", "U+200B"), ("\u00a0", "U+00A0")])
def test_an_invisible_character_is_named(config_file: ConfigFile, sign: str, shown: str) -> None:
    """The reviewer of a suppression would read something else than there is."""
    text = refusal(config_file, ("NAT pool A", f"NAT {sign}pool A"))
    assert f"take out the invisible character {shown}" in text
    assert sign not in text


@pytest.mark.parametrize("nobody", ["TBD", "todo", "-", "N/A", "???", "none."])
def test_an_owner_is_somebody(config_file: ConfigFile, nobody: str) -> None:
    assert "must name a team or person" in refusal(config_file, ("owner: network-ops", f'owner: "{nobody}"'))


def test_a_file_of_the_other_ending_is_named(config_file: ConfigFile) -> None:
    config_file.path.with_name("prod.yml").write_text("name: prod\n")
    with pytest.raises(
        ConfigurationError, match=r"only files that end in \.yaml are read: rename prod\.yml to prod\.yaml"
    ):
        file_of("prod", folder=config_file.path.parent)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (("us-east-1]", "US-EAST-1]"), "us-east-1"),
        (("us-east-1]", "us-esat-1]"), "us-east-1"),
        (("minimum_severity: 7", "Minimum_Severity: 7"), "minimum_severity"),
    ],
)
def test_the_same_letters_are_what_was_meant(config_file: ConfigFile, given: tuple[str, str], meant: str) -> None:
    assert f"did you mean '{meant}'?" in refusal(config_file, given)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("    cidrs: [8.8.4.0/28]", "\tcidrs: [8.8.4.0/28]"), "there is a tab in this line or the one before"),
        (("    owner: network-ops", "    owner:\u00a0network-ops"), "there is a no-break space (U+00A0) in this line"),
        (
            ("cidrs: [8.8.4.0/28]", "cidrs: [8.8.4.0/28]\n    ipv6_addresses: [2600:1f18::]"),
            "put an address that ends in a colon in quotes",
        ),
        (("regions: [eu-west-1, us-east-1]", "regions: {but: [us-east-1]}"), "there is no key 'but', only all_except"),
    ],
)
def test_what_nobody_sees_in_the_file_is_named(config_file: ConfigFile, change: tuple[str, str], says: str) -> None:
    assert says in refusal(config_file, change)


def test_a_plan_in_small_letters_is_known(config_file: ConfigFile) -> None:
    text = refusal(config_file, more="guardduty: {features: [s3_data_events]}\n")
    assert "did you mean 'S3_DATA_EVENTS'?" in text


def test_an_account_that_nobody_has_is_announced_where_there_is_no_organization(config_file: ConfigFile) -> None:
    route = ("    minimum_severity: 7\n", '    minimum_severity: 7\n    accounts: ["999900001111", "111122223333"]\n')
    warnings = config_file.load(ACCOUNT, route, SCOPE).warnings
    text = "999900001111 is not the account 111122223333, and without organization its findings arrive only if it is a"
    assert [text in one for one in warnings] == [True, True]
    assert ": egress[0].scope: frankfurt-dc: " in warnings[0]
    assert ": routes[0].accounts: high: " in warnings[1]


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_a_channel_that_nobody_fills_is_announced(config_file: ConfigFile, region: str) -> None:
    elsewhere = (
        ("home_region: eu-west-1", f"home_region: {region}"),
        ("regions: [eu-west-1, us-east-1]", f"regions: [{region}]"),
        ("  emails: [platform@", "  chat: true\n  emails: [platform@"),
        (
            "    kind: sns\n    emails: [security@anycompany.com]\n",
            "    kind: sns\n    message_format: custom_notification\n",
        ),
    )
    findings, alarms = config_file.load(*elsewhere).warnings
    assert "destinations[0].message_format: security-mail: Amazon Q Developer in chat applications is not offered" in (
        findings
    )
    assert "operations.chat: Amazon Q Developer in chat applications is not offered" in alarms


@pytest.mark.parametrize(
    "url",
    [
        "https://example.awsapps.com/start",
        "https://start.us-gov-home.awsapps.com/directory/example",
        "https://start.home.awsapps.cn/directory/example",
        "https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws",
    ],
)
def test_every_form_of_a_portals_address_is_taken(config_file: ConfigFile, url: str) -> None:
    more = f"identity_center: {{start_url: '{url}', role_name: SecurityAudit}}\n"
    portal = config_file.load(more=more).deployment.identity_center
    assert portal is not None
    assert portal.start_url == url
