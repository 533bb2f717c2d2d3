"""GuardDuty's members in one Region: the organization's configuration, then each account and plan."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from organization.guardduty_configuration import OFF, WITH_AGENTS, Configuration, Plan, configuration_of
from organization.guardduty_organization import DISABLED, REGION_DISABLED, SUSPENDED
from organization.properties import Properties
from tools.live.pages import pages
from tools.live.refusal import said
from tools.templates.assembly import Resource
from tools.verify.accounts import Account, Accounts
from tools.verify.check import Check, CheckedMember
from tools.verify.live_stack import LiveStack
from tools.verify.opt_in import ENROLL_AGAIN, MAY_BE_DISABLED

AREA = "members"
CONFIGURATION = "organization"

BASE = "GuardDuty"
"""The plan that every member has: its detector."""

PAGE = 50
"""Accounts that one GetMemberDetectors takes (botocore guardduty 1.44.5)."""

TAKES = timedelta(hours=24)
"""How long GuardDuty may need for members after a change of the configuration, or for an account that has joined (its
user guide, auto-enable preferences)."""

_ENABLED = "Enabled"
_ON_ITS_WAY = (None, "Created")

_REMEDIES = {
    "Created": f"was added and never enabled; {ENROLL_AGAIN}",
    "Invited": f"was invited and has not answered; the organization needs no invitation: {ENROLL_AGAIN}",
    DISABLED: SUSPENDED,
    "Removed": f"was taken out; {ENROLL_AGAIN}",
    "Resigned": f"left by itself; {ENROLL_AGAIN}",
    "AccountSuspended": "is suspended",
}
"""What to do about each word of GuardDuty's for a relationship. The API has no list of them: others are told as they
are."""


def look(live: LiveStack, client: Any, resource: Resource, region: str, accounts: Accounts) -> Iterator[Check]:  # noqa: ANN401 (a boto3 client)
    """Everything that one resource of the Organization stack declares."""
    wanted = Properties(resource.properties)
    detector = next(iter(pages(client.list_detectors, "DetectorIds")), None)
    if detector is None:
        problem = f"account {live.account} has no detector there, so nobody is covered; deploy the Detection stack"
        yield live.check(CONFIGURATION, f"GuardDuty in {region}", [problem], fine="", region=region)
        return
    yield _configuration(live, client, detector, region, wanted)
    status = {
        one["AccountId"]: str(one["RelationshipStatus"])
        # Also those that were taken out or left: what became of them is the answer.
        for one in pages(client.list_members, "Members", DetectorId=detector, OnlyAssociated="false")
    }
    expected = accounts.expected(
        enroll=wanted.enroll, since=live.written.get(resource.logical_id), administrator=live.account
    )
    if accounts.known is None and wanted.enroll == "all":
        expected = [Account(id=id_) for id_ in sorted(status)]
    if disabled := [account.label for account in expected if status.get(account.id) == REGION_DISABLED]:
        expected = [account for account in expected if status.get(account.id) != REGION_DISABLED]
        fine = f"have not enabled the Region, so there is nothing to cover: {', '.join(disabled)}"
        yield live.check(AREA, f"{len(disabled)} accounts", [], fine=fine, region=region)
    plans = _declared(wanted)
    changed = live.written.get(resource.logical_id)
    for account in expected:
        if status.get(account.id) != _ENABLED:
            problem = _not_a_member(account, status.get(account.id))
            takes = TAKES if status.get(account.id) in _ON_ITS_WAY else timedelta()
            for plan in (BASE, *(agent or name for name, agent in plans)):
                where = CheckedMember(region=region, account=account.id, plan=plan)
                if wanted.opt_in and account.id not in status:
                    yield live.awaited(AREA, account.label, MAY_BE_DISABLED, **where)
                else:
                    since = account.asked_for(changed)
                    yield live.in_time(AREA, account.label, [problem], fine="", since=since, takes=takes, **where)
    present = [account for account in expected if status.get(account.id) == _ENABLED]
    for start in range(0, len(present), PAGE):
        batch = present[start : start + PAGE]
        yield from _plans(live, client, detector=detector, region=region, accounts=batch, plans=plans, changed=changed)


def _configuration(live: LiveStack, client: Any, detector: str, region: str, wanted: Properties) -> Check:  # noqa: ANN401 (a boto3 client)
    """What happens by itself for accounts that join, and with `ALL` for those there are."""
    described: list[Mapping[str, Any]] = []

    def describe(**given: object) -> Mapping[str, Any]:
        described.append(client.describe_organization_configuration(**given))
        return described[-1]

    # Reads every page; its features are read below.
    list(pages(describe, "Features", DetectorId=detector))
    found, declared = Configuration.described(described), configuration_of(wanted)
    problems = []
    if found.members != declared.members:
        problems.append(f"switches GuardDuty on for {found.members}, declared is {declared.members}")
    for name, plan in declared.plans.items():
        actual = found.plans.get(name, Plan())
        pairs = [(name, actual.mode, plan.mode)]
        pairs += [(agent, actual.agents.get(agent, OFF), mode) for agent, mode in plan.agents.items()]
        problems += [f"{what} is for {is_}, declared is {should}" for what, is_, should in pairs if is_ != should]
    if any(page.get("MemberAccountLimitReached") for page in described):
        problems.append("GuardDuty takes no more members; ask AWS Support for more")
    return live.check(
        CONFIGURATION, f"GuardDuty in {region}", problems, fine=f"{declared.members}, as declared", region=region
    )


def _declared(wanted: Properties) -> list[tuple[str, str]]:
    """Plans that members should have, each with an agent or none."""
    plans = [(name, "") for name in wanted.names("MemberFeatures")]
    agents = [(WITH_AGENTS, agent) for agent in wanted.names("Agents")] if (WITH_AGENTS, "") in plans else []
    return plans + agents


def _not_a_member(account: Account, status: str | None) -> str:
    if status is not None:
        return f"is {status}: {_REMEDIES.get(status, 'so it is not covered; see the accounts page of GuardDuty')}"
    text = "is no member"
    if account.management:
        text += " (management account: it needs GuardDuty's service-linked role; deploy the Delegation stack again)"
    elif account.joined is not None:
        text += f" (joined {account.joined:%Y-%m-%d}; GuardDuty takes up to 24 hours)"
    return f"{text}; {ENROLL_AGAIN}"


def _plans(
    live: LiveStack,
    client: Any,  # noqa: ANN401 (a boto3 client)
    *,
    detector: str,
    region: str,
    accounts: Sequence[Account],
    plans: Sequence[tuple[str, str]],
    changed: datetime | None,
) -> Iterator[Check]:
    """What is on in up to 50 members. Plans that nobody declared are left alone: what a member has, it keeps."""
    for account in accounts:
        yield live.check(AREA, account.label, [], fine="member", region=region, account=account.id, plan=BASE)
    if not plans:
        return
    refusal = "GetMemberDetectors does not answer for it"
    try:
        answer = client.get_member_detectors(DetectorId=detector, AccountIds=[account.id for account in accounts])
    except (ClientError, BotoCoreError) as error:
        answer, refusal = {}, said(error)
    found = {one["AccountId"]: one.get("Features") or () for one in answer.get("MemberDataSourceConfigurations", ())}
    refused = {
        one["AccountId"]: f"GetMemberDetectors: {one['Result']}" for one in answer.get("UnprocessedAccounts", ())
    }
    for account in accounts:
        features = {feature["Name"]: feature for feature in found.get(account.id, ())}
        for name, agent in plans:
            plan = agent or name
            if account.id in found:
                problems = _off(features.get(name), agent)
                where, since = CheckedMember(region=region, account=account.id, plan=plan), account.asked_for(changed)
                yield live.in_time(AREA, account.label, problems, fine="ENABLED", since=since, takes=TAKES, **where)
            else:
                why = refused.get(account.id, refusal)
                yield live.unknown(AREA, account.label, why, region=region, account=account.id, plan=plan)


def _off(feature: Mapping[str, Any] | None, agent: str) -> list[str]:
    if feature is not None and agent:
        extra = {one["Name"]: one for one in feature.get("AdditionalConfiguration") or ()}
        feature = extra.get(agent)
    if feature is None:
        return ["is not known there, declared is ENABLED"]
    if feature.get("Status") == "ENABLED":
        return []
    policy = "; a GuardDuty organization policy manages it" if feature.get("ManagedBy") else ""
    return [f"is {feature.get('Status')}, declared is ENABLED{policy}"]
