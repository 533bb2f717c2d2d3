"""Other files of the folder that describe the same stacks, or resources of the same names."""

from collections.abc import Mapping
from pathlib import Path

from infra.config.deployment import Deployment
from infra.config.errors import ConfigurationError, Found
from infra.config.reading.file_text import printable
from infra.config.reading.yaml_source import read_yaml


def namesakes(path: Path, deployment: Deployment) -> Found:
    """Name the files beside this one whose stacks, or bus and filters, would have the same names in the same account.

    A file that cannot be read is passed over: it is told of where it is used.
    """
    for other in sorted(path.parent.glob("*.yaml")):
        if other.name == path.name or not other.is_file():
            continue
        try:
            data = read_yaml(other).data
        except ConfigurationError:
            continue
        # Left out, it is the account of whoever deploys, and may be any.
        account = data.get("account")
        one_account = None in {account, deployment.account} or account == deployment.account
        if not one_account:
            continue
        if data.get("name") == deployment.name:
            yield (
                ("name",),
                f"{printable(other)} has the name '{deployment.name}' too: in one account they are the same stacks, "
                "and deploying one undoes the other; give one of them another name",
            )
        elif _prefix(data) == deployment.name_prefix:
            yield (
                ("name",),
                f"{printable(other)} has the name_prefix '{deployment.name_prefix}' too: in one account bus, filters "
                "and roles of the two have the same names, so only one of them can be deployed; give one of them "
                "another name_prefix",
            )


def _prefix(data: Mapping[str, object]) -> object:
    """As the model makes it."""
    return data.get("name_prefix", str(data.get("name")).lower())
