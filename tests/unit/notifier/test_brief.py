"""The brief says what a responder needs, in plain words."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from notifier.brief import Brief
from notifier.briefs import brief_of, plain_brief
from notifier.briefs.finding import LEARNED, SAMPLE
from notifier.destinations import text
from notifier.items.event import read
from tests.findings import (
    INSIDE_AWS,
    leaked_instance_credentials,
    leaked_lambda_credentials,
    leaked_task_credentials,
    low_finding,
)
from tests.surroundings import AROUND
from tests.unit.notifier.briefs import brief_in, finding_in


def facts(brief: Brief) -> dict[str, str]:
    """All facts by label."""
    return {fact.label: fact.value for section in brief.sections for fact in section.facts}


def urls(brief: Brief) -> list[str]:
    """All links of the steps."""
    return [link.url for step in brief.steps for link in step.links]


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        pytest.param(
            leaked_lambda_credentials(),
            "Temporary credentials of the Lambda function payments-api were used from 203.0.113.9 "
            "(ExampleNet, Netherlands), outside AWS.",
            id="function",
        ),
        pytest.param(
            leaked_task_credentials(),
            "Temporary credentials of the ECS task checkout:42 in the cluster shop were used from 203.0.113.9 "
            "(ExampleNet, Netherlands), outside AWS.",
            id="task",
        ),
        pytest.param(
            leaked_instance_credentials(),
            "Temporary credentials of the EC2 instance i-0a1b2c3d4e5f60718 were used from 203.0.113.9 "
            "(ExampleNet, Netherlands), outside AWS.",
            id="instance",
        ),
        pytest.param(
            leaked_task_credentials(finding_type=INSIDE_AWS),
            "Temporary credentials of the ECS task checkout:42 in the cluster shop were used from 203.0.113.9 "
            "(ExampleNet, Netherlands), inside AWS but not where they belong.",
            id="inside-aws",
        ),
        pytest.param(
            leaked_lambda_credentials(type="UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.Elsewhere"),
            "Temporary credentials of the Lambda function payments-api were used from 203.0.113.9 "
            "(ExampleNet, Netherlands), not where they belong.",
            id="type-renamed-by-aws",
        ),
        pytest.param(
            leaked_lambda_credentials(sample=True),
            "Sample, nothing happened: Temporary credentials of the Lambda function payments-api were used from "
            "203.0.113.9 (ExampleNet, Netherlands), outside AWS.",
            id="sample",
        ),
        pytest.param(
            low_finding(),
            "Unprotected port on EC2 instance i-0f1e2d3c4b5a69788 is being probed.",
            id="others-have-guardduty-s-title",
        ),
        pytest.param(low_finding(title=None), "Recon:EC2/PortProbeUnprotectedPort.", id="no-title"),
        pytest.param(
            low_finding(title=None, type=None), "GuardDuty reported a finding without a title or a type.", id="nothing"
        ),
    ],
)
def test_headline_is_one_plain_sentence(event: object, sentence: str) -> None:
    assert brief_in(event).headline == sentence


def _without(*path: str) -> dict[str, Any]:
    event = leaked_lambda_credentials()
    inner = event["detail"]
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return event


@pytest.mark.parametrize(
    ("path", "words"),
    [
        pytest.param(("resource", "lambdaDetails"), "a workload with the role payments-api-role", id="no-function"),
        pytest.param(("resource",), "a workload that the finding does not name", id="no-resource"),
        pytest.param(("service",), "from an unknown address", id="no-service"),
        pytest.param(("service", "action"), "from an unknown address", id="no-action"),
    ],
)
def test_headline_says_what_is_known(path: tuple[str, ...], words: str) -> None:
    assert words in brief_in(_without(*path)).headline


def _called_by(**members: object) -> dict[str, Any]:
    """The task's credentials, used by something that has no address."""
    event = leaked_task_credentials(finding_type=INSIDE_AWS)
    call = event["detail"]["service"]["action"]["awsApiCallAction"]
    del call["remoteIpDetails"]
    call |= members
    return event


