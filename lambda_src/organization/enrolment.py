"""Existing accounts become members: in pages, each account once, and none of them in silence."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from organization.accounts import Account
from organization.patience import Patience
from organization.refused import Refused, named

logger = logging.getLogger(__name__)

PAGE = 50
"""Accounts that one CreateMembers takes (botocore guardduty and detective 1.44.5)."""

ROUNDS = 3
"""How often an account that was left unprocessed is tried."""

STANDSTILL_SECONDS = 300.0
"""How long accounts are waited for of which none becomes a member meanwhile: our choice. In a Region that each account
has to enable first most never do, and neither service documents what it says of one that did not. Regions wait for each
other, and the step of a pipeline lasts an hour."""

NOT_YET_ENABLED = "not enabled yet"
"""Said of an account that was taken and is no full member; it has its place among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """What a service says of the accounts it knows.

    Attributes:
        joined: Ids of those that are covered.
        unable: Those that will not be without somebody's doing, each with the reason.
    """

    joined: Collection[str]
    unable: Mapping[str, str] = field(default_factory=dict)


def enrol(
    accounts: Sequence[Account],
    *,
    create: Callable[[Sequence[Account]], Mapping[str, str]],
    members: Callable[[], Members],
    patience: Patience,
    where: str,
    opt_in: bool,
) -> dict[str, str]:
    """Make members of these accounts; return those that are none afterwards, each with the reason.

    An account is sent again only if it was given back. What counts in the end is the list of members, not the answer:
    an account that joined by itself meanwhile comes back as unprocessed and is fine.

    Accounts that cannot be enrolled are no failure while others are: no deployment can mend what ties an account to
    somebody else, and a failure would have every Region taken back because of it (docs/decisions/0019).

    Args:
        accounts: Those that are no members yet.
        create: Sends up to 50 of them; returns those that were given back, each with the reason.
        members: The list of members now.
        patience: The time there is.
        where: Service and Region, for messages.
        opt_in: Whether each account has to enable the Region itself: then it is no failure if none did.

    Raises:
        Refused: Nobody of the organization is a member: what is wrong is then with the request, not with an account.
    """
    given_back = _sent(accounts, create=create, members=members, patience=patience)
    missing: dict[str, str] = {}
    joined: set[str] = set()

    def settled() -> bool:
        now = members()
        joined.update(now.joined)
        missing.clear()
        missing.update(
            {
                account.id: now.unable.get(account.id, given_back.get(account.id, NOT_YET_ENABLED))
                for account in accounts
                if account.id not in now.joined
            }
        )
        return not missing.keys() - now.unable.keys() - given_back.keys()

    settled()
    known = len(joined)
    while not patience.within(STANDSTILL_SECONDS, settled) and not opt_in and not patience.over:
        # Nobody at all is waited for to the end: that would be a failure.
        if joined and len(joined) == known:
            break
        known = len(joined)
    if missing and not joined and not opt_in:
        raise Refused(
            f"{where}: none of {len(missing):,} accounts could be enrolled: {named(missing)}. Mend what the reasons"
            " say, and deploy again: nobody is enrolled twice"
        )
    return missing


def report_left_out(accounts: Mapping[str, str], *, where: str) -> None:
    """Say in the log, where an alarm finds it, who is not covered and why; nothing if everybody is."""
    if accounts:
        logger.warning(
            "accounts are not covered",
            extra={"left_out_accounts": len(accounts), "accounts": dict(accounts), "where": where},
        )


def _sent(
    accounts: Sequence[Account],
    *,
    create: Callable[[Sequence[Account]], Mapping[str, str]],
    members: Callable[[], Members],
    patience: Patience,
) -> dict[str, str]:
    """Those that the service does not know after three rounds, each with the reason that it gave last."""
    left = list(accounts)
    reasons: dict[str, str] = {}
    for round_ in range(1, ROUNDS + 1):
        reasons = {}
        for page in _pages(left):
            reasons.update(create(page))
        known = members() if reasons else Members(joined=())
        left = [
            account
            for account in left
            if account.id in reasons and account.id not in known.joined and account.id not in known.unable
        ]
        if not left or (round_ < ROUNDS and not patience.pause(round_)):
            break
    return {account.id: reasons[account.id] for account in left}


def _pages(accounts: Sequence[Account]) -> Iterator[Sequence[Account]]:
    for start in range(0, len(accounts), PAGE):
        yield accounts[start : start + PAGE]
