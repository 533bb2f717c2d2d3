"""What the configuration says about investigations, as the constructs take it."""

from constructs import Construct

from infra.config import ANALYST, Deployment
from infra.constructs.investigation_settings import InvestigationSettings
from infra.stacks.environment_room import json_within
from infra.stacks.notifier_environment import MAX_EGRESS_BYTES, named_range
from infra.stacks.role_names import reader_name


def investigation_settings(scope: Construct, deployment: Deployment, *, hub: str) -> InvestigationSettings:
    """What is asked about the findings that come together in a hub; what does not fit is left out with a warning.

    Args:
        scope: The stack, which carries the warning.
        deployment: The deployment.
        hub: Where the findings come together.
    """
    chosen, member = deployment.investigation, deployment.investigation.member_role
    served = deployment.served_by(hub)
    return InvestigationSettings(
        finding_types=chosen.finding_types,
        history_regions=deployment.history_regions(hub),
        detective_regions=[region for region in deployment.detective_regions() if region in served],
        guardduty_regions=[
            region
            for region in served
            if chosen.guardduty_investigation and ANALYST in deployment.region(region).features
        ],
        history_wait_minutes=chosen.history_wait_minutes,
        timeout_minutes=chosen.detective_timeout_minutes,
        repeat_after_hours=chosen.repeat_after_hours,
        egress_ranges=_egress_ranges(scope, deployment),
        member_role=(member.name, member.external_id) if member else None,
        role_name=reader_name(deployment, hub=hub) if member else None,
    )


def _egress_ranges(scope: Construct, deployment: Deployment) -> str:
    text = json_within(
        scope,
        [named_range(one) | ({"observing": True} if one.mode == "observe" else {}) for one in deployment.egress],
        room=MAX_EGRESS_BYTES,
        warning="investigated-egress-ranges-left-out",
        says="egress: {size} bytes of addresses do not fit the investigation's environment ({room}); "
        "reports cannot say whether a public address is your own or outside. Suppression is not affected",
    )
    return text or ""
