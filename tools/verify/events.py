"""Rules and archives of EventBridge against the template."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tools.live.pages import pages
from tools.live.presence import if_there
from tools.verify.check import Check
from tools.verify.live_stack import LiveStack, UnresolvedError


def rules(live: LiveStack) -> Iterator[Check]:
    """Every rule is enabled, with the declared pattern or schedule, and with the declared targets."""
    events = live.client("events")
    for resource in live.declared("AWS::Events::Rule"):
        name = live.physical(resource.logical_id).rpartition("|")[2].rpartition("/")[2]
        bus = live.text(resource.properties.get("EventBusName"))
        where = {"EventBusName": bus} if bus else {}
        found = if_there(events.describe_rule, Name=name, **where)
        if found is None:
            yield live.check("rules", name, ["is gone, so nothing takes what it matches; deploy"], fine="")
            continue
        problems = list(_state(str(resource.properties.get("State", "ENABLED")), found["State"]))
        try:
            pattern = live.resolved(resource.properties.get("EventPattern"))
        except UnresolvedError as error:
            yield live.unknown("rules", name, f"its pattern names {error}, which is not known here")
            continue
        if json.loads(found.get("EventPattern") or "null") != pattern:
            problems.append("matches something else than declared; deploy")
        if (found.get("ScheduleExpression") or "") != (resource.properties.get("ScheduleExpression") or ""):
            problems.append("comes at other times than declared (ScheduleExpression); deploy")
        targets = {target["Id"]: target for target in pages(events.list_targets_by_rule, "Targets", Rule=name, **where)}
        declared = {str(target["Id"]): target for target in _maps(resource.properties.get("Targets"))}
        if set(targets) != set(declared):
            problems.append(f"has the targets {_words(targets)}, declared are {_words(declared)}")
        for id_ in sorted(set(targets) & set(declared)):
            problems += _told(id_, declared[id_], targets[id_])
            for what, wanted, actual in _ends(live, declared[id_], targets[id_]):
                if wanted is None:
                    yield live.unknown("rules", name, f"the template names where {id_} {what} in a way not known here")
                elif wanted != actual:
                    problems.append(f"{id_} {what} {actual or 'nothing'}, declared is {wanted or 'nothing'}")
        yield live.check("rules", name, problems, fine=f"{found['State'].lower()}, as declared")


def archives(live: LiveStack) -> Iterator[Check]:
    """Every archive takes what comes, for as many days as declared."""
    events = live.client("events")
    for resource in live.declared("AWS::Events::Archive"):
        name = live.physical(resource.logical_id)
        found = if_there(events.describe_archive, ArchiveName=name)
        if found is None:
            yield live.check("archives", name, ["is gone, so findings cannot be replayed; deploy"], fine="")
            continue
        problems = [] if found["State"] == "ENABLED" else [f"is {found['State']}, so findings cannot be replayed"]
        days = resource.properties.get("RetentionDays")
        if days is not None and found.get("RetentionDays") != days:
            problems.append(f"keeps findings {found.get('RetentionDays')} days, declared are {days}; deploy")
        yield live.check("archives", name, problems, fine="enabled")


def _state(declared: str, found: str) -> Iterator[str]:
    """Neither on nor off is all there is: a rule may take calls that only read as well."""
    if found == declared:
        return
    if found == "DISABLED":
        yield "is DISABLED, so nothing takes what it matches; enable it"
    else:
        yield f"is {found}, declared is {declared}; deploy"


def _told(id_: str, declared: Mapping[str, object], found: Mapping[str, Any]) -> Iterator[str]:
    """Only a schedule's target is told something of its own; a finding has to arrive as it came."""
    for member in ("Input", "InputPath", "InputTransformer"):
        if member in found and member not in declared:
            yield f"{id_} is not told what came: nobody declared its {member}; deploy"
        elif found.get(member) != declared.get(member):
            yield f"{id_} is told something else than declared ({member}); deploy"


def _ends(
    live: LiveStack, declared: Mapping[str, object], found: Mapping[str, Any]
) -> Iterator[tuple[str, str | None, str]]:
    """Where a target's events go, and where those that cannot be delivered: declared, None if not known, and found."""
    letters = declared.get("DeadLetterConfig")
    dead = letters.get("Arn") if isinstance(letters, Mapping) else ""
    yield "leads to", live.text(declared.get("Arn")), str(found.get("Arn", ""))
    yield "leaves what cannot be delivered to", live.text(dead), str(found.get("DeadLetterConfig", {}).get("Arn", ""))


def _maps(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _words(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
