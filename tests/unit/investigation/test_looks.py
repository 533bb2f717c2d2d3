"""Two looks are joined without losing anybody, and what is not told apart still counts."""

import json
from datetime import timedelta
from typing import Any

import pytest

from investigation.documents import Caller, History, RegionHistory, Side
from investigation.joined import joined
from investigation.look import CALLERS, bounded
from notifier.destinations.text import body
from tests.findings import REGION
from tests.unit.investigation.fakes import BEGAN, call
from tests.unit.investigation.world import AWS_ADDRESS, KEY, THIEF, World, facts, titles


def caller(address: str, *, side: Side = "outside", calls: int = 1, writes: int = 0, **members: Any) -> Caller:
    made: Caller = {
        "address": address, "side": side, "how": side, "calls": calls, "writes": writes,
        "denied": 0, "failed": 0, "first": "", "last": "", "apis": {"s3:PutObject": calls}, "more_apis": 0,
        "agents": [], "resources": [],
    }  # fmt: skip
    return {**made, **members}  # type: ignore[typeddict-item]


def region(*callers: Caller, read: str = "all", reason: str = "") -> RegionHistory:
    calls = sum(one["calls"] for one in callers)
    return RegionHistory(read=read, reason=reason, calls=calls, callers=list(callers), rest={})  # type: ignore[typeddict-item]


def history(**regions: RegionHistory) -> History:
    return History(regions=regions, late=0, looks=1, unsorted="")


def test_a_thief_who_hides_what_he_did_under_thousands_of_calls_hides_nothing(world: World) -> None:
    """`GetCallerIdentity` is free, allowed to everybody, and logged."""
    world.plant("iam:CreateAccessKey", address=THIEF, minutes=30, read_only=False)
    world.plant("sts:AssumeRole", address=THIEF, minutes=29, requestParameters={"roleArn": "arn:aws:iam::1:role/admin"})
    for number in range(2_100):
        world.plant("sts:GetCallerIdentity", address=THIEF, minutes=20 - number / 200, late=timedelta())
    told = world.investigate()
    assert told.headline.endswith(": at least 2,002 calls (1 changed something, 2 took other credentials).")
    assert "Took" in facts(told, f"Outside: {THIEF}")
    assert any("other credentials that were taken" in step.text for step in told.steps)


def test_where_not_all_was_read_nothing_is_said_to_be_unchanged(world: World) -> None:
    world.plant("sts:GetCallerIdentity", address=THIEF, minutes=20)
    world.trail("us-east-1").refuses = "AccessDeniedException"
    told = world.investigate()
    assert told.subject.endswith("at least 1 call from outside, what they did is not known in full")
    said = body(told)
    assert "none changed anything" not in said
    assert "nothing was seen to be changed" not in said
    assert "only read)" in said
    assert "(it only read)" not in said


def test_a_thief_who_calls_until_the_second_look_is_cut_is_in_the_report_with_what_came_before(world: World) -> None:
    for number in range(100):
        world.plant("dynamodb:GetItem", address=AWS_ADDRESS, minutes=700 + number)
    for number in range(1_990):
        # After the first look, and before the second.
        at = BEGAN + timedelta(seconds=1 + number / 4)
        event = call("s3:DeleteBucket", address=THIEF, at=at, key=KEY, read_only=False)
        world.trail(REGION).plant(event, visible=at)
    told = world.investigate()
    assert told.headline == (
        "The key ASIAIOSFODNN7EXAMPLE was used from at least 1 outside address: at least 1,990 calls (1,990 changed "
        "something)."
    )
    did = facts(told, "What the key did")
    # Ten of the first look's hundred are in the second, too, and count once.
    assert did["From inside"] == "at least 100 calls (what was seen of them only read)"
    assert did["Calls seen"].startswith("at least 2,090 since ")
    assert did["Arrived late"] == "at least 1,990 calls that only the second look saw"
    why = (
        "eu-west-1: read in part: after the lag there are more than 2,000 calls; of the oldest only those that changed "
        "something, took credentials or read a secret were read"
    )
    assert facts(told, "Not known")["Event history"] == why


def test_what_both_looks_saw_counts_once_and_what_one_saw_is_kept() -> None:
    both: dict[str, Any] = {"first": "2026-11-23T04:00:00+00:00", "last": "2026-11-23T04:09:00+00:00", "agents": ["a"]}
    early = history(
        a=region(caller("1", calls=5, writes=2, apis={"x": 4, "y": 1}, **both), caller("2", side="inside", calls=7))
    )
    late = history(
        a=region(
            caller("1", calls=9, apis={"x": 1, "z": 8}, first="2026-11-23T04:05:00+00:00", last="", agents=["b", "c"]),
            caller("3", calls=2),
            read="part",
            reason="no time was left",
        )
    )
    one = joined(early, late)["regions"]["a"]
    assert {entry["address"]: entry["calls"] for entry in one["callers"]} == {"1": 9, "2": 7, "3": 2}
    (same,) = (entry for entry in one["callers"] if entry["address"] == "1")
    assert (same["writes"], same["apis"], same["agents"]) == (2, {"z": 8, "x": 4, "y": 1}, ["b", "c"])
    assert (same["first"], same["last"]) == (both["first"], both["last"])
    assert (one["read"], one["reason"], one["calls"]) == ("part", "after the lag no time was left", 18)
    assert joined(early, late)["late"] == 6


