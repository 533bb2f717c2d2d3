"""What a Detection stack needs in its Region: the stack itself, a graph, and room for filters."""

from collections.abc import Iterator

from infra.suppression import MAX_FILTERS
from tools.doctor.check import Check
from tools.doctor.deployable import deployable
from tools.doctor.live_region import LiveRegion
from tools.live.pages import pages


def stack(place: LiveRegion) -> Iterator[Check]:
    """The Detection stack can be deployed as it stands."""
    yield deployable(place, place.stack)


def graphs(place: LiveRegion) -> Iterator[Check]:
    """The Detective graph of this Region, and what would become of it."""
    deployment, region = place.deployment, place.region
    if not deployment.detective.enabled:
        return
    if not deployment.region(region).detective:
        yield place.ok("graph", "none", "left out: Detective is not offered here")
        return
    arn = place.graphs[0] if place.graphs else None
    if deployment.detective_ownership(region) == "existing":
        recorded = place.recorded.regions.get(region) if place.recorded else None
        written = recorded.graph_arn if recorded else None
        if place.compares and written != arn:
            yield place.wrong(
                "graph",
                arn or "none",
                f"the committed file names {written or 'no graph'} here",
                fix=f"python -m tools doctor {place.name} --write",
            )
        else:
            yield place.ok("graph", arn or "none", "already is, somebody else's" if arn else "left out: there is none")
    elif arn is None:
        yield place.ok("graph", "none", "will be created")
    elif place.is_of_the_stack(arn):
        yield place.ok("graph", arn, "already is this stack's")
    else:
        # Not documented, and not tried (Detective API reference, CreateGraph: the administrator's graph is returned).
        yield place.unknown(
            "graph",
            arn,
            "a graph is there already, and whether CloudFormation takes it over is not documented; adopt it, or write "
            "detective.ownership: existing",
            fix=f"python -m tools adopt {place.name}",
        )


def filters(place: LiveRegion) -> Iterator[Check]:
    """Room for our filters beside those of others, and no name taken."""
    planned = set(place.filters)
    if not place.detectors:
        yield place.ok("filters", "count", f"{len(planned)} will be created, of {MAX_FILTERS} in the Region")
        return
    names = set(pages(place.client("guardduty").list_filters, "FilterNames", DetectorId=place.detectors[0]))
    # The physical id of a filter is its name, and holds it where CloudFormation writes more.
    ours = {name for name in names if place.is_of_the_stack(name)}
    for name in sorted((planned & names) - ours):
        yield place.wrong(
            "filters",
            name,
            "will fail: a filter of that name is there already, and it is not this stack's",
            fix=f"aws guardduty delete-filter --region {place.region} --detector-id {place.detectors[0]} "
            f"--filter-name {name}",
        )
    # CloudFormation makes the new ones before it deletes the old.
    most = len(names | planned)
    said = (
        f"{len(planned & ours)} already are, {len(planned - names)} will be created, {len(ours - planned)} will be "
        f"deleted, {len(names - ours)} are of others: at most {most} at once, of {MAX_FILTERS} in the Region"
    )
    if most > MAX_FILTERS:
        yield place.wrong("filters", "count", f"will fail: {said}; delete some, or join egress entries")
    else:
        yield place.ok("filters", "count", said)


def trusted_lists(place: LiveRegion) -> Iterator[Check]:
    """Room for our trusted list: GuardDuty takes one of a kind in an account and Region (its user guide, quotas)."""
    if not place.deployment.trusted_list or not place.detectors:
        return
    guardduty, detector = place.client("guardduty"), place.detectors[0]
    if place.deployment.region(place.region).trusted_entity_set:
        kind, found = "entity", pages(guardduty.list_trusted_entity_sets, "TrustedEntitySetIds", DetectorId=detector)
    else:
        kind, found = "ip", pages(guardduty.list_ip_sets, "IpSetIds", DetectorId=detector)
    lists = tuple(found)
    others = [one for one in lists if not place.is_of_the_stack(one)]
    for one in others:
        named = "trusted-entity-set" if kind == "entity" else "ip-set"
        yield place.wrong(
            "trusted list",
            one,
            "will fail: a trusted list is there already, and it is not this stack's; GuardDuty takes one, so carry its "
            "addresses over into trusted_list, and delete it",
            fix=f"aws guardduty get-{named} --region {place.region} --detector-id {detector} --{named}-id {one}",
        )
    if not others:
        yield place.ok("trusted list", lists[0] if lists else "none", "already is" if lists else "will be created")
