"""The policies of docs/permissions.md."""

import json
import re
from collections.abc import Iterator
from typing import Any

from infra.project import PROJECT
from tools.templates.policy_statements import as_list


def documented() -> Iterator[dict[str, Any]]:
    """Every statement on the page that gives a person something."""
    text = (PROJECT / "docs" / "permissions.md").read_text(encoding="utf-8")
    for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL):
        policy = json.loads(block)
        if isinstance(policy, dict) and "Statement" in policy:
            assert policy["Version"] == "2012-10-17"
            yield from policy["Statement"]


def statement(sid: str) -> dict[str, Any]:
    (found,) = [one for one in documented() if one["Sid"] == sid]
    assert found["Effect"] == "Allow"
    return found


def actions(sid: str) -> set[str]:
    listed = as_list(statement(sid)["Action"])
    assert listed == sorted(set(map(str, listed)))
    return set(map(str, listed))
