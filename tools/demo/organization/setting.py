"""What is rolled out: the example of an organization in a few Regions, and one change of an egress entry."""

import copy
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from infra.config import Deployment, config_file, load
from infra.project import PROJECT
from tools.demo.setting import UnsuitableConfigurationError, end_dates

CONFIGURATION = "organization"

MEMBER = ("777788889999", "payments-prod")
"""An account that is enrolled where the configuration names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """Two states of one deployment.

    Attributes:
        before: As it is deployed first.
        after: With one egress entry changed.
        today: The day of both; not today where every egress entry of the configuration has ended.
        accounts: Name of each account of the organization, by id.
        management: Its management account.
        entry: Name of the egress entry that changes.
        change: The lines of the file that change, as a diff.
    """

    before: Deployment
    after: Deployment
    today: date
    pretended: bool
    accounts: Mapping[str, str]
    management: str
    entry: str
    change: tuple[str, ...]

    @property
    def security(self) -> str:
        """The account that administers."""
        return str(self.before.account)


def rollout(*, today: date, folder: Path, configurations: Path = PROJECT / "config") -> Rollout:
    """Read the example, take three of its Regions, and change one entry.

    Args:
        today: The day.
        folder: Where both files go, `before.yaml` and `after.yaml`.
        configurations: Where the example is.

    Raises:
        ConfigurationError: The example is not valid.
        UnsuitableConfigurationError: It has no organization, no egress entry, or too few Regions.
    """
    path = config_file(CONFIGURATION, folder=configurations)
    day, example = today, load(path, today=today).deployment
    if not example.egress and (ended := end_dates(path)):
        day = max(ended)
        example = load(path, today=day).deployment
    regions = _regions(example)
    if example.organization is None or not example.egress or not regions:
        raise UnsuitableConfigurationError(
            f"{path}: the demo needs an organization, an entry under egress, and three Regions, one of them without "
            "Detective"
        )
    first = example.egress[0].name
    document = {**yaml.safe_load(path.read_text(encoding="utf-8")), "regions": regions}
    files = [folder / "before.yaml", folder / "after.yaml"]
    for file, mode in zip(files, ("observe", "enforce"), strict=True):
        file.write_text(_text(_with_mode(document, first, mode)), encoding="utf-8")
    management = example.organization.management_account
    return Rollout(
        before=load(files[0], today=day).deployment,
        after=load(files[1], today=day).deployment,
        today=day,
        pretended=day != today,
        accounts=_accounts(example, management),
        management=management,
        entry=first,
        change=_difference(*files),
    )


def _regions(example: Deployment) -> list[str]:
    """The home Region, one more with Detective, and one without."""
    home, graphs = example.home_region, example.detective_regions()
    # us-east-1 rather than the first of the alphabet: it is where most people look.
    others = sorted((region for region in graphs if region != home), key=lambda region: region != "us-east-1")
    without = [region for region in example.regions if region not in graphs and region != home]
    return [home, others[0], without[0]] if others and without else []


def _with_mode(document: Mapping[str, Any], name: str, mode: str) -> dict[str, Any]:
    changed: dict[str, Any] = copy.deepcopy(dict(document))
    for entry in changed["egress"]:
        if entry["name"] == name:
            entry["mode"] = mode
    return changed


def _text(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False, default_flow_style=None, allow_unicode=True)


def _accounts(example: Deployment, management: str) -> dict[str, str]:
    named = {id_: account.name for id_, account in example.accounts.items()}
    accounts = {management: "management", str(example.account): "security", **named}
    return accounts if len(accounts) > len({management, str(example.account)}) else {**accounts, MEMBER[0]: MEMBER[1]}


def _difference(before: Path, after: Path) -> tuple[str, ...]:
    old, new = (file.read_text(encoding="utf-8").splitlines() for file in (before, after))
    return tuple(difflib.unified_diff(old, new, fromfile=before.name, tofile=after.name, lineterm="", n=2))
