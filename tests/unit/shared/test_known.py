"""What functions know of a deployment is read whole, or refused in words."""

import json
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from shared.egress import EgressRange
from shared.known import Account, Known, read_known
from shared.settings import InvalidSettings
from tests.notifier_environment import write_known

ENTRY: dict[str, Any] = {
    "name": "frankfurt-dc",
    "owner": "network-ops",
    "cidrs": ["198.51.100.0/28", "2001:db8::7"],
    "mode": "enforce",
    "scoped": False,
}


def written(folder: Path, *entries: object, accounts: object = None) -> str:
    write_known(folder, json.dumps({"accounts": accounts or {}, "egress": list(entries)}))
    return str(folder)


def test_accounts_and_addresses_are_read(tmp_path: Path) -> None:
    accounts = {"111122223333": ["payments-prod", "payments-team"]}
    assert read_known(written(tmp_path, ENTRY, accounts=accounts)) == Known(
        accounts={"111122223333": Account("payments-prod", "payments-team")},
        egress=(
            EgressRange(
                name="frankfurt-dc",
                owner="network-ops",
                networks=(ip_network("198.51.100.0/28"), ip_network("2001:db8::7")),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("change", "observing", "scoped"),
    [
        ({"mode": "observe"}, True, False),
        ({"scoped": True}, False, True),
        # Only what the deployment writes makes a range less than one for every workload.
        ({"scoped": "yes"}, False, False),
    ],
)
def test_what_a_range_is_for_is_read(tmp_path: Path, change: dict[str, Any], *, observing: bool, scoped: bool) -> None:
    (found,) = read_known(written(tmp_path, ENTRY | change)).egress
    assert (found.observing, found.scoped) == (observing, scoped)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "Expecting property name"),
        ("[]", "list indices"),
        ("{}", "no 'accounts'"),
        ('{"accounts": {}, "egress": [{}]}', "no 'name'"),
        ('{"accounts": {"1": ["a"]}, "egress": []}', "not enough values"),
        ('{"accounts": {"1": ["a", 2]}, "egress": []}', "2 is not text"),
        (json.dumps({"accounts": {}, "egress": [ENTRY | {"cidrs": ["10.0.0.1/8"]}]}), "host bits"),
        (json.dumps({"accounts": {}, "egress": [ENTRY | {"cidrs": [3325256704]}]}), "3325256704 is not text"),
    ],
)
def test_fails_on_a_file_that_no_deployment_writes(tmp_path: Path, text: str, says: str) -> None:
    write_known(tmp_path, text)
    with pytest.raises(
        InvalidSettings, match=rf"known\.json: .*{says}.*; somebody changed it by hand: set the stack back"
    ):
        read_known(str(tmp_path))


def test_fails_without_the_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match=r"known\.json: No such file or directory; somebody changed it by hand"):
        read_known(str(tmp_path))
