"""Which addresses are AWS's: read from AWS's own list, and from nowhere that it leads to."""

import json
import socket
from functools import partial
from http.client import BadStatusLine, IncompleteRead
from threading import Timer
from urllib.error import HTTPError

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from investigation import aws_networks
from investigation.aws_networks import Unsorted, read_networks

LIST = "/ip-ranges.json"


def ranges(*prefixes: str, fill: int = 200) -> bytes:
    listed = [{"ip_prefix": f"198.18.{number}.0/24"} for number in range(fill)]
    listed += [{"ip_prefix": one} for one in prefixes]
    return json.dumps({"prefixes": listed, "ipv6_prefixes": [{"ipv6_prefix": "2001:db8::/32"}]}).encode()


def test_the_list_of_aws_is_read_as_it_is_published() -> None:
    networks = read_networks(lambda: ranges("192.0.2.0/24"))
    assert "192.0.2.255" in networks
    assert "2001:db8:ffff::1" in networks
    assert "198.18.199.7" in networks
    assert "198.18.200.7" not in networks
    assert "nonsense" not in networks


def test_fails_on_a_list_that_would_call_the_thief_our_own() -> None:
    def gone() -> bytes:
        raise OSError

    for content in (b"", b"[]", b'{"prefixes": 1}', ranges("0.0.0.0/1"), ranges("0.0.0.0/0"), ranges(fill=3)):
        with pytest.raises(Unsorted, match="is not what it was"):
            read_networks(partial(bytes, content))
    with pytest.raises(Unsorted, match=r"could not be read \(OSError\)"):
        read_networks(gone)


@pytest.mark.parametrize("error", [IncompleteRead(b"{"), BadStatusLine("x")])
def test_a_list_that_breaks_off_fails_no_look(error: Exception) -> None:
    def broken() -> bytes:
        raise error

    with pytest.raises(Unsorted, match=rf"could not be read \({type(error).__name__}\)"):
        read_networks(broken)


@pytest.fixture
def published(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    """Where the list is fetched from instead of AWS."""
    monkeypatch.setattr(aws_networks, "ADDRESS", httpserver.url_for(LIST))
    return httpserver


def test_it_is_fetched_from_aws_and_over_tls() -> None:
    assert aws_networks.ADDRESS == "https://ip-ranges.amazonaws.com/ip-ranges.json"


def test_it_is_fetched_without_a_word_about_the_case(published: HTTPServer) -> None:
    published.expect_oneshot_request(LIST, method="GET").respond_with_data(ranges("192.0.2.0/24"))
    assert "192.0.2.7" in read_networks()
    ((request, _),) = published.log
    assert (request.query_string, request.data) == (b"", b"")
    assert {name: value for name, value in request.headers if name != "Host"} == {
        "Accept-Encoding": "identity", "Connection": "close", "User-Agent": "detection-stack",
    }  # fmt: skip


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_nobody_is_asked_elsewhere(published: HTTPServer, status: int) -> None:
    """Whoever could send the function elsewhere would say which hosts are ours, and a thief's would be one."""
    elsewhere = published.url_for("/elsewhere.json")
    published.expect_request(LIST).respond_with_response(Response(status=status, headers={"Location": elsewhere}))
    published.expect_request("/elsewhere.json").respond_with_data(ranges("203.0.113.0/24"))
    with pytest.raises(Unsorted, match=r"^AWS's list of its addresses could not be read \(HTTPError\)$"):
        read_networks()
    assert [request.path for request, _ in published.log] == [LIST]


def test_an_error_is_no_list_whatever_it_holds(published: HTTPServer) -> None:
    published.expect_request(LIST).respond_with_data(ranges(), status=503)
    with pytest.raises(Unsorted, match=r"could not be read \(HTTPError\)") as raised:
        read_networks()
    refused = raised.value.__cause__
    assert isinstance(refused, HTTPError)
    # It is the answer too; one that nobody closes is warned of from Python 3.14 on.
    assert refused.closed


@pytest.mark.parametrize(("room", "read"), [(0, True), (-1, False)])
def test_a_list_is_read_up_to_a_length(
    published: HTTPServer, monkeypatch: pytest.MonkeyPatch, room: int, *, read: bool
) -> None:
    content = ranges()
    monkeypatch.setattr(aws_networks, "_MOST_BYTES", len(content) + room)
    published.expect_request(LIST).respond_with_data(content)
    if read:
        assert "198.18.0.7" in read_networks()
    else:
        with pytest.raises(Unsorted, match="is not what it was"):
            read_networks()


def test_a_host_that_stays_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(aws_networks, "ADDRESS", f"http://127.0.0.1:{silent.getsockname()[1]}{LIST}")
        monkeypatch.setattr(aws_networks, "_SECONDS", 0.1)
        # Whoever waits all the same is refused in the end, so that this test fails rather than hangs.
        patience = Timer(10, silent.shutdown, args=[socket.SHUT_RDWR])
        patience.start()
        with pytest.raises(Unsorted, match=r"could not be read \(TimeoutError\)"):
            read_networks()
        patience.cancel()
