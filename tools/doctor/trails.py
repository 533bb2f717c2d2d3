"""Whether a CloudTrail trail takes what the watch rules wait for: the management events that write."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.doctor.check import Check
from tools.doctor.live_region import LiveRegion

KEYS = "kms.amazonaws.com"

MAY_BE_LEFT_OUT = frozenset({KEYS, "rdsdata.amazonaws.com"})
"""The sources that a trail may leave out, as the console offers (CloudTrail API reference, EventSelector and
AdvancedFieldSelector). Nothing is watched of the second; of the first the changes to keys are."""

_ONE_FOR_EVERY_REGION = (
    "aws cloudtrail create-trail --is-multi-region-trail --name management-events --s3-bucket-name BUCKET"
    " && aws cloudtrail start-logging --name management-events"
)
"""With a bucket into which CloudTrail may write (CloudTrail user guide, bucket policy for CloudTrail)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one selector takes of the management events that write.

    Attributes:
        without: The sources whose events it leaves out.
        unjudged: What else narrows it, in CloudTrail's words; empty for a selector that is understood.
    """

    without: frozenset[str] = frozenset()
    unjudged: str = ""


def trails(place: LiveRegion) -> Iterator[Check]:
    """A trail logs management events: without one, EventBridge gets no API calls, and rules on them never match."""
    cloudtrail = place.client("cloudtrail")
    good: dict[str, frozenset[str]] = {}
    seen: list[str] = []
    unjudged: list[str] = []
    fixes: list[str] = []
    for trail in cloudtrail.describe_trails(includeShadowTrails=True)["trailList"]:
        arn, name = trail["TrailARN"], _named(trail, account=place.account)
        # Only there can it be changed (CloudTrail API reference, StartLogging: InvalidHomeRegionException).
        region = trail["HomeRegion"]
        if not cloudtrail.get_trail_status(Name=arn)["IsLogging"]:
            seen.append(f"{name} is stopped")
            fixes.append(f"aws cloudtrail start-logging --region {region} --name {arn}")
            continue
        selectors = cloudtrail.get_event_selectors(TrailName=arn)
        taken = list(_taken(selectors))
        if understood := [one.without for one in taken if not one.unjudged]:
            # What one selector leaves out another one may take.
            good[name] = frozenset.intersection(*understood)
            if not good[name]:
                break
        elif taken:
            unjudged.append(f"{name} takes management events by a selector with {taken[0].unjudged}")
        elif _replaceable(selectors):
            seen.append(f"{name} logs not all management events")
            fixes.append(
                f"aws cloudtrail put-event-selectors --region {region} --trail-name {arn} --event-selectors "
                "ReadWriteType=All,IncludeManagementEvents=true"
            )
        else:
            seen.append(
                f"{name} logs not all management events, and has selectors of its own: add one for management events to"
                " them, as put-event-selectors replaces all there are"
            )
    yield _judged(place, good, seen=seen, unjudged=unjudged, fixes=fixes)


def _named(trail: Mapping[str, Any], *, account: str) -> str:
    """Its name, and whose it is unless it is this account's: an organization's trail is shown to every member."""
    owner = trail["TrailARN"].split(":")[4]
    return str(trail["Name"]) if owner == account else f"{trail['Name']} of account {owner}"


def _judged(
    place: LiveRegion,
    good: Mapping[str, frozenset[str]],
    *,
    seen: Sequence[str],
    unjudged: Sequence[str],
    fixes: Sequence[str],
) -> Check:
    """What the trails of a Region come to together: an event that one of them takes is there."""
    if good:
        whole = next((name for name, without in good.items() if not without), None)
        left_out = frozenset.intersection(*good.values())
        keys = f", but changes to keys are not seen: {KEYS} is left out" if KEYS in left_out else ""
        return place.ok("cloudtrail", whole or ", ".join(good), f"logs management events{keys}")
    if unjudged:
        advice = "see by hand that it takes the changes of GuardDuty, Detective, EventBridge, IAM and CloudFormation"
        return place.unknown("cloudtrail", "none", f"{'; '.join([*unjudged, *seen])}: {advice}")
    said = "; ".join(seen) or "there is no trail here"
    fix = fixes[-1] if fixes else "" if seen else _ONE_FOR_EVERY_REGION
    return place.wrong("cloudtrail", "none", f"{said}: nobody would see who changes detectors and filters", fix=fix)


def _taken(selectors: Mapping[str, Any]) -> Iterator[Taken]:
    """What each selector takes that is about management events that write."""
    for basic in selectors.get("EventSelectors", []):
        if basic.get("IncludeManagementEvents", True) and basic.get("ReadWriteType", "All") in {"All", "WriteOnly"}:
            without = frozenset(basic.get("ExcludeManagementEventSources", []))
            other = ", ".join(sorted(without - MAY_BE_LEFT_OUT))
            yield Taken(without=without, unjudged=f"ExcludeManagementEventSources {other}" if other else "")
    for advanced in selectors.get("AdvancedEventSelectors", []):
        yield from _by_fields(advanced["FieldSelectors"])


def _by_fields(fields: Sequence[Mapping[str, Any]]) -> Iterator[Taken]:
    """An event has to fit every field of an advanced selector (CloudTrail API reference, AdvancedEventSelector)."""
    if not any(one["Field"] == "eventCategory" and "Management" in one.get("Equals", []) for one in fields):
        return
    if any(one["Field"] == "readOnly" and one.get("Equals") == ["true"] for one in fields):
        return
    without: frozenset[str] = frozenset()
    unjudged = []
    for one in fields:
        how = {key: value for key, value in one.items() if key != "Field"}
        excluded = frozenset(how.get("NotEquals", ()))
        if one["Field"] == "eventCategory" or (one["Field"] == "readOnly" and "false" in how.get("Equals", ())):
            continue
        if one["Field"] == "eventSource" and set(how) == {"NotEquals"} and excluded <= MAY_BE_LEFT_OUT:
            without |= excluded
        else:
            said = ", ".join(f"{operator} {', '.join(values)}" for operator, values in how.items())
            unjudged.append(f"{one['Field']} {said}")
    yield Taken(without=without, unjudged="; ".join(unjudged))


def _replaceable(selectors: Mapping[str, Any]) -> bool:
    """Whether nothing is lost with the selectors that there are: put-event-selectors replaces every one of them."""
    basic = selectors.get("EventSelectors", [])
    return not selectors.get("AdvancedEventSelectors") and not any(one.get("DataResources") for one in basic)
