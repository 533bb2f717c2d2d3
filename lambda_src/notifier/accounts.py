"""What people call an AWS account, and who answers for it."""

from collections.abc import Mapping
from typing import NamedTuple

from notifier.inert import inert

_NAME = 60


class Account(NamedTuple):
    """An account of ours, from the configuration."""

    name: str
    owner: str = ""


def shown_account(account: str, known: Mapping[str, Account]) -> str:
    """`111122223333 (payments-prod, owner payments-team)`, or the number alone."""
    found = known.get(account)
    if found is None:
        return account
    owner = f", owner {inert(found.owner, limit=_NAME)}" if found.owner else ""
    return f"{account} ({inert(found.name, limit=_NAME)}{owner})"
