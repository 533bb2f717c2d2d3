"""What the deployment knows beside a message: the same for every brief."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from notifier.accounts import Account
from notifier.egress import EgressRange
from notifier.links import Portal

RUNBOOKS = "docs/runbooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a brief is made with; the arguments of `notifier.briefs.brief_of`."""

    deployment: str
    egress: Sequence[EgressRange] = ()
    detective: Collection[str] = ()
    accounts: Mapping[str, Account]
    portal: Portal | None = None
    runbooks: str = RUNBOOKS