@pytest.mark.parametrize(
    ("members", "who", "shown"),
    [
        pytest.param(
            {"callerType": "Domain", "domainDetails": {"domain": "cloudformation.amazonaws.com"}},
            "cloudformation.amazonaws.com",
            {"Domain": "cloudformation.amazonaws.com"},
            id="domain",
        ),
        pytest.param(
            {"domainDetails": {"domain": "evil.example"}},
            "evil[.]example",
            {"Domain": "evil[.]example"},
            id="domain-of-others",
        ),
        pytest.param(
            {"remoteAccountDetails": {"awsServiceName": "ec2.amazonaws.com"}},
            "the AWS service ec2.amazonaws.com",
            {"AWS service": "ec2.amazonaws.com"},
            id="service",
        ),
    ],
)
def test_who_calls_without_an_address_is_named(members: dict[str, object], who: str, shown: dict[str, str]) -> None:
    brief = brief_in(_called_by(**members))
    assert brief.headline == (
        f"Temporary credentials of the ECS task checkout:42 in the cluster shop were used from {who}, inside AWS but "
        "not where they belong."
    )
    (caller,) = (section for section in brief.sections if section.title == "Caller")
    assert {fact.label: fact.value for fact in caller.facts if fact.label != "User agent"} == shown
    assert brief.steps[0].text == (
        f"The finding names {who} as the caller, and no address. Until you know for whom it called, treat the "
        "credentials as stolen."
    )


def test_the_service_is_told_beside_the_address_and_the_account() -> None:
    event = leaked_task_credentials(finding_type=INSIDE_AWS)
    event["detail"]["service"]["action"]["awsApiCallAction"]["remoteAccountDetails"] = {
        "accountId": "444455556666",
        "affiliated": True,
        "awsServiceName": "ec2.amazonaws.com",
    }
    brief = brief_in(event)
    assert "were used from 203.0.113.9 (ExampleNet, Netherlands) by the AWS account 444455556666," in brief.headline
    told = facts(brief)
    assert (told["AWS account"], told["AWS service"]) == ("444455556666 (affiliated with yours)", "ec2.amazonaws.com")
    assert brief.steps[0].text.startswith("Decide whether 203.0.113.9 is yours.")


def test_brief_holds_every_fact_a_responder_needs() -> None:
    brief = brief_in(leaked_lambda_credentials())
    assert (brief.severity_label, brief.account, brief.region) == ("High 8.0", "111122223333", "eu-west-1")
    assert facts(brief) == {
        "Function": "payments-api (version $LATEST)",
        "Role": "arn:aws:iam::111122223333:role/service-role/payments-api-role",
        "VPC": "vpc-0a1b2c3d4e5f60718",
        "Access key": "ASIAIOSFODNN7EXAMPLE (temporary)",
        "Role name": "payments-api-role",
        "Principal": "AROAI44QH8DHBEXAMPLE:payments-api",
        "Address": "203.0.113.9",
        "Network": "ExampleNet (AS64496)",
        "Place": "Amsterdam, Netherlands",
        "User agent": "aws-cli/2.31.0 Python/3.13.7 Linux/6.8.0",
        "API": "s3:ListBuckets",
        "Result": "failed: AccessDenied",
        "On": "AWS::S3::Bucket payments-receipts",
        "Count": "7",
        "First seen": "2026-11-23 03:52:10 UTC",
        "Last seen": "2026-11-23 04:12:07 UTC",
        "Type": "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS",
        "Account": "111122223333",
        "Region": "eu-west-1",
        "Id": "1ab2c3d4e5f60718293a4b5c6d7e8f90",
    }


def test_no_role_arn_is_made_from_a_role_name() -> None:
    brief = brief_in(_without("resource", "lambdaDetails"))
    assert facts(brief)["Role name"] == "payments-api-role"
    assert ":role/" not in text.body(brief)


def test_steps_link_to_finding_history_role_and_function() -> None:
    found = urls(brief_in(leaked_lambda_credentials()))
    assert [url.split("?")[0].split("#")[0] for url in found] == [
        "https://console.aws.amazon.com/guardduty/home",
        "https://console.aws.amazon.com/detective/home",
        "https://eu-west-1.console.aws.amazon.com/lambda/home",
        "https://eu-west-1.console.aws.amazon.com/cloudtrail/home",
        "https://us-east-1.console.aws.amazon.com/cloudtrail/home",
        "https://console.aws.amazon.com/detective/home",
        "https://console.aws.amazon.com/detective/home",
        "https://console.aws.amazon.com/detective/home",
    ]


