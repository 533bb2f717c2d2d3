"""Existing accounts become members: in pages, each account once, and none of them in silence."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from organization.accounts import Account
from organization.patience import Patience
from organization.refused import Refused, named

logger = logging.getLogger(__name__)

PAGE = 50
"""Accounts that one CreateMembers takes (botocore guardduty and detective 1.44.5)."""

ROUNDS = 3
"""How often an account that was left unprocessed is tried."""


def enrol(
    accounts: Sequence[Account],
    *,
    create: Callable[[Sequence[Account]], Mapping[str, str]],
    members: Callable[[], Collection[str]],
    patience: Patience,
    where: str,
) -> None:
    """Make members of these accounts.

    An account is sent again only if it was given back. What counts in the end is the list of members, not the answer:
    an account that joined by itself meanwhile comes back as unprocessed and is fine.

    Args:
        accounts: Those that are no members yet.
        create: Sends up to 50 of them; returns those that were given back, each with the reason.
        members: The ids of those that are members now.
        patience: The time there is.
        where: Service and Region, for messages.

    Raises:
        Refused: Accounts were given back three times, with the reason of each; or did not become members in time.
    """
    left = list(accounts)
    reasons: dict[str, str] = {}
    for round_ in range(1, ROUNDS + 1):
        reasons = {}
        for page in _pages(left):
            reasons.update(create(page))
        present = members() if reasons else ()
        left = [account for account in left if account.id in reasons and account.id not in present]
        if not left or (round_ < ROUNDS and not patience.pause(round_)):
            break
    if left:
        unprocessed = {account.id: reasons[account.id] for account in left}
        logger.error("accounts were left unprocessed", extra={"unprocessed": unprocessed})
        raise Refused(
            f"{where}: {len(left):,} of {len(accounts):,} accounts could not be enrolled: {named(unprocessed)}; all"
            " others are. Mend what the reason says, or close the account, and deploy again: nobody is enrolled twice"
        )
    _all_joined(accounts, members=members, patience=patience, where=where)


def _all_joined(
    accounts: Sequence[Account], *, members: Callable[[], Collection[str]], patience: Patience, where: str
) -> None:
    missing: dict[str, str] = {}

    def joined() -> bool:
        present = members()
        missing.clear()
        missing.update({account.id: "not enabled yet" for account in accounts if account.id not in present})
        return not missing

    patience.until(joined, says=lambda: f"{where}: accounts have not become members: {named(missing)}")


def _pages(accounts: Sequence[Account]) -> Iterator[Sequence[Account]]:
    for start in range(0, len(accounts), PAGE):
        yield accounts[start : start + PAGE]
