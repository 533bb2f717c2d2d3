"""A connection is told with its direction, so that nobody takes a host that was called for the caller."""

from typing import Any

import pytest

from notifier.ledger.changes import changes
from notifier.ledger.sight import Sight
from notifier.ledger.state import CaseState
from tests.findings import Event, attack_sequence, low_finding, outbound_connection
from tests.unit.notifier.briefs import brief_in, finding_in
from tests.unit.notifier.test_observed import lines

PLACE = [("Network", "ExampleNet (AS64496)"), ("Place", "Amsterdam, Netherlands")]


def titles(event: Event) -> list[str]:
    return [section.title for section in brief_in(event).sections]


def test_a_host_that_an_instance_called_is_no_caller() -> None:
    event = outbound_connection()
    assert titles(event) == ["Workload", "Remote host", "Connection", "When", "Finding"]
    brief = brief_in(event)
    assert lines(brief, "Remote host") == [
        ("Direction", "outbound: the workload connects to it"), ("Address", "203.0.113.9"), *PLACE
    ]  # fmt: skip
    assert lines(brief, "Connection") == [
        (
            "Network connection action",
            "protocol TCP; blocked no; local address 10.0.0.5; local port 39677; remote port 443 (HTTPS)",
        )
    ]


def test_of_a_function_it_is_told_likewise() -> None:
    event = outbound_connection(
        type="UnauthorizedAccess:Lambda/MaliciousIPCaller.Custom",
        resource={"lambdaDetails": {"functionName": "payments-api"}},
    )
    assert titles(event)[:3] == ["Workload", "Remote host", "Connection"]
    assert lines(brief_in(event), "Remote host")[0] == ("Direction", "outbound: the workload connects to it")


@pytest.mark.parametrize(
    ("direction", "told"),
    [
        ("INBOUND", [("Direction", "inbound: it connects to the workload")]),
        ("outbound", [("Direction", "outbound: the workload connects to it")]),
        ("UNKNOWN", [("Direction", "unknown")]),
        ("\u202eUP", [("Direction", "\\u202eup")]),
        (None, []),
        ([1], []),
    ],
)
def test_every_connection_has_a_remote_host_and_the_direction_that_the_finding_gives(
    direction: object, told: list[tuple[str, str]]
) -> None:
    brief = brief_in(outbound_connection(direction=direction))
    assert lines(brief, "Remote host") == [*told, ("Address", "203.0.113.9"), *PLACE]
    assert lines(brief, "Caller") == []


def test_of_several_probes_each_port_is_told_with_who_tried_it() -> None:
    event = low_finding()
    event["detail"]["service"]["action"]["portProbeAction"]["portProbeDetails"] = [
        {
            "localPortDetails": {"port": 22, "portName": "SSH"},
            "localIpDetails": {"ipAddressV6": "2001:db8::5"},
            "remoteIpDetails": {"ipAddressV4": "203.0.113.9"},
        },
        {"localPortDetails": {"portName": "HTTP"}, "remoteIpDetails": {"ipAddressV4": "203.0.113.10"}},
    ]
    assert lines(brief_in(event), "Call") == [
        (
            "Port probe action",
            "blocked no; local address 2001:db8::5; local port 22 (SSH); from 203.0.113.9; local port HTTP; "
            "from 203.0.113.10",
        )
    ]


def test_what_does_not_fit_is_counted() -> None:
    event = low_finding()
    probe = {"localPortDetails": {"port": 22}, "remoteIpDetails": {"ipAddressV4": "203.0.113.9"}}
    event["detail"]["service"]["action"]["portProbeAction"]["portProbeDetails"] = [probe] * 9
    ((_, told),) = lines(brief_in(event), "Call")
    assert told.startswith("blocked no; local port 22; from 203.0.113.9; local port 22;")
    assert told.endswith("; and 9 more")
    event["detail"]["service"]["action"] = {
        "awsApiCallAction": {"api": "x", "affectedResources": {f"r{one}": "y" for one in range(6)}}
    }
    assert lines(brief_in(event), "Call")[-1] == ("On", "r0 y; r1 y; r2 y; r3 y; and 2 more")


def more_of(first: Event, then: Event) -> tuple[str, ...]:
    before, after = (Sight.of(finding_in(event)) for event in (first, then))
    assert before
    assert after
    found = changes(CaseState.new().after(before, now=1.0), after, now=2.0, quiet=1e9)
    return found.notes() if found else ()


def test_a_further_host_that_is_called_is_told_as_one_that_is_called() -> None:
    assert more_of(outbound_connection(), outbound_connection(address="198.51.100.24")) == (
        "You were told of this before. What changed: now also to 198.51.100.24.",
    )
    inbound: dict[str, Any] = {"direction": "INBOUND"}
    assert more_of(outbound_connection(**inbound), outbound_connection(address="198.51.100.24", **inbound)) == (
        "You were told of this before. What changed: now also from 198.51.100.24.",
    )


def test_an_address_that_an_older_version_told_is_no_news_whichever_way_it_goes() -> None:
    assert more_of(outbound_connection(direction=None), outbound_connection()) == ()


def test_an_endpoint_of_a_sequence_that_was_called_is_told_as_one_that_was_called() -> None:
    event = attack_sequence()
    endpoints = event["detail"]["service"]["detection"]["sequence"]["endpoints"]
    endpoints.append({"domain": "evil.example", "connection": {"direction": "OUTBOUND"}})
    assert more_of(attack_sequence(), event) == (
        "You were told of this before. What changed: now also to evil[.]example.",
    )
