"""The brief of whatever a message holds; a module for each kind of item."""

from collections.abc import Collection, Mapping, Sequence

from notifier.accounts import Account
from notifier.brief import Brief
from notifier.briefs import finding, heartbeat, notice, report, unrecognised, watched_call
from notifier.briefs.surroundings import RUNBOOKS, Surroundings
from notifier.egress import EgressRange
from notifier.event import Item, Unrecognised
from notifier.heartbeat import Heartbeat
from notifier.links import Portal
from notifier.notice import Notice
from notifier.report import Report
from notifier.watched_call import WatchedCall

_NO_ACCOUNTS: Mapping[str, Account] = {}


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
    if isinstance(item, Unrecognised):
        return unrecognised.brief_of(item, around)
    if isinstance(item, Notice):
        return notice.brief_of(item, around)
    if isinstance(item, Report):
        return report.brief_of(item, around)
    if isinstance(item, Heartbeat):
        return heartbeat.brief_of(item, around)
    if isinstance(item, WatchedCall):
        return watched_call.brief_of(item, around)
    return finding.brief_of(item, around)


def plain_brief(
    item: Item, *, deployment: str, accounts: Mapping[str, Account] = _NO_ACCOUNTS, portal: Portal | None = None
) -> Brief:
    """Type, severity, account, Region, id and link, and nothing that could go wrong on the way there.

    For when `brief_of` or a destination's full rendering fails: a plain notice is better than none.
    """
    around = Surroundings(deployment=deployment, accounts=accounts, portal=portal)
    if isinstance(item, Unrecognised):
        return unrecognised.plain_brief(item, around)
    if isinstance(item, Notice):
        return notice.plain_brief(item, around)
    if isinstance(item, Report):
        return report.plain_brief(item, around)
    if isinstance(item, Heartbeat):
        return heartbeat.plain_brief(item, around)
    if isinstance(item, WatchedCall):
        return watched_call.plain_brief(item, around)
    return finding.plain_brief(item, around)
