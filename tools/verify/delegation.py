"""Who administers GuardDuty and Detective in each Region, and whom the organization trusts."""

from collections.abc import Iterator
from typing import Any

from infra import service_principals
from tools.live.pages import pages
from tools.templates.assembly import Resource
from tools.verify.check import Check
from tools.verify.live_stack import LiveStack
from tools.verify.regions import in_each_region

AREA = "delegation"
GUARDDUTY, DETECTIVE = "Custom::GuardDutyDelegation", "Custom::DetectiveDelegation"


def delegation(live: LiveStack) -> Iterator[Check]:
    """The administrator of each service and Region, and trusted access of both services."""
    principals = _principals(live)
    if not principals:
        return
    yield from _trusted(live, principals)
    for service, type_, key, account in (
        ("guardduty", GUARDDUTY, "AdminAccounts", "AdminAccountId"),
        ("detective", DETECTIVE, "Administrators", "AccountId"),
    ):
        yield from in_each_region(live, service, type_, AREA, _administrator(live, service, key, account))


def _principals(live: LiveStack) -> list[str]:
    guardduty, detective = list(live.declared(GUARDDUTY)), list(live.declared(DETECTIVE))
    names = [service_principals.GUARDDUTY] if guardduty else []
    if any(resource.properties.get("MalwareProtection") == "true" for resource in guardduty):
        names.append(service_principals.MALWARE_PROTECTION)
    return names + ([service_principals.DETECTIVE] if detective else [])


def _trusted(live: LiveStack, principals: list[str]) -> Iterator[Check]:
    client = live.client("organizations")
    listed = pages(client.list_aws_service_access_for_organization, "EnabledServicePrincipals")
    trusted = {one["ServicePrincipal"] for one in listed}
    for principal in principals:
        problems = [] if principal in trusted else ["is not trusted by the organization; deploy the Delegation stack"]
        yield live.check("trusted access", principal, problems, fine="trusted")


def _administrator(live: LiveStack, service: str, key: str, account: str) -> Any:  # noqa: ANN401 (a Look)
    def look(client: Any, resource: Resource, region: str) -> list[Check]:  # noqa: ANN401 (a boto3 client)
        wanted = str(resource.properties["Administrator"])
        found = {
            str(one[account]): str(one.get("AdminStatus", "ENABLED"))
            for one in pages(client.list_organization_admin_accounts, key)
        }
        problems = []
        if found.get(wanted) is None:
            who = ", ".join(sorted(found)) or "nobody"
            problems.append(f"the administrator is {who}, declared is {wanted}; deploy the Delegation stack")
        elif found[wanted] != "ENABLED":
            problems.append(f"{wanted} is {found[wanted]}; wait, then deploy the Delegation stack")
        return [live.check(AREA, f"{service} in {region}", problems, fine=f"{wanted} administers", region=region)]

    return look
