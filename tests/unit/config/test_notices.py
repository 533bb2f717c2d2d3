"""What is allowed and still deserves a word."""

from datetime import date

import pytest

from infra.config import load
from tests.unit.config.examples import GOOD, ConfigFile

PAGER = "  - {name: pager, kind: sns, emails: [pager@anycompany.com]}\nroutes:\n"


def test_ended_entry_is_left_out_and_announced(config_file: ConfigFile) -> None:
    loaded = config_file.load(("2027-06-30", "2026-11-22"))
    assert loaded.deployment.egress == ()
    assert loaded.warnings == (
        "stack.yaml:5: egress[0]: frankfurt-dc (8.8.4.0/28) expired on 2026-11-22 and is no longer suppressed once "
        "this is deployed;"
        " ask network-ops to renew it, or delete the entry",
    )


@pytest.mark.parametrize(
    ("expires", "when"),
    [
        pytest.param("2026-11-23", "today, 2026-11-23", id="on-its-last-day"),
        pytest.param("2026-11-24", "in 1 day, on 2026-11-24", id="the-day-before"),
        pytest.param("2026-12-23", "in 30 days, on 2026-12-23", id="a-month-before"),
    ],
)
def test_entry_near_its_end_still_counts_and_is_announced(config_file: ConfigFile, expires: str, when: str) -> None:
    loaded = config_file.load(("2027-06-30", expires))
    assert len(loaded.deployment.egress) == 1
    assert loaded.warnings == (
        f"stack.yaml:5: egress[0]: frankfurt-dc (8.8.4.0/28) expires {when}, and the first deployment "
        "after that sends its findings again;"
        " ask network-ops to renew it",
    )


@pytest.mark.parametrize("expires", ["2026-12-24", "2027-12-28"])
def test_entry_far_from_its_end_is_quiet(config_file: ConfigFile, expires: str) -> None:
    assert config_file.load(("2027-06-30", expires)).warnings == ()


@pytest.mark.parametrize(
    ("expires", "says"),
    [
        pytest.param("9999-12-31", "expires today, 9999-12-31, and the first deployment", id="its-last-day"),
        pytest.param("9998-01-01", "expired on 9998-01-01 and is no longer suppressed", id="long-ended"),
    ],
)
def test_the_last_day_there_is_is_a_day_like_any_other(config_file: ConfigFile, expires: str, says: str) -> None:
    """TODAY=9999-12-31 asks what is hidden once every entry has ended."""
    config_file.path.write_text(GOOD.replace("2027-06-30", expires), encoding="utf-8")
    (warning,) = load(config_file.path, today=date.max).warnings
    assert says in warning


@pytest.mark.parametrize(
    ("expires", "says"),
    [
        pytest.param(
            "2026-11-22",
            "frankfurt-dc (8.8.4.0/28) expired on 2026-11-22 and is no longer observed once this is "
            "deployed; ask network-ops to renew it"
            " (ticket NET-1234), or delete the entry",
            id="ended",
        ),
        pytest.param(
            "2026-11-30",
            "frankfurt-dc (8.8.4.0/28) expires in 7 days, on 2026-11-30, and the first deployment after that "
            "stops observing it; ask"
            " network-ops to renew it (ticket NET-1234)",
            id="near",
        ),
    ],
)
def test_end_of_an_observing_entry_names_its_ticket(config_file: ConfigFile, expires: str, says: str) -> None:
    loaded = config_file.load(
        ("    expires: 2027-06-30", f"    ticket: NET-1234\n    mode: observe\n    expires: {expires}")
    )
    assert loaded.warnings == (f"stack.yaml:5: egress[0]: {says}",)


def test_ended_entry_can_be_asked_for(config_file: ConfigFile) -> None:
    loaded = config_file.load(("2027-06-30", "2026-11-22"))
    assert [entry.name for entry in loaded.expired] == ["frankfurt-dc"]


def test_suppression_is_looked_back_at_until_the_last_entry_is_deleted_not_only_until_it_ends(
    config_file: ConfigFile,
) -> None:
    ended = config_file.load(("2027-06-30", "2026-11-22")).deployment
    assert ended.egress == ()
    assert ended.suppresses
    entry = GOOD[GOOD.index("egress:\n") : GOOD.index("destinations:")]
    assert not config_file.load((entry, "egress: []\n")).deployment.suppresses


def test_many_ranges_are_counted(config_file: ConfigFile) -> None:
    loaded = config_file.load(("8.8.4.0/28", "8.8.4.0, 8.8.4.2, 8.8.4.4, 8.8.4.6"), ("2027-06-30", "2026-11-24"))
    assert "frankfurt-dc (4 ranges) expires in 1 day" in loaded.warnings[0]


