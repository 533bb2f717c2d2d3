"""The trusted list in a configuration: loud while it counts, gone when it has ended, refused where it is too much."""

import json
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from tests.unit.config.examples import ConfigFile, spoiled

SCANNER = """\
trusted_list:
  - name: scanner
    cidrs: [9.9.9.0/28, 9.9.9.64]
    owner: red-team
    reason: Scans us from outside all day
    expires: 2027-06-30
"""
MORE = "  - {name: office, cidrs: [%s], owner: net-it, reason: Branch office, expires: 2027-01-01}\n"
ENDS = "    expires: 2027-06-30\n"


def scanner(*changes: tuple[str, str]) -> str:
    """The list of one entry, changed."""
    text = SCANNER
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def scattered(count: int) -> str:
    """So many addresses of which no two are neighbours."""
    return ", ".join(str(IPv4Address("20.0.0.0") + 2 * number) for number in range(count))


def test_no_list_is_what_one_gets_without_asking(config_file: ConfigFile) -> None:
    assert config_file.deployment().trusted_list == ()


def test_trusted_entry_is_announced_every_time(config_file: ConfigFile) -> None:
    loaded = config_file.load(more=SCANNER)
    (entry,) = loaded.deployment.trusted_list
    assert (entry.name, entry.owner, entry.ticket) == ("scanner", "red-team", None)
    assert loaded.warnings == (
        "stack.yaml:25: trusted_list[0]: scanner: GuardDuty is blind to 17 addresses (9.9.9.0/28, 9.9.9.64) until"
        " 2027-06-30: it makes no finding of any type for them and leaves no trace, no archived finding and no metric;"
        " red-team answers for that; egress would hide only the types it names, and keep them for 90 days",
    )


def test_announcement_names_the_ticket_and_counts_one_address(config_file: ConfigFile) -> None:
    loaded = config_file.load(more=scanner(("9.9.9.0/28, ", ""), (ENDS, ENDS + "    ticket: SEC-7\n")))
    assert "blind to 1 address (9.9.9.64) until 2027-06-30" in loaded.warnings[0]
    assert "red-team answers for that (ticket SEC-7); egress" in loaded.warnings[0]


def test_ended_entry_is_left_out_and_announced(config_file: ConfigFile) -> None:
    loaded = config_file.load(more=scanner(("2027-06-30", "2026-11-22")) + MORE % "9.9.9.65")
    assert [entry.name for entry in loaded.deployment.trusted_list] == ["office"]
    assert [entry.name for entry in loaded.expired_trust] == ["scanner"]
    assert loaded.expired == ()
    ended, _blind = loaded.warnings
    assert ended == (
        "stack.yaml:25: trusted_list[0]: scanner (9.9.9.0/28, 9.9.9.64) expired on 2026-11-22 and is no longer trusted"
        " once this is deployed; ask red-team to renew it, or delete the entry"
    )


def test_list_whose_every_entry_has_ended_is_no_list(config_file: ConfigFile) -> None:
    assert config_file.load(more=scanner(("2027-06-30", "2026-11-22"))).deployment.trusted_list == ()


def test_a_list_is_looked_at_until_its_last_entry_is_deleted_not_only_until_it_ends(config_file: ConfigFile) -> None:
    ended = config_file.load(more=scanner(("2027-06-30", "2026-11-22"))).deployment
    assert ended.trusts
    assert ended.model_copy().trusts
    assert not config_file.deployment().trusts


@pytest.mark.parametrize(
    ("expires", "when"),
    [
        pytest.param("2026-11-23", "today, 2026-11-23", id="on-its-last-day"),
        pytest.param("2026-12-23", "in 30 days, on 2026-12-23", id="a-month-before"),
    ],
)
def test_entry_near_its_end_still_counts_and_says_so_beside(config_file: ConfigFile, expires: str, when: str) -> None:
    loaded = config_file.load(more=scanner(("2027-06-30", expires)))
    assert len(loaded.deployment.trusted_list) == 1
    _blind, ends = loaded.warnings
    assert ends == (
        f"stack.yaml:25: trusted_list[0]: scanner (9.9.9.0/28, 9.9.9.64) expires {when}, and the first deployment after"
        " that takes it off the trusted list; ask red-team to renew it"
    )


