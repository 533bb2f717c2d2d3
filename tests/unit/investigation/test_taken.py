"""What only reads and yet takes something away: a thief who moves on to another role did not only read."""

import json
from typing import Any

import pytest

from investigation.activity import TOOK, callers_of
from investigation.joined import joined
from investigation.people import visitors
from investigation.scope import KEPT, history_start
from investigation.subject import subject_of
from tests.findings import leaked_lambda_credentials
from tests.unit.investigation.fakes import BEGAN, call
from tests.unit.investigation.world import AWS_ADDRESS, KEY, THIEF, World, facts

ACCOUNT = "111122223333"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/admin"
TAKEN = "ASIAI44QH8DHBEXAMPLE"
ASSUMED: dict[str, Any] = {
    "requestParameters": {"roleArn": ADMIN, "roleSessionName": "x"},
    "responseElements": {"credentials": {"accessKeyId": TAKEN}},
}


def steps(world: World) -> str:
    return " ".join(step.text for step in world.investigate().steps)


def test_a_thief_who_moves_on_to_another_role_is_followed() -> None:
    world = World()
    world.plant("sts:AssumeRole", address=THIEF, minutes=12, **ASSUMED)
    told = world.investigate()
    assert told.subject.startswith("Investigated: 1 call from outside, 1 took other credentials")
    assert "was used from 1 outside address: 1 call (1 took other credentials)." in told.headline
    said = " ".join(step.text for step in told.steps)
    assert "Stop the other credentials that were taken, which revoking these does not" in said
    assert f"{TAKEN} of {ADMIN} (AssumeRole)" in said
    assert "nothing was seen to be changed" not in said
    assert facts(told, f"Outside: {THIEF}")["Took"] == f"{TAKEN} of {ADMIN} (AssumeRole)"


def test_a_secret_that_was_read_has_to_be_changed() -> None:
    world = World()
    for _ in range(7):
        world.plant("secretsmanager:GetSecretValue", address=THIEF, minutes=9, requestParameters={"secretId": "pay/db"})
    told = world.investigate()
    assert "7 calls (7 read a secret)" in told.headline
    said = " ".join(step.text for step in told.steps)
    assert "Change the secrets that were read from outside." in said
    assert "nothing was seen to be changed" not in said


def test_the_workloads_own_reading_alarms_nobody() -> None:
    world = World()
    world.plant("sts:AssumeRole", address=AWS_ADDRESS, minutes=12, **ASSUMED)
    world.plant("secretsmanager:GetSecretValue", address=AWS_ADDRESS, minutes=12)
    world.plant("s3:ListBuckets", address=THIEF, minutes=9)
    said = steps(world)
    assert "nothing was seen to be changed from outside" in said
    assert "other credentials" not in said
    assert "secrets" not in said


def test_what_cannot_be_told_apart_is_asked_for() -> None:
    world = World()
    world.plant("sts:AssumeRole", address="10.0.0.1", minutes=12, **ASSUMED)
    assert "cannot be told from the workload's own, of which 1 took other credentials" in steps(world)


@pytest.mark.parametrize(
    ("api", "members", "named"),
    [
        ("sts:AssumeRole", ASSUMED, f"{TAKEN} of {ADMIN} (AssumeRole)"),
        (
            "sts:GetSessionToken",
            {"responseElements": {"credentials": {"accessKeyId": TAKEN}}},
            f"{TAKEN} (GetSessionToken)",
        ),
        (
            "sts:GetFederationToken",
            {"requestParameters": {"name": "eve"}, "responseElements": {"credentials": {"accessKeyId": TAKEN}}},
            f"{TAKEN} of eve (GetFederationToken)",
        ),
        (
            "sts:AssumeRoot",
            {"requestParameters": {"targetPrincipal": ACCOUNT}},
            f"credentials of {ACCOUNT} (AssumeRoot)",
        ),
        (
            "iam:CreateAccessKey",
            {"responseElements": {"accessKey": {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "userName": "ci"}}},
            "AKIAIOSFODNN7EXAMPLE of ci (CreateAccessKey)",
        ),
        ("iam:CreateLoginProfile", {"requestParameters": {"userName": "ci"}}, "credentials of ci (CreateLoginProfile)"),
        ("sts:AssumeRole", {"requestParameters": None, "responseElements": []}, "credentials (AssumeRole)"),
        ("sts:AssumeRole", {"eventSource": "sts.amazonaws.com.cn", **ASSUMED}, f"{TAKEN} of {ADMIN} (AssumeRole)"),
    ],
)  # fmt: skip
def test_credentials_that_were_handed_out_are_named(api: str, members: dict[str, Any], named: str) -> None:
    (caller,) = callers(call(api, address=THIEF, at=BEGAN, key=KEY, **members))
    assert (caller["taken"], caller["took"]) == (1, [named])


@pytest.mark.parametrize(
    ("api", "members", "counts"),
    [
        ("sts:AssumeRole", {"error": "AccessDenied", **ASSUMED}, (0, 0)),
        ("sts:GetCallerIdentity", {}, (0, 0)),
        ("s3:AssumeRole", {}, (0, 0)),
        ("secretsmanager:GetSecretValue", {}, (0, 1)),
        ("secretsmanager:BatchGetSecretValue", {}, (0, 1)),
        ("secretsmanager:DescribeSecret", {}, (0, 0)),
        ("secretsmanager:GetSecretValue", {"error": "ResourceNotFoundException"}, (0, 0)),
        ("ssm:GetParameter", {"requestParameters": {"name": "x", "withDecryption": True}}, (0, 1)),
        ("ssm:GetParametersByPath", {"requestParameters": {"path": "/", "withDecryption": "true"}}, (0, 1)),
        ("ssm:GetParameter", {"requestParameters": {"name": "x"}}, (0, 0)),
        ("ssm:GetParameter", {"requestParameters": {"name": "x", "withDecryption": False}}, (0, 0)),
    ],
)
def test_only_what_was_really_had_counts(api: str, members: dict[str, Any], counts: tuple[int, int]) -> None:
    (caller,) = callers(call(api, address=THIEF, at=BEGAN, key=KEY, **members))
    assert (caller["taken"], caller["secrets"]) == counts


