"""What must agree about the pipeline: whose provider, and which environment may do what."""

from infra.config.ci import Ci
from infra.config.errors import Found
from infra.config.organization import Organization
from infra.config.regions import GUARDDUTY_REGIONS, region_facts


def environments_are_apart(*, ci: Ci | None) -> Found:
    """An environment stands for one permission; whoever may deploy here must not by that deploy there."""
    if ci is None:
        return
    for name in ("management_environment", "nightly_environment"):
        given = getattr(ci, name)
        if given in ci.environments:
            yield (
                ("ci", name),
                f"must not be one of ci.environments, got {given!r}; its jobs could deploy to the security account:"
                " give it an environment of its own",
            )
    if ci.management_environment == ci.nightly_environment:
        yield (
            ("ci", "nightly_environment"),
            f"must be another one than ci.management_environment, got {ci.nightly_environment!r} for both; jobs that"
            " only look could deploy to the management account",
        )


def providers_belong_here(
    *, ci: Ci | None, account: str | None, organization: Organization | None, home_region: str
) -> Found:
    """A role trusts a provider of its own account."""
    if ci is None:
        return
    owners = {
        "oidc_provider_arn": account,
        "management_oidc_provider_arn": organization and organization.management_account,
    }
    for name, owner in owners.items():
        arn = getattr(ci, name)
        if arn is None:
            continue
        partition, given = arn.split(":")[1], arn.split(":")[4]
        if owner is not None and given != owner:
            yield ("ci", name), f"must be a provider of account {owner}, got one of {given}"
        if home_region in GUARDDUTY_REGIONS and (ours := region_facts(home_region).partition) != partition:
            yield ("ci", name), f"must be an ARN of partition {ours}, got one of {partition!r}"


def management_has_a_provider_only_with_an_organization(*, ci: Ci | None, organization: Organization | None) -> Found:
    """Without an organization nothing is deployed in another account."""
    if ci is not None and ci.management_oidc_provider_arn is not None and organization is None:
        yield (
            ("ci", "management_oidc_provider_arn"),
            "must be left out without organization; there is no management account to deploy to",
        )


RULES = (environments_are_apart, providers_belong_here, management_has_a_provider_only_with_an_organization)