def test_documentation_range_is_announced(config_file: ConfigFile) -> None:
    _blind, documentation = config_file.load(more=scanner(("9.9.9.64", "192.0.2.7"))).warnings
    assert documentation.endswith("write your own addresses, or trusted_list: [] if you have none")


REFUSED = [
    spoiled(
        "private",
        more=scanner(("9.9.9.64", "10.1.0.0/24")),
        says="26: trusted_list[0].cidrs[1]: must be publicly routable (private addresses are not), got '10.1.0.0/24'; "
        "list the address the internet sees, not the one behind the NAT",
    ),
    spoiled(
        "wider-than-16",
        more=scanner(("9.9.9.64", "12.0.0.0/15")),
        says="26: trusted_list[0].cidrs[1]: must be /16 or narrower, got '12.0.0.0/15'; it covers 131,072 addresses, "
        "and leaked credentials used from any of them would stay silent",
    ),
    spoiled(
        "wider-than-the-house-allows",
        ("8.8.4.0/28", "8.8.4.0"),
        more=SCANNER + "egress_limits: {minimum_netmask_length: 30}\n",
        says="26: trusted_list[0].cidrs[0]: must be /30 or narrower, as egress_limits.minimum_netmask_length says, got "
        "'9.9.9.0/28'; list the parts that are really yours",
    ),
    spoiled(
        "without-an-end",
        more=scanner((ENDS, "")),
        says="25: trusted_list[0]: missing key 'expires' (Last day on which the entry counts, at most 400 days ahead)",
    ),
    spoiled(
        "end-too-far-ahead",
        more=scanner(("2027-06-30", "2027-12-29")),
        says="29: trusted_list[0].expires: must be at most 400 days ahead, that is 2027-12-28 or earlier, got the date "
        "2027-12-29; a suppression has to be looked at again at least once a year",
    ),
    spoiled(
        "without-an-owner",
        more=scanner(("    owner: red-team\n", "")),
        says="25: trusted_list[0]: missing key 'owner' (Team that answers for what happens from these addresses; asked "
        "to renew the entry before it ends)",
    ),
    spoiled(
        "finding-types",
        more=scanner((ENDS, ENDS + "    finding_types: []\n")),
        says="30: trusted_list[0]: unknown key 'finding_types'; known: name, cidrs, owner, reason, ticket, expires",
    ),
    spoiled(
        "twice-in-one-entry",
        more=scanner(("9.9.9.64", "9.9.9.7")),
        says="26: trusted_list[0].cidrs[1]: 9.9.9.7 overlaps 9.9.9.0/28 of the same entry; keep one of them",
    ),
    spoiled(
        "twice-in-two-entries",
        more=SCANNER + MORE % "9.9.8.0/24, 9.9.9.0/24",
        says="30: trusted_list[1].cidrs[1]: 9.9.9.0/24 of 'office' overlaps 9.9.9.0/28 of 'scanner'; an address stands "
        "in one entry, so that it has one owner and one end: delete it from one of them\n"
        "stack.yaml:30: trusted_list[1].cidrs[1]: 9.9.9.0/24 of 'office' overlaps 9.9.9.64 of 'scanner'; an address "
        "stands in one entry, so that it has one owner and one end: delete it from one of them",
    ),
    spoiled(
        "suppressed-too",
        more=scanner(("9.9.9.64", "8.8.4.7")),
        says="26: trusted_list[0].cidrs[1]: 8.8.4.7 of 'scanner' overlaps 8.8.4.0/28 of 'frankfurt-dc' in egress; for "
        "a trusted address GuardDuty makes no finding that a filter could hide or count: leave it in egress, which "
        "hides less, or take it out there",
    ),
    spoiled(
        "name-twice",
        more=SCANNER + (MORE % "9.9.9.65").replace("office", "scanner"),
        says="30: trusted_list[1].name: must be distinct, got 'scanner', which is already at [0]; keep one of them",
    ),
    spoiled(
        "more-than-a-trusted-entity-set-holds",
        more=scanner(("9.9.9.0/28, 9.9.9.64", scattered(1001))),
        says="25: trusted_list: needs 1,001 addresses or ranges, neighbours put together, but a list in eu-west-1, "
        "us-east-1 holds 1,000 (TrustedEntitySet), and an account has one list in each Region; take out what egress "
        "can hide by finding type",
    ),
    spoiled(
        "more-than-one-of-the-regions-takes",
        more=scanner(("9.9.9.0/28, 9.9.9.64", scattered(1001)))
        + "region_overrides: {eu-west-1: {trusted_entity_set: false}}\n",
        says="25: trusted_list: needs 1,001 addresses or ranges, neighbours put together, but a list in us-east-1 "
        "holds 1,000 (TrustedEntitySet), and an account has one list in each Region; take out what egress can hide by "
        "finding type",
    ),
    spoiled(
        "more-than-an-ip-set-holds",
        ("home_region: eu-west-1", "home_region: us-gov-west-1"),
        ("[eu-west-1, us-east-1]", "[us-gov-west-1]"),
        more=scanner(("9.9.9.64", scattered(1999)), (ENDS, ENDS + MORE % "9.9.9.65")),
        says="25: trusted_list: needs 2,001 addresses or ranges, neighbours put together, but a list in us-gov-west-1 "
        "holds 2,000 (IPSet), and an account has one list in each Region; take out what egress can hide by finding "
        "type",
    ),
]