def test_a_first_look_that_was_cut_too_keeps_the_reason_of_the_second() -> None:
    early = history(a=region(caller("1", calls=5), read="part", reason="first"))
    late = history(a=region(caller("2", calls=4), read="part", reason="second"))
    one = joined(early, late)["regions"]["a"]
    assert (one["calls"], one["reason"]) == (9, "second")


def test_a_second_look_that_saw_less_takes_nobody_away() -> None:
    early = history(a=region(caller("1"), caller("2", side="inside")))
    one = joined(early, history(a=region(caller("2", side="inside"))))["regions"]["a"]
    assert {entry["address"] for entry in one["callers"]} == {"1", "2"}
    assert (one["read"], one["reason"]) == ("part", "the second look saw fewer calls than the first")


def test_sums_of_the_first_look_are_kept_where_the_second_tells_fewer_apart() -> None:
    many = [caller(f"198.51.100.{number}", writes=1) for number in range(60)]
    early = bounded(history(a=region(*many)))
    late = history(a=region(*many[:3], caller("9", calls=2), read="part", reason="no time was left"))
    one = bounded(joined(early, late))["regions"]["a"]
    shown = sum(entry["writes"] for entry in one["callers"])
    assert one["rest"]["outside"]["writes"] + shown == 60
    assert one["rest"]["outside"]["addresses"] + len(one["callers"]) == 60
    assert one["calls"] == sum(entry["calls"] for entry in one["callers"]) + one["rest"]["outside"]["calls"]


def test_who_changed_something_outside_is_kept_before_whoever_only_called_often() -> None:
    readers = [caller(f"reader-{number}", calls=5_000) for number in range(CALLERS)]
    one = bounded(history(a=region(*readers, caller("writer", writes=1))))["regions"]["a"]
    assert len(one["callers"]) == CALLERS
    assert "writer" in {entry["address"] for entry in one["callers"]}
    assert one["rest"] == {
        "outside": {
            "addresses": 1, "calls": 5_000, "writes": 0, "taken": 0, "secrets": 0, "denied": 0, "failed": 0,
            "first": "", "last": "",
        }
    }  # fmt: skip


def test_who_read_a_secret_outside_is_kept_and_told_before_whoever_only_called_often(world: World) -> None:
    readers = [caller(f"reader-{number}", calls=5_000) for number in range(CALLERS)]
    one = bounded(history(a=region(*readers, caller("taker", secrets=1))))["regions"]["a"]
    assert "taker" in {entry["address"] for entry in one["callers"]}
    for number in range(7):
        for _ in range(2):
            world.plant("s3:ListBuckets", address=f"203.0.113.{number}", minutes=20)
    taker = "203.0.113.77"
    world.plant("secretsmanager:GetSecretValue", address=taker, minutes=9, requestParameters={"secretId": "pay/db"})
    told = world.investigate()
    assert next(title for title in titles(told) if title.startswith("Outside: ")) == f"Outside: {taker}"
    assert facts(told, f"Outside: {taker}")["On"] == "secretId pay/db"


@pytest.mark.parametrize("regions", [(REGION,), (REGION, "us-east-1")])
def test_sixty_thieves_are_sixty_in_the_report(world: World, regions: tuple[str, ...]) -> None:
    for number in range(60):
        for name in regions:
            world.plant(
                "s3:PutBucketPolicy", address=f"203.0.113.{number}", minutes=20 + number, region=name, read_only=False
            )
        world.plant("s3:ListBuckets", address=f"10.0.0.{number}", minutes=20 + number)
    told = world.investigate()
    calls = 60 * len(regions)
    assert told.headline == (
        f"The key ASIAIOSFODNN7EXAMPLE was used from at least 60 outside addresses: {calls} calls ({calls} changed "
        "something)."
    )
    did = facts(told, "What the key did")
    assert did["Calls seen"].startswith(f"{calls + 60} since ")
    assert did["From outside"] == f"{calls} calls ({calls} changed something)"
    assert did["Not attributable"] == "60 calls (all of them only read)"
    # The earliest is one of those that are not told apart.
    assert did["First use outside"] == "2026-11-23 03:01:00 UTC"
    assert len([title for title in titles(told) if title.startswith("Outside: ")]) == 6
    more = facts(told, "Not known")["More addresses"]
    assert more == (
        f"{calls - 36} outside and 60 unclear are in the sums and not told apart; one that called in several Regions "
        "counts in each"
    )


def test_a_report_of_an_investigation_that_began_before_an_upgrade_is_made_all_the_same(world: World) -> None:
    def invoke(given: dict[str, Any]) -> object:
        made = world.worker().run(given)
        if given["step"].startswith("look"):
            for one in made["regions"].values():  # type: ignore[index]
                del one["rest"]
        if given["step"] == "permissions":
            del made["broad"]  # type: ignore[attr-defined]
        return json.loads(json.dumps(made))

    world.plant("s3:ListBuckets", address=THIEF, minutes=30)
    assert world.investigate(invoke=invoke).headline.endswith("1 outside address: 1 call (it only read).")
