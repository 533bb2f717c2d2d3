"""A secret that a function reads has to be there, and to stay."""

from typing import Any

import pytest

from tests.unit.tools.stubbed_account import DEPLOYED, Account, delivering, home
from tools.live.verdict import State
from tools.verify.check import Check

NAME = "detection/slack-webhook"


def reading() -> Account:
    """A notifier that reads one secret, and has variables that name none."""
    account = home(services=("lambda", "secretsmanager"), names={"N": "notifier"})
    variables = {"WEBHOOK_SECRET": NAME, "KIND": "slack"}
    found = {"State": "Active", "Environment": {"Variables": variables}}
    account.stubs["lambda"].add_response("get_function_configuration", found, {"FunctionName": "notifier"})
    account.stubs["lambda"].add_response("get_function_concurrency", {})
    return account


def secret(account: Account) -> Check:
    (check,) = (one for one in delivering(account, ("N", "AWS::Lambda::Function", {})) if one.area == "secrets")
    return check


@pytest.mark.parametrize(
    ("described", "state", "says"),
    [
        pytest.param({}, State.OK, "exists", id="there"),
        # AWS keeps what is deleted for 7 to 30 days, and nobody can read it meanwhile (Secrets Manager user guide).
        pytest.param({"DeletedDate": DEPLOYED}, State.WRONG, "is being deleted: restore it", id="being-deleted"),
    ],
)
def test_a_secret_that_is_being_deleted_is_wrong(described: dict[str, Any], state: State, says: str) -> None:
    account = reading()
    account.stubs["secretsmanager"].add_response("describe_secret", {"Name": NAME, **described}, {"SecretId": NAME})
    check = secret(account)
    assert (check.subject, check.state, check.detail) == (NAME, state, says)


def test_a_secret_that_there_is_not_is_wrong() -> None:
    account = reading()
    account.stubs["secretsmanager"].add_client_error("describe_secret", "ResourceNotFoundException")
    check = secret(account)
    assert (check.subject, check.state) == (NAME, State.WRONG)
    assert check.detail == ("does not exist in this Region: nothing can be sent; create it (docs/destinations.md)")


def test_a_secret_that_nobody_may_look_at_is_unknown() -> None:
    account = reading()
    account.stubs["secretsmanager"].add_client_error("describe_secret", "AccessDeniedException", "no")
    checks = delivering(account, ("N", "AWS::Lambda::Function", {}))
    assert [(one.area, one.state) for one in checks] == [("functions", State.OK), ("functions", State.UNKNOWN)]
