"""Roles that something else knows by their names: other accounts, or the watch."""

from infra.config import Deployment


def readers_of_members(deployment: Deployment) -> str:
    """Beginning of the names of the roles that member accounts let in."""
    return f"{deployment.name_prefix}-investigation"


def reader_name(deployment: Deployment, *, hub: str) -> str:
    """Name of the role that member accounts let in; a hub has a role of its own, and names of roles know no Region."""
    return readers_of_members(deployment) + ("" if deployment.hub == "home" else f"-{hub}")


def enroller_name(deployment: Deployment) -> str:
    """Name of the role of the function that enrols accounts; there is one, in the home Region."""
    return f"{deployment.name_prefix}-organization"
