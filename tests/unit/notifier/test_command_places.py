"""Commands go where things are: the workload's Region, and the partition's own IAM."""

import re

import pytest

from infra.config.regions import GUARDDUTY_REGIONS, region_facts
from infra.stacks.watching import IAM_EVENTS
from notifier.brief import Brief
from notifier.links import global_region, region_of_zone
from tests.findings import Event, leaked_instance_credentials, leaked_lambda_credentials, leaked_user_credentials
from tests.unit.notifier.briefs import brief_in


def lines(brief: Brief) -> list[str]:
    return [line for step in brief.steps for one in step.snippets for line in one.text.splitlines()]


def read_in(brief: Brief) -> list[str]:
    """The Regions whose event history is read."""
    (history,) = (line for line in lines(brief) if "lookup-events" in line)
    several = re.match("for region in (.*?); do ", history)
    return several[1].split() if several else re.findall(r"--region (\S+)", history)


def of_global_call(*, zone: str | None) -> Event:
    """Credentials of an instance in Ireland with which a call of IAM was made, which is one of us-east-1."""
    event = leaked_instance_credentials(region="us-east-1")
    event["region"] = "ap-southeast-1"
    event["detail"]["resource"]["instanceDetails"]["availabilityZone"] = zone
    return event


def test_an_instance_is_looked_for_in_its_own_region_and_not_in_that_of_the_call() -> None:
    brief = brief_in(of_global_call(zone="eu-west-1a"))
    about_it = [line for line in lines(brief) if line.startswith(("aws ec2", "aws lambda list-functions"))]
    assert [re.findall(r"--region (\S+)", line) for line in about_it] == [["eu-west-1"]] * 2
    assert read_in(brief) == ["us-east-1", "ap-southeast-1", "eu-west-1"]


@pytest.mark.parametrize("zone", [None, "", "eu-west-1; reboot", "mars-north-1a", "eu-west-1"])
def test_without_a_zone_that_we_know_the_region_of_the_finding_is_asked(zone: str | None) -> None:
    brief = brief_in(of_global_call(zone=zone))
    (instance,) = (line for line in lines(brief) if line.startswith("aws ec2"))
    assert "--region us-east-1 " in instance
    assert not any("reboot" in line for line in lines(brief))


@pytest.mark.parametrize(
    ("zone", "region"),
    [
        ("eu-west-1a", "eu-west-1"), ("ap-southeast-7c", "ap-southeast-7"), ("us-gov-west-1b", "us-gov-west-1"),
        ("cn-northwest-1c", "cn-northwest-1"), ("us-west-2-lax-1a", "us-west-2"),
        ("us-east-1-wl1-bos-wlz-1", "us-east-1"), ("eu-west-1-; reboot", None),
        ("eu-west-1", None), ("euw1-az1", None), ("", None), ("a" * 1000, None),
    ],
)  # fmt: skip
def test_the_region_of_a_zone(zone: str, region: str | None) -> None:
    assert region_of_zone(zone) == region


def test_the_history_of_global_calls_is_read_where_the_watch_hears_them() -> None:
    """Two tables, as no half imports the other; every Region's calls of IAM are where both say."""
    for name in GUARDDUTY_REGIONS:
        assert global_region(name) == IAM_EVENTS.get(region_facts(name).partition)


@pytest.mark.parametrize(
    ("partition", "region", "of_iam"),
    [("aws-us-gov", "us-gov-east-1", "us-gov-west-1"), ("aws-cn", "cn-northwest-1", "cn-north-1")],
)
def test_in_other_partitions_the_history_of_iam_is_read_as_well(partition: str, region: str, of_iam: str) -> None:
    event = leaked_lambda_credentials(region=region, partition=partition)
    event["region"] = region
    event["detail"]["resource"]["lambdaDetails"]["functionArn"] = (
        f"arn:{partition}:lambda:{region}:111122223333:function:payments-api"
    )
    assert read_in(brief_in(event)) == [region, of_iam]


@pytest.mark.parametrize("made", [leaked_lambda_credentials, leaked_user_credentials])
@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "cn-northwest-1"])
def test_commands_for_iam_say_their_region_where_another_partition_would_answer(made: object, region: str) -> None:
    """Without a Region the AWS CLI asks IAM of the commercial partition, which knows no such role."""
    event = made(region=region, partition=region_facts(region).partition)  # type: ignore[operator]
    event["region"] = region
    of_iam = [line for line in lines(brief_in(event)) if "aws iam " in line]
    assert len(of_iam) > 4
    for line in of_iam:
        command = line[line.index("aws iam ") :]
        assert (f" --region {region}" in command) == (region != "eu-west-1"), line
