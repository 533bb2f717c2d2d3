"""From an event to its brief, for tests."""

import json
from ipaddress import ip_network

from notifier.brief import Brief
from notifier.briefs import brief_of
from notifier.briefs.surroundings import Surroundings
from notifier.items.event import read
from notifier.items.finding import Finding
from shared.egress import EgressRange

EGRESS = (
    EgressRange(name="frankfurt-dc", owner="network-ops", networks=(ip_network("198.51.100.0/28"),)),
    EgressRange(name="lab", owner="lab-team", networks=(ip_network("198.51.100.64/28"),), observing=True),
    EgressRange(name="shared", owner="network-ops", networks=(ip_network("198.51.100.128/28"),), scoped=True),
    EgressRange(
        name="trial", owner="lab-team", networks=(ip_network("198.51.100.160/28"),), scoped=True, observing=True
    ),
    EgressRange(name="partner", owner="lab-team", networks=(ip_network("198.51.100.135/32"),), scoped=True),
    EgressRange(name="six", owner="network-ops", networks=(ip_network("2001:db8:1::/48"),)),
)

DETECTIVE = frozenset({"eu-west-1", "us-east-1"})


def finding_in(event: object) -> Finding:
    """The one finding in an event."""
    (found,) = read(json.dumps(event))
    assert isinstance(found, Finding)
    return found


def brief_in(event: object) -> Brief:
    """The brief of the one finding in an event."""
    return brief_of(finding_in(event), Surroundings(deployment="sandbox", egress=EGRESS, detective=DETECTIVE))
