"""Who reads a topic: the declared mail addresses, and a chat channel where a template is made for one."""

from typing import Any

import pytest

from tests.unit.tools.stubbed_account import assembly, home
from tools.live.verdict import State
from tools.verify.check import Check
from tools.verify.run import verify

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
CHAT = "https://global.sns-api.chatbot.amazonaws.com"
MAIL = "a@example.com"
READ = "reads the topic, and no template says so; end the subscription"
ALONE = "no chat channel reads it, so that {} told what is sent there; connect one"


def checks(found: list[str], *, declared: list[str], output: bool) -> dict[str, tuple[State, str]]:
    mails = {f"S{number}": mail for number, mail in enumerate(declared)}
    account = home(services=("sns",), names={"T": TOPIC, **{name: f"{TOPIC}:{name}" for name in mails}})
    subscribed = [{"Endpoint": one, "SubscriptionArn": f"{TOPIC}:1"} for one in found]
    account.stubs["sns"].add_response("list_subscriptions_by_topic", {"Subscriptions": subscribed}, {"TopicArn": TOPIC})
    for stub in account.stubs.values():
        stub.activate()
    sections: dict[str, Any] = {"Outputs": {"AlarmTopicArn": {"Value": {"Ref": "T"}}}} if output else {}
    made = assembly(
        ("T", "AWS::SNS::Topic", {}),
        *(
            (name, "AWS::SNS::Subscription", {"TopicArn": {"Ref": "T"}, "Endpoint": mail})
            for name, mail in mails.items()
        ),
        sections=sections,
    )
    looked: list[Check] = [one for one in verify(made, client_of=account.client_of) if one.area == "subscriptions"]
    return {one.subject: (one.state, one.detail) for one in looked}


@pytest.mark.parametrize("declared", [[], [MAIL]])
@pytest.mark.parametrize("output", [True, False])
def test_a_channel_may_read_a_topic_whose_arn_is_an_output_and_no_other(declared: list[str], *, output: bool) -> None:
    found = checks([CHAT, *declared], declared=declared, output=output)
    expected = (State.OK, "a chat channel") if output else (State.WRONG, READ)
    assert found[f"{CHAT} to alarms"] == expected
    assert len(found) == 1 + len(declared)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://global.sns-api.chatbot.amazonaws.com.evil.example", "http://global.sns-api.chatbot.amazonaws.com",
        "https://evil.example/?global.sns-api.chatbot.amazonaws.com", "thief@example.com",
        "arn:aws:sqs:eu-west-1:999900001111:thief",
    ],
)  # fmt: skip
def test_nobody_else_reads_it_unsaid(endpoint: str) -> None:
    found = checks([endpoint, CHAT, MAIL], declared=[MAIL], output=True)
    assert found[f"{endpoint} to alarms"] == (State.WRONG, READ)


def test_a_topic_for_a_channel_that_nobody_connected_is_told() -> None:
    """SNS takes what is published there, and no alarm rings."""
    assert checks([], declared=[], output=True) == {"alarms": (State.WRONG, ALONE.format("nobody is"))}


def test_alarms_that_a_channel_should_show_and_none_does_are_told() -> None:
    assert checks([MAIL], declared=[MAIL], output=True) == {
        f"{MAIL} to alarms": (State.OK, "confirmed"),
        "alarms": (State.WRONG, ALONE.format("only mail is")),
    }
    assert checks([MAIL], declared=[MAIL], output=False) == {f"{MAIL} to alarms": (State.OK, "confirmed")}
