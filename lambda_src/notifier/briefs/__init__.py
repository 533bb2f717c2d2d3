"""The brief of whatever a message holds: a module for each kind of item."""

from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from typing import TypeAlias

from notifier.accounts import Account
from notifier.brief import Brief
from notifier.briefs import finding
from notifier.briefs.surroundings import RUNBOOKS, Surroundings
from notifier.egress import EgressRange
from notifier.items.item import Item, Kind
from notifier.links import Portal

_NO_ACCOUNTS: Mapping[str, Account] = {}

Writer: TypeAlias = Callable[[Item, Surroundings], Brief]


def brief_of(
    item: Item,
    *,
    deployment: str,
    egress: Sequence[EgressRange] = (),
    detective: Collection[str] = (),
    accounts: Mapping[str, Account] = _NO_ACCOUNTS,
    portal: Portal | None = None,
    runbooks: str = RUNBOOKS,
) -> Brief:
    """The brief of a finding or of a message that is none. Pure.

    Args:
        item: What was read from the message.
        deployment: Name of the deployment that sends it.
        egress: Our own address ranges.
        detective: Regions in which the deployment keeps a Detective graph.
        accounts: What people call their accounts, by number.
        portal: The way to the console for those who sign in by IAM Identity Center.
        runbooks: Address or path of the folder with a page for each family of findings.
    """
    around = Surroundings(
        deployment=deployment, egress=egress, detective=detective, accounts=accounts, portal=portal, runbooks=runbooks
    )
    return _writers(item.kind)[0](item, around)


def plain_brief(
    item: Item, *, deployment: str, accounts: Mapping[str, Account] = _NO_ACCOUNTS, portal: Portal | None = None
) -> Brief:
    """Type, severity, account, Region, id and link, and nothing that could go wrong on the way there.

    For when `brief_of` or a destination's full rendering fails: a plain notice is better than none.
    """
    around = Surroundings(deployment=deployment, accounts=accounts, portal=portal)
    return _writers(item.kind)[1](item, around)


def _writers(kind: Kind) -> tuple[Writer, Writer]:
    """Who writes the full and the plain brief of a kind."""
    # Findings are what the function is there for; the code of other kinds is read when the first of the kind comes.
    module = finding if kind == "finding" else import_module(f"{__name__}.{kind}")
    return module.brief_of, module.plain_brief
