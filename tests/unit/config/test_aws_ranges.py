"""Addresses of AWS, where AWS's file lies beside the configuration."""

import json
from pathlib import Path

import pytest

from tests.unit.config.examples import ConfigFile

AWS_FILE = Path("aws-ip-ranges.json")
ADVICE = "copy https://ip-ranges.amazonaws.com/ip-ranges.json again, or delete the file to go without this check"


def write_ranges(*prefixes: tuple[str, str, str], created: object = "2026-11-20-17-43-12") -> None:
    """Write a file like AWS's, with a few of its keys more than we read."""
    items = [
        {"ip_prefix": prefix, "region": region, "service": service, "network_border_group": region}
        for prefix, region, service in prefixes
    ]
    ipv6 = [
        {"ipv6_prefix": prefix, "region": "eu-west-1", "service": service, "network_border_group": "eu-west-1"}
        for prefix, service in (("2600:1f18::/36", "AMAZON"), ("2600:1f18::/40", "EC2"))
    ]
    AWS_FILE.write_text(json.dumps({"syncToken": "1", "createDate": created, "prefixes": items, "ipv6_prefixes": ipv6}))


@pytest.mark.parametrize(
    ("cidr", "overlaps"),
    [
        pytest.param("8.8.4.0/28", "8.8.0.0/16 ('EC2' in 'eu-west-1'", id="inside"),
        pytest.param("8.8.0.0", "8.8.0.0/16 ('EC2' in 'eu-west-1'", id="first-address"),
        pytest.param("8.8.255.255", "8.8.0.0/16 ('EC2' in 'eu-west-1'", id="last-address"),
        pytest.param("8.9.16.0/20", "8.9.16.128/25 ('S3' in 'GLOBAL'", id="around"),
    ],
)
def test_fails_naming_the_prefix_of_aws(config_file: ConfigFile, cidr: str, overlaps: str) -> None:
    write_ranges(
        ("8.8.0.0/16", "eu-west-1", "AMAZON"),
        ("8.8.0.0/16", "eu-west-1", "EC2"),
        ("8.9.16.0/22", "GLOBAL", "AMAZON"),
        ("8.9.16.128/25", "GLOBAL", "S3"),
    )
    assert config_file.refusal(("8.8.4.0/28", cidr)) == (
        f"stack.yaml:6: egress[0].cidrs[0]: must not hold addresses of AWS, got '{cidr}', which overlaps {overlaps},"
        " aws-ip-ranges.json of 2026-11-20); an address of AWS is never outside AWS, and others can rent it: list"
        " those of your own network"
    )


def test_fails_naming_the_ipv6_prefix_of_aws(config_file: ConfigFile) -> None:
    write_ranges(("8.8.0.0/16", "eu-west-1", "EC2"))
    assert config_file.refusal(("cidrs: [8.8.4.0/28]", 'ipv6_addresses: ["2600:2000::1", "2600:1f18::7"]')) == (
        "stack.yaml:6: egress[0].ipv6_addresses[1]: must not be an address of AWS, got '2600:1f18::7', which is in"
        " 2600:1f18::/40 ('EC2' in 'eu-west-1', aws-ip-ranges.json of 2026-11-20); an address of AWS is never outside"
        " AWS, and others can rent it: list those of your own network"
    )


@pytest.mark.parametrize("cidr", ["8.7.255.255", "8.9.0.0", "8.10.0.0/16"])
def test_addresses_beside_those_of_aws_are_accepted(config_file: ConfigFile, cidr: str) -> None:
    write_ranges(("8.8.0.0/16", "eu-west-1", "EC2"), ("8.11.0.0/16", "eu-west-1", "EC2"))
    assert len(config_file.deployment(("8.8.4.0/28", cidr)).egress) == 1


def test_nothing_is_checked_without_the_file(config_file: ConfigFile) -> None:
    assert len(config_file.deployment().egress) == 1


def test_fails_with_addresses_of_aws_among_other_mistakes(config_file: ConfigFile) -> None:
    write_ranges(("8.8.0.0/16", "eu-west-1", "EC2"))
    lines = config_file.refusal(("name: sandbox", "name: 7")).splitlines()
    assert [line.split(": ")[1] for line in lines] == ["name", "egress[0].cidrs[0]"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("[", f":1: is not JSON; {ADVICE}", id="no-json"),
        pytest.param("[]", f": is not AWS's list of addresses, the top level is missing or wrong; {ADVICE}", id="list"),
        pytest.param(
            '{"createDate": "2026-11-20-17-43-12"}',
            f": is not AWS's list of addresses, prefixes is missing or wrong; {ADVICE}",
            id="no-prefixes",
        ),
        pytest.param(
            '{"createDate": "2026-11-20-17-43-12", "prefixes": [{"region": "GLOBAL", "service": "S3"}]}',
            f": is not AWS's list of addresses, prefixes.0.ip_prefix is missing or wrong; {ADVICE}",
            id="no-address",
        ),
        pytest.param(
            '{"createDate": "today", "prefixes": []}',
            f": createDate must look like 2026-11-20-17-43-12, got 'today'; {ADVICE}",
            id="no-date",
        ),
        pytest.param(
            '{"createDate": "2026-11-20-17-43-12", "prefixes":'
            ' [{"ip_prefix": "8.8.8.8/8", "region": "GLOBAL", "service": "S3"}]}',
            f": prefixes[0].ip_prefix must be an IPv4 network, got '8.8.8.8/8'; {ADVICE}",
            id="no-network",
        ),
        pytest.param(
            '{"createDate": "2026-11-20-17-43-12", "prefixes": [], "ipv6_prefixes":'
            ' [{"ipv6_prefix": "2600::/15", "region": "GLOBAL", "service": "S3"}]}',
            f": ipv6_prefixes[0].ipv6_prefix is wider than AWS has any, got '2600::/15'; {ADVICE}",
            id="half-of-the-internet-of-ipv6",
        ),
        pytest.param(
            '{"createDate": "2026-11-20-17-43-12", "prefixes":'
            ' [{"ip_prefix": "0.0.0.0/0", "region": "GLOBAL", "service": "S3"}]}',
            f": prefixes[0].ip_prefix is wider than AWS has any, got '0.0.0.0/0'; {ADVICE}",
            id="everything",
        ),
        pytest.param(
            " " * (16 * 1024 * 1024 + 1),
            ": is larger than 16384 KiB; AWS's file is about 2 MiB, is this the right file?",
            id="too-large",
        ),
    ],
)
def test_fails_for_a_file_that_is_not_aws_s(config_file: ConfigFile, text: str, says: str) -> None:
    AWS_FILE.write_text(text)
    assert config_file.refusal() == f"aws-ip-ranges.json{says}"


def test_fails_with_the_mistakes_of_both_files(config_file: ConfigFile) -> None:
    AWS_FILE.write_text("[")
    lines = config_file.refusal(("name: sandbox", "name: 7")).splitlines()
    assert [line.split(":")[0] for line in lines] == ["stack.yaml", "aws-ip-ranges.json"]
