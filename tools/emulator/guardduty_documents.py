"""What GuardDuty's API answers, as documents (botocore guardduty 1.44.5)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tools.emulator.guardduty_detectors import Detector, status
from tools.emulator.guardduty_filters import Filter
from tools.emulator.guardduty_rules import OUT_OF_RANGE, GuardDutyError

FOUNDATIONAL = ("CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS")
"""Sources that every detector has; they can be read, never configured (botocore guardduty 1.44.5)."""

_PAGE = 50


def features(detector: Detector) -> list[dict[str, object]]:
    """What is on and off in a detector."""
    listed: list[dict[str, object]] = [{"name": name, "status": "ENABLED"} for name in FOUNDATIONAL]
    for name, stated in detector.features.items():
        feature: dict[str, object] = {"name": name, "status": stated}
        if additional := detector.additional.get(name):
            feature["additionalConfiguration"] = [{"name": n, "status": s} for n, s in additional.items()]
        listed.append(feature)
    return listed


def detector_document(detector: Detector) -> dict[str, object]:
    """The answer to GetDetector."""
    return {
        "createdAt": detector.created_at,
        "updatedAt": detector.updated_at,
        "status": status(on=detector.enable),
        "serviceRole": "arn:aws:iam::000000000000:role/aws-service-role/guardduty.amazonaws.com/"
        "AWSServiceRoleForAmazonGuardDuty",
        "findingPublishingFrequency": detector.frequency,
        "features": features(detector),
        "tags": detector.tags,
    }


def filter_document(stored: Filter) -> dict[str, object]:
    """The answer to GetFilter."""
    return {
        "name": stored.name,
        "action": stored.action,
        "rank": stored.rank,
        "description": stored.description,
        "findingCriteria": {
            "criterion": {
                attribute: {operator[0].lower() + operator[1:]: value for operator, value in condition.items()}
                for attribute, condition in stored.criterion.items()
            }
        },
        "tags": stored.tags,
        # The wire has epoch seconds (botocore guardduty 1.44.5).
        "createdAt": datetime.fromisoformat(stored.created_at).timestamp(),
    }


def page(key: str, items: Sequence[str], query: Mapping[str, str]) -> dict[str, object]:
    """One page of a list.

    Raises:
        GuardDutyError: The size is not allowed, or the token is not one of ours.
    """
    start, size = query.get("nextToken", "0"), query.get("maxResults", str(_PAGE))
    if not start.isdigit() or not size.isdigit() or not 1 <= int(size) <= _PAGE:
        raise GuardDutyError(f"{OUT_OF_RANGE}: maxResults must be 1 to {_PAGE} and nextToken one of ours")
    end = int(start) + int(size)
    document: dict[str, object] = {key: items[int(start) : end]}
    if end < len(items):
        document["nextToken"] = str(end)
    return document
