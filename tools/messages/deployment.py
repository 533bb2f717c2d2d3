"""What the notifier of a deployment knows, for a brief made at the desk."""

from infra.config import Deployment
from infra.stacks.known import known
from notifier.brief import Brief
from notifier.briefs import brief_of
from notifier.briefs.surroundings import Surroundings
from notifier.items.item import Item
from notifier.links import Portal
from shared.known import known_in


def brief_for(item: Item, deployment: Deployment) -> Brief:
    """The brief that the deployed notifier would make."""
    told = known_in(known(deployment))
    portal = deployment.identity_center
    return brief_of(
        item,
        Surroundings(
            deployment=deployment.name,
            egress=told.egress,
            detective=deployment.detective_regions(),
            accounts=told.accounts,
            portal=Portal(portal.start_url, portal.role_name) if portal else None,
            runbooks=deployment.operations.runbooks_url,
        ),
    )


def hidden_by(brief: Brief, deployment: Deployment) -> tuple[str, ...]:
    """Entries that are there to keep such a finding from being told: enforced, of its type, and for every workload.

    The filters decide, and the templates say what those are; `python -m tools explain` reads them.
    """
    ranges = {one.name for one in brief.egress.ranges} if brief.egress else set()
    return tuple(
        entry.name
        for entry in deployment.egress
        if entry.name in ranges
        and brief.finding_type in entry.finding_types
        and entry.mode == "enforce"
        and not entry.scope
    )
