"""What the notifier of a deployment knows, for a brief made at the desk."""

from infra.config import Deployment
from notifier.brief import Brief, brief_of
from notifier.egress import EgressRange
from notifier.event import Item


def brief_for(item: Item, deployment: Deployment) -> Brief:
    """The brief that the deployed notifier would make."""
    ranges = tuple(
        EgressRange(
            name=entry.name,
            owner=entry.owner,
            networks=tuple(entry.cidrs),
            observing=entry.mode == "observe",
            scoped=entry.scope is not None,
        )
        for entry in deployment.egress
    )
    return brief_of(item, deployment=deployment.name, egress=ranges, detective=deployment.detective_regions())
