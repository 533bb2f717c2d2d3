"""The finding types that our own egress raises without a leak."""

SUPPRESSED_FINDING_TYPES = (
    "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS",
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
)
"""Credentials of a workload used from outside AWS; traffic that leaves a VPC through an on-premises gateway looks
the same, and AWS's own remedy is a filter on these types and the caller's address (GuardDuty user guide, IAM finding
types). The `.InsideAWS` siblings are not here: their caller is an AWS address, never on-premises egress."""
