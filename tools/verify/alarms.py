"""Alarms against the template: there, able to ring, told to whom they should be, and none red."""

import json
from collections.abc import Iterator
from typing import Any

from tools.templates.assembly import Resource
from tools.verify.check import Check
from tools.verify.live_stack import LiveStack

_AT_ONCE = 100
"""Names in one DescribeAlarms (botocore cloudwatch 1.44.5)."""


def alarms(live: LiveStack) -> Iterator[Check]:
    """Every alarm of the stack is there, tells its topic, and is not red; one check for all that can be compared.

    Before it, where it may be that nothing has been heard yet, one for those that are red when nothing is heard.
    """
    declared = {live.physical(one.logical_id): one for one in live.declared("AWS::CloudWatch::Alarm")}
    wanted = {name: _wanted(live, one) for name, one in declared.items()}
    for name in (name for name, told in wanted.items() if None in told):
        yield live.unknown("alarms", name, "the template names whom it tells in a way that is not known here")
    names = [name for name, told in wanted.items() if None not in told]
    if not names:
        return
    found = _described(live, names)
    red = {name for name, alarm in found.items() if alarm["StateValue"] == "ALARM"}
    silent = {
        name
        for name in red
        if live.not_yet_heard and _silence_is_red(declared[name]) and not _was_heard(live.client("cloudwatch"), name)
    }
    if silent:
        yield live.awaited(
            "alarms",
            f"{len(silent)} of {len(names)} alarms",
            f"red, as nothing is heard yet: {', '.join(sorted(silent))}; passes here, since the first heartbeat or "
            "review may come after this wave (docs/operations.md)",
        )
    problems = [
        f"{says}: {', '.join(sorted(those))}{mend}"
        for says, those, mend in (
            ("red", red - silent, " (docs/operations.md)"),
            (
                "silenced, their actions are switched off",
                [n for n, alarm in found.items() if not alarm.get("ActionsEnabled", True)],
                "; switch them on",
            ),
            (
                "tell others than declared",
                [n for n, alarm in found.items() if wanted[n] != set(alarm.get("AlarmActions", []))],
                "; deploy",
            ),
            ("gone", set(names) - set(found), "; deploy"),
        )
        if those
    ]
    fine = f"{'no other' if silent else 'none'} is red, each tells its topic"
    yield live.check("alarms", f"{len(names)} alarms", problems, fine=fine)


def _silence_is_red(declared: Resource) -> bool:
    return declared.properties.get("TreatMissingData") == "breaching"


def _was_heard(client: Any, name: str) -> bool:  # noqa: ANN401 (a boto3 client)
    """Whether the alarm has been green: CloudWatch keeps what an alarm was for 30 days (its user guide, alarms)."""
    pages = client.get_paginator("describe_alarm_history")
    return any(
        json.loads(item.get("HistoryData") or "{}").get("newState", {}).get("stateValue") == "OK"
        for page in pages.paginate(AlarmName=name, AlarmTypes=["MetricAlarm"], HistoryItemType="StateUpdate")
        for item in page["AlarmHistoryItems"]
    )


def _described(live: LiveStack, names: list[str]) -> dict[str, dict[str, Any]]:
    pages = live.client("cloudwatch").get_paginator("describe_alarms")
    return {
        alarm["AlarmName"]: alarm
        for start in range(0, len(names), _AT_ONCE)
        for page in pages.paginate(AlarmNames=names[start : start + _AT_ONCE])
        for alarm in page["MetricAlarms"]
    }


def _wanted(live: LiveStack, declared: Resource) -> set[str | None]:
    """Whom the template names; None among them for a name of a kind not known here."""
    actions = declared.properties.get("AlarmActions")
    return {live.text(one) for one in actions} if isinstance(actions, list) else set()
