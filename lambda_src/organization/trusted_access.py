"""Trusted access: the organization lets a service look at its accounts."""

from collections.abc import Sequence

from organization.aws import Aws


def ensure_trusted_access(aws: Aws, principals: Sequence[str]) -> None:
    """Switch it on for these services where it is off; asked for before delegation by whoever uses the API.

    (Organizations user guide, GuardDuty and Detective.)

    Raises:
        Refused: It cannot be switched on, or is not on in time.
    """
    for principal in _missing(aws, principals):
        aws.call("organizations", "enable_aws_service_access", {"ServicePrincipal": principal})
    aws.patience.until(
        lambda: not _missing(aws, principals),
        says=lambda: f"organizations: trusted access of {', '.join(_missing(aws, principals))} is still not on",
    )


def _missing(aws: Aws, principals: Sequence[str]) -> list[str]:
    enabled = {
        one["ServicePrincipal"]
        for one in aws.pages("organizations", "list_aws_service_access_for_organization", "EnabledServicePrincipals")
    }
    return [principal for principal in principals if principal not in enabled]
