"""What the management account has given away, and to whom."""

from collections.abc import Collection, Iterator

from infra.service_principals import DETECTIVE, GUARDDUTY, MALWARE_PROTECTION
from tools.doctor.check import Check
from tools.doctor.live_region import LiveRegion
from tools.live.pages import pages


def features(place: LiveRegion) -> Iterator[Check]:
    """The organization has all features, without which nothing can be delegated."""
    found = place.client("organizations").describe_organization()["Organization"]
    if found.get("FeatureSet") == "ALL":
        yield place.ok("organization", found["Id"], "has all features")
    else:
        yield place.wrong(
            "organization",
            found["Id"],
            f"will fail: its features are {found.get('FeatureSet')}, delegation needs all",
            fix="aws organizations enable-all-features",
        )


def trusted_access(place: LiveRegion) -> Iterator[Check]:
    """Which services may look at the organization already."""
    call = place.client("organizations").list_aws_service_access_for_organization
    enabled = {one["ServicePrincipal"] for one in pages(call, "EnabledServicePrincipals")}
    for service in _principals(place):
        yield place.ok("trusted access", service, "already is" if service in enabled else "will be set")


def registered(place: LiveRegion) -> Iterator[Check]:
    """Whom Organizations itself knows as administrator; another one makes the appointment fail in every Region."""
    call = place.client("organizations").list_delegated_administrators
    for service in _principals(place):
        found = [one["Id"] for one in pages(call, "DelegatedAdministrators", ServicePrincipal=service)]
        yield _administrator(place, service, found)


def guardduty_administrators(place: LiveRegion) -> Iterator[Check]:
    """GuardDuty's administrator in this Region."""
    accounts = list(pages(place.client("guardduty").list_organization_admin_accounts, "AdminAccounts"))
    leaving = [one["AdminAccountId"] for one in accounts if one.get("AdminStatus") == "DISABLE_IN_PROGRESS"]
    if leaving:
        detail = f"will fail: the administrator {leaving[0]} is being removed; wait for that to end"
        yield place.wrong("administrator", "GuardDuty", detail)
    else:
        yield _administrator(place, "GuardDuty", [one["AdminAccountId"] for one in accounts])


def detective_administrators(place: LiveRegion) -> Iterator[Check]:
    """Detective's administrator in this Region, where it has Detective."""
    if place.region not in place.deployment.detective_regions():
        return
    call = place.client("detective").list_organization_admin_accounts
    found = [one["AccountId"] for one in pages(call, "Administrators")]
    yield _administrator(place, "Detective", found)


def _administrator(place: LiveRegion, service: str, accounts: Collection[str]) -> Check:
    ours = place.deployment.account
    others = sorted(set(accounts) - {str(ours)})
    if others:
        return place.wrong(
            "administrator",
            service,
            f"will fail because the administrator is already {', '.join(others)}; make that one account in the "
            "configuration, or change the administrator first (docs/operations.md)",
        )
    return place.ok("administrator", service, f"already is {ours}" if accounts else f"will be set to {ours}")


def _principals(place: LiveRegion) -> list[str]:
    deployment = place.deployment
    principals = [GUARDDUTY]
    if deployment.scans_volumes:
        principals.append(MALWARE_PROTECTION)
    if deployment.detective_regions():
        principals.append(DETECTIVE)
    return principals
