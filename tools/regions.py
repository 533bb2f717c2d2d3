"""`python -m tools regions`: compare the table of Regions with what the installed botocore and CDK say.

Nothing is fetched: a newer table comes with newer packages. The table itself is `infra/config/regions.py`; whoever
changes it changes `TABLE_DATE` and the sources in its docstring too.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence

import botocore
from aws_cdk.region_info import RegionInfo
from botocore.session import Session

from infra.config.regions import GUARDDUTY_REGIONS, TABLE_DATE, RegionFacts, region_facts

CURRENT = 0
DIFFERENT = 1


def differences() -> Iterator[str]:
    """What the installed packages say otherwise than the table, one sentence each."""
    session = Session()
    opt_in = {info.name for info in RegionInfo.regions if info.is_opt_in_region}
    seen: set[str] = set()
    for partition in session.get_available_partitions():
        detective = set(session.get_available_regions("detective", partition))
        for name in session.get_available_regions("guardduty", partition):
            seen.add(name)
            if name in GUARDDUTY_REGIONS:
                yield from _of_region(region_facts(name), partition, detective=name in detective, opt_in=name in opt_in)
            else:
                yield f"{name}: has GuardDuty (partition {partition}) and is not in the table"
    for name in GUARDDUTY_REGIONS:
        if name not in seen:
            yield f"{name}: in the table, and botocore knows no GuardDuty there"


def _of_region(facts: RegionFacts, partition: str, *, detective: bool, opt_in: bool) -> Iterator[str]:
    said = {"partition": partition, "detective": detective}
    # The CDK marks the opt-in Regions of the commercial partition only.
    if facts.partition == "aws":
        said["opt_in"] = opt_in
    for name, value in said.items():
        if (ours := getattr(facts, name)) != value:
            yield f"{facts.name}: {name} is {ours} in the table, {value} in the installed packages"


def main(arguments: Sequence[str]) -> int:
    """Print what differs between the table of Regions and the installed botocore and CDK; 1 if something does."""
    argparse.ArgumentParser(prog="python -m tools regions", description=main.__doc__).parse_args(arguments)
    found = list(differences())
    for line in found:
        print(line)
    if found:
        print(f"table of {TABLE_DATE}: change infra/config/regions.py, its date and its sources")
        return DIFFERENT
    print(f"{len(GUARDDUTY_REGIONS)} Regions, table of {TABLE_DATE}: as botocore {botocore.__version__} has them")
    return CURRENT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
