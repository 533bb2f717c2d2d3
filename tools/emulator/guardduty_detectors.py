"""The rules of GuardDuty for detectors."""

from collections.abc import Mapping
from dataclasses import dataclass

from tools.emulator.guardduty_rules import OUT_OF_RANGE, GuardDutyError, documents_of, member_of, only, tags_of

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
    for feature in documents_of(properties, "Features"):
        name = member_of(feature, "Name", OPTIONAL_FEATURES, what="feature")
        features[name] = member_of(feature, "Status", ("DISABLED", "ENABLED"), what=f"status of {name}")
        additional[name] = {
            member_of(entry, "Name", ADDITIONAL_CONFIGURATION, what=f"additional configuration of {name}"): member_of(
                entry, "Status", ("DISABLED", "ENABLED"), what=f"status in {name}"
            )
            for entry in documents_of(feature, "AdditionalConfiguration")
        }
    if features["RUNTIME_MONITORING"] == features["EKS_RUNTIME_MONITORING"] == "ENABLED":
        raise GuardDutyError(f"{OUT_OF_RANGE}: RUNTIME_MONITORING and EKS_RUNTIME_MONITORING exclude each other")
    detector.enable, detector.frequency = enable, frequency
    detector.features, detector.additional = features, additional
    detector.tags = tags_of(properties)


def status(*, on: bool) -> str:
    """The word that the API has for on and off."""
    return "ENABLED" if on else "DISABLED"