def test_links_use_the_region_where_guardduty_found_it_and_history_the_region_of_the_call() -> None:
    event = leaked_lambda_credentials()
    event["region"] = "eu-central-1"
    brief = brief_in(event)
    assert brief.region == "eu-central-1"
    assert "guardduty/home?region=eu-central-1#" in urls(brief)[0]
    assert any("cloudtrail/home?region=eu-west-1#" in url for url in urls(brief))
    assert facts(brief)["Region"] == "eu-central-1 (the call was in eu-west-1)"


def test_an_archived_finding_has_no_link_into_detective_because_it_would_fail() -> None:
    event = leaked_lambda_credentials()
    event["detail"]["service"]["archived"] = True
    assert not any("#findings/" in url for url in urls(brief_in(event)))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"region": "evil.com/#", "arn": None}, id="region-that-is-none"),
        pytest.param({"region": "us-iso-east-1", "partition": "aws-iso"}, id="partition-without-a-known-console"),
        pytest.param({"partition": "aws-cn"}, id="partition-contradicts-region"),
    ],
)
def test_c10_no_link_is_made_for_a_place_we_do_not_know(change: dict[str, object]) -> None:
    event = leaked_lambda_credentials()
    event["detail"] |= change
    event["region"] = change.get("region", event["region"])
    event["detail"]["resource"]["lambdaDetails"]["functionArn"] = None
    event["detail"]["id"] = '"><script>'
    assert all("evil" not in url and "<" not in url for url in urls(brief_in(event)))
    assert not any("guardduty" in url for url in urls(brief_in(event)))


def test_an_address_of_ours_is_named_with_its_owner_and_the_step_asks_them() -> None:
    brief = brief_in(leaked_lambda_credentials(address="198.51.100.7"))
    assert brief.egress
    assert brief.egress.ours
    assert brief.egress.sentence == (
        "198.51.100.7 is in your egress range frankfurt-dc, owner network-ops: it may be your own traffic."
    )
    assert brief.steps[0].text.startswith("Ask network-ops whether this workload leaves through frankfurt-dc.")
    assert brief.steps[0].text.endswith(
        "If it does, the finding should have been suppressed, unless the entry is for other types: check the filter in "
        "eu-west-1."
    )


@pytest.mark.parametrize("address", ["198.51.100.7", "198.51.100.70", "198.51.100.128"])
@pytest.mark.parametrize("finding_type", [INSIDE_AWS, "CredentialAccess:IAMUser/CompromisedCredentials"])
def test_no_filter_is_blamed_for_a_type_that_an_entry_hides_only_by_name(address: str, finding_type: str) -> None:
    brief = brief_in(leaked_lambda_credentials(address=address, type=finding_type))
    assert brief.steps[0].text.endswith(
        ". An entry of egress hides this type of finding only where it names it, so that the address alone excuses "
        "nothing."
    )


@pytest.mark.parametrize(
    ("address", "sentence", "decision"),
    [
        pytest.param(
            "198.51.100.128",
            "198.51.100.128 is in your egress range shared, owner network-ops (for some workloads only): it may be "
            "your own traffic.",
            "Ask network-ops whether this workload leaves through shared. Only some workloads are expected there: if "
            "this is none of them, treat the credentials as stolen. If it is one of them, the finding may lack what "
            "the filter in eu-west-1 asks for.",
            id="one-range",
        ),
        pytest.param(
            "198.51.100.160",
            "198.51.100.160 is in your egress range trial, owner lab-team (for some workloads only): it may be your "
            "own traffic.",
            "Ask lab-team whether this workload leaves through trial. Only some workloads are expected there: if this "
            "is none of them, treat the credentials as stolen. The range only observes so far, so its findings are "
            "sent; if this is expected, set its mode to enforce.",
            id="one-that-observes",
        ),
        pytest.param(
            "198.51.100.135",
            "198.51.100.135 is in your egress ranges shared, owner network-ops (for some workloads only) and partner, "
            "owner lab-team (for some workloads only): it may be your own traffic.",
            "Ask network-ops or lab-team whether this workload leaves through shared or partner. Only some workloads "
            "are expected there: if this is none of them, treat the credentials as stolen. If it is one of them, the "
            "finding may lack what the filter in eu-west-1 asks for.",
            id="two-owners",
        ),
    ],
)
def test_a_range_for_some_workloads_is_never_told_as_if_it_hid_everything(
    address: str, sentence: str, decision: str
) -> None:
    brief = brief_in(leaked_lambda_credentials(address=address))
    assert brief.egress
    assert brief.egress.sentence == sentence
    assert brief.steps[0].text == decision