def test_many_are_counted_and_a_few_are_named() -> None:
    (caller,) = callers(
        *(
            call(
                "sts:AssumeRole",
                address=THIEF,
                at=BEGAN,
                key=KEY,
                requestParameters={"roleArn": f"{ADMIN}-{number}"},
            )
            for number in range(50)
        )
    )
    assert caller["taken"] == 50
    assert len(caller["took"]) == TOOK + 1
    assert caller["took"][-1] == "46 more, of 46 others"


def test_the_role_that_a_thief_took_last_is_not_pushed_out_by_one_that_is_taken_all_day() -> None:
    def assumed(role: str, key: str) -> dict[str, Any]:
        return call(
            "sts:AssumeRole",
            address=THIEF,
            at=BEGAN,
            key=KEY,
            requestParameters={"roleArn": role},
            responseElements={"credentials": {"accessKeyId": key}},
        )

    usual = [assumed(f"{ADMIN}-usual", f"ASIA{number:016}") for number in range(400)]
    (caller,) = callers(*usual, assumed(ADMIN, TAKEN))
    assert caller["took"] == [
        f"ASIA{0:016} of {ADMIN}-usual (AssumeRole) and 399 more of it",
        f"{TAKEN} of {ADMIN} (AssumeRole)",
    ]


def test_the_report_says_that_there_are_more_than_it_names() -> None:
    world = World()
    for number in range(50):
        role = {"roleArn": f"{ADMIN}-{number}"}
        world.plant("sts:AssumeRole", address=THIEF, minutes=12, requestParameters=role)
    assert "46 more, of 46 others" in steps(world)


def test_two_looks_keep_what_either_saw() -> None:
    def history(*events: dict[str, Any]) -> Any:
        found = callers(*events)
        region = {"read": "part", "reason": "cut", "calls": len(events), "callers": found, "rest": {}}
        return {"regions": {"eu-west-1": region}, "late": 0, "looks": 1, "unsorted": ""}

    early = call("sts:AssumeRole", address=THIEF, at=BEGAN, key=KEY, **ASSUMED)
    late = call("iam:CreateLoginProfile", address=THIEF, at=BEGAN, key=KEY, requestParameters={"userName": "ci"})
    (one,) = visitors(joined(history(early), history(late)))
    assert (one.sums.get("taken"), set(one.took)) == (
        1, {f"{TAKEN} of {ADMIN} (AssumeRole)", "credentials of ci (CreateLoginProfile)"}
    )  # fmt: skip


def test_a_look_of_an_older_version_is_still_understood() -> None:
    """An execution that waits for the lag while a new version is deployed."""
    older = callers(call("s3:ListBuckets", address=THIEF, at=BEGAN, key=KEY))
    for caller in older:
        for member in ("taken", "secrets", "took"):
            del caller[member]
    region: Any = {"read": "all", "reason": "", "calls": 1, "callers": older, "rest": {}}
    (one,) = visitors({"regions": {"eu-west-1": region}, "late": 0, "looks": 1, "unsorted": ""})
    assert (one.sums.get("taken"), one.sums.get("secrets"), one.took) == (0, 0, ())


def test_a_decrypted_object_is_named_rather_than_its_key() -> None:
    """KMS is called by S3 in the name of whoever reads: often all that the event history has of it."""
    bucket = "arn:aws:s3:::customer-exports/2026"
    event = call(
        "kms:Decrypt",
        address="fas.s3.amazonaws.com",
        at=BEGAN,
        key=KEY,
        resources=[{"ARN": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"}],
        requestParameters={"encryptionContext": {"aws:s3:arn": bucket}},
    )
    (caller,) = callers(event)
    assert caller["resources"] == {f"|{bucket}": 1}


@pytest.mark.parametrize(
    ("key", "kind", "whole"),
    [
        ("AKIAIOSFODNN7EXAMPLE", "IAMUser", True),
        ("ASIAIOSFODNN7EXAMPLE", "IAMUser", True),
        ("ASIAIOSFODNN7EXAMPLE", "AssumedRole", False),
        ("AKIAIOSFODNN7EXAMPLE", "", True),
        ("ASIAIOSFODNN7EXAMPLE", "FederatedUser", True),
    ],
)
def test_all_there_is_of_a_users_key_is_read(key: str, kind: str, whole: bool) -> None:  # noqa: FBT001 (a case)
    event = leaked_lambda_credentials()
    event["detail"]["resource"]["accessKeyDetails"].update(accessKeyId=key, userType=kind)
    since = history_start(subject_of(event), now=BEGAN)
    assert (since == BEGAN - KEPT) == whole


def test_the_account_of_a_host_on_aws_is_read_and_nothing_else_is_taken_for_one() -> None:
    event = leaked_lambda_credentials()
    action = event["detail"]["service"]["action"]["awsApiCallAction"]
    assert subject_of(event)["remote_account"] == ""
    action["remoteAccountDetails"] = {"accountId": "999900001111", "affiliated": False}
    assert subject_of(event)["remote_account"] == "999900001111"
    action["remoteAccountDetails"] = {"accountId": "somebody"}
    assert subject_of(event)["remote_account"] == ""


def callers(*events: dict[str, Any]) -> Any:
    return callers_of([{"CloudTrailEvent": json.dumps(one)} for one in events], told=lambda _: ("outside", "named"))
