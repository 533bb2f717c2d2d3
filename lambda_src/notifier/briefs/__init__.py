"""The brief of whatever a message holds: a module for each kind of item."""

from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias

from notifier.brief import Brief
from notifier.briefs import finding
from notifier.briefs.surroundings import Surroundings
from notifier.items.item import Item, Kind

Writer: TypeAlias = Callable[[Item, Surroundings], Brief]


def brief_of(item: Item, around: Surroundings) -> Brief:
    """The brief of a finding or of a message that is none. Pure.

    Args:
        item: What was read from the message.
        around: What the deployment knows beside it.
    """
    return _writers(item.kind)[0](item, around)


def plain_brief(item: Item, around: Surroundings) -> Brief:
    """Type, severity, account, Region, id and link, and nothing that could go wrong on the way there.

    For when `brief_of` or a destination's full rendering fails: a plain notice is better than none.
    """
    return _writers(item.kind)[1](item, around)


def _writers(kind: Kind) -> tuple[Writer, Writer]:
    """Who writes the full and the plain brief of a kind."""
    # Findings are what the function is there for; the code of other kinds is read when the first of the kind comes.
    module = finding if kind == "finding" else import_module(f"{__name__}.{kind}")
    return module.brief_of, module.plain_brief
