"""Accounts by number, or by what is said of them in `accounts`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from infra.config.fields.shape import Shape
from infra.config.known_accounts import KnownAccount

OWNER, GROUP = "owner:", "group:"

AccountChoice = Annotated[
    str,
    Shape(
        rf"[0-9]{{12}}|{OWNER}\S(.{{0,62}}\S)?|{GROUP}[a-z][a-z0-9-]{{0,30}}",
        f"must be 12 digits in quotes, or {OWNER} or {GROUP} right before a name from the list of accounts, such as"
        f" {OWNER}payments",
    ),
]
"""An account, or all of an owner's, or all of a group."""


def chosen(choices: Sequence[str], accounts: Mapping[str, KnownAccount]) -> tuple[str, ...]:
    """The ids of the accounts that are meant, each once, in the order in which they are named."""
    return tuple(dict.fromkeys(id_ for choice in choices for id_ in _meant(choice, accounts)))


def choices_of(accounts: Mapping[str, KnownAccount]) -> tuple[str, ...]:
    """What can be chosen but single accounts."""
    said = (word for account in accounts.values() for word in _said_of(account))
    return tuple(sorted(set(said)))


def _meant(choice: str, accounts: Mapping[str, KnownAccount]) -> Iterator[str]:
    if choice.startswith((OWNER, GROUP)):
        yield from (id_ for id_, account in accounts.items() if choice in _said_of(account))
    else:
        yield choice


def _said_of(account: KnownAccount) -> tuple[str, ...]:
    return (f"{OWNER}{account.owner}", *(f"{GROUP}{group}" for group in account.groups))
