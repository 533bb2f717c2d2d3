"""In which order Regions are worked on."""

from collections.abc import Sequence

from infra.config import Deployment


def home_first(deployment: Deployment, regions: Sequence[str]) -> list[str]:
    """The Regions with the home Region at the front, where the people who deploy look first."""
    return sorted(regions, key=lambda region: region != deployment.home_region)
