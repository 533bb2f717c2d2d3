"""The session that leaked is refused by its name, if that name can be pasted."""

import re

import pytest

from tests.findings import Event, leaked_lambda_credentials
from tests.unit.notifier.attacks import ATTACKS
from tests.unit.notifier.briefs import brief_in

ROLE_ID = "AROAI44QH8DHBEXAMPLE"


def of_session(name: str) -> Event:
    event = leaked_lambda_credentials()
    event["detail"]["resource"]["accessKeyDetails"]["principalId"] = f"{ROLE_ID}:{name}"
    return event


def refused(event: Event) -> list[str]:
    """The conditions on a session in the commands of the second step."""
    text = "\n".join(one.text for one in brief_in(event).steps[1].snippets)
    return re.findall(r'"(String\w+":\{"aws:userId":"[^"]*)"', text)


@pytest.mark.parametrize("name", ["payments-api", "i-0a1b2c3d4e5f60718", "-dash", "a+b=c,d.e_f-g"])
def test_a_session_is_refused_by_exactly_its_name(name: str) -> None:
    assert refused(of_session(name)) == [f'StringEquals":{{"aws:userId":"{ROLE_ID}:{name}']


def test_a_session_that_is_called_like_a_mail_address_is_refused_without_the_sign_of_a_mention() -> None:
    """SAML and access brokers call sessions so, and all of a shared role's would be hit otherwise."""
    event = of_session("alice@example.com")
    assert refused(event) == [f'StringLike":{{"aws:userId":"{ROLE_ID}:alice?example.com']
    assert "does not say which session" not in brief_in(event).steps[1].text


@pytest.mark.parametrize(
    "name", ["a b", "x" * 65, "a", "www.example.com", "a@www.example.com", "*", "a?b", 'a"b', "a'b"]
)
def test_a_name_that_cannot_be_pasted_is_not_said_to_be_missing(name: str) -> None:
    event = of_session(name)
    assert refused(event) == []
    assert "The name of the session is not safe to paste: all of the role's are refused below" in (
        brief_in(event).steps[1].text
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_session_of_an_attacker_gets_into_a_command(attack: str) -> None:
    assert all(attack not in one.text for step in brief_in(of_session(attack)).steps for one in step.snippets)


def test_a_key_without_a_session_is_said_to_have_none() -> None:
    event = of_session("x")
    event["detail"]["resource"]["accessKeyDetails"]["principalId"] = ROLE_ID
    assert "The finding does not say which session leaked: all of the role's" in brief_in(event).steps[1].text
