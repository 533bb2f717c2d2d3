"""The findings of the demo: the examples of the documentation, moved to the place and time of the run."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from infra.project import PROJECT

EXAMPLES = PROJECT / "docs" / "examples" / "findings"

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z")


def example(
    name: str,
    *,
    account: str,
    region: str,
    detector_id: str,
    now: datetime,
    caller: str | None = None,
) -> dict[str, Any]:
    """An event of an example finding, as if GuardDuty had found it here and now.

    Args:
        name: File in `docs/examples/findings`, without its ending.
        account: Account in which it is found.
        region: Region in which it is found.
        detector_id: The detector that finds it.
        now: Time of the event; all other times keep their distance to it.
        caller: IPv4 address that the call came from; left out, the one of the example.
    """
    text = (EXAMPLES / f"{name}.json").read_text(encoding="utf-8")
    original: dict[str, Any] = json.loads(text)
    detail = original["detail"]
    replacements = {
        detail["accountId"]: account,
        detail["region"]: region,
        detail["service"]["detectorId"]: detector_id,
    }
    if caller is not None:
        replacements[caller_of(original)] = caller
    for old, new in replacements.items():
        text = text.replace(old, new)
    shift = now - _moment(original["time"])
    moved: dict[str, Any] = json.loads(
        _TIME.sub(lambda found: (_moment(found[0]) + shift).strftime("%Y-%m-%dT%H:%M:%S.000Z"), text)
    )
    moved["time"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return moved


def caller_of(event: dict[str, Any]) -> str:
    """The IPv4 address that the call of a finding came from."""
    return str(event["detail"]["service"]["action"]["awsApiCallAction"]["remoteIpDetails"]["ipAddressV4"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
