"""The ledger for another program."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from infra.config import Deployment, EgressEntry
from infra.suppression import MAX_FILTERS
from tools.suppressions.ledger import Line, filters_used


def as_json(lines: Sequence[Line], *, deployment: Deployment, today: date) -> dict[str, Any]:
    """The ledger for another program."""
    return {
        "deployment": deployment.name,
        "today": today.isoformat(),
        "filters_per_region": {
            "used": filters_used(lines),
            "budget": deployment.egress_limits.maximum_filters,
            "limit": MAX_FILTERS,
        },
        "entries": [
            _document(line)
            | {
                "ipv6_addresses": [str(address) for address in line.entry.ipv6_addresses],
                "finding_types": list(line.entry.finding_types),
                "mode": line.entry.mode,
                "scope": line.entry.scope and line.entry.scope.model_dump(mode="json"),
                "filters": line.filters,
            }
            for line in lines
            if isinstance(line.entry, EgressEntry)
        ],
        "trusted_list": [_document(line) | {"finding_types": "all"} for line in lines if line.trusted],
    }


def _document(line: Line) -> dict[str, Any]:
    """What both kinds of entries say."""
    entry = line.entry
    return {
        "name": entry.name,
        "owner": entry.owner,
        "ticket": entry.ticket,
        "reason": entry.reason,
        "cidrs": [str(cidr) for cidr in entry.cidrs],
        "addresses": line.addresses,
        "expires": entry.expires.isoformat(),
        "days_left": line.days_left,
        "expired": line.expired,
    }
