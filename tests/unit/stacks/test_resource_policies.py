"""Who may put a message on a queue or publish to a topic: every policy whole, so that anyone or anything more fails."""

from typing import Any

from tests.deployments import EVERYTHING_DATA
from tests.synthesis import Template, Templates, logical_id, resources

OVER_TLS_ONLY = {"Bool": {"aws:SecureTransport": "false"}}


def account_of(stack: str) -> object:
    """The account that a stack goes to."""
    if not stack.startswith("prod-"):
        return {"Ref": "AWS::AccountId"}
    return "999988887777" if stack.endswith("-Delegation") else EVERYTHING_DATA["account"]


def rules_before(template: Template, queue: str) -> set[str]:
    """The rules that lead to a queue, or to it when they cannot deliver: the end of the ARN, or the logical id."""
    buses = [bus["Properties"]["Name"] for bus in resources(template, "AWS::Events::EventBus").values()]
    found = set()
    for id_, rule in resources(template, "AWS::Events::Rule").items():
        for target in rule["Properties"]["Targets"]:
            arn = {"Fn::GetAtt": [queue, "Arn"]}
            if arn in (target["DeadLetterConfig"]["Arn"], target["Arn"]):
                bus = f"{buses[0]}/" if "EventBusName" in rule["Properties"] else ""
                name = rule["Properties"].get("Name")
                found.add(f"{bus}{name}" if name else id_)
    return found


def policies(template: Template, type_: str, on: str) -> dict[str, list[dict[str, Any]]]:
    """The statements for each queue or topic; two policies on one would be the last alone."""
    found: dict[str, list[dict[str, Any]]] = {}
    for policy in resources(template, type_).values():
        (one,) = policy["Properties"][on]
        assert logical_id(one) not in found
        assert set(policy["Properties"]) == {on, "PolicyDocument"}
        assert policy["Properties"]["PolicyDocument"]["Version"] == "2012-10-17"
        found[logical_id(one)] = policy["Properties"]["PolicyDocument"]["Statement"]
    return found


def test_every_queue_refuses_plain_http_and_takes_from_the_named_senders_only(
    sandbox: Templates, everything: Templates, govcloud: Templates
) -> None:
    for stack, template in {**sandbox, **everything, **govcloud}.items():
        topics = resources(template, "AWS::SNS::Topic")
        found = policies(template, "AWS::SQS::QueuePolicy", "Queues")
        assert set(found) == set(resources(template, "AWS::SQS::Queue"))
        for queue, (deny, *allowed) in found.items():
            arn = {"Fn::GetAtt": [queue, "Arn"]}
            assert deny == {
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Action": "sqs:*",
                "Resource": arn,
                "Condition": OVER_TLS_ONLY,
            }
            assert len(allowed) <= 1
            for allow in allowed:
                conditions = allow["Condition"]
                may_send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn, "Condition": conditions}
                if "Sid" not in allow:
                    assert allow == {**may_send, "Principal": {"Service": "sns.amazonaws.com"}}
                    (topic,) = [topic for topic in topics if conditions == sent_by({"Ref": topic})]
                    assert topic
                    continue
                assert allow == {
                    **may_send,
                    "Sid": "EventBridgeRules",
                    "Principal": {"Service": "events.amazonaws.com"},
                }
                senders = conditions["ArnEquals"]["aws:SourceArn"]
                assert conditions == {
                    "ArnEquals": {"aws:SourceArn": senders},
                    "StringEquals": {"aws:SourceAccount": account_of(stack)},
                }
                assert sorted(map(rule_of, senders)) == sorted(rules_before(template, queue))


def test_every_topic_refuses_plain_http_and_lets_in_the_accounts_alarms_at_most(
    sandbox: Templates, everything: Templates, govcloud: Templates
) -> None:
    for stack, template in {**sandbox, **everything, **govcloud}.items():
        found = policies(template, "AWS::SNS::TopicPolicy", "Topics")
        assert set(found) == set(resources(template, "AWS::SNS::Topic"))
        alarming = {
            logical_id(alarm["Properties"]["AlarmActions"][0])
            for alarm in resources(template, "AWS::CloudWatch::Alarm").values()
        }
        for topic, (deny, *allowed) in found.items():
            assert deny == {
                "Sid": "AllowPublishThroughSSLOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sns:Publish",
                "Resource": {"Ref": topic},
                "Condition": OVER_TLS_ONLY,
            }
            assert bool(allowed) == (topic in alarming)
            for allow in allowed:
                assert allow == {
                    "Sid": "Alarms",
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": {"Ref": topic},
                    "Condition": {"StringEquals": {"aws:SourceAccount": account_of(stack)}},
                }


def test_dead_letters_are_encrypted_and_outlive_their_stack(
    sandbox: Templates, everything: Templates, govcloud: Templates
) -> None:
    for template in [*sandbox.values(), *everything.values(), *govcloud.values()]:
        for queue in resources(template, "AWS::SQS::Queue").values():
            if "RedrivePolicy" in queue["Properties"]:
                continue
            assert queue["Properties"] == {"MessageRetentionPeriod": 14 * 86_400, "SqsManagedSseEnabled": True}
            assert (queue["DeletionPolicy"], queue["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def rule_of(arn: Any) -> str:
    """The end of a rule's ARN after `:rule/`, or the logical id behind it."""
    if isinstance(arn, dict) and "Fn::GetAtt" in arn:
        return logical_id(arn)
    text = arn if isinstance(arn, str) else "".join(part for part in arn["Fn::Join"][1] if isinstance(part, str))
    assert text.startswith("arn:")
    return text.partition(":rule/")[2]


def sent_by(topic: dict[str, str]) -> dict[str, object]:
    return {"ArnEquals": {"aws:SourceArn": topic}}
