"""What GuardDuty and CloudWatch of one Region tell about our filters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeVar

from suppression_review.filters import EgressFilter, egress_filter
from suppression_review.hidden import HiddenFinding, hidden_finding
from suppression_review.trusted import TrustedEntry, trusted_entries

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef
    from mypy_boto3_guardduty import GuardDutyClient

# GetFindings takes 50 ids, `Equals` 50 values, GetMetricData 500 queries (botocore guardduty and cloudwatch 1.44.5).
_IDS = 50
_TYPES = 50
_QUERIES = 500
_DAY_SECONDS = 86_400

Item = TypeVar("Item")


class Unreadable(Exception):
    """What the Region answered tells nothing."""


class NoDetector(Unreadable):
    """GuardDuty is off in the Region, so its filters hide nothing and nothing else is found either."""


class NoCount(Unreadable):
    """CloudWatch did not return every data point, so a zero would be a guess."""


Trusts = Literal["TrustedEntitySet", "IPSet"]
"""Which kind of trusted list the deployment has in a Region."""


@dataclass(frozen=True)
class Region:
    """One Region, read once and only when asked.

    Attributes:
        name_prefix: First part of the names of the deployment's filters.
        trusts: The kind of trusted list there; None if the deployment has none.

    Every method raises what botocore raises; a Region that cannot be read must be told as such.
    """

    name: str
    guardduty: "GuardDutyClient"
    cloudwatch: "CloudWatchClient"
    name_prefix: str
    trusts: Trusts | None = None

    @cached_property
    def filters(self) -> tuple[EgressFilter, ...]:
        """The filters of egress entries of this deployment; filters of others are left out."""
        found = map(self._ours, self._filters)
        return tuple(one for one in found if one is not None)

    @cached_property
    def other_filters(self) -> tuple[str, ...]:
        """Names of filters that archive and belong to no egress entry of ours, or have lost the tag that says so."""
        others = (one for one in self._filters if self._ours(one) is None)
        return tuple(str(one["Name"]) for one in others if one.get("Action") == "ARCHIVE")

    def _ours(self, document: Mapping[str, object]) -> EgressFilter | None:
        return egress_filter(document, region=self.name, name_prefix=self.name_prefix)

    @cached_property
    def _filters(self) -> tuple[Mapping[str, object], ...]:
        return tuple(
            {"Name": name, **self.guardduty.get_filter(DetectorId=self._detector, FilterName=name)}
            for page in self.guardduty.get_paginator("list_filters").paginate(DetectorId=self._detector)
            for name in page["FilterNames"]
        )

    def hidden(self, *, since: datetime) -> Iterator[HiddenFinding]:
        """Archived findings, updated since then, of the types that the filters are about; the oldest first.

        Also of filters that only count: one that was set to observe today, because it hid a flood, hid it yesterday.
        GuardDuty keeps findings for 90 days (GuardDuty user guide, suppression rules).
        """
        types = sorted({name for one in self.filters for name in one.finding_types})
        for chunk in _chunks(types, _TYPES):
            pages = self.guardduty.get_paginator("list_findings").paginate(
                DetectorId=self._detector,
                FindingCriteria={
                    "Criterion": {
                        "service.archived": {"Equals": ["true"]},
                        "type": {"Equals": chunk},
                        # Milliseconds (botocore guardduty 1.44.5, ListFindings).
                        "updatedAt": {"GreaterThanOrEqual": int(since.timestamp() * 1000)},
                    }
                },
                SortCriteria={"AttributeName": "updatedAt", "OrderBy": "ASC"},
            )
            ids = [finding_id for page in pages for finding_id in page["FindingIds"]]
            for some in _chunks(ids, _IDS):
                findings = self.guardduty.get_findings(DetectorId=self._detector, FindingIds=some)["Findings"]
                for finding in findings:
                    yield hidden_finding(finding, region=self.name, filters=self.filters)

    def matches(self, *, since: datetime, until: datetime) -> Mapping[str, int]:
        """How many findings each filter matched, also one that only counts; by filter name.

        `FindingsMatchedByFilter` counts for both actions (GuardDuty user guide, suppression rule metrics).

        Raises:
            NoCount: CloudWatch answered, but not with everything.
        """
        counted: dict[str, int] = {}
        for some in _chunks(self.filters, _QUERIES):
            queries = [_matched(number, one.name) for number, one in enumerate(some)]
            pages = self.cloudwatch.get_paginator("get_metric_data").paginate(
                MetricDataQueries=queries, StartTime=since, EndTime=until
            )
            statuses: dict[str, str] = {}
            for page in pages:
                for result in page["MetricDataResults"]:
                    name = some[int(result["Id"].removeprefix("m"))].name
                    counted[name] = counted.get(name, 0) + int(sum(result["Values"]))
                    statuses[name] = result["StatusCode"]
            # `PartialData` and `InternalError` are followed by a page with the rest, or they are the last word
            # (botocore cloudwatch 1.44.5, GetMetricData).
            for name, status in statuses.items():
                if status != "Complete":
                    raise NoCount(f"GetMetricData did not return everything about {name} ({status})")
        return counted

    @cached_property
    def trusted(self) -> tuple[TrustedEntry, ...]:
        """The entries of the trusted list, as its tags tell them.

        Whatever its name, which can be changed by hand: an account has one list in a Region (GuardDuty user guide,
        quotas), so there it is the deployment's own.
        """
        if self.trusts is None:
            return ()
        if self.trusts == "TrustedEntitySet":
            tags = [
                self.guardduty.get_trusted_entity_set(DetectorId=self._detector, TrustedEntitySetId=one).get("Tags", {})
                for page in self.guardduty.get_paginator("list_trusted_entity_sets").paginate(DetectorId=self._detector)
                for one in page["TrustedEntitySetIds"]
            ]
        else:
            tags = [
                self.guardduty.get_ip_set(DetectorId=self._detector, IpSetId=one).get("Tags", {})
                for page in self.guardduty.get_paginator("list_ip_sets").paginate(DetectorId=self._detector)
                for one in page["IpSetIds"]
            ]
        return tuple(entry for one in tags for entry in trusted_entries(one))

    @cached_property
    def _detector(self) -> str:
        for page in self.guardduty.get_paginator("list_detectors").paginate():
            if page["DetectorIds"]:
                return page["DetectorIds"][0]
        raise NoDetector(f"GuardDuty has no detector in {self.name}")


def _matched(number: int, filter_name: str) -> "MetricDataQueryTypeDef":
    return {
        "Id": f"m{number}",
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/GuardDuty",
                "MetricName": "FindingsMatchedByFilter",
                "Dimensions": [{"Name": "FilterName", "Value": filter_name}],
            },
            "Period": _DAY_SECONDS,
            "Stat": "Sum",
        },
    }


def _chunks(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
