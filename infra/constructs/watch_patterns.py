"""Event patterns over watched calls: as few rules as the length of a pattern allows."""

from collections.abc import Sequence
from typing import Any

from infra.constructs.finding_pattern import MAX_PATTERN_CHARACTERS, characters
from infra.constructs.fixed_names import forwarder_name, heartbeat_name, watch_name
from infra.constructs.stack_location import StackLocation
from infra.constructs.watched_calls import (
    ALARM,
    ALARMS,
    ARCHIVE,
    BOUNDARY,
    BUS,
    DATA_PROTECTION,
    DETECTIVE,
    EXECUTIONS,
    FUNCTION_POLICIES,
    FUNCTIONS,
    GUARDDUTY,
    KEYS,
    LOGS,
    MAPPINGS,
    MOVED,
    MUTED,
    OBJECTS,
    ON_THE_BUS,
    QUEUES,
    READERS,
    ROLES,
    RULES,
    SCHEDULE,
    SECRETS,
    STACKS,
    STATE_MACHINES,
    SUBSCRIPTIONS,
    TABLE_POLICIES,
    TABLES,
    TARGETS,
    TOPICS,
    TRAILS,
    URLS,
    Calls,
)
from infra.constructs.watched_names import beginning, containing, of_secrets, of_stacks

API_CALL = "AWS API Call via CloudTrail"
"""EventBridge's name for an API call that CloudTrail has logged."""

_OF_FUNCTIONS_AND_TABLES = (FUNCTIONS, URLS, FUNCTION_POLICIES, READERS, MAPPINGS, TABLES, TABLE_POLICIES)

Pattern = dict[str, Any]
Clause = tuple[str, Pattern]
"""EventBridge's name of a service, and what `detail` has to hold."""


def region_clauses(
    *,
    prefix: str,
    stacks: Sequence[str],
    roles: Sequence[str],
    role_names: Sequence[str] = (),
    boundary: str | None = None,
    trusted_list: tuple[str, str] | None,
) -> list[Clause]:
    """What could blind one Region: GuardDuty, Detective, the trails that this watch lives on, and the way home.

    Args:
        prefix: First part of the physical names that we choose.
        stacks: Our stacks in the Region.
        roles: Stacks whose roles are watched; empty but in the Region that has IAM's events.
        role_names: Beginnings of the names of those of their roles that do not have their stack's name.
        boundary: Name or ARN of the policy that is the permissions boundary of these roles.
        trusted_list: Bucket and key of the trusted list's file.
    """
    generated = [containing(stack) for stack in stacks]
    clauses = [
        _clause(GUARDDUTY),
        _clause(DETECTIVE),
        _clause(TRAILS),
        _clause(SCHEDULE, [heartbeat_name(prefix)]),
        *_common(generated, stacks),
    ]
    if roles:
        named = [{"prefix": name} for name in role_names]
        clauses.append(_clause(ROLES, [*(beginning(stack) for stack in roles), *named]))
        if boundary:
            clauses.append(
                _clause(BOUNDARY, [boundary if boundary.startswith("arn:") else {"suffix": f":policy/{boundary}"}])
            )
    if trusted_list:
        bucket, key = trusted_list
        source, clause = _clause(OBJECTS, [key])
        clause["requestParameters"]["bucketName"] = [bucket]
        clauses.append((source, clause))
    return clauses


def hub_clauses(
    *,
    bus: str,
    archive: str | None,
    machine: str,
    stacks: Sequence[str],
    stacks_of_roles: Sequence[str] = (),
    secrets: Sequence[str],
    key_arn: str,
    place: StackLocation,
) -> list[Clause]:
    """What could keep findings, once they are home, from being told.

    Args:
        bus: Name of the findings bus.
        archive: Name of its archive; None if it has none.
        machine: Name of the state machine.
        stacks: Our stacks in the Region but the Detection stack.
        stacks_of_roles: Those that hold nothing but roles, whose changes arrive where IAM's events do.
        secrets: Names of the destinations' secrets.
        key_arn: The key of queues and topics.
        place: Where all of this is.
    """
    generated = [containing(stack) for stack in stacks]
    return [
        _clause(ON_THE_BUS, [{"suffix": bus}]),
        _clause(BUS, [{"suffix": bus}]),
        _clause(RULES, generated),
        _clause(TARGETS, generated),
        *([_clause(ARCHIVE, [archive])] if archive else []),
        _clause(STATE_MACHINES, [{"suffix": f":stateMachine:{machine}"}]),
        _clause(EXECUTIONS, [{"wildcard": f"*:execution:{machine}:*"}]),
        *(_clause(one, generated) for one in _OF_FUNCTIONS_AND_TABLES),
        *_common(generated, [*stacks, *stacks_of_roles]),
        *(_clause(SECRETS, forms) for forms in of_secrets(secrets, place)),
        _clause(KEYS, [key_arn]),
    ]


def own_rules(prefix: str) -> list[Clause]:
    """The rules of the watch and the forwarder: each watch rule looks after the others.

    A rule that is switched off does not see it: CloudTrail's event comes later than the call.
    """
    names = [forwarder_name(prefix), {"prefix": f"{watch_name(prefix)}-"}]
    return [_clause(RULES, names), _clause(TARGETS, names)]


def packed(clauses: Sequence[Clause], *, always: Sequence[Clause]) -> list[Pattern]:
    """Few patterns that hold the clauses, each in the first that has room for it, and in each those of `always`.

    Raises:
        ValueError: One clause alone is too long for a pattern.
    """
    packs: list[list[Clause]] = []
    for clause in clauses:
        roomy = next((pack for pack in packs if _size([*pack, clause, *always]) <= MAX_PATTERN_CHARACTERS), None)
        if roomy is not None:
            roomy.append(clause)
            continue
        if (size := _size([clause, *always])) > MAX_PATTERN_CHARACTERS:
            raise ValueError(
                f"watch: the event pattern for {clause[0]} has {size} characters, at most {MAX_PATTERN_CHARACTERS} are "
                "allowed; give the destinations' secrets shorter names"
            )
        packs.append([clause])
    return [_pattern([*pack, *always]) for pack in packs]


def _common(generated: Sequence[object], stacks: Sequence[str]) -> list[Clause]:
    """What every stack has: queues, topics, alarms, logs, and itself; some of `stacks` have only themselves."""
    calls = (QUEUES, MOVED, TOPICS, SUBSCRIPTIONS, DATA_PROTECTION, ALARM, ALARMS, MUTED, LOGS)
    # A change set that is executed by its ARN alone does not say of which stack it is.
    return [*(_clause(one, generated) for one in calls), _clause(STACKS, [*of_stacks(stacks), {"exists": False}])]


def _clause(calls: Calls, names: Sequence[object] = ()) -> Clause:
    called: list[object] = list(calls.names)
    if calls.dated is not False:
        called = [{"prefix": f"{name}20" if calls.dated else name} for name in calls.names]
    clause: Pattern = {"eventSource": [f"{calls.service}.amazonaws.com"], "eventName": called}
    if calls.field:
        place = clause
        *parents, last = calls.field.split(".")
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = list(names)
    return f"aws.{calls.service}", clause


def _pattern(clauses: Sequence[Clause]) -> Pattern:
    details = [clause for _, clause in clauses]
    return {
        "source": list(dict.fromkeys(source for source, _ in clauses)),
        "detail-type": [API_CALL],
        "detail": {"$or": details} if len(details) > 1 else details[0],
    }


def _size(clauses: Sequence[Clause]) -> int:
    return characters(_pattern(clauses))