def test_an_address_that_is_not_ours_says_so() -> None:
    brief = brief_in(leaked_lambda_credentials())
    assert brief.egress
    assert not brief.egress.ours
    assert brief.egress.sentence == "203.0.113.9 is not one of your egress ranges."


def test_without_egress_ranges_nothing_is_claimed() -> None:
    brief = brief_of(finding_in(leaked_lambda_credentials()), AROUND)
    assert brief.egress
    assert brief.egress.sentence == ("203.0.113.9 was not compared with your egress ranges: the notifier has none.")


def test_leaked_credentials_say_that_the_finding_may_not_repeat() -> None:
    assert LEARNED in brief_in(leaked_lambda_credentials()).notes
    assert LEARNED not in brief_in(low_finding()).notes


def test_a_sample_says_so_everywhere_and_asks_for_nothing() -> None:
    brief = brief_in(leaked_lambda_credentials(sample=True))
    assert brief.sample
    assert brief.notes == (SAMPLE,)
    assert [step.text[:13] for step in brief.steps] == ["Nothing to do"]
    assert brief.subject.startswith("Sample: ")
    assert "SAMPLE" in text.body(brief)


def test_a_replayed_event_says_so() -> None:
    event = leaked_lambda_credentials()
    event["replay-name"] = "after-outage"
    assert "Replayed from the archive by after-outage." in brief_in(event).notes


def test_an_unrecognised_message_is_shown_as_it_came() -> None:
    (item,) = read('{"detail-type": "GuardDuty Malware\\u202e", "detail": {"a": 1}}')
    brief = brief_of(item, AROUND)
    assert not brief.recognised
    assert brief.headline.startswith("Unrecognised GuardDuty event of type GuardDuty Malware\\u202e")
    assert '"detail": {"a": 1}' in brief.raw


def test_raw_text_is_bounded() -> None:
    (item,) = read("x" * 5_000_000)
    brief = brief_of(item, AROUND)
    assert len(brief.raw) <= 2500
    assert brief.raw.endswith("…")


def test_plain_brief_has_the_fixed_keys_and_the_link() -> None:
    shown = text.plain_body(plain_brief(finding_in(leaked_lambda_credentials()), AROUND))
    for line in (
        "type: UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS",
        "severity: High 8.0",
        "account: 111122223333",
        "region: eu-west-1",
        "id: 1ab2c3d4e5f60718293a4b5c6d7e8f90",
        "open: https://console.aws.amazon.com/guardduty/home?region=eu-west-1#",
    ):
        assert line in shown


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        pytest.param(
            leaked_lambda_credentials,
            "[High 8.0] Credentials of payments-api used outside AWS - 111122223333 eu-west-1",
            id="leaked",
        ),
        pytest.param(
            lambda: low_finding(title="T" * 300),
            f"[Low 2.0] {'T' * 61}... - 111122223333 eu-west-1",
            id="long-title-is-cut-before-the-place",
        ),
        pytest.param(
            lambda: low_finding(title="Zugriff auf Müller\r\nBcc: x@y"),
            "[Low 2.0] Zugriff auf Muller  Bcc: x@y - 111122223333 eu-west-1",
            id="no-line-end-and-no-accent",
        ),
        pytest.param(
            lambda: low_finding(severity=8.95),
            "[High 8.95] Unprotected port on EC2 instance i-0f1e2d3c4b5a69788 is bei... - 111122223333 eu-west-1",
            id="severity-is-not-rounded-up",
        ),
        pytest.param(
            lambda: low_finding(
                title="Amazon S3 Public Anonymous Access was granted for the S3 bucket payments-exports.",
                resource={"s3BucketDetails": [{"name": "payments-exports", "type": "Destination"}]},
            ),
            "[Low 2.0] payments-exports: Amazon S3 Public Anonymous Access was grant... - 111122223333 eu-west-1",
            id="a-resource-that-would-be-cut-off-comes-first",
        ),
    ],
)
def test_subject_of_the_mail(event: Callable[[], object], subject: str) -> None:
    assert text.subject(brief_in(event())) == subject


