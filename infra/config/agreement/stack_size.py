"""What must agree about the size of a Response stack: CloudFormation holds so many resources in one."""

from infra.config.destinations import AnyDestination, SnsDestination
from infra.config.egress import EgressEntry
from infra.config.errors import Found
from infra.config.heartbeat import Heartbeat
from infra.config.investigation import Investigation
from infra.config.routes import Route
from infra.config.trusted_list import TrustedEntry
from infra.config.watch import Watch

MAX_RESOURCES = 500
"""Resources of one stack (CloudFormation quotas)."""

STACK_RESOURCES = 10
"""Resources of the Response stack that do not depend on the number of destinations and routes, with room for more."""

DELIVERY_RESOURCES = 14
TOPIC_RESOURCES = 5
ROUTE_RESOURCES = 3
REVIEW_RESOURCES = 22
INVESTIGATION_RESOURCES = 22
WATCH_RESOURCES = 10
"""Resources of a destination, of a mail destination beside these and its addresses, of a route, of the review of
suppression beside the route to each destination, of investigations, and of the watch; a test counts. The heartbeat
takes two more for each destination, and one for each route and Region."""


def response_resources(
    *,
    routes: tuple[Route, ...],
    destinations: tuple[AnyDestination, ...],
    egress: tuple[EgressEntry, ...],
    trusted_list: tuple[TrustedEntry, ...],
    investigation: Investigation,
    watch: Watch,
    heartbeat: Heartbeat,
    hub: str,
    regions: tuple[str, ...],
) -> int:
    """The most resources that a Response stack has: what depends on a Region is counted for the one that has most."""
    count = STACK_RESOURCES + sum(map(_resources, destinations)) + ROUTE_RESOURCES * (len(routes) + 1)
    if egress or trusted_list:
        count += REVIEW_RESOURCES + ROUTE_RESOURCES * len(destinations)
    if investigation.enabled is not False:
        count += INVESTIGATION_RESOURCES
    if watch.enabled:
        count += WATCH_RESOURCES
    if heartbeat.enabled:
        count += 2 * len(destinations) + len(routes) + 1 + (len(regions) if hub == "home" else 1)
    return count


def resources_fit_a_stack(
    *,
    routes: tuple[Route, ...],
    destinations: tuple[AnyDestination, ...],
    egress: tuple[EgressEntry, ...],
    trusted_list: tuple[TrustedEntry, ...],
    investigation: Investigation,
    watch: Watch,
    heartbeat: Heartbeat,
    hub: str,
    regions: tuple[str, ...],
) -> Found:
    """Each limit alone allows more than one stack can hold."""
    count = response_resources(
        routes=routes,
        destinations=destinations,
        egress=egress,
        trusted_list=trusted_list,
        investigation=investigation,
        watch=watch,
        heartbeat=heartbeat,
        hub=hub,
        regions=regions,
    )
    if count > MAX_RESOURCES:
        dearest = max(destinations, key=_resources)
        yield (
            ("destinations",),
            f"destinations and routes need {count} resources, a CloudFormation stack holds {MAX_RESOURCES};"
            f" {dearest.name!r} alone takes {_resources(dearest)}, a route {ROUTE_RESOURCES}: write to a mailing list"
            " rather than to single people, or make a second deployment",
        )


def _resources(destination: AnyDestination) -> int:
    if isinstance(destination, SnsDestination):
        return DELIVERY_RESOURCES + TOPIC_RESOURCES + len(destination.emails)
    return DELIVERY_RESOURCES


RULES = (resources_fit_a_stack,)
