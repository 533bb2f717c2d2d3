"""Accounts by number, by owner, by group."""

from collections.abc import Sequence

import pytest

from infra.config.account_choice import choices_of, chosen
from infra.config.known_accounts import KnownAccount
from tests.deployments import SANDBOX_DATA, deployment

ACCOUNTS = {
    "111122223333": KnownAccount(name="payments-prod", owner="payments", groups=("production", "cards")),
    "222233334444": KnownAccount(name="payments-test", owner="payments"),
    "333344445555": KnownAccount(name="shop-prod", owner="Team Shop", groups=("production",)),
}


@pytest.mark.parametrize(
    ("choices", "meant"),
    [
        (["222233334444"], ["222233334444"]),
        (["999988887777"], ["999988887777"]),
        (["owner:payments"], ["111122223333", "222233334444"]),
        (["owner:Team Shop"], ["333344445555"]),
        (["group:production"], ["111122223333", "333344445555"]),
        (["333344445555", "owner:payments", "group:production"], ["333344445555", "111122223333", "222233334444"]),
        # A group is no owner, and a part of a name is no name.
        (["owner:production"], []),
        (["group:payments"], []),
        (["owner:pay"], []),
        ([], []),
    ],
)
def test_what_is_named_is_meant_and_nothing_else(choices: Sequence[str], meant: Sequence[str]) -> None:
    assert list(chosen(choices, ACCOUNTS)) == meant


def test_one_can_choose_by_every_owner_and_group_there_is() -> None:
    assert choices_of(ACCOUNTS) == ("group:cards", "group:production", "owner:Team Shop", "owner:payments")


def test_a_route_knows_whose_findings_take_it() -> None:
    known = {
        "111122223333": {"name": "payments-prod", "owner": "payments", "groups": ["production"]},
        "222233334444": {"name": "payments-test", "owner": "payments"},
    }
    routes = [
        {"name": "payments", "accounts": ["owner:payments"], "to": ["security-slack"]},
        {"name": "others", "except_accounts": ["group:production", "333344445555"], "to": ["security-slack"]},
        {"name": "all", "to": ["security-slack"]},
    ]
    made = deployment({**SANDBOX_DATA, "accounts": known, "routes": routes})
    payments, others, everything = made.routes
    assert made.accounts_of(payments) == ("111122223333", "222233334444")
    assert made.accounts_left_out(payments) == ()
    assert made.accounts_of(others) == ()
    assert made.accounts_left_out(others) == ("111122223333", "333344445555")
    assert made.accounts_of(everything) == made.accounts_left_out(everything) == ()
