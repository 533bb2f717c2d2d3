"""What a Region's stack switches on, hides and sends home; asserted whole, so that an extra address fails too."""

import pytest

from tests.synthesis import Template, Templates, logical_id, only, properties, resources, strings

HOME, OTHER = "sandbox-Detection-eu-west-1", "sandbox-Detection-us-east-1"
ACCOUNT = {"Ref": "AWS::AccountId"}
BUS_ARN = {"Fn::Join": ["", ["arn:aws:events:eu-west-1:", ACCOUNT, ":event-bus/sandbox-findings"]]}
OFF = dict.fromkeys(("EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"), "DISABLED")


def features(template: Template) -> dict[str, str]:
    detector = only(properties(template, "AWS::GuardDuty::Detector"))
    return {feature["Name"]: feature["Status"] for feature in detector["Features"]}


def agents(template: Template) -> dict[str, str]:
    detector = only(properties(template, "AWS::GuardDuty::Detector"))
    (runtime,) = [feature for feature in detector["Features"] if feature["Name"] == "RUNTIME_MONITORING"]
    return {agent["Name"]: agent["Status"] for agent in runtime["AdditionalConfiguration"]}


def test_every_feature_of_the_region_is_stated(sandbox: Templates) -> None:
    assert features(sandbox[HOME]) == {
        "AI_ANALYST": "DISABLED",
        "AI_PROTECTION": "DISABLED",
        "EBS_MALWARE_PROTECTION": "ENABLED",
        "EKS_AUDIT_LOGS": "ENABLED",
        "LAMBDA_NETWORK_LOGS": "ENABLED",
        "RDS_LOGIN_EVENTS": "ENABLED",
        "RUNTIME_MONITORING": "DISABLED",
        "S3_DATA_EVENTS": "ENABLED",
    }
    assert agents(sandbox[HOME]) == OFF


def test_the_configuration_decides_which_features_are_on(everything: Templates) -> None:
    template = everything["prod-Detection-eu-central-1"]
    enabled = {name for name, status in features(template).items() if status == "ENABLED"}
    assert enabled == {"S3_DATA_EVENTS", "RUNTIME_MONITORING", "AI_PROTECTION", "AI_ANALYST"}
    assert agents(template) == {**OFF, "EC2_AGENT_MANAGEMENT": "ENABLED", "ECS_FARGATE_AGENT_MANAGEMENT": "ENABLED"}


@pytest.mark.parametrize(
    ("region", "missing"),
    [
        pytest.param("ap-east-2", {"AI_ANALYST", "RDS_LOGIN_EVENTS"}, id="not-offered-there"),
        pytest.param("eu-south-2", {"AI_ANALYST", "AI_PROTECTION"}, id="overridden-in-the-configuration"),
    ],
)
def test_a_feature_that_a_region_lacks_is_not_named(everything: Templates, region: str, missing: set[str]) -> None:
    everywhere = set(features(everything["prod-Detection-eu-central-1"]))
    assert everywhere - set(features(everything[f"prod-Detection-{region}"])) == missing


@pytest.mark.parametrize(
    ("name", "frequency"),
    [("sandbox-Detection-us-east-1", "FIFTEEN_MINUTES"), ("prod-Detection-ap-east-2", "ONE_HOUR")],
)
def test_repeats_are_published_as_often_as_configured(
    sandbox: Templates, everything: Templates, name: str, frequency: str
) -> None:
    detector = only(properties({**sandbox, **everything}[name], "AWS::GuardDuty::Detector"))
    assert (detector["Enable"], detector["FindingPublishingFrequency"]) == (True, frequency)


def test_detective_is_there_where_the_region_has_it(everything: Templates) -> None:
    assert {name: len(resources(template, "AWS::Detective::Graph")) for name, template in everything.items()} == {
        "prod-CiAccess": 0,
        "prod-Detection-ap-east-2": 0,
        "prod-Detection-eu-central-1": 1,
        "prod-Detection-eu-south-2": 0,
        "prod-Delegation": 0,
        "prod-ManagementCiAccess": 0,
        "prod-Organization": 0,
        "prod-Response": 0,
    }


def test_own_egress_is_hidden_for_two_finding_types_and_sixteen_addresses(sandbox: Templates) -> None:
    for name in (HOME, OTHER):
        suppression = only(properties(sandbox[name], "AWS::GuardDuty::Filter"))
        detector = next(iter(resources(sandbox[name], "AWS::GuardDuty::Detector")))
        assert suppression == {
            "Action": "ARCHIVE",
            "Name": "sandbox-frankfurt-dc-01",
            "Description": "Own egress frankfurt-dc: Frankfurt data centre NAT pool A. "
            "Owner: network-ops. Until 2027-06-30.",
            "DetectorId": {"Ref": detector},
            "FindingCriteria": {
                "Criterion": {
                    "type": {
                        "Equals": [
                            "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS",
                            "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
                        ]
                    },
                    "service.action.awsApiCallAction.remoteIpDetails.ipAddressV4": {
                        "Equals": [f"198.51.100.{last}" for last in range(16)]
                    },
                }
            },
            "Tags": [
                {"Key": "egress-entry", "Value": "frankfurt-dc"},
                {"Key": "expires", "Value": "2027-06-30"},
                {"Key": "owner", "Value": "network-ops"},
            ],
        }


