"""Every account of the organization, in every Region, against what the Organization stack declares."""

from collections.abc import Iterator

from tools.verify import detective_members, guardduty_members
from tools.verify.accounts import read_accounts
from tools.verify.check import Check
from tools.verify.live_stack import LiveStack
from tools.verify.regions import in_each_region

GUARDDUTY, DETECTIVE = "Custom::GuardDutyOrganization", "Custom::DetectiveOrganization"


def members(live: LiveStack) -> Iterator[Check]:
    """Account by Region by plan: who is a member of GuardDuty and Detective, and what is on there."""
    if not any(resource.type in {GUARDDUTY, DETECTIVE} for resource in live.stack.resources.values()):
        return
    accounts = read_accounts(live)
    yield from accounts.checks
    yield from in_each_region(
        live,
        "guardduty",
        GUARDDUTY,
        guardduty_members.AREA,
        lambda client, resource, region: guardduty_members.look(live, client, resource, region, accounts),
    )
    yield from in_each_region(
        live,
        "detective",
        DETECTIVE,
        detective_members.AREA,
        lambda client, resource, region: detective_members.look(live, client, resource, region, accounts),
    )
