"""docs/security.md: what it calls watched is watched, and what it does not is not."""

import re
from pathlib import Path

import pytest

from infra.constructs.watched_calls import ALL

NAMED_OTHERWISE = {"cloudwatch": "monitoring"}
"""Services whose events have another name than their permissions (CloudWatch user guide, logging with CloudTrail)."""


@pytest.fixture(name="watched", scope="module")
def fixture_watched() -> set[str]:
    """Every call that the rules look for."""
    return {f"{calls.service}:{name}" for calls in ALL for name in calls.names}


def test_what_is_called_watched_is_what_the_rules_look_for(watched: set[str], project: Path) -> None:
    page = (project / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[a-z]+:.*?) \| [^|]+ \| (yes|no) \| [^|]+ \|$", page, re.MULTILINE)
    assert len(rows) > 15
    for permissions, said in rows:
        service = ""
        for named in re.findall(r"`([A-Za-z:]+)`", permissions):
            prefix, _, call = named.rpartition(":")
            service = NAMED_OTHERWISE.get(prefix, prefix) or service
            assert (f"{service}:{call}" in watched) == (said == "yes"), named
