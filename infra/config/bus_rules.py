"""Which rules lead to a destination, by name."""

from infra.config.deployment import Deployment
from infra.config.routes import CATCH_ALL_RULE, NOTICE_RULES, WATCH_RULE


def rules_to(deployment: Deployment, destination: str) -> list[str]:
    """The rules on the findings bus that lead to a destination: its queue lets these in, and nobody else."""
    rules = [route.name for route in deployment.routes if destination in route.to]
    if destination in deployment.catch_all:
        rules.append(CATCH_ALL_RULE)
    if deployment.suppresses:
        rules.append(f"{NOTICE_RULES}{destination}")
    if destination in deployment.watchers:
        rules.append(WATCH_RULE)
    return rules
