"""Which events on the findings bus a rule takes: names, patterns and their limits; pure, no construct."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

OUR_SOURCE = "detection-stack"
"""EventBridge's name for us, as the source of an event."""

HEARTBEAT = "Detection Stack Heartbeat"
"""The detail-type of a synthetic finding that takes every rule of findings and is sent to nobody."""

REPORT, NOTICE = "Investigation Report", "Suppression Notice"
"""The detail-types of what an investigation found, and of what suppression hides (contract tests)."""

HEARTBEAT_TYPE, HEARTBEAT_ACCOUNT, HEARTBEAT_MARK = "DetectionStack:Heartbeat/Alive", "heartbeat", "heartbeat"
"""What a heartbeat says where a rule asks; a finding of GuardDuty has neither this type nor this account, and no word
for its severity."""

HEARTBEATS = (HEARTBEAT_TYPE, HEARTBEAT_ACCOUNT, HEARTBEAT_MARK)
"""What stands in the patterns of rules for heartbeats alone."""

HEARTBEAT_SEVERITY = (10, HEARTBEAT_MARK)
"""Its severities: of several a rule asks whether one fits (EventBridge user guide, arrays in event patterns)."""

GUARDDUTY_FINDINGS = {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]}
"""Pattern of every finding and of nothing else. Other detail-types share the source, so both are always named."""

FINDINGS = {"source": ["aws.guardduty", OUR_SOURCE], "detail-type": ["GuardDuty Finding", HEARTBEAT]}
"""Pattern of every finding, and of the heartbeat."""


def findings_here(account: str) -> dict[str, Any]:
    """Pattern of every finding on a Region's default bus, and of the heartbeat, which this account alone may send.

    Anybody whom that bus lets in may put events of our name there, and nobody one of AWS's (EventBridge API reference,
    PutEvents): the two are not asked for in one list with what the other is called.
    """
    ours = {"source": [OUR_SOURCE], "detail-type": [HEARTBEAT], "account": [account]}
    return {"$or": [GUARDDUTY_FINDINGS, ours]}


FINDINGS_AND_REPORTS = {**FINDINGS, "detail-type": [*FINDINGS["detail-type"], REPORT]}
"""The same, and reports about findings (contract test). Only this account puts events on the bus, and none under the
name of `aws.`, so the two lists cannot be mixed up."""

MAX_PATTERN_CHARACTERS = 2048
"""Size of one event pattern (EventBridge quotas; raisable on request)."""

MAX_TARGETS = 5
"""Targets of one rule (EventBridge quotas)."""


def finding_pattern(
    *,
    finding_types: Sequence[str] = (),
    accounts: Sequence[str] = (),
    except_accounts: Sequence[str] = (),
    minimum_severity: float | None = None,
    below_severity: float | None = None,
    with_reports: bool = False,
) -> dict[str, Any]:
    """The event pattern of findings of these types, of these accounts or all but those, from one severity to another.

    What is left empty is not asked for. The upper severity is the first that is not taken: bands such as 7.0 to 8.9 and
    9.0 to 10.0 lose a finding of 8.95. With reports, the pattern also takes what an investigation of such a finding
    found: it names type, account and severity at the same places (docs/decisions/0026). A heartbeat matches every such
    pattern: it has the highest severity, and its type, account and mark stand beside those that are asked for.
    """
    detail: dict[str, Sequence[Any]] = {}
    if finding_types:
        detail["type"] = [*(_finding_type(name) for name in finding_types), HEARTBEAT_TYPE]
    if accounts:
        # The finding's own account: in an organization the envelope carries the administrator's.
        detail["accountId"] = [*accounts, HEARTBEAT_ACCOUNT]
    if except_accounts:
        # The heartbeat's is none of them.
        detail["accountId"] = [{"anything-but": list(except_accounts)}]
    bounds = [
        *((">=", minimum_severity) if minimum_severity is not None else ()),
        *(("<", below_severity) if below_severity is not None else ()),
    ]
    if bounds:
        detail["severity"] = [{"numeric": bounds}, *([HEARTBEAT_MARK] if below_severity is not None else [])]
    events = FINDINGS_AND_REPORTS if with_reports else FINDINGS
    return {**events, "detail": detail} if detail else {**events}


def check_limits(*, route: str, pattern: Mapping[str, Any], targets: int) -> None:
    """See that EventBridge takes the rule of a route.

    Raises:
        ValueError: It has more targets, or a longer pattern, than a rule may have.
    """
    if targets > MAX_TARGETS:
        raise ValueError(
            f"route {route!r}: {targets} destinations, but a rule takes {MAX_TARGETS} targets; split the route in two"
        )
    size = characters(pattern)
    if size > MAX_PATTERN_CHARACTERS:
        raise ValueError(
            f"route {route!r}: its event pattern has {size} characters, at most {MAX_PATTERN_CHARACTERS} are "
            "allowed; use a wildcard for finding types of one family, or split the route in two"
        )


_TOKEN_CHARACTERS = 120
"""Room for a name that only CloudFormation knows, such as the ARN of a key of ours."""

_ACCOUNT = re.compile(r"\$\{Token\[AWS\.AccountId\.\d+\]\}")
"""Of the names that only CloudFormation knows the one whose length everybody knows."""


def characters(pattern: object) -> int:
    """How long a pattern, or a part of one, is once CloudFormation has put in what it knows; at most so long."""
    text = _ACCOUNT.sub("0" * 12, json.dumps(pattern, separators=(",", ":")))
    return len(text) + _TOKEN_CHARACTERS * text.count("${Token[")


def _finding_type(name: str) -> str | dict[str, str]:
    head, star, tail = name.partition("*")
    if not star:
        return name
    # A bus takes 30 rules with `wildcard` (EventBridge quotas) and any number with `prefix`.
    return {"prefix": head} if not tail else {"wildcard": name}
