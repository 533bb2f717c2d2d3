"""A secret is read when it must be, kept for a while, and never shown."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from notifier.destinations.secret import Secret, post_with
from notifier.destinations.slack import webhook
from notifier.https import Address, Answer
from notifier.outcomes import RetryLater

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

NAME = "detection/slack-webhook"
OLD = "https://hooks.slack.com/services/pLaNtEdOld"
NEW = "https://hooks.slack.com/services/pLaNtEdNew"


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def empty() -> "Iterator[SecretsManagerClient]":
    """A Secrets Manager."""
    with mock_aws():
        yield boto3.client("secretsmanager", region_name="eu-west-1")


@pytest.fixture
def manager(empty: "SecretsManagerClient") -> "SecretsManagerClient":
    """A Secrets Manager that holds the old address."""
    with suppress(empty.exceptions.ResourceNotFoundException):
        empty.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
    empty.create_secret(Name=NAME, SecretString=OLD)
    return empty


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secret(clock: Clock) -> Secret[Address]:
    return Secret(NAME, parse=webhook, clock=clock)


def test_it_is_kept_for_five_minutes_and_then_read_again(
    manager: "SecretsManagerClient", secret: Secret[Address], clock: Clock
) -> None:
    assert (secret.held().value.path, secret.held().fresh) == ("/services/pLaNtEdOld", False)
    manager.put_secret_value(SecretId=NAME, SecretString=NEW)
    clock.now = 299
    assert secret.held().value.path == "/services/pLaNtEdOld"
    clock.now = 301
    assert (secret.held().value.path, secret.held().fresh) == ("/services/pLaNtEdNew", False)


@pytest.mark.parametrize("stored", [f"{OLD}\n", f"\ufeff{OLD}"[1:], f" {OLD} \r\n"])
def test_q11_blanks_from_pasting_do_not_count(
    manager: "SecretsManagerClient", secret: Secret[Address], stored: str
) -> None:
    manager.put_secret_value(SecretId=NAME, SecretString=stored)
    assert secret.held().value.path == "/services/pLaNtEdOld"


FAULTS = (
    "ThrottlingException", "AccessDeniedException", "DecryptionFailure", "ResourceNotFoundException",
    "InternalServiceError", "InvalidRequestException",
)  # fmt: skip


@pytest.mark.parametrize("code", FAULTS)
def test_q11_what_is_known_stays_in_use_when_secrets_manager_fails(
    manager: "SecretsManagerClient",
    secret: Secret[Address],
    clock: Clock,
    code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret.held()
    clock.now = 301
    with Stubber(secret._client) as stub, caplog.at_level(logging.WARNING):
        stub.add_client_error("get_secret_value", service_error_code=code, service_message=OLD, http_status_code=400)
        assert secret.held().value.path == "/services/pLaNtEdOld"
    assert "using the value read before" in caplog.text
    assert "pLaNtEd" not in repr([vars(entry) for entry in caplog.records])


@pytest.mark.parametrize("code", FAULTS)
def test_q11_what_is_not_known_is_for_later_and_the_error_names_the_secret(secret: Secret[Address], code: str) -> None:
    with Stubber(secret._client) as stub:
        stub.add_client_error("get_secret_value", service_error_code=code, service_message=OLD, http_status_code=400)
        with pytest.raises(RetryLater, match=f"^secret {NAME} could not be read: {code}$") as raised:
            secret.held()
    assert (raised.value.cause, raised.value.__suppress_context__) == ("secret", True)


@pytest.mark.parametrize(
    "stored",
    [
        " ",
        "\n",
        '{"url": "https://hooks.slack.com/services/pLaNtEdNew"}',
        "{pLaNtEdNew",
        "https://evil.example/pLaNtEdNew",
    ],
)
def test_q11_nonsense_is_never_posted_to(
    manager: "SecretsManagerClient", secret: Secret[Address], clock: Clock, stored: str
) -> None:
    before = Secret(NAME, parse=webhook, clock=clock)
    before.held()
    manager.put_secret_value(SecretId=NAME, SecretString=stored)
    with pytest.raises(RetryLater, match=f"^the value of secret {NAME} ") as raised:
        secret.held()
    assert "pLaNtEd" not in repr(raised.value)
    # Somebody who knew the address before it was spoilt goes on with that.
    clock.now = 301
    assert before.held().value.path == "/services/pLaNtEdOld"


def test_q11_a_secret_without_text_is_for_later(manager: "SecretsManagerClient", secret: Secret[Address]) -> None:
    manager.put_secret_value(SecretId=NAME, SecretBinary=b"\x00")
    with pytest.raises(RetryLater, match="is not a URL"):
        secret.held()


class Destination:
    """Knows one address, and answers 404 (or another status) for all others."""

    def __init__(self, known: str, *, status: int = 404) -> None:
        self.known = known
        self.status = status
        self.asked: list[str] = []

    def __call__(self, address: Address) -> Answer:
        self.asked.append(address.path)
        return Answer(status=200 if self.known.endswith(address.path) else self.status)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_q12_an_address_that_was_replaced_is_read_again_and_the_message_resent_once(
    manager: "SecretsManagerClient", secret: Secret[Address], status: int
) -> None:
    secret.held()
    manager.put_secret_value(SecretId=NAME, SecretString=NEW)
    slack = Destination(NEW, status=status)
    answer, address = post_with(secret, slack)
    assert (answer.status, address.path) == (200, "/services/pLaNtEdNew")
    assert slack.asked == ["/services/pLaNtEdOld", "/services/pLaNtEdNew"]
    # And the old version is not used any more, although Secrets Manager keeps it as AWSPREVIOUS.
    assert post_with(secret, slack)[0].status == 200
    assert slack.asked[2:] == ["/services/pLaNtEdNew"]


@pytest.mark.parametrize("status", [200, 400, 410, 429, 500])
def test_q12_other_answers_are_no_reason_to_read_the_secret_again(
    manager: "SecretsManagerClient", secret: Secret[Address], status: int
) -> None:
    secret.held()
    manager.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
    assert post_with(secret, Destination("none", status=status))[0].status == status


def test_q12_the_same_address_is_not_tried_twice(manager: "SecretsManagerClient", secret: Secret[Address]) -> None:
    for _ in range(2):  # read just now, and then from memory
        slack = Destination("none")
        assert post_with(secret, slack)[0].status == 404
        assert len(slack.asked) == 1


def test_q12_the_second_address_is_the_last_one(manager: "SecretsManagerClient", secret: Secret[Address]) -> None:
    secret.held()
    manager.put_secret_value(SecretId=NAME, SecretString=NEW)
    slack = Destination("none")
    assert post_with(secret, slack)[0].status == 404
    assert len(slack.asked) == 2


def test_q12_without_knowing_the_current_address_the_answer_is_not_final(
    manager: "SecretsManagerClient", secret: Secret[Address]
) -> None:
    secret.held()
    manager.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
    with pytest.raises(RetryLater, match="ResourceNotFoundException"):
        post_with(secret, Destination("none"))


def test_a_value_is_never_shown(manager: "SecretsManagerClient") -> None:
    key = Secret(NAME, parse=str)
    assert key.held().value == OLD
    assert "pLaNtEd" not in f"{key!r} {key.held()!r}"
