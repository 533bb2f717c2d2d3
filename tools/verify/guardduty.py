"""Detector, features, filters and trusted list against the template."""

from collections.abc import Iterator, Mapping
from typing import Any

from tools.live.pages import pages
from tools.verify.check import Check
from tools.verify.left_behind import is_detection
from tools.verify.live_stack import LiveStack

_READY = {"ACTIVE"}
_ACTIVATING = "ACTIVATING"
_USES_DETECTOR = ("AWS::GuardDuty::Filter", "AWS::GuardDuty::TrustedEntitySet", "AWS::GuardDuty::IPSet")


def detectors(live: LiveStack) -> Iterator[Check]:
    """The detector, its publishing frequency and every declared feature; somebody else's is there, and on."""
    declared = list(live.declared("AWS::GuardDuty::Detector"))
    for resource in declared:
        detector_id = live.physical(resource.logical_id)
        found = live.client("guardduty").get_detector(DetectorId=detector_id)
        problems = [] if found["Status"] == "ENABLED" else [f"GuardDuty is {found['Status']}; switch it on or deploy"]
        wanted = resource.properties.get("FindingPublishingFrequency")
        if wanted and found.get("FindingPublishingFrequency") != wanted:
            problems.append(f"publishes {found.get('FindingPublishingFrequency')}, declared is {wanted}")
        actual = {feature["Name"]: feature for feature in found.get("Features", [])}
        problems += [text for feature in _list(resource.properties, "Features") if (text := _feature(feature, actual))]
        yield live.check("detector", detector_id, problems, fine="on, with every feature as declared")

    if not declared and (_existing(live) or is_detection(live.stack)):
        yield _somebody_elses(live)


def _somebody_elses(live: LiveStack) -> Check:
    """Whose detector it is does not matter to a finding, but whether there is one does: it is looked for, not named.

    A template without filter and list names no detector, and one that does may name one that is gone.
    """
    guardduty = live.client("guardduty")
    detector_id = next(iter(pages(guardduty.list_detectors, "DetectorIds")), None)
    if detector_id is None:
        off = "GuardDuty is off: there is no detector, so nothing is found; ask whoever owns it"
        return live.check("detector", "none", [off], fine="")
    status = guardduty.get_detector(DetectorId=detector_id)["Status"]
    problems = [] if status == "ENABLED" else [f"GuardDuty is {status}; whoever owns it did that"]
    if other := sorted(_existing(live) - {detector_id}):
        problems.append(
            f"is another one than the template names ({', '.join(other)}), so no filter of ours is there; have doctor"
            " --write its file anew, then deploy"
        )
    return live.check("detector", detector_id, problems, fine="on; its features are somebody else's")


def filters(live: LiveStack) -> Iterator[Check]:
    """Every declared filter: action, criterion and tags; and how many belong to others."""
    guardduty = live.client("guardduty")
    declared = list(live.declared("AWS::GuardDuty::Filter"))
    for detector_id in _detectors(live):
        listed = guardduty.get_paginator("list_filters").paginate(DetectorId=detector_id)
        names = {name for page in listed for name in page["FilterNames"]}
        for one in declared:
            name = str(one.properties["Name"])
            if name not in names:
                yield live.check("filters", name, ["is not there: its findings are not suppressed; deploy"], fine="")
                continue
            found = guardduty.get_filter(DetectorId=detector_id, FilterName=name)
            yield live.check("filters", name, _filter(one.properties, found), fine=f"{found['Action']}, as declared")
        others = names - {str(one.properties["Name"]) for one in declared}
        if declared or others:
            fine = f"{len(declared)} ours, {len(others)} of others, of 100 in the Region"
            yield live.check("filters", "count", [], fine=fine)


def trusted_lists(live: LiveStack) -> Iterator[Check]:
    """The trusted list is active, and reads the file that the template names."""
    guardduty = live.client("guardduty")
    for resource in live.declared("AWS::GuardDuty::TrustedEntitySet"):
        list_id = _last(live.physical(resource.logical_id))
        found = guardduty.get_trusted_entity_set(DetectorId=_detector(live), TrustedEntitySetId=list_id)
        yield _trusted(live, list_id, resource.properties, found)
    for resource in live.declared("AWS::GuardDuty::IPSet"):
        list_id = _last(live.physical(resource.logical_id))
        found = guardduty.get_ip_set(DetectorId=_detector(live), IpSetId=list_id)
        yield _trusted(live, list_id, resource.properties, found)


def _trusted(live: LiveStack, list_id: str, declared: Mapping[str, object], found: Mapping[str, Any]) -> Check:
    fine = "active: every finding type is blind for its addresses"
    problems = []
    if found["Status"] not in _READY:
        reason = f" ({found['ErrorDetails']})" if found.get("ErrorDetails") else ""
        problems.append(f"is {found['Status']}{reason}; activation takes up to 40 minutes")
    key = str(found.get("Location", "")).rpartition("/")[2]
    if key not in str(declared.get("Location")):
        problems.append(f"reads {key}, which is not the declared file; deploy")
    elif found["Status"] == _ACTIVATING:
        return live.in_time("trusted list", list_id, problems, fine=fine)
    return live.check("trusted list", list_id, problems, fine=fine)


def _feature(declared: Mapping[str, Any], actual: Mapping[str, Mapping[str, Any]]) -> str:
    name, wanted = declared["Name"], declared["Status"]
    found = actual.get(name)
    if found is None:
        return f"{name} is not known there, declared is {wanted}"
    if found["Status"] != wanted:
        return f"{name} is {found['Status']}, declared is {wanted}"
    extra = {one["Name"]: one["Status"] for one in found.get("AdditionalConfiguration", [])}
    wrong = [
        f"{one['Name']} is {extra.get(one['Name'], 'not known there')}, declared is {one['Status']}"
        for one in declared.get("AdditionalConfiguration", [])
        if extra.get(one["Name"]) != one["Status"]
    ]
    return "; ".join(wrong)


def _filter(declared: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    problems = []
    if found["Action"] != declared.get("Action", "NOOP"):
        problems.append(f"does {found['Action']}, declared is {declared.get('Action', 'NOOP')}")
    if found["FindingCriteria"].get("Criterion") != declared["FindingCriteria"]["Criterion"]:
        problems.append("matches something else than declared: somebody edited it, or the deployment has not run")
    tags = {tag["Key"]: tag["Value"] for tag in declared.get("Tags", [])}
    if lost := sorted(key for key, value in tags.items() if found.get("Tags", {}).get(key) != value):
        problems.append(f"has other tags than declared ({', '.join(lost)})")
    return problems


def _detectors(live: LiveStack) -> list[str]:
    """The detector of the stack, or the one that it uses."""
    own = [live.physical(resource.logical_id) for resource in live.declared("AWS::GuardDuty::Detector")]
    return own or sorted(_existing(live))


def _existing(live: LiveStack) -> set[str]:
    """Detectors that the template names by their id: somebody else's."""
    users = (resource for type_ in _USES_DETECTOR for resource in live.declared(type_))
    return {named for one in users if isinstance(named := one.properties.get("DetectorId"), str)}


def _detector(live: LiveStack) -> str:
    (detector_id,) = _detectors(live)
    return detector_id


def _list(properties: Mapping[str, object], key: str) -> list[Mapping[str, Any]]:
    value = properties.get(key)
    return value if isinstance(value, list) else []


def _last(physical_id: str) -> str:
    return physical_id.rpartition("|")[2]
