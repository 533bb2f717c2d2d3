"""What the stacks of a deployment are called: the app makes them so, and whoever looks for one asks here."""

from infra.config.deployment import Deployment


def detection_stack(deployment: Deployment, region: str) -> str:
    """GuardDuty and Detective of one Region."""
    return f"{deployment.name}-Detection-{region}"


def response_stack(deployment: Deployment, hub: str) -> str:
    """What happens to the findings that come together in a hub."""
    return f"{deployment.name}-Response{'' if deployment.hub == 'home' else f'-{hub}'}"


def delegation_stack(deployment: Deployment) -> str:
    """In the management account: who administers GuardDuty and Detective."""
    return f"{deployment.name}-Delegation"


def organization_stack(deployment: Deployment) -> str:
    """In the administrator's account: who is enrolled."""
    return f"{deployment.name}-Organization"


def access_stack(deployment: Deployment, *, management: bool = False) -> str:
    """Roles of the pipeline, in the administrator's or the management account."""
    return f"{deployment.name}-{'Management' if management else ''}CiAccess"