@pytest.mark.parametrize(("changes", "more", "message"), REFUSED)
def test_fails_saying_where_what_and_what_to_do(
    config_file: ConfigFile, changes: tuple[tuple[str, str], ...], more: str, message: str
) -> None:
    assert config_file.refusal(*changes, more=more) == message


@pytest.mark.parametrize(
    ("cidrs", "override"),
    [
        pytest.param(", ".join(f"9.9.{n}.0/24" for n in range(200)), "", id="neighbours-are-put-together"),
        pytest.param(scattered(1000), "", id="as-many-as-fit"),
        pytest.param(
            scattered(2000),
            "region_overrides: {eu-west-1: {trusted_entity_set: false}, us-east-1: {trusted_entity_set: false}}\n",
            id="twice-as-many-where-it-is-an-ip-set",
        ),
    ],
)
def test_as_much_as_every_region_holds_is_accepted(config_file: ConfigFile, cidrs: str, override: str) -> None:
    loaded = config_file.load(more=scanner(("9.9.9.0/28, 9.9.9.64", cidrs)) + override)
    assert len(loaded.deployment.trusted_list) == 1


def test_fails_for_addresses_that_aws_owns(config_file: ConfigFile) -> None:
    document = {
        "createDate": "2026-11-20-17-43-12",
        "prefixes": [{"ip_prefix": "9.9.0.0/16", "region": "eu-west-1", "service": "EC2"}],
    }
    Path("aws-ip-ranges.json").write_text(json.dumps(document))
    assert config_file.refusal(more=scanner(("9.9.9.0/28, ", ""))) == (
        "stack.yaml:26: trusted_list[0].cidrs[0]: must not hold addresses of AWS, got '9.9.9.64', which overlaps"
        " 9.9.0.0/16 ('EC2' in 'eu-west-1', aws-ip-ranges.json of 2026-11-20); others can rent it, and then nothing"
        " they do is seen: list those of your own network"
    )