def test_json_of_every_example_is_stable() -> None:
    event = leaked_lambda_credentials()
    assert brief_in(json.loads(json.dumps(event))) == brief_in(event)


def test_a_range_that_only_observes_says_why_its_finding_was_sent() -> None:
    brief = brief_in(leaked_lambda_credentials(address="198.51.100.65"))
    assert brief.steps[0].text == (
        "Ask lab-team whether this workload leaves through lab. The range only observes so far, so its findings are "
        "sent; if this is expected, set its mode to enforce."
    )


def test_what_somebody_needs_who_isolates_an_instance_has_lines_of_its_own() -> None:
    event = leaked_instance_credentials()
    event["detail"]["resource"]["instanceDetails"] |= {
        "iamInstanceProfile": {"arn": "arn:aws:iam::111122223333:instance-profile/build", "id": "AIPAI44QH8DHBEXAMPLE"},
        "imageId": "ami-0a1b2c3d4e5f60718",
        "launchTime": "2026-11-20T08:00:00Z",
        "networkInterfaces": [
            {
                "privateIpAddress": "10.0.0.12",
                "publicIp": "192.0.2.44",
                "securityGroups": [{"groupId": "sg-0a1b2c3d", "groupName": "build"}, {"groupId": "sg-0b2c3d4e"}],
                "vpcId": "vpc-0a1b2c3d",
            }
        ],
        "tags": [{"key": "team", "value": "shop"}, {"key": "Name", "value": "build-agent-1"}],
    }
    found = facts(brief_in(event))
    assert {label: found[label] for label in list(found)[:7]} == {
        "EC2 instance": "i-0a1b2c3d4e5f60718 (build-agent-1)",
        "Instance profile": "arn:aws:iam::111122223333:instance-profile/build",
        "IP addresses": "10.0.0.12, 192.0.2.44 (public)",
        "VPC": "vpc-0a1b2c3d",
        "Security groups": "sg-0a1b2c3d (build), sg-0b2c3d4e",
        "Instance type": "m7g.large",
        "Launched": "2026-11-20 08:00:00 UTC",
    }


def test_members_that_no_table_knows_are_written_as_people_write_them() -> None:
    event = low_finding(resource={"eksClusterDetails": {"name": "prod", "vpcId": "vpc-1", "createdAt": 1700000000}})
    assert facts(brief_in(event))["EKS cluster"] == "prod; vpc ID vpc-1; created at 2023-11-14 22:13:20 UTC"


def test_only_of_an_address_that_matters_it_is_said_whether_it_is_ours() -> None:
    """Nobody asks it of whoever probes a port, and the answer would stand where the message begins."""
    assert brief_in(low_finding()).egress is None
    ours = low_finding()
    probe = ours["detail"]["service"]["action"]["portProbeAction"]["portProbeDetails"][0]
    probe["remoteIpDetails"]["ipAddressV4"] = "198.51.100.7"
    found = brief_in(ours).egress
    assert found
    assert "is in your egress range frankfurt-dc" in found.sentence


def test_a_locked_screen_shows_how_bad_it_is_and_where() -> None:
    assert brief_in(leaked_lambda_credentials()).in_a_line == (
        "High 8.0 · 111122223333 · eu-west-1: Temporary credentials of the Lambda function payments-api were used from "
        "203.0.113.9 (ExampleNet, Netherlands), outside AWS."
    )
    (item,) = read("no finding at all")
    assert brief_of(item, AROUND).in_a_line.startswith("Unrecognised: ")
