"""One Region: what CloudWatch says, also where it does not say everything."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.stub import Stubber

from suppression_review.filters import EgressFilter
from suppression_review.region import NoCount, Region
from tests.deployments import SANDBOX
from tests.unit.suppression_review.world import HOME, NOW, World, leak

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

FILTER = EgressFilter(
    name="sandbox-lab-01",
    region=HOME,
    entry="lab",
    owner="lab",
    expires=None,
    notify=(),
    hides=True,
    criterion={},
    created=None,
)


@pytest.fixture
def answers() -> Iterator[Stubber]:
    client = boto3.client("cloudwatch", HOME, aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(client) as stubber:
        yield stubber


def counted(answers: Stubber) -> dict[str, int]:
    cloudwatch = cast("CloudWatchClient", answers.client)
    region = Region(name=HOME, guardduty=boto3.client("guardduty", HOME), cloudwatch=cloudwatch, name_prefix="sandbox")
    region.__dict__["filters"] = (FILTER,)
    return dict(region.matches(since=NOW - timedelta(days=7), until=NOW))


def page(status: str, *values: float, token: str | None = None) -> dict[str, Any]:
    result = {"Id": "m0", "Label": "FindingsMatchedByFilter", "Values": list(values), "StatusCode": status}
    return {"MetricDataResults": [result], **({"NextToken": token} if token else {})}


def test_hidden_findings_come_oldest_first_whenever_guardduty_got_them(world: World) -> None:
    world.deploy(SANDBOX)
    world.hide(leak(finding_id="late"), at=NOW - timedelta(hours=1))
    world.hide(leak(finding_id="early"), at=NOW - timedelta(hours=3))
    world.hide(leak(finding_id="between"), at=NOW - timedelta(hours=2))
    found = world.region(HOME).hidden(since=NOW - timedelta(days=1))
    assert [one.finding_id for one in found] == ["early", "between", "late"]


def test_a_count_in_several_pages_is_added_up(answers: Stubber) -> None:
    answers.add_response("get_metric_data", page("PartialData", 2, 3, token="more"))
    answers.add_response("get_metric_data", page("Complete", 4))
    assert counted(answers) == {"sandbox-lab-01": 9}


def test_an_error_that_the_next_page_mends_is_none(answers: Stubber) -> None:
    answers.add_response("get_metric_data", page("InternalError", token="more"))
    answers.add_response("get_metric_data", page("Complete", 4))
    assert counted(answers) == {"sandbox-lab-01": 4}


@pytest.mark.parametrize("status", ["InternalError", "PartialData", "Forbidden"])
def test_a_count_that_is_not_complete_is_no_count(answers: Stubber, status: str) -> None:
    answers.add_response("get_metric_data", page(status))
    with pytest.raises(NoCount, match=rf"did not return everything about sandbox-lab-01 \({status}\)"):
        counted(answers)
