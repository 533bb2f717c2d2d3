"""What is refused as an egress entry, and in which words."""

import pytest

from tests.unit.config.examples import ConfigFile, spoiled

ENDS = "    expires: 2027-06-30\n"
REST = "owner: net-it, reason: Milan data centre, expires: 2027-01-01}\n"

REFUSED = [
    spoiled(
        "owner-that-no-tag-takes",
        ("owner: network-ops", 'owner: "Net & Ops, <EMEA>"'),
        says="7: egress[0].owner: must hold only letters, digits, spaces and _.:/=+-@, got 'Net & Ops, <EMEA>'; it "
        "becomes a tag in GuardDuty",
    ),
    spoiled(
        "egress-host-bits",
        ("8.8.4.0/28", "198.51.100.7/28"),
        says=(
            "6: egress[0].cidrs[0]: must look like 198.51.100.0/28 or 198.51.100.7, got '198.51.100.7/28'; "
            "it has host bits set: write 198.51.100.0/28 for the whole network, or 198.51.100.7 for that one "
            "address"
        ),
    ),
    spoiled(
        "egress-as-a-number",
        ("8.8.4.0/28", "3325256704"),
        says=(
            "6: egress[0].cidrs[0]: must be an IPv4 address or network such as 198.51.100.0/28 or "
            "198.51.100.7, got the number 3325256704"
        ),
    ),
    spoiled(
        "egress-everywhere",
        ("8.8.4.0/28", "0.0.0.0/0"),
        says=(
            "6: egress[0].cidrs[0]: must be /16 or narrower, got '0.0.0.0/0'; it covers 4,294,967,296 "
            "addresses, and leaked credentials used from any of them would stay silent"
        ),
    ),
    spoiled(
        "egress-wider-than-16",
        ("8.8.4.0/28", "8.8.0.0/15"),
        says=(
            "6: egress[0].cidrs[0]: must be /16 or narrower, got '8.8.0.0/15'; it covers 131,072 addresses, "
            "and leaked credentials used from any of them would stay silent"
        ),
    ),
    spoiled(
        "egress-private",
        ("8.8.4.0/28", "10.1.0.0/24"),
        says=(
            "6: egress[0].cidrs[0]: must be publicly routable (private addresses are not), got "
            "'10.1.0.0/24'; list the address the internet sees, not the one behind the NAT"
        ),
    ),
    spoiled(
        "egress-carrier-grade-nat",
        ("8.8.4.0/28", "100.64.0.9"),
        says=(
            "6: egress[0].cidrs[0]: must be publicly routable (carrier-grade NAT addresses are not), got "
            "'100.64.0.9'; list the address the internet sees, not the one behind the NAT"
        ),
    ),
    spoiled(
        "egress-loopback",
        ("8.8.4.0/28", "127.0.0.1"),
        says="6: egress[0].cidrs[0]: must be publicly routable (loopback addresses are not), got '127.0.0.1'",
    ),
    spoiled(
        "egress-link-local",
        ("8.8.4.0/28", "169.254.169.254"),
        says=("6: egress[0].cidrs[0]: must be publicly routable (link-local addresses are not), got '169.254.169.254'"),
    ),
    spoiled(
        "egress-multicast",
        ("8.8.4.0/28", "224.0.0.1"),
        says="6: egress[0].cidrs[0]: must be publicly routable (multicast addresses are not), got '224.0.0.1'",
    ),
    spoiled(
        "egress-reserved",
        ("8.8.4.0/28", "255.255.255.255"),
        says="6: egress[0].cidrs[0]: must be publicly routable (reserved addresses are not), got '255.255.255.255'",
    ),
    spoiled(
        "egress-ipv6",
        ("8.8.4.0/28", '"2001:db8::/64"'),
        says=(
            "6: egress[0].cidrs[0]: must be IPv4, got '2001:db8::/64'; single IPv6 addresses of egress go into "
            "ipv6_addresses; an IPv6 range cannot be hidden exactly, as the form in which GuardDuty writes such "
            "addresses is not documented"
        ),
    ),
    spoiled(
        "egress-ipv6-range",
        ("cidrs: [8.8.4.0/28]", 'ipv6_addresses: ["2600:1f18::/64"]'),
        says=(
            "6: egress[0].ipv6_addresses[0]: must be a single IPv6 address such as 2600:1f18:1::7, got "
            "'2600:1f18::/64'; a range cannot be hidden exactly: in which form GuardDuty writes IPv6 addresses is not "
            "documented, and no pattern fits every form of a range and nothing else; list the addresses one by one"
        ),
    ),
    spoiled(
        "egress-ipv6-private",
        ("cidrs: [8.8.4.0/28]", 'ipv6_addresses: ["fd00:ec2::254"]'),
        says="6: egress[0].ipv6_addresses[0]: must be publicly routable (private addresses are not), got "
        "'fd00:ec2::254'",
    ),
    spoiled(
        "egress-ipv6-reserved",
        ("cidrs: [8.8.4.0/28]", 'ipv6_addresses: ["2001::7"]'),
        says="6: egress[0].ipv6_addresses[0]: must be publicly routable (reserved addresses are not), got '2001::7'",
    ),
    spoiled(
        "egress-ipv6-mapped",
        ("cidrs: [8.8.4.0/28]", 'ipv6_addresses: ["::ffff:8.8.4.4"]'),
        says="6: egress[0].ipv6_addresses[0]: must be a single IPv6 address such as 2600:1f18:1::7, got "
        "'::ffff:8.8.4.4'; write it as IPv4, in cidrs",
    ),
    spoiled(
        "egress-ipv6-zone",
        ("cidrs: [8.8.4.0/28]", 'ipv6_addresses: ["fe80::1%eth0"]'),
        says="6: egress[0].ipv6_addresses[0]: must be a single IPv6 address such as 2600:1f18:1::7, got "
        "'fe80::1%eth0'; without a zone",
    ),
    spoiled(
        "egress-ipv4-among-ipv6",
        ("cidrs: [8.8.4.0/28]", "ipv6_addresses: [8.8.4.4]"),
        says="6: egress[0].ipv6_addresses[0]: must be a single IPv6 address such as 2600:1f18:1::7, got '8.8.4.4'; "
        "IPv4 goes into cidrs",
    ),
    spoiled(
        "egress-ipv6-twice",
        ("cidrs: [8.8.4.0/28]", 'ipv6_addresses: ["2600:1f18::7", "2600:1F18:0::7"]'),
        says="6: egress[0].ipv6_addresses[1]: must be distinct, got '2600:1f18::7', which is already at [0]; keep one "
        "of them",
    ),
    spoiled(
        "egress-no-address",
        ("8.8.4.0/28", "the-gateway"),
        says=(
            "6: egress[0].cidrs[0]: must be an IPv4 address or network such as 198.51.100.0/28 or "
            "198.51.100.7, got 'the-gateway'"
        ),
    ),
    spoiled(
        "egress-number-too-large",
        ("8.8.4.0/28", "198.51.100.256"),
        says=(
            "6: egress[0].cidrs[0]: must be an IPv4 address or network such as 198.51.100.0/28 or "
            "198.51.100.7, got '198.51.100.256'; each of the four numbers is 0 to 255 without leading zeros, "
            "the prefix 0 to 32"
        ),
    ),
    spoiled(
        "egress-leading-zeros",
        ("8.8.4.0/28", "198.051.100.7"),
        says=(
            "6: egress[0].cidrs[0]: must be an IPv4 address or network such as 198.51.100.0/28 or "
            "198.51.100.7, got '198.051.100.7'; each of the four numbers is 0 to 255 without leading zeros, "
            "the prefix 0 to 32"
        ),
    ),
    spoiled(
        "egress-netmask",
        ("8.8.4.0/28", "198.51.100.0/255.255.255.240"),
        says=(
            "6: egress[0].cidrs[0]: must be an IPv4 address or network such as 198.51.100.0/28 or "
            "198.51.100.7, got '198.51.100.0/255.255.255.240'"
        ),
    ),
    spoiled(
        "egress-empty",
        ("8.8.4.0/28", ""),
        says="6: egress[0].cidrs: must hold at least 1 item, or ipv6_addresses must",
    ),
    spoiled(
        "egress-twice-in-one-entry",
        ("8.8.4.0/28", "8.8.4.0/28, 8.8.4.7"),
        says="6: egress[0].cidrs[1]: 8.8.4.7 overlaps 8.8.4.0/28 of the same entry; keep one of them",
    ),
    spoiled(
        "egress-wider-than-the-house-allows",
        more="egress_limits: {minimum_netmask_length: 30}\n",
        says=(
            "6: egress[0].cidrs[0]: must be /30 or narrower, as egress_limits.minimum_netmask_length says, got "
            "'8.8.4.0/28'; list the parts that are really yours"
        ),
    ),
    spoiled(
        "limit-laxer-than-ours",
        more="egress_limits: {minimum_netmask_length: 8}\n",
        says="24: egress_limits.minimum_netmask_length: must be at least 16, got the number 8",
    ),
    spoiled(
        "ticket-as-a-number",
        (ENDS, ENDS + "    ticket: 1234\n"),
        says=(
            "10: egress[0].ticket: must be one line of 1 to 128 characters, such as NET-1234 or the ticket's address, "
            "got the number 1234; put it in quotes"
        ),
    ),
    spoiled(
        "mode-unknown",
        (ENDS, ENDS + "    mode: enforced\n"),
        says="10: egress[0].mode: must be one of observe, enforce, got 'enforced'; did you mean 'enforce'?",
    ),
    spoiled(
        "egress-name-twice",
        ("    expires: 2027-06-30\n", ENDS + "  - {name: frankfurt-dc, cidrs: [203.0.113.1], " + REST),
        says="10: egress[1].name: must be distinct, got 'frankfurt-dc', which is already at [0]; keep one of them",
    ),
    spoiled(
        "owner-as-a-number",
        ("owner: network-ops", "owner: 7"),
        says=(
            "7: egress[0].owner: must be one line of 1 to 64 characters that names a team or person, got the "
            "number 7; put it in quotes"
        ),
    ),
    spoiled(
        "owner-blank",
        ("owner: network-ops", 'owner: " "'),
        says="7: egress[0].owner: must be one line of 1 to 64 characters that names a team or person, got ' '",
    ),
    spoiled(
        "reason-that-says-nothing",
        ("reason: Frankfurt data centre, NAT pool A", "reason: tbd"),
        says=(
            "8: egress[0].reason: must be one line of 8 to 256 characters that says whose addresses these "
            "are, and why, got 'tbd'"
        ),
    ),
    spoiled(
        "reason-on-two-lines",
        ("reason: Frankfurt data centre, NAT pool A", 'reason: "Frankfurt data centre\\nNAT pool A"'),
        says=(
            "8: egress[0].reason: must be one line of 8 to 256 characters that says whose addresses these "
            "are, and why, got 'Frankfurt data centre\\nNAT pool A'"
        ),
    ),
    spoiled(
        "expires-missing",
        ("    expires: 2027-06-30\n", ""),
        says="5: egress[0]: missing key 'expires' (Last day on which the entry counts, at most 400 days ahead)",
    ),
    spoiled(
        "expires-as-text",
        ("expires: 2027-06-30", 'expires: "2027-06-30"'),
        says="9: egress[0].expires: must be a date without quotes such as 2027-06-30, got '2027-06-30'",
    ),
    spoiled(
        "expires-in-another-notation",
        ("expires: 2027-06-30", "expires: 30.06.2027"),
        says="9: egress[0].expires: must be a date of the calendar such as 2027-06-30, got '30.06.2027'",
    ),
    spoiled(
        "expires-on-no-day",
        ("expires: 2027-06-30", "expires: 2027-02-30"),
        says="9: egress[0].expires: must be a date of the calendar such as 2027-06-30, got '2027-02-30'",
    ),
    spoiled(
        "expires-with-a-time",
        ("expires: 2027-06-30", "expires: 2027-06-30 12:00:00"),
        says=(
            "9: egress[0].expires: must be a date without a time such as 2027-06-30, got the date 2027-06-30 12:00:00"
        ),
    ),
    spoiled(
        "expires-too-far-ahead",
        ("expires: 2027-06-30", "expires: 2027-12-29"),
        says=(
            "9: egress[0].expires: must be at most 400 days ahead, that is 2027-12-28 or earlier, got the "
            "date 2027-12-29; a suppression has to be looked at again at least once a year"
        ),
    ),
    spoiled(
        "expires-left-blank",
        ("expires: 2027-06-30", "expires:"),
        says="9: egress[0].expires: must be a date such as 2027-06-30, got nothing",
    ),
]


@pytest.mark.parametrize(("changes", "more", "message"), REFUSED)
def test_fails_saying_where_what_and_what_to_do(
    config_file: ConfigFile, changes: tuple[tuple[str, str], ...], more: str, message: str
) -> None:
    assert config_file.refusal(*changes, more=more) == message