@pytest.mark.parametrize(
    ("cidrs", "says"),
    [
        pytest.param("192.0.2.7", "192.0.2.7 is a documentation range", id="one-address"),
        pytest.param("203.0.112.0/22", "203.0.112.0/22 is a documentation range", id="a-range-around"),
        pytest.param(
            "198.51.100.0/28, 8.8.4.0/28, 203.0.113.9",
            "198.51.100.0/28, 203.0.113.9 are documentation ranges",
            id="among-others",
        ),
        pytest.param(
            "192.0.2.0, 192.0.2.2, 192.0.2.4, 192.0.2.6",
            "192.0.2.0, 192.0.2.2, 192.0.2.4, … are documentation ranges",
            id="many",
        ),
    ],
)
def test_documentation_range_is_accepted_and_announced(config_file: ConfigFile, cidrs: str, says: str) -> None:
    assert config_file.load(("8.8.4.0/28", cidrs)).warnings == (
        f"stack.yaml:5: egress[0]: frankfurt-dc: {says} (RFC 5737), and findings never come from there; write your own"
        " addresses, or egress: [] if you have none",
    )


@pytest.mark.parametrize(
    ("address", "cidrs", "says"),
    [
        ("2001:db8::7", "8.8.4.0/28", "2001:db8::7 is a documentation range (RFC 3849),"),
        ("3fff::7", "8.8.4.0/28", "3fff::7 is a documentation range (RFC 9637),"),
        ("3fff::7", "192.0.2.7", "192.0.2.7, 3fff::7 are documentation ranges (RFC 5737, RFC 9637),"),
    ],
)
def test_a_documentation_range_is_named_with_its_own_source(
    config_file: ConfigFile, address: str, cidrs: str, says: str
) -> None:
    line = "    cidrs: [8.8.4.0/28]\n"
    both = f"    cidrs: [{cidrs}]\n    ipv6_addresses: ['{address}']\n"
    (warning,) = config_file.load((line, both)).warnings
    assert says in warning


def test_documentation_range_of_an_ended_entry_is_not_worth_a_word(config_file: ConfigFile) -> None:
    (warning,) = config_file.load(("8.8.4.0/28", "192.0.2.7"), ("2027-06-30", "2026-11-22")).warnings
    assert "expired" in warning


SCOPE = "    scope: {vpc_ids: [vpc-0a1b2c3d], functions: [payments-api], accounts: ['111122223333']}\n"


def test_scope_that_needs_the_function_in_the_finding_is_announced(config_file: ConfigFile) -> None:
    assert config_file.load(("    expires: 2027-06-30\n", f"{SCOPE}    expires: 2027-06-30\n")).warnings == (
        "stack.yaml:9: egress[0].scope: frankfurt-dc: AWS does not document whether these findings name the function,"
        " which the scope (functions, vpc_ids) asks for; those that do not, and those of EC2 instances and ECS tasks,"
        " are still sent: see on the dashboard what the filters match before you count on them",
    )


def test_scope_by_accounts_is_quiet(config_file: ConfigFile) -> None:
    scope = "    scope: {accounts: ['111122223333']}\n"
    assert config_file.load(("    expires: 2027-06-30\n", f"{scope}    expires: 2027-06-30\n")).warnings == ()


def test_scope_of_an_ended_entry_is_not_worth_a_word(config_file: ConfigFile) -> None:
    loaded = config_file.load(("    expires: 2027-06-30\n", f"{SCOPE}    expires: 2026-11-22\n"))
    (warning,) = loaded.warnings
    assert "expired" in warning


def test_destination_that_nothing_names_is_announced(config_file: ConfigFile) -> None:
    assert config_file.load(("routes:\n", PAGER)).warnings == (
        "stack.yaml:17: destinations[2]: pager is in no route and not in catch_all, so nothing is sent there;"
        " name it in one of them, or delete it",
    )


def test_feature_that_one_region_lacks_is_announced(config_file: ConfigFile) -> None:
    loaded = config_file.load(("us-east-1]", "ap-east-2]"), more="guardduty: {features: [RDS_LOGIN_EVENTS]}\n")
    assert loaded.warnings == (
        "stack.yaml:24: guardduty.features[0]: RDS_LOGIN_EVENTS is not offered in ap-east-2 and is left out there",
    )


@pytest.mark.parametrize(
    ("emails", "says"),
    [
        ("security@example.com", "example.com is a reserved domain"),
        ("a@Example.ORG, b@example.org", "example.org is a reserved domain"),
        ("a@mail.example.net, b@anycompany.com", "mail.example.net is a reserved domain"),
        ("a@corp.invalid, b@corp.test, c@corp.example", "corp.example, corp.invalid, corp.test are reserved domains"),
    ],
)
def test_mails_that_nobody_would_read_are_announced(config_file: ConfigFile, emails: str, says: str) -> None:
    assert config_file.load(("security@anycompany.com", emails)).warnings == (
        f"stack.yaml:13: destinations[0].emails: {says}: nobody reads mail there (RFC 2606); write your own addresses",
    )


def test_alarms_that_nobody_would_read_are_announced(config_file: ConfigFile) -> None:
    assert config_file.load(("platform@anycompany.com", "platform@example.com")).warnings == (
        "stack.yaml:23: operations.emails: example.com is a reserved domain: nobody reads mail there (RFC 2606); write"
        " your own addresses",
    )


@pytest.mark.parametrize("domain", ["myexample.com", "example.com.au", "contest", "example.co"])
def test_a_domain_that_only_looks_reserved_is_quiet(config_file: ConfigFile, domain: str) -> None:
    assert config_file.load(("security@anycompany.com", f"security@{domain}.io")).warnings == ()
