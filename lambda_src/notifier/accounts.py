"""What people call an AWS account, and who answers for it."""

from collections.abc import Mapping

from notifier.inert import inert
from shared.known import Account

_NAME = 60


def shown_account(account: str, known: Mapping[str, Account]) -> str:
    """`111122223333 (payments-prod, owner payments-team)`, or the number alone."""
    found = known.get(account)
    if found is None:
        return account
    owner = f", owner {inert(found.owner, limit=_NAME)}" if found.owner else ""
    return f"{account} ({inert(found.name, limit=_NAME)}{owner})"
