"""What the tests of the notifier share."""

import pytest


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Region that Lambda sets for the function."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
