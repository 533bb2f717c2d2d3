"""Of a thief's calls those are told first that did something, and each says how it ended."""

import json
from collections import Counter
from typing import Any

from investigation.activity import APIS, callers_of
from investigation.calls import foremost, kept, parted, shown
from investigation.documents import Caller
from investigation.people import visitors
from investigation.words import named_calls
from tests.unit.investigation.fakes import BEGAN, call
from tests.unit.investigation.world import KEY, THIEF


def caller(*events: dict[str, Any]) -> Caller:
    found = [{"CloudTrailEvent": json.dumps(one)} for one in events]
    (one,) = callers_of(found, told=lambda _: ("outside", "named"))
    return one


def made(name: str, **more: Any) -> dict[str, Any]:
    return call(name, address=THIEF, at=BEGAN, key=KEY, **more)


def test_the_same_call_counts_apart_for_each_way_in_which_it_ended() -> None:
    found = caller(
        made("iam:CreateUser", read_only=False),
        made("iam:CreateUser", read_only=False, error="AccessDenied"),
        made("iam:CreateUser", read_only=False, error="AccessDenied"),
        made("iam:CreateUser", read_only=False, error="EntityAlreadyExists"),
        made("sts:AssumeRole"),
        made("secretsmanager:GetSecretValue"),
        made("s3:ListBuckets"),
    )
    assert shown(found["apis"].items()) == [
        "iam:CreateUser (1, changed something)",
        "sts:AssumeRole (1, took credentials)",
        "secretsmanager:GetSecretValue (1, read a secret)",
        "iam:CreateUser (2, denied)",
        "iam:CreateUser (1, failed)",
        "s3:ListBuckets (1)",
    ]


def test_one_change_is_kept_among_any_number_of_reads() -> None:
    reads = [made(f"s3:Get{number}") for number in range(40) for _ in range(3)]
    found = caller(*reads, made("s3:DeleteBucket", read_only=False))
    assert len(found["apis"]) == APIS
    assert next(iter(found["apis"])) == "s3:DeleteBucket changed something"
    assert found["more_apis"] == 41 - APIS


def test_what_an_older_version_counted_is_told_without_an_end() -> None:
    """An investigation that began before a deployment ends after it."""
    old = caller(made("s3:ListBuckets"))
    old["apis"] = {"s3:PutBucketPolicy": 2, "s3:ListBuckets": 1}
    region: Any = {"read": "all", "reason": "", "calls": 3, "callers": [old], "rest": {}}
    (one,) = visitors({"regions": {"eu-west-1": region}, "late": 0, "looks": 1, "unsorted": ""})
    assert named_calls(one, most=8) == "s3:PutBucketPolicy (2), s3:ListBuckets (1)"


def test_a_name_that_would_look_like_an_end_is_none() -> None:
    """Names are AWS's; what reads the event history takes any text."""
    assert parted(kept("evil:Call denied", "")) == ("evil:Calldenied", "")
    assert foremost(Counter({"a nonsense": 3, "b denied": 1}))[0] == ("b denied", 1)
