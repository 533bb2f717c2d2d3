"""What the functions are told of a deployment beside the event, in a file: an environment would be too small."""

import json

from infra.config import Deployment, EgressEntry


def known(deployment: Deployment) -> str:
    """The file `known.json` that `lambda_src/shared/known.py` reads.

    Args:
        deployment: The deployment.
    """
    members = {
        "accounts": {number: [one.name, one.owner] for number, one in deployment.accounts.items()},
        "egress": [_range(entry) for entry in deployment.egress],
    }
    return json.dumps(members, indent=1) + "\n"


def _range(entry: EgressEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "owner": entry.owner,
        "cidrs": [str(one) for one in (*entry.cidrs, *entry.ipv6_addresses)],
        "mode": entry.mode,
        "scoped": entry.scope is not None,
    }
