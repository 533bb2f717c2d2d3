"""A connection is told with its direction, so that nobody takes a host that was called for the caller."""

from typing import Any

import pytest

from notifier.ledger.changes import changes
from notifier.ledger.sight import MARKS, Sight
from notifier.ledger.state import CaseState
from tests.findings import Event, attack_sequence, low_finding, outbound_connection
from tests.unit.notifier.briefs import brief_in, finding_in
from tests.unit.notifier.limits import check
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


def probed(*remote: dict[str, Any]) -> Event:
    event = low_finding()
    event["detail"]["service"]["action"]["portProbeAction"]["portProbeDetails"] = [
        {"localPortDetails": {"port": 22}, "remoteIpDetails": one} for one in remote
    ]
    return event


def test_of_a_caller_both_addresses_are_told() -> None:
    event = probed({"ipAddressV4": "203.0.113.9", "ipAddressV6": "2001:db8::66"})
    assert lines(brief_in(event), "Caller") == [("Address", "203.0.113.9"), ("Further addresses", "2001:db8::66")]


@pytest.mark.parametrize("longest", [False, True])
@pytest.mark.parametrize("probers", [2, 12, 50, 51, 400])
def test_every_address_that_counts_as_told_is_in_the_message_and_the_others_are_counted(
    probers: int, *, longest: bool
) -> None:
    addresses = [
        f"2001:db8:1111:2222:3333:4444:5555:{one:04x}" if longest else f"198.18.{one // 256}.{one % 256}"
        for one in range(probers)
    ]
    event = probed(*({"ipAddressV4": one} for one in addresses))
    brief = brief_in(event)
    check(brief)
    sight = Sight.of(finding_in(event))
    assert sight
    told = [value for label, value in lines(brief, "Caller") if label in {"Address", "Further addresses"}]
    named = [one for line in told for one in line.split(", ")]
    assert named == [*sight.marks, *([f"and {probers - MARKS} more"] if probers > MARKS else [])]
    assert not any(line.endswith("…") for line in told)


def test_no_further_address_is_told_where_there_is_one() -> None:
    assert [label for label, _ in lines(brief_in(low_finding()), "Caller")] == ["Address", "Network", "Place"]


def test_the_caller_is_the_first_that_has_an_address() -> None:
    nowhere = {"country": {"countryName": "Nowhere"}, "organization": {"org": "ExampleNet"}}
    event = probed({}, nowhere, {"ipAddressV4": "203.0.113.9"}, {"ipAddressV4": "192.0.2.1"})
    assert lines(brief_in(event), "Caller") == [("Address", "203.0.113.9"), ("Further addresses", "192.0.2.1")]
    assert lines(brief_in(probed({}, nowhere)), "Caller") == [("Network", "ExampleNet"), ("Place", "Nowhere")]
    assert lines(brief_in(probed({})), "Caller") == []


def test_the_addresses_of_an_attack_sequence_stand_with_it() -> None:
    assert "Caller" not in titles(attack_sequence())


def test_what_is_told_of_an_action_goes_on_in_another_line_where_one_is_full() -> None:
    event = probed(*({"ipAddressV4": f"203.0.113.{number}"} for number in range(101, 109)))
    for probe in event["detail"]["service"]["action"]["portProbeAction"]["portProbeDetails"]:
        probe["localIpDetails"] = {"ipAddressV6": "2001:db8:1111:2222:3333:4444:5555:6666"}
    ours = "local address 2001:db8:1111:2222:3333:4444:5555:6666; local port 22"
    assert lines(brief_in(event), "Call") == [
        ("Port probe action", f"blocked no; {ours}; from 203.0.113.101; {ours}; from 203.0.113.102"),
        ("Port probe action", f"{ours}; from 203.0.113.103; and 15 more"),
    ]
    long = {"requestUri": "/" + "x" * 300, "verb": "get", "statusCode": 200}
    event["detail"]["service"]["action"] = {"kubernetesApiCallAction": long}
    assert lines(brief_in(event), "Call") == [
        ("Kubernetes API call action", "verb get; status code 200"),
        ("Kubernetes API call action", f"request URI /{'x' * 186}…"),
    ]


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
