"""What the home Region does with findings: routes, queues, functions, alarms, and who may do what."""

from fnmatch import fnmatchcase
from typing import Any

import pytest

from infra.constructs.finding_pattern import finding_pattern
from tests.synthesis import (
    Template,
    Templates,
    bus_rules,
    delivery_rules,
    finding_rules,
    functions,
    logical_id,
    only,
    properties,
    resources,
)

ACCOUNT = {"Ref": "AWS::AccountId"}
FINDING = {
    "source": ["aws.guardduty", "detection-stack"],
    "detail-type": ["GuardDuty Finding", "Detection Stack Heartbeat", "Investigation Report"],
}
"""And the heartbeat, which takes every rule of findings, and the report of an investigation."""


@pytest.fixture(name="response", scope="module")
def fixture_response(sandbox: Templates) -> Template:
    return sandbox["sandbox-Response"]


def function_of(template: Template, destination: str) -> Template:
    return only(
        [
            function["Properties"]
            for function in functions(template, "notifier").values()
            if function["Properties"]["Environment"]["Variables"]["DESTINATION_NAME"] == destination
        ]
    )


def statements(template: Template, queue: str) -> list[Template]:
    """Every statement of the policies of a queue."""
    return [
        statement
        for policy in properties(template, "AWS::SQS::QueuePolicy")
        if [logical_id(one) for one in policy["Queues"]] == [queue]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_each_route_is_one_rule_and_the_catch_all_takes_everything(everything: Templates) -> None:
    patterns = {name: rule["EventPattern"] for name, rule in finding_rules(everything["prod-Response"]).items()}
    assert patterns == {
        "leaked-credentials": {
            **FINDING,
            "detail": {
                "type": [
                    {"prefix": "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration"},
                    "CredentialAccess:IAMUser/CompromisedCredentials",
                    {"wildcard": "*:S3/*"},
                    "DetectionStack:Heartbeat/Alive",
                ]
            },
        },
        "pci": {
            **FINDING,
            "detail": {"accountId": ["444455556666", "heartbeat"], "severity": [{"numeric": [">=", 4]}]},
        },
        "critical": {**FINDING, "detail": {"severity": [{"numeric": [">=", 9]}]}},
        "tickets": {
            **FINDING,
            "detail": {
                "accountId": [{"anything-but": ["555566667777", "666677778888"]}],
                "severity": [{"numeric": [">=", 4, "<", 7]}, "heartbeat"],
            },
        },
        "catch-all": FINDING,
    }


def test_a_route_without_conditions_has_no_empty_detail() -> None:
    assert finding_pattern(with_reports=True) == FINDING
    assert finding_pattern() == {**FINDING, "detail-type": FINDING["detail-type"][:-1]}


def test_each_rule_leads_to_the_queues_of_its_destinations(everything: Templates) -> None:
    targets = {
        name: [target["Id"] for target in rule["Targets"]]
        for name, rule in finding_rules(everything["prod-Response"]).items()
    }
    assert targets == {
        "leaked-credentials": ["soc-slack"],
        "pci": ["pci-slack"],
        "critical": ["on-call", "soc-chat", "soc-teams", "siem"],
        "tickets": ["siem"],
        "catch-all": ["everyone"],
    }


def test_q16_a_delivery_that_fails_at_the_rule_goes_to_the_same_dead_letter_queue(response: Template) -> None:
    queues = resources(response, "AWS::SQS::Queue")
    for rule in delivery_rules(response).values():
        for target in rule["Targets"]:
            queue = queues[logical_id(target["Arn"])]["Properties"]
            assert target["DeadLetterConfig"]["Arn"] == queue["RedrivePolicy"]["deadLetterTargetArn"]
            assert "RoleArn" not in target


def test_queues_are_encrypted_and_outlast_an_outage(response: Template) -> None:
    (key,) = resources(response, "AWS::KMS::Key")
    for queue in properties(response, "AWS::SQS::Queue"):
        if "RedrivePolicy" in queue:
            assert queue["KmsMasterKeyId"] == {"Fn::GetAtt": [key, "Arn"]}
            assert queue["RedrivePolicy"]["maxReceiveCount"] == 60
            assert queue["VisibilityTimeout"] == 6 * 60
            assert queue["MessageRetentionPeriod"] == 7 * 86400
        else:
            assert queue["MessageRetentionPeriod"] == 14 * 86400


def test_only_the_rules_of_a_destination_may_put_findings_on_its_queue(response: Template) -> None:
    leading: dict[str, list[str]] = {}
    queues: dict[str, set[str]] = {}
    for rule in properties(response, "AWS::Events::Rule"):
        if "ScheduleExpression" in rule:
            continue
        bus = "sandbox-findings/" if "EventBusName" in rule else ""
        (target,) = rule["Targets"]
        if target["Id"] == "investigation":
            # It starts a function; its own test says who may.
            continue
        leading.setdefault(target["Id"], []).append(f":rule/{bus}{rule['Name']}")
        both = {logical_id(target["Arn"]), logical_id(target["DeadLetterConfig"]["Arn"])}
        assert queues.setdefault(target["Id"], both) == both
    assert set(leading) == {"security-mail", "security-slack"}
    for name, both in queues.items():
        for queue in both:
            deny, allow = statements(response, queue)
            assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
            sources = allow["Condition"]["ArnEquals"]["aws:SourceArn"]
            assert allow == {
                "Sid": "EventBridgeRules",
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": {"Fn::GetAtt": [queue, "Arn"]},
                "Condition": {
                    "ArnEquals": {"aws:SourceArn": sources},
                    "StringEquals": {"aws:SourceAccount": ACCOUNT},
                },
            }
            assert sorted(sources, key=str) == sorted(
                ({"Fn::Join": ["", ["arn:aws:events:eu-west-1:", ACCOUNT, rule]]} for rule in leading[name]), key=str
            )


def test_a_rule_is_made_after_its_queues_let_it_in(everything: Templates) -> None:
    for template in everything.values():
        policies = resources(template, "AWS::SQS::QueuePolicy")
        for rule in resources(template, "AWS::Events::Rule").values():
            if "ScheduleExpression" in rule["Properties"]:
                continue  # invokes a function, whose permission names the rule
            for target in rule["Properties"]["Targets"]:
                invokes = (
                    "RoleArn" in target or template["Resources"][logical_id(target["Arn"])]["Type"] != "AWS::SQS::Queue"
                )
                queues = [target["DeadLetterConfig"]["Arn"]] + ([] if invokes else [target["Arn"]])
                for queue in map(logical_id, queues):
                    (policy,) = [
                        id_ for id_, one in policies.items() if logical_id(one["Properties"]["Queues"][0]) == queue
                    ]
                    assert policy in rule["DependsOn"]


def test_the_key_lets_in_eventbridge_and_logs_and_only_for_this_account(response: Template) -> None:
    key = only(properties(response, "AWS::KMS::Key"))
    assert key["EnableKeyRotation"] is True
    root, events, logs = key["KeyPolicy"]["Statement"]
    assert root["Principal"]["AWS"] == {"Fn::Join": ["", ["arn:aws:iam::", ACCOUNT, ":root"]]}
    assert events == {
        "Sid": "EventBridge",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    assert logs["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert logs["Condition"] == {
        "ArnLike": {
            "kms:EncryptionContext:aws:logs:arn": {
                "Fn::Join": ["", ["arn:aws:logs:eu-west-1:", ACCOUNT, ":log-group:*"]]
            }
        }
    }


def test_the_key_lets_logs_encrypt_every_log_group_of_the_account(response: Template) -> None:
    *_, logs = only(properties(response, "AWS::KMS::Key"))["KeyPolicy"]["Statement"]
    _, (before, _, after) = logs["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]["Fn::Join"]
    allowed = f"{before}111122223333{after}"
    assert arn_like("arn:aws:logs:eu-west-1:111122223333:log-group:sandbox-Response-TosecuritymailLogs-1A2b", allowed)
    assert not arn_like("arn:aws:logs:eu-west-1:444455556666:log-group:sandbox-Response-Logs", allowed)
    assert not arn_like("arn:aws:logs:us-east-1:111122223333:log-group:sandbox-Response-Logs", allowed)


def arn_like(arn: str, pattern: str) -> bool:
    """The operator of IAM: part by part between the first five colons, with `*` and `?`."""
    parts, patterns = arn.split(":", 5), pattern.split(":", 5)
    return all(fnmatchcase(one, wanted) for one, wanted in zip(parts, patterns, strict=True))


def test_one_function_for_each_destination_from_the_same_code(response: Template) -> None:
    notifiers = [function["Properties"] for function in functions(response, "notifier").values()]
    assert {function["Code"]["S3Key"] for function in notifiers} == {notifiers[0]["Code"]["S3Key"]}
    for function in notifiers:
        assert (function["Runtime"], function["Architectures"], function["Handler"]) == (
            "python3.14",
            ["arm64"],
            "notifier.handler.handler",
        )
        assert function["LoggingConfig"]["LogFormat"] == "JSON"
    for mapping in properties(response, "AWS::Lambda::EventSourceMapping"):
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert (mapping["BatchSize"], mapping["ScalingConfig"]) == (5, {"MaximumConcurrency": 2})


def test_the_webhook_itself_is_in_no_template(response: Template) -> None:
    variables = function_of(response, "security-slack")["Environment"]["Variables"]
    assert variables["SLACK_WEBHOOK_SECRET"] == "detection/slack-webhook"
    assert "hooks.slack" not in str(response)


def test_alarms_and_mail_have_topics_of_their_own(response: Template) -> None:
    endpoints: dict[str, list[str]] = {}
    for subscription in properties(response, "AWS::SNS::Subscription"):
        assert subscription["Protocol"] == "email"
        endpoints.setdefault(logical_id(subscription["TopicArn"]), []).append(subscription["Endpoint"])
    (operations,) = {logical_id(alarm["AlarmActions"][0]) for alarm in properties(response, "AWS::CloudWatch::Alarm")}
    assert endpoints.pop(operations) == ["platform@example.com"]
    assert list(endpoints.values()) == [["security@example.com"]]


def test_cloudwatch_may_publish_to_the_topic_for_alarms(sandbox: Templates) -> None:
    for template in sandbox.values():
        (operations,) = {
            logical_id(alarm["AlarmActions"][0]) for alarm in properties(template, "AWS::CloudWatch::Alarm")
        }
        (policy,) = [
            policy["PolicyDocument"]["Statement"]
            for policy in properties(template, "AWS::SNS::TopicPolicy")
            if logical_id(policy["Topics"][0]) == operations
        ]
        allowed = [statement for statement in policy if statement["Effect"] == "Allow"]
        assert allowed == [
            {
                "Sid": "Alarms",
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": {"Ref": operations},
                "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
            }
        ]


ALARMS: dict[str, tuple[str, float]] = {
    "FailedInvocations": ("Sum", 0),
    "InvocationsFailedToBeSentToDlq": ("Sum", 0),
    "ApproximateNumberOfMessagesVisible": ("Maximum", 0),
    "ApproximateAgeOfOldestMessage": ("Maximum", 480),
    "Errors": ("Sum", 0),
    "Throttles": ("Sum", 0),
}

BY_THE_HOUR = {"EndedEntries", "StaleEntries", "Invocations", "Heartbeats"}
"""Alarms on what comes by the hour or day: the review of suppression, and the heartbeat. See their own tests."""


def test_every_alarm_fires_on_the_first_bad_period(response: Template) -> None:
    for alarm in properties(response, "AWS::CloudWatch::Alarm"):
        if "MetricName" not in alarm or alarm["MetricName"] in BY_THE_HOUR:
            continue
        if {"Name": "Outcome", "Value": "heartbeat"} in alarm["Dimensions"]:
            continue
        assert (alarm["Statistic"], alarm["Threshold"]) == ALARMS[alarm["MetricName"]]
        assert (alarm["ComparisonOperator"], alarm["EvaluationPeriods"]) == ("GreaterThanThreshold", 1)
        assert (alarm["Period"], alarm["TreatMissingData"]) == (300, "notBreaching")


def test_a_destination_that_is_down_is_heard_before_its_messages_leave_the_metric(response: Template) -> None:
    # SQS leaves a message out of the metric once it was received three times and not deleted.
    (timeout,) = {
        queue["VisibilityTimeout"] for queue in properties(response, "AWS::SQS::Queue") if "RedrivePolicy" in queue
    }
    (age,) = {
        alarm["Threshold"]
        for alarm in properties(response, "AWS::CloudWatch::Alarm")
        if alarm.get("MetricName") == "ApproximateAgeOfOldestMessage"
    }
    assert timeout < age < 2 * timeout


def test_a_broken_key_cannot_silence_the_alarm_about_it(everything: Templates, response: Template) -> None:
    for template in (everything["prod-Response"], response):
        topics = resources(template, "AWS::SNS::Topic")
        for alarm in properties(template, "AWS::CloudWatch::Alarm"):
            assert "KmsMasterKeyId" not in topics[logical_id(alarm["AlarmActions"][0])].get("Properties", {})
        for queue in properties(template, "AWS::SQS::Queue"):
            # What cannot be delivered because of the key is kept without it.
            assert ("RedrivePolicy" in queue) is ("KmsMasterKeyId" in queue)
            assert ("RedrivePolicy" in queue) is ("SqsManagedSseEnabled" not in queue)


def watched(template: Template, metric: str) -> set[str]:
    """What the alarms on one metric look at: logical ids, or names."""
    found: set[str] = set()
    for alarm in properties(template, "AWS::CloudWatch::Alarm"):
        if alarm.get("MetricName") == metric:
            for dimension in alarm.get("Dimensions", []):
                value: Any = dimension["Value"]
                found.add(value if isinstance(value, str) else logical_id(value))
    return found


def test_nothing_can_fail_without_an_alarm(everything: Templates) -> None:
    template = everything["prod-Response"]
    queues = resources(template, "AWS::SQS::Queue")
    sources = {id_ for id_, queue in queues.items() if "RedrivePolicy" in queue["Properties"]}
    notifiers, reviews = functions(template, "notifier"), functions(template, "suppression_review")
    assert watched(template, "ApproximateNumberOfMessagesVisible") == set(queues) - sources
    assert watched(template, "ApproximateAgeOfOldestMessage") == sources
    # What the state machine invokes is retried and caught by it, and its own failures ring (test_investigation).
    starters = functions(template, "investigation", module="starter")
    assert watched(template, "Errors") == {*notifiers, *reviews, *starters}
    assert watched(template, "Throttles") == set(notifiers)
    findings = set(finding_rules(template))
    assert watched(template, "Invocations") == {*reviews, *findings, "acme-detection-findings"}
    for metric in ("FailedInvocations", "InvocationsFailedToBeSentToDlq"):
        assert watched(template, metric) == {*bus_rules(template), "acme-detection-findings"}


def test_the_bus_keeps_every_finding_for_replay(everything: Templates) -> None:
    template = everything["prod-Response"]
    bus = only(properties(template, "AWS::Events::EventBus"))
    archive = only(properties(template, "AWS::Events::Archive"))
    assert bus["Name"] == "acme-detection-findings"
    assert (archive["RetentionDays"], archive["EventPattern"]) == (365, {"source": ["aws.guardduty"]})


def test_an_existing_key_is_used_and_none_is_made(everything: Templates) -> None:
    template = everything["prod-Response"]
    assert not resources(template, "AWS::KMS::Key")
    key = "arn:aws:kms:eu-central-1:111122223333:key/99999999-8888-7777-6666-555555555555"
    for type_ in ("AWS::SQS::Queue", "AWS::SNS::Topic"):
        assert {one.get("KmsMasterKeyId", key) for one in properties(template, type_)} == {key}
    groups = resources(template, "AWS::Logs::LogGroup")
    # The log of the state machine holds no data of an execution.
    with_findings = {id_: one["Properties"] for id_, one in groups.items() if not id_.startswith("InvestigationLog")}
    assert len(with_findings) == len(groups) - 1
    assert {group["KmsKeyId"] for group in with_findings.values()} == {key}


def test_every_role_has_the_boundary_and_the_path(everything: Templates) -> None:
    roles = [role for template in everything.values() for role in properties(template, "AWS::IAM::Role")]
    assert len(roles) == 3 * 2 + 7 + 1 + 2 + 6 + 3
    for role in roles:
        # Those of the pipeline lie below it.
        assert role["Path"] in {"/detection/", "/detection/detection-stack-ci/"}
        assert "policy/developer-boundary" in str(role["PermissionsBoundary"])
