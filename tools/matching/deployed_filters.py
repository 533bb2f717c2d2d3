"""Reads the filters of a Region back from the GuardDuty API."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from tools.matching.guardduty_filters import DeployedFilter

if TYPE_CHECKING:
    from mypy_boto3_guardduty import GuardDutyClient


def deployed_filters(guardduty: "GuardDutyClient") -> tuple[DeployedFilter, ...]:
    """Every filter of every detector that the client's account has in the client's Region."""
    return tuple(
        _read(guardduty, detector_id, name)
        for detector_page in guardduty.get_paginator("list_detectors").paginate()
        for detector_id in detector_page["DetectorIds"]
        for filter_page in guardduty.get_paginator("list_filters").paginate(DetectorId=detector_id)
        for name in filter_page["FilterNames"]
    )


def _read(guardduty: "GuardDutyClient", detector_id: str, name: str) -> DeployedFilter:
    answer = guardduty.get_filter(DetectorId=detector_id, FilterName=name)
    return DeployedFilter(
        name=answer["Name"],
        action=answer["Action"],
        rank=answer.get("Rank", 1),
        criterion=cast("Mapping[str, Mapping[str, object]]", answer["FindingCriteria"].get("Criterion", {})),
        tags=answer.get("Tags", {}),
    )
