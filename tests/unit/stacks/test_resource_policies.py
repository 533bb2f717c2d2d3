"""Who may put a message on a queue, publish to a topic, invoke a function or take a service's role.

Every policy whole, so that anyone or anything more fails.
"""

from typing import Any

from tests.deployments import EVERYTHING_DATA
from tests.synthesis import Template, Templates, logical_id, properties, resources

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


def test_every_function_is_invoked_by_the_accounts_own_rules_that_lead_to_it_and_by_nothing_else(
    sandbox: Templates, everything: Templates, govcloud: Templates
) -> None:
    for stack, template in {**sandbox, **everything, **govcloud}.items():
        leading = [
            {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Ref": logical_id(target["Arn"])},
                "Principal": "events.amazonaws.com",
                "SourceAccount": account_of(stack),
                "SourceArn": {"Fn::GetAtt": [rule, "Arn"]},
            }
            for rule, resource in resources(template, "AWS::Events::Rule").items()
            for target in resource["Properties"]["Targets"]
            if target["Arn"] in [{"Fn::GetAtt": [one, "Arn"]} for one in resources(template, "AWS::Lambda::Function")]
        ]
        found = properties(template, "AWS::Lambda::Permission")
        assert sorted(found, key=str) == sorted(leading, key=str)
        assert bool(found) == stack.endswith("-Response")


FOR_ONE_ACCOUNT = {"events.amazonaws.com", "scheduler.amazonaws.com", "states.amazonaws.com"}
"""Services that say whom they work for when they take a role; Lambda takes one for its own function alone."""


def test_every_role_of_a_service_is_taken_by_it_for_this_account_alone(
    sandbox: Templates, everything: Templates, govcloud: Templates
) -> None:
    found = set()
    for stack, template in {**sandbox, **everything, **govcloud}.items():
        if stack.endswith("CiAccess"):
            continue  # a pipeline's: test_ci_access.py
        for role in properties(template, "AWS::IAM::Role"):
            (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
            service = trust["Principal"]["Service"]
            limit = {"Condition": {"StringEquals": {"aws:SourceAccount": account_of(stack)}}}
            assert trust == {
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": "sts:AssumeRole",
                **(limit if service in FOR_ONE_ACCOUNT else {}),
            }
            found.add(service)
    assert found == FOR_ONE_ACCOUNT | {"lambda.amazonaws.com"}


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
