"""What the stacks of a deployment are called: the app makes them so, and whoever looks for one asks here."""

from typing import Literal, TypeAlias

from infra.config.deployment import Deployment

Kind: TypeAlias = Literal["Detection", "Response", "Delegation", "Organization", "CiAccess", "ManagementCiAccess"]

DETECTIVE_OWNERSHIP = "DetectiveOwnership"
"""Output of a Detection stack that uses somebody else's graph: without it, its template names Detective nowhere."""


def beginning(deployment: Deployment, kind: Kind) -> str:
    """What the names of all stacks of a kind begin with; of a kind of which there is one, its name."""
    return f"{deployment.name}-{kind}"


def detection_stack(deployment: Deployment, region: str) -> str:
    """GuardDuty and Detective of one Region."""
    return f"{beginning(deployment, 'Detection')}-{region}"


def response_stack(deployment: Deployment, hub: str) -> str:
    """What happens to the findings that come together in a hub.

    The home Region's is called the same whatever the hub: its bus has a fixed name, and is kept when the stack goes.
    """
    return beginning(deployment, "Response") + ("" if hub == deployment.home_region else f"-{hub}")


def delegation_stack(deployment: Deployment) -> str:
    """In the management account: who administers GuardDuty and Detective."""
    return beginning(deployment, "Delegation")


def organization_stack(deployment: Deployment) -> str:
    """In the administrator's account: who is enrolled."""
    return beginning(deployment, "Organization")


def access_stack(deployment: Deployment, *, management: bool = False) -> str:
    """Roles of the pipeline, in the administrator's or the management account."""
    return beginning(deployment, "ManagementCiAccess" if management else "CiAccess")
