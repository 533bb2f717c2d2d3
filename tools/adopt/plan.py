"""What there is to import in one Region, and what stands in the way; reads only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tools.doctor import detection, detectors
from tools.doctor.check import Check
from tools.doctor.live_region import NEVER_MADE, LiveRegion
from tools.live.refusal import said
from tools.live.verdict import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What one Region's Detection stack is to take over.

    Attributes:
        detector_id: Of the detector to import; None if there is none to import.
        detector: That detector as it is (GetDetector).
        graph_arn: Of the graph to import; None if there is none to import.
        stack_exists: Whether the import adds to a stack, rather than making it.
    """

    region: str
    stack: str
    detector_id: str | None
    detector: Mapping[str, Any] = field(default_factory=dict)
    graph_arn: str | None
    stack_exists: bool

    @property
    def anything(self) -> bool:
        """Whether there is something to import."""
        return self.detector_id is not None or self.graph_arn is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPlan:
    """What a look at one Region came to.

    Attributes:
        checks: What was found; no import is planned unless all are ok.
        planned: What to import; None if that could not be told.
    """

    checks: tuple[Check, ...]
    planned: Import | None


def look(place: LiveRegion) -> RegionPlan:
    """Look at one Region."""
    try:
        checks = tuple(_checks(place))
        if any(check.state is not State.OK for check in checks):
            return RegionPlan(checks=checks, planned=None)
        return RegionPlan(checks=checks, planned=_planned(place))
    except (ClientError, BotoCoreError) as error:
        detail = f"could not be looked at: {said(error)}"
        return RegionPlan(checks=(place.unknown("region", place.region, detail),), planned=None)


def _planned(place: LiveRegion) -> Import:
    detector, graph = _detector(place), _graph(place)
    return Import(
        region=place.region,
        stack=place.stack,
        detector_id=detector,
        detector=place.client("guardduty").get_detector(DetectorId=detector) if detector else {},
        graph_arn=graph,
        stack_exists=place.stack_status not in {None, "REVIEW_IN_PROGRESS", *NEVER_MADE},
    )


def _detector(place: LiveRegion) -> str | None:
    """The detector to import: there is one, it shall be ours, and is not yet."""
    wanted = place.deployment.guardduty_ownership(place.region) == "create"
    return next((one for one in place.detectors if wanted and not place.is_of_the_stack(one)), None)


def _graph(place: LiveRegion) -> str | None:
    deployment = place.deployment
    offered = deployment.detective.enabled and deployment.region(place.region).detective
    if not offered or deployment.detective_ownership(place.region) == "existing":
        return None
    return next((one for one in place.graphs if not place.is_of_the_stack(one)), None)


def _checks(place: LiveRegion) -> Iterator[Check]:
    yield from (check for check in detection.stack(place) if check.state is not State.OK)
    deployment, region = place.deployment, place.region
    graphs = place.graphs if deployment.detective.enabled and deployment.region(region).detective else ()
    for area, found, chosen, owner in (
        ("detector", place.detectors, _detector(place), deployment.guardduty_ownership(region)),
        ("graph", graphs, _graph(place), deployment.detective_ownership(region)),
    ):
        if chosen is not None:
            yield _importable(place, area, chosen)
        elif not found:
            yield place.ok(area, "none", "nothing to import: there is none")
        elif owner == "existing":
            yield place.ok(area, found[0], "is left alone: ownership is existing")
        else:
            yield place.ok(area, found[0], f"already is in {place.stack}")


def _importable(place: LiveRegion, area: str, physical_id: str) -> Check:
    """Whether no other stack holds it: a resource is in one stack only."""
    cloudformation = place.client("cloudformation")
    try:
        found = cloudformation.describe_stack_resources(PhysicalResourceId=physical_id)["StackResources"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != "ValidationError":
            raise
        found = []
    if found and (owner := found[0]["StackName"]) == place.stack:
        return place.wrong(
            area,
            physical_id,
            f"is still listed by {owner}, whose creation failed and left it behind: delete that stack first, which "
            "leaves it there once more",
            fix=f"aws cloudformation delete-stack --region {place.region} --stack-name {owner}",
        )
    if found:
        return place.wrong(
            area,
            physical_id,
            f"is in the stack {owner}, and can be in one only: let it go there first (DeletionPolicy: Retain, then out "
            "of its template), or write ownership: existing",
            fix=f"aws cloudformation describe-stack-resources --region {place.region} --stack-name {owner}",
        )
    imported = f"will be imported into {place.stack}"
    if area != detectors.AREA:
        return place.ok(area, physical_id, imported)
    # The import changes nothing; who reads on to the last command has to know what that one does.
    found = place.client("guardduty").get_detector(DetectorId=physical_id)
    then = detectors.will_be_set(detectors.different_in(place, found)) or "nothing of it changes"
    return place.ok(area, physical_id, f"{imported}; with the deployment after that: {then}")
