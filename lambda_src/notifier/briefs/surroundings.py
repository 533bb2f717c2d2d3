"""What the deployment knows beside a message: the same for every brief."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from notifier.links import Portal
from shared.egress import EgressRange
from shared.known import Account

RUNBOOKS = "docs/runbooks"


class Surroundings(NamedTuple):
    """What a brief is made with.

    Attributes:
        deployment: Name of the deployment that sends it.
        accounts: What people call their accounts, by number.
        egress: Our own address ranges.
        detective: Regions in which the deployment keeps a Detective graph.
        portal: The way to the console for those who sign in by IAM Identity Center.
        runbooks: Address or path of the folder with a page for each family of findings.
    """

    deployment: str
    accounts: Mapping[str, Account] = MappingProxyType({})
    egress: Sequence[EgressRange] = ()
    detective: Collection[str] = ()
    portal: Portal | None = None
    runbooks: str = RUNBOOKS
