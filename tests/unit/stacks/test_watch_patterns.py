"""The patterns over watched calls, clause by clause: every name that is looked for, and no other."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from infra.constructs.finding_pattern import MAX_PATTERN_CHARACTERS
from infra.constructs.stack_location import StackLocation
from infra.constructs.watch_patterns import Clause, hub_clauses, own_rules, packed, region_clauses
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
from infra.constructs.watched_names import SECRETS_CHARACTERS

PLACE = StackLocation(partition="aws", region="eu-central-1", account="111122223333")
LONG = "prod-Detection-ap-southeast-1"
CUT = {"wildcard": "*prod-Detection-ap-southe*"}
SHORT = {"wildcard": "*prod-Response*"}
COMMON = (QUEUES, MOVED, TOPICS, SUBSCRIPTIONS, DATA_PROTECTION, ALARM, ALARMS, MUTED, LOGS)


def expected(calls: Calls, *names: object) -> Clause:
    """The clause, written another way than the code does."""
    sign = "20" if calls.dated else ""
    by_beginning = calls.dated is not False
    called: list[object] = [{"prefix": f"{name}{sign}"} if by_beginning else name for name in calls.names]
    clause: dict[str, Any] = {"eventSource": [f"{calls.service}.amazonaws.com"], "eventName": called}
    if calls.field:
        value: Any = list(names)
        for key in reversed(calls.field.split(".")):
            value = {key: value}
        clause |= value
    return f"aws.{calls.service}", clause


def hub(**given: Any) -> list[Clause]:
    plain = {
        "bus": "b", "archive": "a", "machine": "m", "stacks": ["prod-Response"], "secrets": [], "key_arn": "arn:key",
    }  # fmt: skip
    return hub_clauses(**{**plain, "place": PLACE, **given})


def test_a_region_watches_guardduty_detective_its_heartbeat_and_its_stacks() -> None:
    clauses = region_clauses(prefix="prod", stacks=[LONG], roles=(), trusted_list=None)
    assert clauses == [
        expected(GUARDDUTY),
        expected(DETECTIVE),
        expected(TRAILS),
        expected(SCHEDULE, "prod-heartbeat"),
        *(expected(calls, CUT) for calls in COMMON),
        expected(STACKS, {"prefix": LONG[:24]}, {"wildcard": f"*:stack/{LONG[:24]}*"}, {"exists": False}),
    ]


def test_the_region_of_iam_watches_the_roles_and_a_trusted_list_its_file() -> None:
    plain = region_clauses(prefix="prod", stacks=[LONG], roles=(), trusted_list=None)
    clauses = region_clauses(prefix="prod", stacks=[LONG], roles=["prod-Response"], trusted_list=("lists", "ip.txt"))
    source, file = expected(OBJECTS, "ip.txt")
    file["requestParameters"]["bucketName"] = ["lists"]
    assert clauses == [*plain, expected(ROLES, {"prefix": "prod-Response"}), (source, file)]


def test_roles_with_names_of_their_own_are_watched_by_the_beginning_of_these() -> None:
    clauses = region_clauses(
        prefix="prod", stacks=[LONG], roles=["prod-Response"], role_names=["acme-reader"], trusted_list=None
    )
    assert clauses[-1] == expected(ROLES, {"prefix": "prod-Response"}, {"prefix": "acme-reader"})


@pytest.mark.parametrize(
    ("boundary", "looked_for"),
    [
        ("limits", {"suffix": ":policy/limits"}),
        ("arn:aws:iam::123456789012:policy/org/limits", "arn:aws:iam::123456789012:policy/org/limits"),
    ],
)
def test_the_boundary_of_the_roles_is_watched_where_they_are(boundary: str, looked_for: object) -> None:
    there = partial(region_clauses, prefix="prod", stacks=[LONG], trusted_list=None)
    assert there(roles=["prod-Response"], boundary=boundary) == [
        *there(roles=["prod-Response"]),
        expected(BOUNDARY, looked_for),
    ]
    assert there(roles=(), boundary=boundary) == there(roles=())


def test_of_a_stack_that_holds_nothing_but_roles_only_the_stack_is_watched() -> None:
    plain, clauses = hub(), hub(stacks_of_roles=["prod-CiAccess"])
    assert hub(archive=None) == [clause for clause in plain if clause != expected(ARCHIVE, "a")]
    assert [clause for clause in clauses if clause not in plain] == [
        expected(
            STACKS,
            {"prefix": "prod-Response"},
            {"prefix": "prod-CiAccess"},
            {"wildcard": "*:stack/prod-Response*"},
            {"wildcard": "*:stack/prod-CiAccess*"},
            {"exists": False},
        )
    ]
    assert len(clauses) == len(plain)


def test_the_hub_watches_the_bus_its_rules_and_whatever_sends() -> None:
    clauses = hub(bus="prod-findings", archive="kept", machine="prod-investigation")
    assert clauses == [
        expected(ON_THE_BUS, {"suffix": "prod-findings"}),
        expected(BUS, {"suffix": "prod-findings"}),
        expected(RULES, SHORT),
        expected(TARGETS, SHORT),
        expected(ARCHIVE, "kept"),
        expected(STATE_MACHINES, {"suffix": ":stateMachine:prod-investigation"}),
        expected(EXECUTIONS, {"wildcard": "*:execution:prod-investigation:*"}),
        *(
            expected(calls, SHORT)
            for calls in (FUNCTIONS, URLS, FUNCTION_POLICIES, READERS, MAPPINGS, TABLES, TABLE_POLICIES, *COMMON)
        ),
        expected(STACKS, {"prefix": "prod-Response"}, {"wildcard": "*:stack/prod-Response*"}, {"exists": False}),
        expected(KEYS, "arn:key"),
    ]  # fmt: skip


@pytest.mark.parametrize("secrets", [0, 1, 7, 20])
def test_no_field_has_more_wildcards_side_by_side_than_eventbridge_is_known_to_take(secrets: int) -> None:
    """It refuses a rule with four like `*:stack/NAME/*` in one field as too complex, and takes one with three."""
    names = [f"soc/{number}" for number in range(secrets)]
    roles = ["prod-Detection", "prod-Response", "prod-Organization", "prod-CiAccess"]
    clauses = [
        *hub(stacks=roles[1:3], stacks_of_roles=roles[3:], secrets=names),
        *region_clauses(prefix="prod", stacks=roles[:1], roles=roles, trusted_list=("lists", "ip.txt")),
    ]
    side_by_side = {tuple(field) for _, one in clauses for field in wildcards(one) if field}
    assert max(map(len, side_by_side)) == 3
    assert {field for field in side_by_side if len(field) == 3} == {
        ("*:stack/prod-Response*", "*:stack/prod-Organization*", "*:stack/prod-CiAccess*")
    }


def wildcards(pattern: object) -> Iterator[list[str]]:
    """Those of each field."""
    match pattern:
        case dict():
            for value in pattern.values():
                yield from wildcards(value)
        case list():
            yield [one["wildcard"] for one in pattern if isinstance(one, dict) and "wildcard" in one]


def secret(name: str) -> tuple[object, ...]:
    whole = f"arn:aws:secretsmanager:eu-central-1:111122223333:secret:{name}-"
    return name, {"suffix": f":secret:{name}"}, {"prefix": whole}


def test_secrets_fill_a_clause_to_the_character() -> None:
    def clauses(length: int) -> int:
        secrets = ["a" * 100, "b" * length]
        return sum(one[0] == "aws.secretsmanager" for one in hub(secrets=secrets))

    def size(length: int) -> int:
        names = ("a" * 100, "b" * length)
        return len(json.dumps([form for n in names for form in secret(n)], separators=(",", ":")))

    most = max(length for length in range(300) if size(length) <= SECRETS_CHARACTERS)
    # Each character of a name counts three times.
    names = {length: clauses(length) for length in (most, most + 1)}
    assert names == {most: 1, most + 1: 2}
    assert SECRETS_CHARACTERS - size(most) < 3


def test_secrets_are_watched_by_name_arn_and_partial_arn_as_many_in_a_clause_as_fit() -> None:
    secrets = [f"soc/{number}{'x' * 90}" for number in range(5)]
    clauses = hub(secrets=secrets)
    forms = [form for name in secrets for form in secret(name)]
    assert [clause for clause in clauses if clause[0] == "aws.secretsmanager"] == [
        expected(SECRETS, *forms[:6]),
        expected(SECRETS, *forms[6:12]),
        expected(SECRETS, *forms[12:]),
    ]


def test_each_watch_rule_looks_after_the_forwarder_and_the_other_watch_rules() -> None:
    names = ("prod-forwarder", {"prefix": "prod-watch-"})
    assert own_rules("prod") == [expected(RULES, *names), expected(TARGETS, *names)]


def clause(size: int, *, source: str = "aws.a") -> Clause:
    return source, {"x": "y" * size}


def length(pattern: object) -> int:
    return len(json.dumps(pattern, separators=(",", ":")))


def test_one_clause_needs_no_or_and_two_do() -> None:
    assert packed([clause(1)], always=[]) == [
        {"source": ["aws.a"], "detail-type": ["AWS API Call via CloudTrail"], "detail": {"x": "y"}}
    ]
    assert packed([clause(1), clause(2, source="aws.b")], always=[clause(3)]) == [
        {
            "source": ["aws.a", "aws.b"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {"$or": [{"x": "y"}, {"x": "yy"}, {"x": "yyy"}]},
        }
    ]


def test_as_many_clauses_as_fit_share_a_pattern_in_their_order() -> None:
    always = [clause(10, source="aws.z")]
    patterns = packed([clause(600) for _ in range(7)], always=always)
    assert [len(pattern["detail"]["$or"]) for pattern in patterns] == [4, 4, 2]
    assert all(pattern["detail"]["$or"][-1] == {"x": "y" * 10} for pattern in patterns)
    assert all(pattern["source"] == ["aws.a", "aws.z"] for pattern in patterns)
    assert packed([], always=always) == []


def test_a_clause_that_the_last_pattern_has_no_room_for_goes_where_there_is_some() -> None:
    first, second = packed([clause(1500), clause(1700), clause(300), clause(200)], always=[])
    assert [[len(one["x"]) for one in pattern["detail"]["$or"]] for pattern in (first, second)] == [
        [1500, 300],
        [1700, 200],
    ]


def test_a_pattern_may_be_filled_to_the_last_character() -> None:
    (pattern,) = packed([clause(900), clause(0)], always=[])
    room = MAX_PATTERN_CHARACTERS - length(pattern)
    assert [length(one) for one in packed([clause(900), clause(room)], always=[])] == [MAX_PATTERN_CHARACTERS]
    assert len(packed([clause(900), clause(room + 1)], always=[])) == 2
    (alone,) = packed([clause(0)], always=[])
    room = MAX_PATTERN_CHARACTERS - length(alone)
    assert len(packed([clause(room)], always=[])) == 1
    with pytest.raises(ValueError, match=r"^watch: the event pattern for aws\.a has 2049 characters, at most 2048 are"):
        packed([clause(room + 1)], always=[])


def test_a_name_that_only_cloudformation_knows_is_given_room() -> None:
    token = ("aws.a", {"x": "${Token[Key.Arn.123]}"})
    (pattern,) = packed([token], always=[])
    room = MAX_PATTERN_CHARACTERS - length(pattern) - 120
    tight = ("aws.a", {"x": "${Token[Key.Arn.123]}" + "y" * room})
    assert len(packed([tight], always=[])) == 1
    with pytest.raises(ValueError, match="2049 characters"):
        packed([("aws.a", {"x": "${Token[Key.Arn.123]}" + "y" * (room + 1)})], always=[])
