"""Alarms against the template: there, able to ring, told to whom they should be, and none red."""

from collections.abc import Iterator, Mapping
from typing import Any

from tools.cloud_assembly import Resource
from tools.verify.live import Live
from tools.verify.verdict import Check

_AT_ONCE = 100
"""Names in one DescribeAlarms (botocore cloudwatch 1.44.5)."""


def alarms(live: Live) -> Iterator[Check]:
    """Every alarm of the stack is there, tells its topic, and is not red; one check for all of them."""
    declared = {live.physical(one.logical_id): one for one in live.declared("AWS::CloudWatch::Alarm")}
    if not declared:
        return
    found = _described(live, list(declared))
    red = sorted(name for name, alarm in found.items() if alarm["StateValue"] == "ALARM")
    silenced = sorted(name for name, alarm in found.items() if not alarm.get("ActionsEnabled", True))
    elsewhere = sorted(name for name, alarm in found.items() if not _tells(live, declared[name], alarm))
    gone = sorted(set(declared) - set(found))
    problems = [f"red: {', '.join(red)} (docs/operations.md)"] if red else []
    problems += [f"silenced, their actions are switched off: {', '.join(silenced)}; switch them on"] if silenced else []
    problems += [f"tell others than declared: {', '.join(elsewhere)}; deploy"] if elsewhere else []
    problems += [f"gone: {', '.join(gone)}; deploy"] if gone else []
    yield live.check("alarms", f"{len(declared)} alarms", problems, fine="none is red, each tells its topic")


def _described(live: Live, names: list[str]) -> dict[str, dict[str, Any]]:
    pages = live.client("cloudwatch").get_paginator("describe_alarms")
    return {
        alarm["AlarmName"]: alarm
        for start in range(0, len(names), _AT_ONCE)
        for page in pages.paginate(AlarmNames=names[start : start + _AT_ONCE])
        for alarm in page["MetricAlarms"]
    }


def _tells(live: Live, declared: Resource, alarm: Mapping[str, Any]) -> bool:
    """Whether it tells those whom the template names; a name of an unknown kind counts as told."""
    actions = declared.properties.get("AlarmActions")
    wanted = [live.text(one) for one in actions] if isinstance(actions, list) else []
    return None in wanted or set(wanted) == set(alarm.get("AlarmActions", []))
