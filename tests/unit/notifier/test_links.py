"""Links open the right page in the right partition, or are left out."""

from datetime import UTC, datetime, timedelta

import pytest

from notifier.links import Console, Link

FIRST = datetime(2026, 11, 23, 3, 52, 10, tzinfo=UTC)
LAST = datetime(2026, 11, 23, 4, 12, 7, tzinfo=UTC)
PRINCIPAL = "AROAI44QH8DHBEXAMPLE:payments-api"


def console(region: str = "eu-west-1") -> Console:
    found = Console.of(region, detective={"eu-west-1", "us-east-1", "us-gov-west-1"})
    assert found
    return found


def url(link: Link | None) -> str:
    assert link
    return link.url


@pytest.mark.parametrize(
    ("region", "domain"),
    [
        ("eu-west-1", "console.aws.amazon.com"), ("ap-southeast-7", "console.aws.amazon.com"),
        ("us-gov-west-1", "console.amazonaws-us-gov.com"), ("cn-northwest-1", "console.amazonaws.cn"),
    ],
)  # fmt: skip
def test_console_is_that_of_the_partition(region: str, domain: str) -> None:
    assert console(region).guardduty_finding("f").url == (
        f"https://{domain}/guardduty/home?region={region}#/findings?search=id%3Df"
    )


@pytest.mark.parametrize(
    "region",
    [
        "us-iso-east-1", "us-isob-east-1", "eusc-de-east-1", "evil.com/#", "eu-west-1.evil.com", "eu-west-1\n", "",
        None, "EU-WEST-1", "eu-west-1#", "id",
    ],
)  # fmt: skip
def test_console_is_none_for_a_region_we_do_not_know(region: str | None) -> None:
    assert Console.of(region) is None


def test_console_is_none_when_partition_and_region_contradict_each_other() -> None:
    assert Console.of("eu-west-1", partition="aws-cn") is None
    assert Console.of("cn-north-1", partition="aws") is None
    assert Console.of("cn-north-1", partition="aws-cn") is not None


def test_ids_are_encoded() -> None:
    link = console().guardduty_finding('"><script>/#?&=é\ud800')
    assert link.url.endswith("search=id%3D%22%3E%3Cscript%3E%2F%23%3F%26%3D%C3%A9%3F")


def test_detective_finding_is_scoped_from_first_to_last_seen() -> None:
    assert url(console().detective_finding("abc", first=FIRST, last=LAST)) == (
        "https://console.aws.amazon.com/detective/home?region=eu-west-1#findings/abc"
        "?scopeStart=1795405930&scopeEnd=1795407127"
    )


def test_detective_role_goes_by_principal_id_over_the_day_before_the_last_call() -> None:
    assert url(console().detective_role(PRINCIPAL, last=LAST)) == (
        "https://console.aws.amazon.com/detective/home?region=eu-west-1#entities/AwsRole/AROAI44QH8DHBEXAMPLE"
        f"?scopeStart={1795407127 - 86400}&scopeEnd=1795407127"
    )


def test_detective_role_session_is_principal_and_session_name() -> None:
    assert "#entities/AwsRoleSession/AROAI44QH8DHBEXAMPLE:payments-api?" in url(
        console().detective_role_session(PRINCIPAL, last=LAST)
    )


@pytest.mark.parametrize("principal", ["AIDAEXAMPLE", "payments-api-role", "arn:aws:iam::1:role/x", "", "AROA\n:x"])
def test_detective_role_is_left_out_for_what_is_no_role_id(principal: str) -> None:
    assert console().detective_role(principal, last=LAST) is None
    assert console().detective_role_session(principal, last=LAST) is None


def test_detective_scope_is_left_out_when_a_time_is_unknown_and_never_over_a_year() -> None:
    assert url(console().detective_finding("abc", first=None, last=LAST)).endswith("#findings/abc")
    long_ago = url(console().detective_finding("abc", first=LAST - timedelta(days=500), last=LAST))
    assert f"scopeStart={1795407127 - 365 * 86400}&" in long_ago


@pytest.mark.parametrize("region", ["eu-central-2", "me-central-1", "cn-north-1", "ap-southeast-3"])
def test_detective_is_left_out_where_there_is_none(region: str) -> None:
    assert console(region).detective_finding("abc", first=FIRST, last=LAST) is None


def test_detective_is_left_out_where_the_deployment_has_no_graph() -> None:
    console = Console.of("eu-west-1", detective=())
    assert console is not None
    assert console.detective_finding("abc", first=FIRST, last=LAST) is None
    assert console.detective_role(PRINCIPAL, last=LAST) is None


def test_cloudtrail_goes_by_access_key() -> None:
    assert url(console().cloudtrail_events("ASIAIOSFODNN7EXAMPLE")) == (
        "https://eu-west-1.console.aws.amazon.com/cloudtrail/home?region=eu-west-1#/events?AccessKeyId=ASIAIOSFODNN7EXAMPLE"
    )
    assert console().cloudtrail_events("GeneratedFindingAccessKeyId&x") is None


def test_lambda_function_goes_by_name() -> None:
    assert console().lambda_function("payments-api").url == (
        "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/payments-api"
    )
