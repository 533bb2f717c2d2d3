"""What each kind of destination may do, and nothing else."""

from typing import Any

import pytest

from tests.synthesis import Template, Templates, logical_id, only, properties, resources

HOME, ACCOUNT = "eu-central-1", "111122223333"
KEY = f"arn:aws:kms:{HOME}:{ACCOUNT}:key/"
STACK_KEY = f"{KEY}99999999-8888-7777-6666-555555555555"
QUEUE_KEY = {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Effect": "Allow", "Resource": STACK_KEY}


@pytest.fixture(name="response", scope="module")
def fixture_response(everything: Templates) -> Template:
    return everything["prod-Response"]


def function(template: Template, destination: str) -> Template:
    return only(
        [
            one
            for one in properties(template, "AWS::Lambda::Function")
            if one["Environment"]["Variables"].get("DESTINATION_NAME") == destination
        ]
    )


def permissions(template: Template, destination: str) -> list[dict[str, Any]]:
    """The statements of a destination's function, but for those that every function has: queue, log, ledger, key."""
    role = logical_id(function(template, destination)["Role"])
    found = [
        statement
        for policy in properties(template, "AWS::IAM::Policy")
        if [logical_id(one) for one in policy["Roles"]] == [role]
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    common = [
        one for one in found if str(one["Action"]).startswith(("['sqs:", "['logs:", "sqs:SendMessage", "['dynamodb:"))
    ]
    assert len(common) == 4
    assert [one for one in found if one["Resource"] == STACK_KEY] == [QUEUE_KEY]
    return [one for one in found if one not in common and one != QUEUE_KEY]


def reading(secret: str) -> dict[str, Any]:
    return {
        "Action": "secretsmanager:GetSecretValue",
        "Effect": "Allow",
        "Resource": f"arn:aws:secretsmanager:{HOME}:{ACCOUNT}:secret:{secret}-??????",
    }


def decrypting(key: str, **condition: object) -> dict[str, Any]:
    return {"Action": "kms:Decrypt", "Effect": "Allow", "Resource": key, **condition}


def through_secrets_manager(key: str) -> dict[str, Any]:
    via = {"StringEquals": {"kms:ViaService": [f"secretsmanager.{HOME}.amazonaws.com"]}}
    return decrypting(f"{KEY}{key}", Condition=via)


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        pytest.param("pci-slack", [reading("pci/slack")], id="slack-without-a-key-of-its-own"),
        pytest.param(
            "soc-slack",
            [reading("soc/slack"), through_secrets_manager("11111111-2222-3333-4444-555555555555")],
            id="slack",
        ),
        pytest.param(
            "soc-teams",
            [reading("soc/teams"), through_secrets_manager("22222222-3333-4444-5555-666666666666")],
            id="teams",
        ),
        pytest.param(
            "on-call",
            [reading("soc/pagerduty"), through_secrets_manager("33333333-4444-5555-6666-777777777777")],
            id="pagerduty",
        ),
        pytest.param(
            "siem",
            [reading("soc/siem"), through_secrets_manager("44444444-5555-6666-7777-888888888888")],
            id="webhook",
        ),
    ],
)
def test_a_destination_reads_its_own_secret_and_nothing_else(
    response: Template, destination: str, expected: list[dict[str, Any]]
) -> None:
    assert permissions(response, destination) == expected


@pytest.mark.parametrize(("destination", "message_format"), [("everyone", "text"), ("soc-chat", "custom_notification")])
def test_a_topic_may_be_published_to_with_its_key(response: Template, destination: str, message_format: str) -> None:
    variables = function(response, destination)["Environment"]["Variables"]
    assert variables["SNS_MESSAGE_FORMAT"] == message_format
    # The key is that of the queue, which every function may use.
    (publish,) = permissions(response, destination)
    assert publish == {"Action": "sns:Publish", "Effect": "Allow", "Resource": variables["SNS_TOPIC_ARN"]}


def test_a_topic_for_a_chat_program_has_no_subscription_of_ours_and_says_its_arn(response: Template) -> None:
    topic = logical_id(function(response, "soc-chat")["Environment"]["Variables"]["SNS_TOPIC_ARN"])
    subscriptions = properties(response, "AWS::SNS::Subscription")
    assert topic not in {logical_id(one["TopicArn"]) for one in subscriptions}
    assert {"Ref": topic} in [output["Value"] for output in response["Outputs"].values()]
    assert resources(response, "AWS::SNS::Topic")[topic]["Properties"]["KmsMasterKeyId"] == STACK_KEY


def test_a_notification_that_a_chat_program_does_not_take_raises_an_alarm(response: Template) -> None:
    topic = logical_id(function(response, "soc-chat")["Environment"]["Variables"]["SNS_TOPIC_ARN"])
    alarm = only([one for one in properties(response, "AWS::CloudWatch::Alarm") if one.get("Namespace") == "AWS/SNS"])
    assert alarm["MetricName"] == "NumberOfNotificationsFailed"
    assert alarm["Dimensions"] == [{"Name": "TopicName", "Value": {"Fn::GetAtt": [topic, "TopicName"]}}]
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")


def test_no_template_holds_more_of_a_secret_than_its_name(response: Template) -> None:
    for destination, names in {
        "soc-teams": {"TEAMS_WEBHOOK_SECRET": "soc/teams"},
        "on-call": {"PAGERDUTY_ROUTING_KEY_SECRET": "soc/pagerduty", "PAGERDUTY_SERVICE_REGION": "eu"},
        "siem": {"WEBHOOK_SECRET": "soc/siem", "WEBHOOK_ALLOWED_HOSTS": "siem.example.com,siem.example.net"},
    }.items():
        variables = function(response, destination)["Environment"]["Variables"]
        own = {name: value for name, value in variables.items() if name.startswith(("TEAMS", "PAGERDUTY", "WEBHOOK"))}
        assert own == names
