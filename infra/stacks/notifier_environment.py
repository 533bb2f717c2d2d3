"""What the notifier is told of a deployment, as variables of its environment."""

from collections.abc import Mapping

from infra.config import Deployment
from infra.stacks.watching import expected_changes


def notifier_environment(deployment: Deployment) -> Mapping[str, str]:
    """The same for the notifier of every destination."""
    environment = {
        "DEPLOYMENT": deployment.name,
        "DETECTIVE_REGIONS": ",".join(deployment.detective_regions()),
        "RUNBOOKS_URL": deployment.operations.runbooks_url,
        **expected_changes(deployment),
    }
    if portal := deployment.identity_center:
        environment |= {"PORTAL_URL": portal.start_url, "PORTAL_ROLE": portal.role_name}
    return environment
