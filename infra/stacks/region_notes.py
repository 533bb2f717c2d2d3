"""What is otherwise in some Regions, for whoever builds: a line for each kind, since thirty would bury the warnings."""

from collections.abc import Iterator

from infra.config import Deployment


def region_notes(deployment: Deployment) -> Iterator[str]:
    """Sentences that name the Regions they are about."""
    if deployment.detective.enabled:
        with_detective = deployment.detective_regions()
        without = [region for region in deployment.regions if region not in with_detective]
        offered = [region for region in without if deployment.region(region).detective]
        not_offered = [region for region in without if region not in offered]
        for regions, why in ((offered, "no graph was found there"), (not_offered, "not offered there")):
            if regions:
                yield f"Detective is left out in {', '.join(regions)}: {why}"
    if unkept := [hub for hub in deployment.hubs if not deployment.region(hub).event_archive]:
        yield (
            f"no archive of findings in {', '.join(unkept)}: EventBridge keeps none there, so that nothing can be "
            "replayed; region_overrides: {<Region>: {event_archive: true}} if it does by now"
        )
    opt_in = [
        region
        for region in deployment.regions
        if deployment.region(region).opt_in and region != deployment.hub_of(region)
    ]
    if opt_in:
        yield (
            f"opt-in Regions: {', '.join(opt_in)}; that EventBridge forwards from the newest of them is not "
            "documented: send yourself a sample finding from there"
        )
