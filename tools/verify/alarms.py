"""Alarms against the template: there, able to ring, told to whom they should be, and none red."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tools.templates.assembly import Resource
from tools.verify.check import Check
from tools.verify.live_stack import LiveStack

_AT_ONCE = 100
"""Names in one DescribeAlarms (botocore cloudwatch 1.44.5)."""


def alarms(live: LiveStack) -> Iterator[Check]:
    """Every alarm of the stack is there, tells its topic, and is not red; one check for all that can be compared.

    Before it, between the waves of a deployment, one for each reason why an alarm may be red without that being the
    deployment's fault.
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
    excused: set[str] = set()
    for excuse, why, which in _EXCUSES if live.not_yet_heard else ():
        if these := {name for name in red - excused if which(live, declared[name], found[name])}:
            excused |= these
            told = f"{excuse}: {', '.join(sorted(these))}; passes here, since {why} (docs/operations.md)"
            yield live.awaited("alarms", f"{len(these)} of {len(names)} alarms", told)
    problems = [
        f"{says}: {', '.join(sorted(those))}{mend}"
        for says, those, mend in (
            ("red", red - excused, " (docs/operations.md)"),
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
    fine = f"{'no other' if excused else 'none'} is red, each tells its topic"
    yield live.check("alarms", f"{len(names)} alarms", problems, fine=fine)


def _never_heard(live: LiveStack, declared: Resource, alarm: Mapping[str, Any]) -> bool:
    """Whether silence makes the alarm red, and it has never been green.

    CloudWatch keeps what an alarm was for 30 days (its user guide, alarms).
    """
    if declared.properties.get("TreatMissingData") != "breaching":
        return False
    pages, name = live.client("cloudwatch").get_paginator("describe_alarm_history"), alarm["AlarmName"]
    return not any(
        json.loads(item.get("HistoryData") or "{}").get("newState", {}).get("stateValue") == "OK"
        for page in pages.paginate(AlarmName=name, AlarmTypes=["MetricAlarm"], HistoryItemType="StateUpdate")
        for item in page["AlarmHistoryItems"]
    )


def _older(live: LiveStack, _declared: Resource, alarm: Mapping[str, Any]) -> bool:
    """Whether the alarm was red when the deployment began, and has been since."""
    turned = alarm.get("StateTransitionedTimestamp")
    return turned is not None and live.began is not None and turned < live.began


def _of_accounts(_live: LiveStack, declared: Resource, _alarm: Mapping[str, Any]) -> bool:
    return declared.properties.get("MetricName") in _OF_ACCOUNTS


_OF_ACCOUNTS = ("LeftOutAccounts", "SilentAccounts")
"""What a deployment reports of accounts: it did what it could, and the checks of members name each of them."""

_EXCUSES: tuple[tuple[str, str, Callable[[LiveStack, Resource, Mapping[str, Any]], bool]], ...] = (
    ("red, as nothing is heard yet", "the first heartbeat or review may come after this wave", _never_heard),
    ("red since before this deployment began", "this may be what mends it, now or in a later wave", _older),
    ("red, as accounts are left out", "no deployment mends what ties an account", _of_accounts),
)
"""What an alarm is red for between the waves of a deployment without stopping it; the nightly run excuses nothing."""


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
