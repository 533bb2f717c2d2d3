"""Which AWS Region offers what: a committed table, because synth asks no service.

Source: endpoint data of botocore 1.44.5 and `aws_cdk.region_info` of aws-cdk-lib 2.275.0, read in November 2026; the
Regions of `AI_ANALYST` are those of the GuardDuty Investigation preview (GuardDuty user guide, 22 June 2026). China
and GovCloud have no `AWS::GuardDuty::TrustedEntitySet` (CloudFormation schemas in cfn-lint 1.58.0). China has no
Runtime Monitoring (GuardDuty user guide for China). Archives: EventBridge user guide, feature availability by Region;
`ap-southeast-6` and `mx-central-1` were not seen there, and are taken for what the other new ones are.

Not verified, and therefore what `region_overrides` in the configuration is for:

- features are derived from documents, not from asking each Region; the newest Regions may offer fewer;
- `AI_ANALYST` outside the preview's ten Regions, `AI_PROTECTION` outside partition `aws`;
- everything about the isolated and the European sovereign partitions; a trusted list is an IPSet there, the older type.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

TABLE_DATE = "2026-11"
"""Month in which the table was read from its sources."""

Feature = Literal[
    "AI_ANALYST",
    "AI_PROTECTION",
    "EBS_MALWARE_PROTECTION",
    "EKS_AUDIT_LOGS",
    "LAMBDA_NETWORK_LOGS",
    "RDS_LOGIN_EVENTS",
    "RUNTIME_MONITORING",
    "S3_DATA_EVENTS",
]
"""Detector features the stack can state. `RUNTIME_MONITORING` covers and excludes `EKS_RUNTIME_MONITORING`."""

FEATURES: tuple[Feature, ...] = get_args(Feature)

FORWARDING_PARTITIONS = frozenset({"aws"})
"""Partitions in which EventBridge carries events between Regions (EventBridge user guide; no word on the others)."""

LAMBDA_IN_FULL = frozenset({"aws"})
"""Partitions in which Lambda has a JSON log format and arm64. The GovCloud user guide says that the former is missing,
people have said so of China (aws/aws-cdk#28919), and arm64 is in "most" Regions (Lambda developer guide)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionFacts:
    """What one Region offers.

    Attributes:
        name: `eu-west-1`.
        partition: `aws`, `aws-us-gov`, `aws-cn`, `aws-iso…` or `aws-eusc`.
        detective: Whether Detective is offered.
        opt_in: Whether the account has to enable the Region first.
        trusted_entity_set: Whether CloudFormation has `AWS::GuardDuty::TrustedEntitySet` there, beside the older
            `AWS::GuardDuty::IPSet`.
        event_archive: Whether EventBridge keeps archives of a bus there, to be replayed.
        features: Detector features that can be stated there, in alphabetical order.
    """

    name: str
    partition: str
    detective: bool
    opt_in: bool
    trusted_entity_set: bool
    event_archive: bool
    features: tuple[Feature, ...]

    def corrected(
        self,
        *,
        detective: bool | None,
        trusted_entity_set: bool | None,
        event_archive: bool | None,
        features_not_offered: Sequence[Feature] | None,
    ) -> "RegionFacts":
        """Return the facts with what the configuration knows better; None keeps the table's word."""
        return replace(
            self,
            detective=self.detective if detective is None else detective,
            trusted_entity_set=self.trusted_entity_set if trusted_entity_set is None else trusted_entity_set,
            event_archive=self.event_archive if event_archive is None else event_archive,
            features=self.features
            if features_not_offered is None
            else tuple(feature for feature in FEATURES if feature not in features_not_offered),
        )


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GUARDDUTY: dict[str, str] = {
    "aws": """
        af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
        ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
        ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2
        eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2
    """,
    "aws-us-gov": "us-gov-east-1 us-gov-west-1",
    "aws-cn": "cn-north-1 cn-northwest-1",
    "aws-iso": "us-iso-east-1 us-iso-west-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-east-1 us-isof-south-1",
    "aws-eusc": "eusc-de-east-1",
}

_DETECTIVE = _names(
    """
    af-south-1 ap-east-1 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1
    eu-central-1 eu-north-1 eu-south-1 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-south-1 sa-east-1 us-east-1
    us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1
        """
)

_OPT_IN = _names(
    """
    af-south-1 ap-east-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6
    ap-southeast-7 ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 mx-central-1
        """
)

_ONLY_IN: dict[Feature, frozenset[str]] = {
    "AI_ANALYST": _names(
        """
        us-east-1 us-east-2 us-west-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-north-1
        ap-northeast-1
        """
    ),
    "AI_PROTECTION": _names(_GUARDDUTY["aws"]),
}

_NOT_IN: dict[Feature, frozenset[str]] = {
    "RDS_LOGIN_EVENTS": frozenset({"ap-east-2"}),
    "RUNTIME_MONITORING": _names(_GUARDDUTY["aws-cn"]),
}

_NO_ARCHIVE = _names(
    """
    ap-east-2 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-west-1 mx-central-1
        """
)


def _offered(feature: Feature, region: str) -> bool:
    return region in _ONLY_IN.get(feature, {region}) and region not in _NOT_IN.get(feature, ())


_TABLE = {
    name: RegionFacts(
        name=name,
        partition=partition,
        detective=name in _DETECTIVE,
        opt_in=name in _OPT_IN,
        trusted_entity_set=partition == "aws",
        event_archive=name not in _NO_ARCHIVE,
        features=tuple(feature for feature in FEATURES if _offered(feature, name)),
    )
    for partition, names in _GUARDDUTY.items()
    for name in names.split()
}

GUARDDUTY_REGIONS: tuple[str, ...] = tuple(_TABLE)
"""Every Region with GuardDuty, partition by partition."""


def region_facts(name: str) -> RegionFacts:
    """Look a Region up.

    Raises:
        ValueError: GuardDuty is not known to exist there.
    """
    if name not in _TABLE:
        raise ValueError(f"must be a Region with GuardDuty, got {name!r}; the table is of {TABLE_DATE}")
    return _TABLE[name]
