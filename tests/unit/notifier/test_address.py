"""Where a message may go: what an address must look like, and what its name may lead to."""

import socket
import threading
import time
from ipaddress import ip_address

import pytest

from notifier.destinations.slack import HOSTS
from notifier.https import Address, Https
from notifier.https.public import is_public, public_places
from notifier.outcomes import Refused
from tests.unit.notifier.scripted_host import Host

PLANTED = "pLaNtEdSeCrEt"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        pytest.param("", "not a URL", id="empty"),
        pytest.param(" \n", "not a URL", id="blank"),
        pytest.param("http://hooks.slack.com/services/pLaNtEd", "must begin with https", id="http"),
        pytest.param("hooks.slack.com/services/pLaNtEd", "must begin with https", id="no-scheme"),
        pytest.param("https://evil.example/services/pLaNtEd", "must be on hooks", id="other-host"),
        pytest.param("https://hooks.slack.com.evil.example/pLaNtEd", "must be on hooks", id="host-with-a-tail"),
        pytest.param("https://hooks.slack.com@evil.example/pLaNtEd", "must be on hooks", id="host-as-user"),
        pytest.param("https://hooks.slack.com\\@evil.example/pLaNtEd", "must be on hooks", id="backslash"),
        pytest.param("https://u:p@hooks.slack.com/pLaNtEd", "without user", id="user"),
        pytest.param("https://hooks.slack.com:8443/pLaNtEd", "must be on hooks", id="other-port"),
        pytest.param("https://hooks.slack.com:port/pLaNtEd", "not a URL", id="port-that-is-none"),
        pytest.param("https://169.254.169.254/pLaNtEd", "must be on hooks", id="metadata-address"),
        pytest.param("https://[fd00:ec2::254]/pLaNtEd", "must be on hooks", id="ipv6-metadata-address"),
        pytest.param("https://[oops/pLaNtEd", "not a URL", id="broken-brackets"),
        pytest.param("https://hooks.slack.com", "no path", id="no-path"),
        pytest.param("https://hooks.slack.com/a\r\nHost: evil/pLaNtEd", "not a URL", id="header-injection"),
        pytest.param("https://hooks.slack.com/pLaNtEd/é", "not a URL", id="not-ascii"),
        pytest.param('{"url": "https://hooks.slack.com/pLaNtEd"}', "not a URL", id="json"),
        pytest.param("x" * 5000, "not a URL", id="too-long"),
    ],
)
def test_t14_fails_for_an_address_that_is_not_slack_s_without_showing_it(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as raised:
        Address.parse(url, hosts=HOSTS)
    assert "pLaNtEd" not in repr(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "203.0.113.9", "169.254.169.254", "[::1]", "[fd00:ec2::254]", "[::ffff:10.0.0.1]", "localhost",
        "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "a..b", ".com", "hooks", "hooks.example.com.",
        "-a.example", "a_b.example", "hooks.example.1", "ho%6fks.example.com", f"{'a' * 64}.com",
    ],
)  # fmt: skip
def test_t14_fails_for_a_host_that_is_no_public_name(host: str) -> None:
    with pytest.raises(ValueError, match=r"public host|not a URL"):
        Address.parse(f"https://{host}/{PLANTED}")


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        (" https://Hooks.Example.COM/a/b?c=d#e\n", "hooks.example.com", "/a/b?c=d"),
        ("https://hooks.example.com:443", "hooks.example.com", "/"),
        ("https://xn--bcher-kva.example/x", "xn--bcher-kva.example", "/x"),
        ("https://a.xn--p1ai/x", "a.xn--p1ai", "/x"),
    ],
)
def test_any_public_name_is_accepted_where_no_hosts_are_given(url: str, host: str, path: str) -> None:
    assert Address.parse(url) == Address(host, path)


@pytest.mark.parametrize("host", ["hooks.slack.com", "hooks.slack-gov.com", "HOOKS.slack.com"])
def test_both_hosts_of_slack_are_accepted_and_the_path_is_never_shown(host: str) -> None:
    address = Address.parse(f"https://{host}/services/{PLANTED}", hosts=HOSTS)
    assert address.host == host.lower()
    assert PLANTED not in f"{address!r} {address}"


INWARD = (
    "0.0.0.1", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.8.8.8", "169.254.169.254",
    "169.254.170.2", "169.254.169.253", "172.16.0.1", "192.0.0.1", "192.168.1.1", "198.18.0.1", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1",
    "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::8.8.8.8", "100::1",
    "2001::1", "2001:db8::1", "2002:a00:1::", "2002:808:808::", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0",
    "fec0::1", "ff02::1",
)  # fmt: skip


@pytest.mark.parametrize("address", INWARD)
def test_t14_an_address_that_leads_inwards_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "192.88.99.1", "2606:4700::1", "64:ff9b::8.8.8.8"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "::ffff:10.0.0.1", "127.0.0.1"])
def test_t14_a_name_that_leads_inwards_is_refused_even_if_its_other_address_is_public(address: str) -> None:
    with pytest.raises(Refused, match="which is not on the public internet") as raised:
        public_places("hooks.example.com", 443, within=5, resolve=lambda *_: [("8.8.8.8", 443), (address, 443)])
    assert raised.value.cause == "address"


def test_t14_the_connection_goes_to_the_address_that_was_checked(host: Host) -> None:
    """A name that changes its mind between check and connection (rebinding) is asked once only."""
    answers = [[("8.8.8.8", 443)], [("127.0.0.1", host.port)]]
    checked: list[str] = []

    def permitted(address: object) -> bool:
        checked.append(str(address))
        return False

    https = Https(resolve=lambda *_: answers.pop(0), permitted=permitted)
    with pytest.raises(Refused, match=r"8\.8\.8\.8"):
        https.post(Address("hooks.example.com", "/x"), body=b"", headers={}, deadline=5)
    assert (checked, len(answers), host.connections) == (["8.8.8.8"], 1, 0)


def test_t14_nothing_is_looked_up_after_the_check(monkeypatch: pytest.MonkeyPatch, host: Host) -> None:
    asked: list[object] = []
    genuine = socket.getaddrinfo

    def noted(name: object, *args: object, **options: object) -> object:
        asked.append(name)
        return genuine("127.0.0.1", host.port, type=socket.SOCK_STREAM) if name == "hooks.example.com" else []

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    with pytest.raises(Refused):
        Https().post(Address("hooks.example.com", "/x"), body=b"", headers={}, deadline=5)
    assert (asked, host.connections) == (["hooks.example.com"], 0)


def test_production_s_own_check_is_the_default() -> None:
    assert Https().permitted is is_public


def test_a_resolver_that_hangs_leaves_no_thread_that_would_keep_the_program_alive() -> None:
    released = threading.Event()

    def hang(*_: object) -> list[tuple[str, int]]:
        released.wait(5)
        return []

    began = time.monotonic()
    with pytest.raises(Exception, match="could not be looked up within"):
        public_places("hooks.example.com", 443, within=0.05, resolve=hang)
    assert time.monotonic() - began < 1
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "resolver")
    released.set()
