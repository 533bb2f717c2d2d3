"""What the notifier knows of a deployment, as variables of its environment."""

from collections.abc import Mapping

from aws_cdk import Annotations
from constructs import Construct

from infra.config import Deployment, EgressEntry
from infra.stacks.environment_room import first_within, json_within
from infra.stacks.watching import expected_changes

MAX_EGRESS_BYTES = 2600
"""Share of a function's 4,096 bytes of environment (Lambda quotas) that the egress ranges may take."""

MAX_KNOWN_BYTES = 2700
"""The same for the egress ranges and the names of accounts together."""


def notifier_environment(scope: Construct, deployment: Deployment) -> Mapping[str, str]:
    """The same for the notifier of every destination; what does not fit is left out with a warning.

    Args:
        scope: The stack, which carries the warnings.
        deployment: The deployment.
    """
    expected = expected_changes(deployment)
    taken = sum(map(len, (*expected, *expected.values())))
    environment = {
        "DEPLOYMENT": deployment.name,
        "DETECTIVE_REGIONS": ",".join(deployment.detective_regions()),
        "RUNBOOKS_URL": deployment.operations.runbooks_url,
        "EGRESS_RANGES": _egress_ranges(scope, deployment, room=MAX_EGRESS_BYTES - taken),
        **expected,
    }
    room = MAX_KNOWN_BYTES - taken - len(environment["EGRESS_RANGES"])
    if accounts := _accounts(scope, deployment, room=room):
        environment["ACCOUNTS"] = accounts
    if portal := deployment.identity_center:
        environment |= {"PORTAL_URL": portal.start_url, "PORTAL_ROLE": portal.role_name}
    return environment


def named_range(entry: EgressEntry) -> dict[str, object]:
    """What every function is told of an entry: its name, its addresses, and whether it is for some workloads only."""
    cidrs = [str(one) for one in (*entry.cidrs, *entry.ipv6_addresses)]
    # Only where it says something: an environment is small.
    return {"name": entry.name, "cidrs": cidrs} | ({"scoped": True} if entry.scope else {})


def _egress_ranges(scope: Construct, deployment: Deployment, *, room: int) -> str:
    """What the notifier knows of our own addresses; nothing where that would not fit its environment."""
    ranges = [named_range(entry) | {"owner": entry.owner, "mode": entry.mode} for entry in deployment.egress]
    text = json_within(
        scope,
        ranges,
        room=room,
        warning="egress-ranges-left-out",
        says="egress: {size} bytes of addresses do not fit the notifier's environment ({room}); "
        "messages will not say whether an address is your own. Suppression is not affected",
    )
    return text or "[]"


def _accounts(scope: Construct, deployment: Deployment, *, room: int) -> str:
    """What the notifier knows of accounts: the first of the file, as many as fit its environment."""
    named = {number: [known.name, known.owner] for number, known in deployment.accounts.items()}
    text, left_out = first_within(named, room=room)
    if left_out:
        said = (
            f"accounts: {len(named) - len(left_out)} of {len(named)} names fit the notifier's environment, which has "
            f"{max(room, 0)} bytes left beside egress; messages show the numbers of the others, from {left_out[0]} on. "
            "Write those first that people mix up"
        )
        Annotations.of(scope).add_warning_v2("accounts-left-out", said)
    return text
