"""Detective's members in one Region: automatic enrolment, places in the graph, and each account."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from organization.detective_organization import MOST_MEMBERS
from organization.properties import Properties
from tools.live.pages import pages
from tools.templates.assembly import Resource
from tools.verify.accounts import Account, Accounts
from tools.verify.check import Check, CheckedMember
from tools.verify.live_stack import LiveStack
from tools.verify.opt_in import ENROLL_AGAIN, MAY_BE_DISABLED

AREA = "detective members"
CONFIGURATION = "organization"
PLAN = "Detective"

TAKES = timedelta(hours=1)
"""How long Detective may need to notice an account (its administration guide, automatic enrolment)."""

_SILENT = "ACCEPTED_BUT_DISABLED"
_ON_ITS_WAY = ("INVITED", "VERIFICATION_IN_PROGRESS")

_REASONS = {
    "VOLUME_TOO_HIGH": "it would take the graph over its limit, so its history is not kept; ask AWS Support",
    "VOLUME_UNKNOWN": "its volume is not known yet; once it is: aws detective start-monitoring-member",
}

_REMEDIES = {
    "INVITED": f"was invited and has not answered; {ENROLL_AGAIN}",
    "VERIFICATION_IN_PROGRESS": "is being verified; look again in a few minutes",
    "VERIFICATION_FAILED": "could not be verified: is the address the one of its root user?",
}


def look(live: LiveStack, client: Any, resource: Resource, region: str, accounts: Accounts) -> Iterator[Check]:  # noqa: ANN401 (a boto3 client)
    """Everything that one resource of the Organization stack declares."""
    wanted = Properties(resource.properties)
    graph = next((one["Arn"] for one in pages(client.list_graphs, "GraphList")), None)
    if graph is None:
        problem = f"account {live.account} has no graph there, so no history is kept; deploy the Detection stack"
        yield live.check(CONFIGURATION, f"Detective in {region}", [problem], fine="", region=region)
        return
    enrols = bool(client.describe_organization_configuration(GraphArn=graph).get("AutoEnable", False))
    should = wanted.enroll != "none"
    problems = [] if enrols == should else [f"automatic enrolment is {_on(enrols)}, declared is {_on(should)}; deploy"]
    yield live.check(
        CONFIGURATION, f"Detective in {region}", problems, fine=f"{_on(enrols)}, as declared", region=region
    )

    found = {one["AccountId"]: one for one in pages(client.list_members, "MemberDetails", GraphArn=graph)}
    # Whoever is listed takes a place, also one that could not be verified.
    yield live.check(AREA, "places", [], fine=f"{len(found):,} of {MOST_MEMBERS:,} in the graph", region=region)
    expected = accounts.expected(
        enroll=wanted.enroll, since=live.written.get(resource.logical_id), administrator=live.account
    )
    if accounts.known is None and wanted.enroll == "all":
        expected = [Account(id=id_) for id_ in sorted(found)]
    full = len(found) >= MOST_MEMBERS
    for account in expected:
        where = CheckedMember(region=region, account=account.id, plan=PLAN)
        if wanted.opt_in and account.id not in found and not full:
            yield live.awaited(AREA, account.label, MAY_BE_DISABLED, **where)
        else:
            member = found.get(account.id)
            yield live.in_time(
                AREA,
                account.label,
                _problems(member, full=full),
                fine="member",
                since=account.asked_for(live.written.get(resource.logical_id)),
                takes=TAKES if member is None or member.get("Status") in _ON_ITS_WAY else timedelta(),
                **where,
            )


def _problems(member: Mapping[str, Any] | None, *, full: bool) -> list[str]:
    if member is None:
        if full:
            return [f"found no place: the graph holds {MOST_MEMBERS:,} members, the most it takes"]
        return [f"is no member; Detective takes up to an hour, then {ENROLL_AGAIN}"]
    status = member.get("Status")
    if status == "ENABLED":
        return []
    if status == _SILENT:
        reason = str(member.get("DisabledReason", "no reason given"))
        return [f"is {status} ({reason}): {_REASONS.get(reason, 'its history is not kept; see the Detective console')}"]
    return [f"is {status}: {_REMEDIES.get(str(status), 'its history is not kept; see the Detective console')}"]


def _on(yes: bool) -> str:  # noqa: FBT001 (a word for it)
    return "on" if yes else "off"
