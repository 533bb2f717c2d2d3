"""What the deployment knows beside a message: the same for every brief."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from notifier.accounts import Account
from notifier.egress import EgressRange
from notifier.links import Portal

RUNBOOKS = "docs/runbooks"


class Surroundings(NamedTuple):
    """What a brief is made with; the arguments of `notifier.briefs.brief_of`."""

    deployment: str
    accounts: Mapping[str, Account]
    egress: Sequence[EgressRange] = ()
    detective: Collection[str] = ()
    portal: Portal | None = None
    runbooks: str = RUNBOOKS
