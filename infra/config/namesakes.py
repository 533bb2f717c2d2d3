"""Other files of the folder that describe the same stacks: each deployment of one would undo the other."""

from pathlib import Path

from infra.config.deployment import Deployment
from infra.config.errors import ConfigurationError, Found
from infra.config.reading.file_text import printable
from infra.config.reading.yaml_source import read_yaml


def namesakes(path: Path, deployment: Deployment) -> Found:
    """Name the files beside this one whose stacks would have the same names in the same account.

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
        if one_account and data.get("name") == deployment.name:
            yield (
                ("name",),
                f"{printable(other)} has the name '{deployment.name}' too: in one account they are the same stacks, "
                "and deploying one undoes the other; give one of them another name",
            )
