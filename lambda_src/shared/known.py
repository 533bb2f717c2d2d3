"""What functions know of a deployment beside the event: names of accounts, and our own addresses.

A file beside their code, because Lambda gives all variables of a function 4,096 bytes together (Lambda quotas).
"""

import json
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import NamedTuple

from shared.egress import EgressRange
from shared.settings import SET_BACK, InvalidSettings, text_of

FILE = "known.json"
"""Its name in the folder with the function's code, which Lambda calls `LAMBDA_TASK_ROOT`."""


class Account(NamedTuple):
    """An account of ours, from the configuration."""

    name: str
    owner: str = ""


class Known(NamedTuple):
    """What the configuration says of the world around.

    Attributes:
        accounts: What people call their accounts, by number.
        egress: Our own address ranges.
    """

    accounts: Mapping[str, Account]
    egress: tuple[EgressRange, ...]


def read_known(folder: str | None) -> Known:
    """The file of a folder.

    Args:
        folder: Where the function's code lies.

    Raises:
        InvalidSettings: it is not there, or does not hold what the deployment writes.
    """
    path = Path(folder or ".") / FILE
    try:
        return known_in(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidSettings(f"{path}: {error.strerror}{SET_BACK}") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        reason = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise InvalidSettings(f"{path}: {reason}{SET_BACK}") from None


def known_in(text: str) -> Known:
    """What the file's text says.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: it is not what a deployment writes.
    """
    members = json.loads(text)
    return Known(
        accounts={
            text_of(number): Account(text_of(name), text_of(owner))
            for number, (name, owner) in members["accounts"].items()
        },
        egress=tuple(
            EgressRange(
                name=text_of(entry["name"]),
                owner=text_of(entry["owner"]),
                networks=tuple(ip_network(text_of(cidr)) for cidr in entry["cidrs"]),
                observing=entry["mode"] == "observe",
                scoped=entry["scoped"] is True,
            )
            for entry in members["egress"]
        ),
    )
