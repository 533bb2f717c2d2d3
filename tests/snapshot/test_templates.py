"""The templates as a whole: nothing changes unseen. What matters by itself is asserted in `tests/unit/stacks`."""

import re
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests.synthesis import Templates

_HASH = re.compile(r"[0-9a-f]{64}")


def without_asset_hashes(value: Any) -> Any:
    """The hash of the Lambda code changes with every edit of it; the rest of the template does not."""
    match value:
        case str():
            return _HASH.sub("<asset hash>", value)
        case dict():
            return {without_asset_hashes(key): without_asset_hashes(inner) for key, inner in value.items()}
        case list():
            return [without_asset_hashes(inner) for inner in value]
    return value


@pytest.fixture(name="snapshot")
def fixture_snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.mark.parametrize("name", ["Detection-eu-west-1", "Detection-us-east-1", "Response"])
def test_sandbox(sandbox: Templates, name: str, snapshot: SnapshotAssertion) -> None:
    assert without_asset_hashes(sandbox[f"sandbox-{name}"]) == snapshot


@pytest.mark.parametrize(
    "name",
    [
        "CiAccess",
        "Delegation",
        "Detection-ap-east-2",
        "Detection-eu-central-1",
        "Detection-eu-south-2",
        "ManagementCiAccess",
        "Organization",
        "Response",
    ],
)
def test_everything(everything: Templates, name: str, snapshot: SnapshotAssertion) -> None:
    assert without_asset_hashes(everything[f"prod-{name}"]) == snapshot


def test_govcloud(govcloud: Templates, snapshot: SnapshotAssertion) -> None:
    assert without_asset_hashes(govcloud["gov-Detection-us-gov-west-1"]) == snapshot


def test_every_stack_has_a_snapshot(sandbox: Templates, everything: Templates) -> None:
    assert sorted([*sandbox, *everything]) == [
        "prod-CiAccess",
        "prod-Delegation",
        "prod-Detection-ap-east-2",
        "prod-Detection-eu-central-1",
        "prod-Detection-eu-south-2",
        "prod-ManagementCiAccess",
        "prod-Organization",
        "prod-Response",
        "sandbox-Detection-eu-west-1",
        "sandbox-Detection-us-east-1",
        "sandbox-Response",
    ]