def test_an_entry_that_observes_counts_and_hides_nothing(everything: Templates) -> None:
    for name in ("prod-Detection-eu-central-1", "prod-Detection-eu-south-2", "prod-Detection-ap-east-2"):
        actions: dict[str, set[str]] = {}
        for one in properties(everything[name], "AWS::GuardDuty::Filter"):
            entry = {tag["Key"]: tag["Value"] for tag in one["Tags"]}["egress-entry"]
            actions.setdefault(entry, set()).add(one["Action"])
        assert actions == {"tokyo-dc": {"ARCHIVE"}, "partner-gateway": {"NOOP"}, "payments-gateway": {"ARCHIVE"}}


def test_a_scope_narrows_the_filters_of_its_entry_and_no_other(everything: Templates) -> None:
    caller = "service.action.awsApiCallAction.remoteIpDetails.ipAddressV4"
    for name in ("prod-Detection-eu-central-1", "prod-Detection-eu-south-2", "prod-Detection-ap-east-2"):
        criteria = {
            one["Name"]: one["FindingCriteria"]["Criterion"]
            for one in properties(everything[name], "AWS::GuardDuty::Filter")
        }
        assert criteria.pop("acme-detection-payments-gateway-01") == {
            "type": {"Equals": ["UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS"]},
            caller: {"Equals": ["192.0.2.7"]},
            "accountId": {"Equals": ["111122223333", "444455556666"]},
            "resource.lambdaDetails.functionName": {"Equals": ["payments-api", "payments-refunds"]},
            "resource.lambdaDetails.tags.key": {"Equals": ["team"]},
            "resource.lambdaDetails.tags.value": {"Equals": ["payments"]},
            "resource.lambdaDetails.vpcConfig.vpcId": {"Equals": ["vpc-0a1b2c3d4e5f60718"]},
        }
        assert criteria
        ipv6 = "service.action.awsApiCallAction.remoteIpDetails.ipAddressV6"
        assert {name for name, one in criteria.items() if ipv6 in one} == {"acme-detection-partner-gateway-601"}
        assert all(set(one) in ({"type", caller}, {"type", ipv6}) for one in criteria.values())


def test_every_finding_is_forwarded_to_the_home_bus_and_nothing_else_is(sandbox: Templates) -> None:
    for name in (HOME, OTHER):
        rules = properties(sandbox[name], "AWS::Events::Rule")
        rule = only([one for one in rules if "-watch-" not in one["Name"]])
        # A heartbeat of this account alone: the default bus may let others in, and nobody may send in AWS's name.
        assert rule["EventPattern"] == {
            "$or": [
                {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]},
                {
                    "source": ["detection-stack"],
                    "detail-type": ["Detection Stack Heartbeat"],
                    "account": [{"Ref": "AWS::AccountId"}],
                },
            ]
        }
        assert rule["State"] == "ENABLED"
        assert "EventBusName" not in rule
        (target,) = rule["Targets"]
        assert target["Arn"] == BUS_ARN
        queue = only(list(resources(sandbox[name], "AWS::SQS::Queue").values()))
        assert logical_id(target["DeadLetterConfig"]["Arn"]) in resources(sandbox[name], "AWS::SQS::Queue")
        assert queue["Properties"] == {"MessageRetentionPeriod": 14 * 86400, "SqsManagedSseEnabled": True}


def test_the_forwarder_may_put_events_on_the_home_bus_and_nothing_more(sandbox: Templates) -> None:
    role, other = properties(sandbox[OTHER], "AWS::IAM::Role")
    assert other["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "scheduler.amazonaws.com"}
    (policy,) = role["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Action": "events:PutEvents", "Resource": BUS_ARN}
    ]
    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        }
    ]
    assert not resources(sandbox[OTHER], "AWS::IAM::Policy")


def test_a_region_costs_no_asset(sandbox: Templates) -> None:
    assert not any("cdk-hnb659fds-assets" in text for text in strings(sandbox[OTHER]))


def test_the_region_tells_operations_itself(sandbox: Templates) -> None:
    template = sandbox[OTHER]
    (topic,) = resources(template, "AWS::SNS::Topic")
    assert {
        (alarm.get("MetricName", "several"), logical_id(alarm["AlarmActions"][0]))
        for alarm in properties(template, "AWS::CloudWatch::Alarm")
    } == {
        ("FailedInvocations", topic),
        ("InvocationsFailedToBeSentToDlq", topic),
        ("ApproximateNumberOfMessagesVisible", topic),
        ("several", topic),
    }
    assert only(properties(template, "AWS::SNS::Subscription"))["Endpoint"] == "platform@example.com"
