"""The accounts of the organization, and which of them have to be covered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tools.live.pages import pages
from tools.live.refusal import said
from tools.verify.check import Check
from tools.verify.live_stack import LiveStack

ACTIVE = "ACTIVE"
AREA = "accounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account.

    Attributes:
        state: Its place in the life of an account; None if Organizations does not say.
        joined: When it became part of the organization, where that is known.
        management: Whether it is the management account.
    """

    id: str
    name: str = ""
    state: str | None = None
    joined: datetime | None = None
    management: bool = False

    @property
    def label(self) -> str:
        """Its id, and what people call it."""
        return f"{self.id} {self.name}".strip()

    def asked_for(self, changed: datetime | None) -> datetime | None:
        """Since when it has to be covered as it is declared: it joined, or the configuration was changed, the later."""
        return max((one for one in (self.joined, changed) if one is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The accounts of an organization.

    Attributes:
        known: By id; None if Organizations could not be read, so that only members can be seen.
        checks: What reading them came to.
    """

    known: Mapping[str, Account] | None
    checks: tuple[Check, ...]

    def expected(self, *, enroll: str, since: datetime | None, administrator: str) -> list[Account]:
        """Those that have to be covered, by id.

        Only active accounts: others can have no detector. The administrator is none of its own members. With `new`
        an account counts if it joined after the enrolment was last deployed; whether one that was there before is
        covered is nobody's promise.
        """
        candidates = [
            account
            for account in (self.known or {}).values()
            if account.state == ACTIVE and account.id != administrator
        ]
        if enroll == "all":
            chosen = candidates
        elif enroll == "new":
            # Without a date nobody can say that it was there before, so it counts.
            chosen = [one for one in candidates if one.joined is None or since is None or one.joined > since]
        else:
            chosen = []
        return sorted(chosen, key=lambda account: account.id)


def read_accounts(live: LiveStack) -> Accounts:
    """Every account, with its state; at most 20 a page (botocore organizations 1.44.5).

    `State` says what an account is; `Status` was retired on 9 September 2026.
    """
    try:
        found = {one["Id"]: _account(one) for one in pages(live.client("organizations").list_accounts, "Accounts")}
    except (ClientError, BotoCoreError) as error:
        why = f"{said(error)}; accounts that are no members cannot be seen"
        return Accounts(known=None, checks=(live.unknown(AREA, "organization", why),))
    return Accounts(known=found, checks=tuple(_checks(live, found)))


def _account(one: Mapping[str, Any]) -> Account:
    # arn:aws:organizations::<management account>:account/o-…/<account>
    return Account(
        id=one["Id"],
        name=one.get("Name", ""),
        state=one.get("State"),
        joined=one.get("JoinedTimestamp"),
        management=str(one.get("Arn", "")).split(":")[4:5] == [one["Id"]],
    )


def _checks(live: LiveStack, found: Mapping[str, Account]) -> Iterator[Check]:
    for account in found.values():
        if account.state is None:
            why = "Organizations names no State, so nobody knows whether it has to be covered; use a newer boto3"
            yield live.unknown(AREA, account.label, why, account=account.id)
    active = sum(account.state == ACTIVE for account in found.values())
    others = len(found) - active
    left_out = f"; {others} not active (suspended, pending or closed) have no detector" if others else ""
    yield live.check(AREA, "organization", [], fine=f"{active} active{left_out}")
