"""What must agree about an organization: who administers it, and what its members get."""

from collections.abc import Mapping

from infra.config.agreement.ownership import created
from infra.config.detective import Detective
from infra.config.errors import Found
from infra.config.guardduty import GuardDuty
from infra.config.organization import Organization
from infra.config.region_override import RegionOverride, facts_in
from infra.config.wording import words


def security_account_is_named(*, organization: Organization | None, account: str | None) -> Found:
    """The management account has to name an administrator, which nobody's credentials can stand for."""
    if organization is not None and account is None:
        yield (
            ("organization",),
            "needs account, the security account that administers GuardDuty and Detective, got none; write it at the"
            " top, 12 digits in quotes",
        )


def security_account_is_not_the_management_account(*, organization: Organization | None, account: str | None) -> Found:
    """AWS advises against it, and only the management account may appoint."""
    if organization is not None and organization.management_account == account:
        yield (
            ("organization", "management_account"),
            f"must be another account than account, got {account} for both; AWS advises against findings and their"
            " administration in the management account: choose a member account as account",
        )


def members_get_what_the_administrator_has(
    *,
    organization: Organization | None,
    guardduty: GuardDuty,
    regions: tuple[str, ...],
    region_overrides: Mapping[str, RegionOverride],
) -> Found:
    """With `all`, GuardDuty switches the plans on in the administrator's own account too (GuardDuty user guide)."""
    if organization is None or organization.enroll != "all":
        return
    if not created(guardduty=guardduty, regions=regions, region_overrides=region_overrides):
        return  # we state no features that GuardDuty could undo
    for position, feature in enumerate(organization.member_features or ()):
        if feature not in guardduty.features:
            yield (
                ("organization", "member_features", position),
                f"{feature} must be in guardduty.features too, which are {words(guardduty.features)}: with enroll: all"
                " GuardDuty switches it on in the security account as well, against what the Detection stack states;"
                " add it there, take it out here, or write enroll: new",
            )


def member_features_have_members(*, organization: Organization | None) -> Found:
    """A plan for nobody is a choice without effect."""
    if organization is not None and organization.enroll == "none" and organization.member_features:
        yield (
            ("organization", "member_features"),
            f"must be empty with enroll: none, got {words(organization.member_features)}; nobody is enrolled who could"
            " get them: leave it out, or write enroll: new or all",
        )


def member_features_exist_somewhere(
    *, organization: Organization | None, regions: tuple[str, ...], region_overrides: Mapping[str, RegionOverride]
) -> Found:
    """A plan that no Region offers would be a choice without effect."""
    for position, feature in enumerate((organization and organization.member_features) or ()):
        if not any(feature in facts_in(region, region_overrides).features for region in regions):
            yield (
                ("organization", "member_features", position),
                f"{feature} is offered in none of the regions ({words(regions)}); leave it out, or correct the table"
                " in region_overrides",
            )


def detective_members_have_a_graph(*, organization: Organization | None, detective: Detective) -> Found:
    """Members need a graph to send to."""
    chosen = organization and organization.detective_enroll
    if chosen in {"all", "new"} and not detective.enabled:
        yield (
            ("organization", "detective_enroll"),
            f"must be none, or left out, with detective.enabled: false, got {chosen!r}; there is no graph to join",
        )


def boundary_is_in_both_accounts(*, organization: Organization | None, permissions_boundary: str | None) -> Found:
    """Roles are made in the management account too, and a boundary cannot be taken from another account."""
    if organization is None or permissions_boundary is None or not permissions_boundary.startswith("arn:"):
        return
    if permissions_boundary.split(":")[4] != "aws":
        yield (
            ("permissions_boundary",),
            f"must be the name of a policy, or one of AWS's own, got {permissions_boundary!r}; the Delegation stack"
            " makes a role in the management account, which needs a policy of the same name there",
        )


RULES = (
    security_account_is_named,
    security_account_is_not_the_management_account,
    members_get_what_the_administrator_has,
    member_features_have_members,
    member_features_exist_somewhere,
    detective_members_have_a_graph,
    boundary_is_in_both_accounts,
)
