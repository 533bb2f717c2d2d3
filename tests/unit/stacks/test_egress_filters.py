"""The filters of a synthesized Region hide the addresses of its configuration and not one beside them."""

from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from pydantic import ValidationError

from infra.suppression.compiler import CALLER_ADDRESS
from tests.deployments import SANDBOX_DATA, deployment
from tests.synthesis import Template, properties, synthesize
from tests.unit.suppression.evaluation import block_around, every_address, hidden, wanted
from tests.unit.suppression.pools import SHOWN, scattered


def entry(name: str, addresses: object) -> dict[str, object]:
    return {
        "name": name,
        "cidrs": addresses,
        "owner": "network-ops",
        "reason": "Addresses of a test",
        "expires": date(2027, 6, 30),
    }


def filters(egress: list[dict[str, object]], outdir: Path) -> list[Template]:
    """The filters of the only Region."""
    data = SANDBOX_DATA | {"regions": ["eu-west-1"], "egress": egress}
    templates = synthesize(deployment(data), outdir=outdir, checked=False)
    return properties(templates["sandbox-Detection-eu-west-1"], "AWS::GuardDuty::Filter")


@pytest.mark.parametrize("together", [True, False], ids=["one-entry", "an-entry-each"])
def test_over_all_surrounding_16s_not_one_address_is_wrong(
    tmp_path: Path,
    together: bool,  # noqa: FBT001
) -> None:
    pools = (
        [("all", SHOWN)] if together else [("scattered", SHOWN[:60]), *((f"n{n.prefixlen}", (n,)) for n in SHOWN[60:])]
    )
    deployed = filters([entry(name, list(map(str, pool))) for name, pool in pools], tmp_path)
    conditions = [one["FindingCriteria"]["Criterion"][CALLER_ADDRESS] for one in deployed]
    around = chain.from_iterable(map(every_address, {block_around(network) for network in SHOWN}))
    assert hidden(conditions, around) == wanted(SHOWN)

    assert len({one["Name"] for one in deployed}) == len(deployed) == (7 if together else 10)
    for condition in conditions:
        ((operator, values),) = condition.items()
        assert 1 <= len(values) <= {"Equals": 50, "Matches": 5}[operator]
        assert all(value.count("*") + value.count("?") <= 5 for value in values)


def test_fails_when_the_filters_of_a_region_would_be_used_up(tmp_path: Path) -> None:
    egress = [entry(f"dc-{n}", list(map(str, scattered(700, within=f"20.{n}.0.0/16")))) for n in range(3)]
    with pytest.raises(ValidationError, match=r"needs 42 GuardDuty filters, but at most 40 .*: dc-0 14, dc-1 14,"):
        filters(egress, tmp_path)
