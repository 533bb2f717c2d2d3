"""What the configuration says about investigations, as the constructs take it."""

from infra.config import ANALYST, Deployment
from infra.constructs.investigation_settings import InvestigationSettings
from infra.stacks.known import known
from infra.stacks.role_names import reader_name


def investigation_settings(deployment: Deployment, *, hub: str) -> InvestigationSettings:
    """What is asked about the findings that come together in a hub.

    Args:
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
        known=known(deployment),
        member_role=(member.name, member.external_id) if member else None,
        role_name=reader_name(deployment, hub=hub) if member else None,
    )
