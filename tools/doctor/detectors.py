"""GuardDuty in one Region: whose detector it is, and what the deployment would make of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from infra.constructs.detector import AGENTS
from tools.doctor.check import Check
from tools.doctor.live_region import LiveRegion
from tools.live.pages import pages

AREA = "detector"
_RUNTIME = "RUNTIME_MONITORING"
FREQUENCY = "publishing frequency"


def detectors(place: LiveRegion) -> Iterator[Check]:
    """The detector of this Region, and what would become of it."""
    existing = place.deployment.guardduty_ownership(place.region) == "existing"
    if not place.detectors:
        yield _missing(place, existing=existing)
        return
    detector_id = place.detectors[0]
    found = place.client("guardduty").get_detector(DetectorId=detector_id)
    if existing:
        yield _existing(place, detector_id, found)
    elif not place.is_of_the_stack(detector_id):
        yield place.wrong(
            AREA,
            detector_id,
            "will fail: a detector is there already, and it is not this stack's; adopt it, or write "
            "guardduty.ownership: existing",
            fix=f"python -m tools adopt {place.name}",
        )
    else:
        yield _ours(place, detector_id, found)
    yield from _destinations(place, detector_id)


def _missing(place: LiveRegion, *, existing: bool) -> Check:
    if existing:
        return place.wrong(
            AREA,
            "none",
            "will fail: GuardDuty is not on, and the configuration says that somebody else switches it on; ask them, "
            "or write guardduty.ownership: create",
        )
    if any(place.template("AWS::GuardDuty::Detector")):
        return place.wrong(
            AREA,
            "none",
            "will fail: the stack's detector was deleted by hand, and CloudFormation does not notice; take it out of "
            "the stack, then deploy",
            fix=f"npx cdk orphan {place.stack}/GuardDuty --unstable=orphan -c config={place.name}",
        )
    wanted = place.deployment.guardduty.features
    plans = ", ".join(one for one in place.deployment.region(place.region).features if one in wanted)
    return place.ok(AREA, "none", f"will be created, with {plans or 'no protection plan'}")


def _existing(place: LiveRegion, detector_id: str, found: Mapping[str, Any]) -> Check:
    if found["Status"] != "ENABLED":
        return place.wrong(AREA, detector_id, f"GuardDuty is {found['Status']}: nothing is found; ask whoever owns it")
    fix = f"python -m tools doctor {place.name} --write"
    recorded = place.recorded.regions.get(place.region) if place.recorded else None
    if place.compares and (recorded is None or recorded.detector_id != detector_id):
        written = "no detector" if recorded is None or recorded.detector_id is None else recorded.detector_id
        detail = f"will fail: the committed file names {written} here"
        return place.wrong(AREA, detector_id, detail, fix=fix)
    frequency = found.get("FindingPublishingFrequency")
    return place.ok(
        AREA, detector_id, f"already is, somebody else's; repeats every {frequency}; only filters are added"
    )


def wanted_of(place: LiveRegion) -> dict[str, str]:
    """What the configuration makes of a detector of ours: its frequency, and the status of each plan and agent."""
    guardduty = place.deployment.guardduty
    plans: dict[str, str] = {}
    for feature in place.deployment.region(place.region).features:
        plans[feature] = _status(feature in guardduty.features)
        if feature == _RUNTIME:
            plans |= {agent: _status(agent in guardduty.runtime_monitoring_agents) for agent in AGENTS}
    return {FREQUENCY: guardduty.finding_publishing_frequency, "GuardDuty": "ENABLED"} | plans


def different_in(place: LiveRegion, found: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """What a deployment changes about a detector: each name with what it becomes, and what it is."""
    live = stated(found) | {"GuardDuty": str(found["Status"])}
    return {
        name: (value, now)
        for name, value in wanted_of(place).items()
        if (now := live.get(name, "not known there")) != value
    }


def will_be_set(different: Mapping[str, tuple[str, str]]) -> str:
    """`S3_DATA_EVENTS will be set to DISABLED (is ENABLED)`, and so on."""
    return "; ".join(f"{name} will be set to {value} (is {live})" for name, (value, live) in different.items())


def _ours(place: LiveRegion, detector_id: str, found: Mapping[str, Any]) -> Check:
    different = different_in(place, found)
    if not different:
        return place.ok(AREA, detector_id, "already is as configured")
    template: Mapping[str, Any] = next(place.template("AWS::GuardDuty::Detector"), {})
    declared = stated(template) | {"GuardDuty": _status(template.get("Enable") is True)}
    # An update states everything, so that what somebody changed is set back too; without one nothing is.
    if all(declared.get(name) == value for name, value in wanted_of(place).items()):
        said = "; ".join(f"{name} is {live}, deployed was {value}" for name, (value, live) in sorted(different.items()))
        return place.wrong(
            AREA,
            detector_id,
            f"{said}: changed by hand, and the deployment will not set it back, as its template stays the same",
            fix=f"npx cdk deploy {place.stack} -c config={place.name} --exclusively --revert-drift",
        )
    return place.ok(AREA, detector_id, will_be_set(different))


def stated(detector: Mapping[str, Any]) -> dict[str, str]:
    """Status of each plan and agent, and the frequency, of a detector as it is or as a template has it."""
    states = {FREQUENCY: str(detector.get("FindingPublishingFrequency"))}
    for feature in detector.get("Features", []):
        states[feature["Name"]] = feature["Status"]
        # EKS_RUNTIME_MONITORING has agents of the same name.
        if feature["Name"] == _RUNTIME:
            states |= {agent["Name"]: agent["Status"] for agent in feature.get("AdditionalConfiguration", [])}
    return states


def _destinations(place: LiveRegion, detector_id: str) -> Iterator[Check]:
    """Exports of findings, which are not ours: one that stands still is worth a word."""
    call = place.client("guardduty").list_publishing_destinations
    for one in pages(call, "Destinations", DetectorId=detector_id):
        subject = f"{one['DestinationType']} {one['DestinationId']}"
        if one["Status"] == "PUBLISHING":
            yield place.ok("export", subject, "already is, somebody else's; stays as it is")
        else:
            yield place.wrong(
                "export",
                subject,
                f"is {one['Status']}: findings are not exported; mend its bucket or key",
                fix=f"aws guardduty describe-publishing-destination --region {place.region} --detector-id {detector_id}"
                f" --destination-id {one['DestinationId']}",
            )


def _status(on: bool) -> str:  # noqa: FBT001  (a word for a yes or no)
    return "ENABLED" if on else "DISABLED"
