"""Of what a thief's calls were about, what was changed or read comes first, however much else was looked at."""

import json
from typing import Any

from investigation.activity import RESOURCES, callers_of
from investigation.documents import Caller
from investigation.joined import joined
from investigation.people import visitors
from investigation.resources import foremost, kept, names
from tests.unit.investigation.fakes import BEGAN, call
from tests.unit.investigation.test_looks import history, region
from tests.unit.investigation.world import KEY, THIEF, World, facts


def made(name: str, **more: Any) -> dict[str, Any]:
    return call(name, address=THIEF, at=BEGAN, key=KEY, **more)


def caller(*events: dict[str, Any]) -> Caller:
    found = [{"CloudTrailEvent": json.dumps(one)} for one in events]
    (one,) = callers_of(found, told=lambda _: ("outside", "named"))
    return one


def looked_at(many: int, *, prefix: str = "data") -> list[dict[str, Any]]:
    """Reads of buckets, each twice."""
    return [
        made("s3:GetBucketPolicy", requestParameters={"bucketName": f"{prefix}-{number}"})
        for number in range(many)
        for _ in range(2)
    ]


SECRET = made("secretsmanager:GetSecretValue", requestParameters={"secretId": "prod/master"})
USER = made("iam:CreateUser", read_only=False, requestParameters={"userName": "backdoor"})


def test_what_was_changed_or_read_is_told_among_any_number_of_things_that_were_looked_at() -> None:
    world = World()
    for number in range(8):
        for _ in range(2):
            asked = {"bucketName": f"data-{number}"}
            world.plant("s3:GetBucketPolicy", address=THIEF, minutes=20, requestParameters=asked)
    world.plant(
        "secretsmanager:GetSecretValue", address=THIEF, minutes=9, requestParameters={"secretId": "prod/master"}
    )
    asked = {"userName": "backdoor"}
    world.plant("iam:CreateUser", address=THIEF, minutes=8, read_only=False, requestParameters=asked)
    assert facts(world.investigate(), f"Outside: {THIEF}")["On"] == (
        "userName backdoor, secretId prod/master, bucketName data-0, bucketName data-1, bucketName data-2, bucketName "
        "data-3 and at least 2 more"
    )


def test_where_every_resource_was_kept_the_rest_is_counted() -> None:
    world = World()
    for number in range(RESOURCES - 1):
        asked = {"bucketName": f"data-{number}"}
        world.plant("s3:GetBucketPolicy", address=THIEF, minutes=20, requestParameters=asked)
    assert facts(world.investigate(), f"Outside: {THIEF}")["On"].endswith("bucketName data-5 and 1 more")


def test_a_region_with_much_that_was_looked_at_pushes_out_nothing_of_another() -> None:
    found = history(**{"eu-west-1": region(caller(*looked_at(RESOURCES))), "us-east-1": region(caller(SECRET, USER))})
    (one,) = visitors(found)
    assert one.resources[:2] == ("userName backdoor", "secretId prod/master")


def test_two_looks_keep_what_was_changed_of_either() -> None:
    early = history(a=region(caller(USER)))
    late = history(a=region(caller(*looked_at(RESOURCES)), read="part", reason="cut"))
    (one,) = joined(early, late)["regions"]["a"]["callers"]
    assert len(one["resources"]) == RESOURCES
    assert names(one["resources"])[0] == "userName backdoor"


def test_what_was_looked_at_and_then_changed_is_told_once() -> None:
    asked = {"bucketName": "data"}
    one = caller(
        made("s3:GetBucketPolicy", requestParameters=asked),
        made("s3:PutBucketPolicy", read_only=False, requestParameters=asked),
        made("s3:PutBucketPolicy", read_only=False, error="AccessDenied", requestParameters=asked),
    )
    assert one["resources"] == {"changed something|bucketName data": 1}


def test_a_name_that_would_look_like_an_outcome_is_none() -> None:
    """A thief chooses the names of what is called in vain."""
    feigned = caller(made("s3:GetBucketPolicy", requestParameters={"name": "changed something|x"}))
    assert feigned["resources"] == {"|name changed something|x": 1}
    first = foremost({**feigned["resources"], kept("a", "failed"): 1}.items())
    assert list(first) == ["failed|a", "|name changed something|x"]


def test_what_an_older_version_kept_is_told_as_it_stands() -> None:
    """An investigation that began before a deployment ends after it."""
    old = caller(made("s3:ListBuckets"))
    old["resources"] = ["bucketName b", "a|b"]
    assert set(visitors(history(a=region(old)))[0].resources) == {"bucketName b", "a|b"}
    (one,) = joined(history(a=region(old)), history(a=region(caller(USER), read="part")))["regions"]["a"]["callers"]
    assert names(one["resources"])[0] == "userName backdoor"
