"""The rules of GuardDuty for detectors, and what the rules for everything else of it share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

FREQUENCIES = ("FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS")
OPTIONAL_FEATURES = (
    "AI_ANALYST",
    "AI_PROTECTION",
    "EBS_MALWARE_PROTECTION",
    "EKS_AUDIT_LOGS",
    "EKS_RUNTIME_MONITORING",
    "LAMBDA_NETWORK_LOGS",
    "RDS_LOGIN_EVENTS",
    "RUNTIME_MONITORING",
    "S3_DATA_EVENTS",
)
ADDITIONAL_CONFIGURATION = (
    "EC2_AGENT_MANAGEMENT",
    "ECS_FARGATE_AGENT_MANAGEMENT",
    "EKS_ADDON_MANAGEMENT",
    "RDS_DATA_RISK",
)
OFF_UNLESS_NAMED = ("EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING")
"""CreateDetector switches every other optional feature on when it is not named (botocore guardduty 1.44.5)."""

OUT_OF_RANGE = "The request is rejected because an invalid or out-of-range value is specified as an input parameter"


class AccountRegion(NamedTuple):
    """An account and a Region: the scope of everything GuardDuty keeps."""

    account: str
    region: str


class GuardDutyError(Exception):
    """A request that the service refuses.

    Attributes:
        code: The service's name for it.
    """

    def __init__(self, text: str, *, code: str = "BadRequestException") -> None:
        super().__init__(text)
        self.code = code


@dataclass(slots=True, kw_only=True)
class Detector:
    """A stored detector."""

    id: str
    created_at: str
    updated_at: str
    enable: bool
    frequency: str
    features: dict[str, str]
    additional: dict[str, dict[str, str]]
    tags: Mapping[str, str]


def configure(detector: Detector, properties: Mapping[str, object]) -> None:
    """Apply a detector's properties, all or none."""
    only(properties, "Enable", "FindingPublishingFrequency", "Features", "DataSources", "Tags")
    if "DataSources" in properties and "Features" in properties:
        raise GuardDutyError(f"{OUT_OF_RANGE}: DataSources and Features exclude each other; leave DataSources out")
    if "DataSources" in properties:
        raise GuardDutyError("DataSources is the deprecated form; state the same as Features")
    enable = properties.get("Enable", detector.enable)
    if not isinstance(enable, bool):
        raise GuardDutyError(f"{OUT_OF_RANGE}: Enable must be true or false, got {enable!r}")
    frequency = properties.get("FindingPublishingFrequency", detector.frequency)
    if not isinstance(frequency, str) or frequency not in FREQUENCIES:
        raise GuardDutyError(
            f"{OUT_OF_RANGE}: FindingPublishingFrequency is {frequency!r}; allowed: {', '.join(FREQUENCIES)}"
        )
    features, additional = dict(detector.features), dict(detector.additional)
    for feature in _documents(properties, "Features"):
        name = member_of(feature, "Name", OPTIONAL_FEATURES, what="feature")
        features[name] = member_of(feature, "Status", ("DISABLED", "ENABLED"), what=f"status of {name}")
        additional[name] = {
            member_of(entry, "Name", ADDITIONAL_CONFIGURATION, what=f"additional configuration of {name}"): member_of(
                entry, "Status", ("DISABLED", "ENABLED"), what=f"status in {name}"
            )
            for entry in _documents(feature, "AdditionalConfiguration")
        }
    if features["RUNTIME_MONITORING"] == features["EKS_RUNTIME_MONITORING"] == "ENABLED":
        raise GuardDutyError(f"{OUT_OF_RANGE}: RUNTIME_MONITORING and EKS_RUNTIME_MONITORING exclude each other")
    detector.enable, detector.frequency = enable, frequency
    detector.features, detector.additional = features, additional
    detector.tags = tags_of(properties)


def status(*, on: bool) -> str:
    """The word that the API has for on and off."""
    return "ENABLED" if on else "DISABLED"


def only(properties: Mapping[str, object], *known: str) -> None:
    """Refuse properties that the service does not know."""
    if unknown := sorted(set(properties) - set(known)):
        raise GuardDutyError(f"{OUT_OF_RANGE}: unknown property {unknown[0]}; known: {', '.join(known)}")


def text_of(properties: Mapping[str, object], key: str) -> str:
    """A property that must be a text, and not an empty one."""
    value = properties.get(key)
    if not isinstance(value, str) or not value:
        raise GuardDutyError(f"{OUT_OF_RANGE}: {key} must be a text, got {value!r}")
    return value


def _documents(properties: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = properties.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise GuardDutyError(f"{OUT_OF_RANGE}: {key} must be a list of objects, got {value!r}")
    return value


def member_of(properties: Mapping[str, object], key: str, allowed: Sequence[str], *, what: str) -> str:
    """A property that must be one of these."""
    value = properties.get(key)
    if not isinstance(value, str) or value not in allowed:
        raise GuardDutyError(f"{OUT_OF_RANGE}: unknown {what} {value!r}; allowed: {', '.join(allowed)}")
    return value


def tags_of(properties: Mapping[str, object]) -> dict[str, str]:
    """The tags of a resource, as the API has them."""
    return {text_of(tag, "Key"): str(tag.get("Value", "")) for tag in _documents(properties, "Tags")}
