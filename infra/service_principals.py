"""The services that an organization trusts, by the names that IAM and Organizations know them by."""

GUARDDUTY = "guardduty.amazonaws.com"
DETECTIVE = "detective.amazonaws.com"

MALWARE_PROTECTION = "malware-protection.guardduty.amazonaws.com"
"""Scans volumes of member accounts (GuardDuty user guide, Malware Protection for EC2 in an organization)."""
