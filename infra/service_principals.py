"""The services that an organization trusts, by the names that IAM and Organizations know them by."""

GUARDDUTY = "guardduty.amazonaws.com"
DETECTIVE = "detective.amazonaws.com"

MALWARE_PROTECTION = "malware-protection.guardduty.amazonaws.com"
"""Scans volumes of member accounts (GuardDuty user guide, Malware Protection for EC2 in an organization)."""

SERVICE_ROLES = {
    GUARDDUTY: "AWSServiceRoleForAmazonGuardDuty",
    MALWARE_PROTECTION: "AWSServiceRoleForAmazonGuardDutyMalwareProtection",
    DETECTIVE: "AWSServiceRoleForDetective",
}
"""The role that each makes for itself where it is switched on (their user guides, service-linked roles)."""


def service_role(principal: str) -> str:
    """The role of a service as the end of its ARN: path and name."""
    return f"role/aws-service-role/{principal}/{SERVICE_ROLES[principal]}"
