"""What the demo deploys: the configuration, and the day on which it takes place."""

from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import yaml

from infra.config import Deployment, config_file, load
from infra.project import PROJECT

CONFIGURATION = "sandbox"
EMULATED_ACCOUNT = "123456789012"


class UnsuitableConfigurationError(Exception):
    """The configuration has nothing that the demo could show; the message says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One run of the demo.

    Attributes:
        pretended: The day is not today, because the egress entries of the configuration have ended.
        egress_address: An address inside the first egress entry.
    """

    deployment: Deployment
    account: str
    today: date
    pretended: bool
    egress_address: str
    other_region: str

    @property
    def context(self) -> dict[str, str]:
        """The `-c` values for the CDK CLI; the clock is left alone unless it has to be set."""
        return {"config": CONFIGURATION, **({"today": self.today.isoformat()} if self.pretended else {})}


def setting(*, today: date, folder: Path = PROJECT / "config") -> Setting:
    """Read the configuration that the demo deploys.

    Raises:
        ConfigurationError: It is not valid.
        UnsuitableConfigurationError: It has one Region only, or no egress entry at all.
    """
    path = config_file(CONFIGURATION, folder=folder)
    deployment, day = load(path, today=today).deployment, today
    if not deployment.egress and (ended := end_dates(path)):
        day = max(ended)
        deployment = load(path, today=day).deployment
    others = [region for region in deployment.regions if region != deployment.home_region]
    if not deployment.egress or not others:
        raise UnsuitableConfigurationError(
            f"{path}: the demo needs an entry under egress and a Region besides home_region; "
            f"it has {len(deployment.egress)} and {len(others)}"
        )
    return Setting(
        deployment=deployment,
        account=deployment.account or EMULATED_ACCOUNT,
        today=day,
        pretended=day != today,
        egress_address=str(_inside(deployment.egress[0].cidrs[0])),
        other_region=others[0],
    )


def end_dates(path: Path) -> list[date]:
    """The end dates of all egress entries, also of those that have ended and that the loader leaves out."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [entry["expires"] for entry in document.get("egress", [])]


def _inside(network: IPv4Network) -> IPv4Address:
    """Some address of a network, not its first, if it has others."""
    return network[min(7, network.num_addresses - 1)]
