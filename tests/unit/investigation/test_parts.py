"""The window of time, the role, the addresses, the permissions, and what travels between the states."""

import json
import random
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from investigation.activity import callers_of
from investigation.aws_networks import AwsNetworks
from investigation.documents import Caller, Entity, History, Permissions, RegionHistory
from investigation.entity import entity_of
from investigation.joined import joined
from investigation.look import CALLERS, MOST_BYTES, bounded
from investigation.origin import Origins, addresses_of
from investigation.permissions import permissions_of
from investigation.refused import Throttled
from investigation.scope import LONGEST, SHORTEST, history_start, investigation_scope
from investigation.subject import is_of_workload, is_sample, subject_of
from investigation.wire import iso, moment
from shared.egress import EgressRange
from tests.findings import ACCOUNT, leaked_instance_credentials, leaked_lambda_credentials, leaked_user_credentials
from tests.unit.investigation.fakes import BEGAN, call
from tests.unit.investigation.states import Machine, UnknownLanguage
from tests.unit.investigation.world import (
    AWS_ADDRESS,
    EGRESS,
    KEY,
    ROLE,
    ROLE_ARN,
    SETTINGS,
    THIEF,
    World,
    facts,
)

AWS = AwsNetworks.of([ip_network("192.0.2.192/26"), ip_network("2001:db8:a::/48")])


@given(first=st.integers(-200_000, 200), length=st.integers(-100, 200_000))
def test_the_window_is_one_that_detective_takes(first: int, length: int) -> None:
    seen = BEGAN + timedelta(minutes=first)
    subject = subject_of(leaked_lambda_credentials())
    subject["first_seen"], subject["last_seen"] = iso(seen), iso(seen + timedelta(minutes=length))
    start, end = investigation_scope(subject, now=BEGAN)
    assert SHORTEST <= end - start <= LONGEST
    assert end <= BEGAN
    assert BEGAN - timedelta(days=90) <= history_start(subject, now=BEGAN) < BEGAN


def test_a_finding_without_times_is_looked_at_until_now() -> None:
    subject = subject_of({"detail": {}})
    assert investigation_scope(subject, now=BEGAN) == (BEGAN - SHORTEST, BEGAN)


def entity(event: dict[str, Any], world: World | None = None) -> Entity:
    world = world or World()
    return entity_of(subject_of(event), iam=lambda: world.of(event["detail"]["accountId"], "iam"))


def test_the_role_is_the_one_of_the_finding_if_it_is_the_keys() -> None:
    world = World()
    assert entity(leaked_lambda_credentials(), world)["arn"] == ROLE_ARN
    assert world.iam.calls == []


def test_a_role_without_its_path_is_asked_for_in_the_owning_account() -> None:
    world, event = World(), leaked_instance_credentials()
    arn = f"arn:aws:iam::{ACCOUNT}:role/ci/agents/build-agent-role"
    world.iam.roles["build-agent-role"] = world.iam.roles[ROLE] | {"Arn": arn, "RoleName": "build-agent-role"}
    assert entity(event, world) == {"kind": "role", "arn": arn, "name": "build-agent-role", "reason": ""}


def test_a_role_of_another_account_is_not_the_keys_though_it_has_its_name() -> None:
    world, event = World(), leaked_lambda_credentials()
    event["detail"]["resource"]["lambdaDetails"]["role"] = ROLE_ARN.replace(ACCOUNT, "999900001111")
    assert entity(event, world) == {"kind": "role", "arn": ROLE_ARN, "name": ROLE, "reason": ""}
    assert world.iam.calls == ["GetRole"]


def test_a_function_that_has_another_role_by_now_does_not_mislead() -> None:
    event = leaked_lambda_credentials()
    event["detail"]["resource"]["lambdaDetails"]["role"] = f"arn:aws:iam::{ACCOUNT}:role/new-role"
    assert entity(event)["arn"] == ROLE_ARN


@pytest.mark.parametrize("key", [{"userType": "IAMUser"}, {"userType": "", "accessKeyId": "AKIAIOSFODNN7EXAMPLE"}])
def test_a_user_is_asked_for_with_its_path(key: dict[str, str]) -> None:
    world, event = World(), leaked_instance_credentials()
    event["detail"]["resource"]["accessKeyDetails"].update(key, userName="build")
    world.plant_user("build", path="/ci/")
    arn = f"arn:aws:iam::{ACCOUNT}:user/ci/build"
    assert entity(event, world) == {"kind": "user", "arn": arn, "name": "build", "reason": ""}
    assert world.iam.calls == ["GetUser"]


NOBODY_ELSE = "Detective investigates roles and IAM users only"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"userName": None}, "the finding does not name the role"),
        ({"userName": "x; rm"}, "the finding does not name the role"),
        ({"userName": "gone"}, "the path of the role gone is not known: GetRole was refused (NoSuchEntity)"),
        ({"userType": "IAMUser", "userName": None}, "the finding does not name the user"),
        (
            {"userType": "IAMUser", "userName": "gone"},
            "the path of the user gone is not known: GetUser was refused (NoSuchEntity)",
        ),
        ({"userType": "Root"}, f"the key is of the root user; {NOBODY_ELSE}"),
        ({"userType": "FederatedUser"}, f"the key is of a federated user; {NOBODY_ELSE}"),
    ],
)
def test_a_role_that_cannot_be_told_is_not_guessed(change: dict[str, Any], reason: str) -> None:
    event = leaked_instance_credentials()
    event["detail"]["resource"]["accessKeyDetails"].update(change)
    found = entity(event)
    assert (found["arn"], found["reason"]) == ("", reason)


def test_a_member_that_lets_nobody_in_has_no_known_role() -> None:
    event = leaked_instance_credentials()
    event["detail"]["accountId"] = "444455556666"
    assert "investigation.member_role is not configured" in entity(event)["reason"]


WHY = {
    "named": "the address in the finding",
    "service": "an AWS service, in the name of whoever used the key",
    "endpoint": "the VPC endpoint vpce-1; CloudTrail does not say whose",
    "own-endpoint": "your own VPC endpoint vpce-1",
    "other-endpoint": "the VPC endpoint vpce-1 of another account, 999900001111: that of your network, or a stranger's",
    "foreign-endpoint": "the VPC endpoint vpce-1 of the account in the finding, 999900001111",
    "egress": "your egress range frankfurt-dc",
    "some-egress": "your egress range some, which is for some workloads only",
    "every-egress": "your egress range every",
    "observed-egress": "your egress range trial, which is only being observed",
    "aws": "an address of AWS",
    "public": "a public address that is neither AWS's nor in your egress",
    "unread": "no address that could be read",
    "private": "a private address without the id of a VPC endpoint",
    "unsorted": "a public address; AWS's list of its own could not be read",
}
"""How it is said where a call came from."""


def origin(**members: Any) -> tuple[str, str]:
    inside_aws, of_workload = members.pop("inside_aws", False), members.pop("of_workload", True)
    known = members.pop("known", AWS)
    egress = members.pop("egress", SETTINGS.egress)
    named = addresses_of((THIEF, "2001:db8:a:0:0:0:0:7", "nonsense"))
    remote = members.pop("remote", "")
    origins = Origins(
        named=named,
        account=ACCOUNT,
        remote_account=remote,
        of_workload=of_workload,
        inside_aws=inside_aws,
        egress=egress,
        aws=known,
    )
    side, how = origins.of(members)
    (why,) = {name for name, words in WHY.items() if words in how}
    return why, side


OWN, FOREIGN = {"vpcEndpointAccountId": ACCOUNT}, {"vpcEndpointAccountId": "999900001111"}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"sourceIPAddress": THIEF}, ("named", "outside")),
        ({"sourceIPAddress": THIEF, "vpcEndpointId": "vpce-1", **OWN}, ("named", "outside")),
        ({"sourceIPAddress": "10.0.0.1", "vpcEndpointId": "vpce-1", **OWN}, ("own-endpoint", "inside")),
        ({"sourceIPAddress": "10.0.0.1", "vpcEndpointId": "vpce-1"}, ("endpoint", "unclear")),
        ({"sourceIPAddress": "10.0.0.1", "vpcEndpointId": "vpce-1", **FOREIGN}, ("other-endpoint", "unclear")),
        (
            {"sourceIPAddress": "10.0.0.1", "vpcEndpointId": "vpce-1", **FOREIGN, "remote": "999900001111"},
            ("foreign-endpoint", "outside"),
        ),
        (
            {"sourceIPAddress": "10.0.0.1", "vpcEndpointId": "vpce-1", **FOREIGN, "remote": "999900002222"},
            ("other-endpoint", "unclear"),
        ),
        (
            {"sourceIPAddress": "10.0.0.1", "vpcEndpointId": "vpce-1", **OWN, "remote": ACCOUNT},
            ("own-endpoint", "inside"),
        ),
        ({"sourceIPAddress": "10.0.0.1"}, ("private", "unclear")),
        ({"sourceIPAddress": "2001:db8:a::7"}, ("named", "outside")),
        ({"sourceIPAddress": "2001:DB8:A:0::7", "vpcEndpointId": "vpce-1", **OWN}, ("named", "outside")),
        ({"sourceIPAddress": "nonsense"}, ("unread", "unclear")),
        ({"sourceIPAddress": "lambda.amazonaws.com"}, ("service", "unclear")),
        ({"sourceIPAddress": "lambda.amazonaws.com.cn"}, ("service", "unclear")),
        ({"sourceIPAddress": "lambda.amazonaws.com.cn.evil.example"}, ("unread", "unclear")),
        ({"sourceIPAddress": "lambda.amazonaws.com.evil.example"}, ("unread", "unclear")),
        ({"sourceIPAddress": "AWS Internal"}, ("service", "unclear")),
        ({"sourceIPAddress": EGRESS}, ("egress", "inside")),
        ({"sourceIPAddress": AWS_ADDRESS}, ("aws", "inside")),
        ({"sourceIPAddress": "2001:db8:a::1"}, ("aws", "inside")),
        ({"sourceIPAddress": AWS_ADDRESS, "inside_aws": True}, ("aws", "unclear")),
        ({"sourceIPAddress": AWS_ADDRESS, "of_workload": False}, ("aws", "unclear")),
        ({"sourceIPAddress": EGRESS, "of_workload": False}, ("egress", "inside")),
        (
            {"sourceIPAddress": "10.0.0.1", "vpcEndpointId": "vpce-1", **OWN, "of_workload": False},
            ("own-endpoint", "inside"),
        ),
        ({"sourceIPAddress": "203.0.113.77"}, ("public", "outside")),
        ({"sourceIPAddress": "203.0.113.77", "known": None}, ("unsorted", "unclear")),
        ({"sourceIPAddress": "203.0.113.77", "egress": ()}, ("public", "outside")),
        ({}, ("unread", "unclear")),
    ],
)
def test_an_address_is_inside_only_where_that_can_be_told(event: dict[str, Any], expected: tuple[str, str]) -> None:
    assert origin(**event) == expected


EXFILTRATION = "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS"


@pytest.mark.parametrize(
    ("kind", "user_type", "expected"),
    [
        (EXFILTRATION, "AssumedRole", True),
        ("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.InsideAWS", "Role", True),
        (EXFILTRATION, "IAMUser", False),
        ("CredentialAccess:IAMUser/CompromisedCredentials", "AssumedRole", False),
        ("CredentialAccess:IAMUser/CompromisedCredentials", "Root", False),
        ("CredentialAccess:IAMUser/CompromisedCredentials", "FederatedUser", False),
        ("Recon:IAMUser/TorIPCaller", "AssumedRole", False),
    ],
)
def test_only_some_findings_say_that_the_key_is_a_workloads(kind: str, user_type: str, *, expected: bool) -> None:
    event = leaked_lambda_credentials()
    event["detail"]["type"] = kind
    event["detail"]["resource"]["accessKeyDetails"]["userType"] = user_type
    assert is_of_workload(subject_of(event)) == expected


def test_a_range_for_some_workloads_alone_does_not_make_a_call_the_workloads_own() -> None:
    """Whoever took the key of another workload may sit behind the same gateway."""
    some = EgressRange(name="some", owner="network-ops", networks=(ip_network("192.0.2.0/28"),), scoped=True)
    every = EgressRange(name="every", owner="network-ops", networks=(ip_network("192.0.2.0/24"),))
    assert origin(sourceIPAddress=EGRESS, egress=(some,)) == ("some-egress", "unclear")
    assert origin(sourceIPAddress=EGRESS, egress=(some, every)) == ("every-egress", "inside")
    trial = EgressRange(name="trial", owner="network-ops", networks=(ip_network("192.0.2.0/24"),), observing=True)
    assert origin(sourceIPAddress=EGRESS, egress=(trial,)) == ("observed-egress", "unclear")
    assert origin(sourceIPAddress=EGRESS, egress=(trial, some)) == ("some-egress", "unclear")
    assert origin(sourceIPAddress=EGRESS, egress=(trial, every)) == ("every-egress", "inside")


def test_the_address_of_the_finding_is_outside_and_said_to_be_in_ones_own_range() -> None:
    """GuardDuty says that it is not the workload's; that somebody knows the range is what its owner is asked about."""
    trial = EgressRange(
        name="trial", owner="network-ops", networks=(ip_network("198.51.100.0/24"), ip_network(THIEF)), observing=True
    )
    origins = Origins(
        named=addresses_of((THIEF,)),
        account=ACCOUNT,
        remote_account="",
        of_workload=True,
        inside_aws=False,
        egress=(trial,),
        aws=AWS,
    )
    assert origins.of({"sourceIPAddress": THIEF}) == (
        "outside", "the address in the finding; it is in your egress range trial, so it may be your own traffic"
    )  # fmt: skip


def test_a_finding_with_two_addresses_names_both() -> None:
    event = leaked_lambda_credentials()
    remote = event["detail"]["service"]["action"]["awsApiCallAction"]["remoteIpDetails"]
    remote["ipAddressV6"] = "2001:db8::7"
    assert subject_of(event)["addresses"] == [THIEF, "2001:db8::7"]
    assert subject_of({})["addresses"] == []


def test_a_time_without_a_zone_is_utc_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        expected = datetime(2026, 11, 23, 4, 20, tzinfo=UTC)
        assert moment(datetime(2026, 11, 23, 4, 20)) == moment("2026-11-23T04:20:00") == expected  # noqa: DTZ001
        assert moment("2026-11-23T13:20:00+09:00") == expected
    finally:
        monkeypatch.undo()
        time.tzset()


POLICY = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:*", "kms:Decrypt"], "Resource": "*"}}


def test_permissions_are_names_of_policies_and_services() -> None:
    world = World()
    world.iam.roles[ROLE]["PermissionsBoundary"] = {"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/edge"}
    world.iam.attached = {"Orders": json.dumps(POLICY), "Reading": json.dumps({"Statement": []})}
    world.iam.inline = {"Own": json.dumps({"Statement": [{"Effect": "Deny", "Action": "*"}]})}
    found = permissions_of(world.worker().plan(subject_of(world.event))["entity"], iam=lambda: world.of(ACCOUNT, "iam"))
    assert found["policies"] == ["Orders", "Reading", "Own (inline)"]
    assert found["services"] == ["s3 (everything)", "kms (1 action)"]
    assert (found["everything"], found["unread"]) == (False, [])
    assert found["boundary"].endswith("policy/edge")


@pytest.mark.parametrize(
    ("statement", "everything", "broad"),
    [
        ({"Action": "*", "Resource": "*"}, True, []),
        ({"Action": ["s3:GetObject", "*:*"], "Resource": ["*"]}, True, []),
        ({"Action": "*", "Resource": "arn:aws:sqs:eu-west-1:111122223333:q"}, False, ["all actions on some resources"]),
        ({"Action": "*", "Resource": "*", "Condition": {"Bool": {}}}, False, ["all actions under conditions"]),
        ({"NotAction": "iam:*", "Resource": "*"}, False, ["all actions but iam:*"]),
        (
            {"NotAction": ["iam:*", "s3:*"], "Resource": "arn:aws:sqs:eu-west-1:111122223333:q"},
            False,
            ["all actions but iam:*, s3:* on some resources"],
        ),
        ({"NotAction": [f"s{n}:*" for n in range(6)], "Resource": "*"}, False,
            ["all actions but s0:*, s1:*, s2:*, s3:* and 2 more"]),
        ({"Action": "s3:*", "Resource": "*"}, False, []),
    ],
)  # fmt: skip
def test_only_a_policy_without_any_bound_allows_everything(
    statement: dict[str, Any], broad: list[str], *, everything: bool
) -> None:
    world = World()
    world.iam.inline = {"Own": json.dumps({"Statement": [{"Effect": "Allow", **statement}]})}
    found = permissions_of({"arn": ROLE_ARN, "name": ROLE, "reason": ""}, iam=lambda: world.of(ACCOUNT, "iam"))
    assert (found["everything"], found["broad"]) == (everything, broad)
    assert not [one for one in found["services"] if one.startswith(("*", "every"))]
    may = facts(world.investigate(), "What the role may do")
    assert ("Everything" in may) == everything
    assert may.get("Nearly everything") == (f"policies allow {'; '.join(broad)}" if broad else None)


USER_KEY = "AKIAIOSFODNN7EXAMPLE"


def user_case() -> World:
    """An IAM user's long-term key is used by strangers; it may do what it and its groups may."""
    world = World(event=leaked_user_credentials())
    world.plant_user("build", path="/ci/")
    world.iam.attached = {"Orders": json.dumps(POLICY)}
    world.iam.inline = {"Own": json.dumps({"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}})}
    world.iam.groups = {
        "builders": {"Push": json.dumps({"Statement": {"Effect": "Allow", "Action": "ecr:PutImage", "Resource": "*"}})},
        "staff": {},
    }
    world.iam.group_attached = {"Base": json.dumps({"Statement": {"Effect": "Allow", "Action": "iam:*"}})}
    return world


def test_a_user_may_what_it_and_its_groups_may() -> None:
    world = user_case()
    world.iam.users["build"]["PermissionsBoundary"] = {"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/edge"}
    world.iam.keys = {USER_KEY: "Active", "AKIAI44QH8DHBEXAMPLE": "Inactive"}
    found = permissions_of(world.worker().plan(subject_of(world.event))["entity"], iam=lambda: world.of(ACCOUNT, "iam"))
    assert found == {
        "read": True,
        "reason": "",
        "policies": [
            "Orders",
            "Own (inline)",
            "Base, of group builders",
            "Push (inline), of group builders",
            "Base, of group staff",
        ],
        "more_policies": 0,
        "unread": [],
        "services": ["iam (everything)", "s3 (everything)", "sqs (everything)", "ecr (1 action)", "kms (1 action)"],
        "everything": False,
        "broad": [],
        "boundary": f"arn:aws:iam::{ACCOUNT}:policy/edge",
        "keys": [f"{USER_KEY} (active, made 2026-11-23)", "AKIAI44QH8DHBEXAMPLE (inactive, made 2026-11-23)"],
    }


def test_keys_of_a_user_that_may_not_be_listed_are_said_to_be_unread() -> None:
    world = user_case()
    world.iam.refuses = {"ListAccessKeys"}
    found = permissions_of(world.worker().plan(subject_of(world.event))["entity"], iam=lambda: world.of(ACCOUNT, "iam"))
    assert (found["read"], found["unread"], found["keys"]) == (True, ["the user's access keys"], [])


def test_of_very_many_policies_some_are_read_and_the_others_named_as_unread() -> None:
    world = World()
    world.iam.inline = {f"P{n:02}": json.dumps(POLICY) for n in range(30)}
    found = permissions_of({"arn": ROLE_ARN, "name": ROLE, "reason": ""}, iam=lambda: world.of(ACCOUNT, "iam"))
    assert world.iam.calls.count("GetRolePolicy") == 24
    assert (len(found["policies"]), found["more_policies"]) == (12, 18)
    assert found["unread"] == [f"P{n:02} (inline)" for n in range(24, 30)]


def test_actions_of_every_service_are_told_as_that() -> None:
    world = World()
    world.iam.inline = {"Own": json.dumps({"Statement": {"Effect": "Allow", "Action": "*:Get*", "Resource": "*"}})}
    found = permissions_of({"arn": ROLE_ARN, "name": ROLE, "reason": ""}, iam=lambda: world.of(ACCOUNT, "iam"))
    assert (found["everything"], found["services"]) == (False, ["every service (Get*)"])


def allowed(*actions: str, **statement: Any) -> Permissions:
    world = World()
    given = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **statement}
    world.iam.inline = {"Own": json.dumps({"Statement": given})}
    return permissions_of({"arn": ROLE_ARN, "name": ROLE, "reason": ""}, iam=lambda: world.of(ACCOUNT, "iam"))


def test_a_pattern_is_no_action_and_what_may_do_more_comes_first() -> None:
    """`iam:Create*` allows dozens."""
    assert allowed(
        *(f"sqs:Do{number}" for number in range(9)),
        "iam:*Policy", "iam:Create*", "iam:GetUser",
        "s3:Get*", "s3:Put*", "s3:Delete*", "s3:ListBucket", "s3:HeadBucket",
        "lambda:?et*",
        "ec2:**", "sts:*",
    )["services"] == [
        "ec2 (everything)", "sts (everything)", "s3 (Delete*, Get* and 1 more, 2 actions)",
        "iam (*Policy, Create*, 1 action)", "lambda (?et*)", "sqs (9 actions)",
    ]  # fmt: skip


def test_what_is_cut_is_counted() -> None:
    world = World()
    statements: list[dict[str, Any]] = [
        {"Effect": "Allow", "Action": [f"svc{number:02}:Do" for number in range(40)], "Resource": "*"}
    ]
    statements += [
        {"Effect": "Allow", "NotAction": f"svc{number}:*", "Resource": "*", "Condition": {"Bool": {"x": str(number)}}}
        for number in range(9)
    ]
    world.iam.inline = {"Own": json.dumps({"Statement": statements})}
    may = facts(world.investigate(), "What the role may do")
    assert may["Services"].endswith("svc11 (1 action), 28 more")
    assert may["Nearly everything"].endswith("all actions but svc5:* under conditions; 3 more")


def test_policies_that_are_not_read_are_counted() -> None:
    world = World()
    world.iam.inline = {f"P{n:02}": json.dumps(POLICY) for n in range(40)}
    assert facts(world.investigate(), "Not known")["Policies"] == (
        f"not read: {', '.join(f'P{n:02} (inline)' for n in range(24, 36))}, 4 more"
    )


def test_a_policy_that_may_not_be_read_is_named_and_throttling_is_tried_again() -> None:
    world = World()
    world.iam.attached, world.iam.refuses = {"Secret": json.dumps(POLICY)}, {"GetPolicyVersion"}
    role = Entity(arn=ROLE_ARN, name=ROLE, reason="")
    found = permissions_of(role, iam=lambda: world.of(ACCOUNT, "iam"))
    assert (found["read"], found["unread"], found["services"]) == (True, ["Secret"], [])
    world.iam.busy = 1
    with pytest.raises(Throttled):
        permissions_of(role, iam=lambda: world.of(ACCOUNT, "iam"))


def test_calls_are_counted_and_what_was_refused_changed_nothing() -> None:
    at = BEGAN
    events = [
        call("iam:CreateUser", address=THIEF, at=at, key=KEY, read_only=False),
        call("iam:CreateUser", address=THIEF, at=at, key=KEY, read_only=False, error="AccessDenied"),
        call("ec2:RunInstances", address=THIEF, at=at, key=KEY, read_only=False, error="Client.UnauthorizedOperation"),
        call("s3:GetBucketAcl", address=THIEF, at=at, key=KEY, error="NoSuchBucket"),
    ]
    found = [{"CloudTrailEvent": json.dumps(event)} for event in events]
    (caller,) = callers_of(found, told=lambda _: ("outside", "named"))
    assert (caller["calls"], caller["writes"], caller["denied"], caller["failed"]) == (4, 1, 2, 1)


MEMBERS = ("sourceIPAddress", "userAgent", "resources", "requestParameters", "eventTime", "errorCode", "readOnly")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(MEMBERS), inner),
)


@given(document=ANYTHING)
def test_whatever_cloudtrail_recorded_it_is_counted(document: object) -> None:
    (caller,) = callers_of([{"CloudTrailEvent": json.dumps(document)}], told=lambda _: ("unclear", "?"))
    assert caller["calls"] == 1


@pytest.mark.parametrize(
    ("agent", "kept"),
    [
        ("aws-cli/2.31 " + "x" * 87, "aws-cli/2.31 " + "x" * 87),
        ("aws-cli/2.31 " + "x" * 88, "aws-cli/2.31"),
        ("a" * 100 + " b", "a" * 100),
        ("a" * 101, "(one long word)"),
    ],
)
def test_a_long_user_agent_is_cut_between_words(agent: str, kept: str) -> None:
    """Half a secret access key has no longer the form by which messages hide one."""
    (caller,) = callers_of([{"CloudTrailEvent": json.dumps({"userAgent": agent})}], told=lambda _: ("unclear", "?"))
    assert caller["agents"] == [kept]


def full(number: int, side: str) -> Caller:
    return Caller(
        address=f"{number:064}", side=side, how="h" * 100, calls=number, writes=0, denied=0,  # type: ignore[typeddict-item]
        failed=0, first="", last="", apis={f"{n:080}": 1 for n in range(12)}, more_apis=0,
        agents=["a" * 100] * 2, resources={f"denied|{n}{'r' * 159}": 1 for n in range(8)},
    )  # fmt: skip


def region(callers: list[Caller]) -> RegionHistory:
    return RegionHistory(read="all", reason="", calls=9, callers=callers, rest={})


def test_the_largest_history_fits_a_state_and_keeps_who_is_outside() -> None:
    sides = ["outside"] * CALLERS + ["inside"] * 300
    random.Random(7).shuffle(sides)  # noqa: S311  any order will do
    callers = [full(number, side) for number, side in enumerate(sides)]
    regions = {f"region-{n}": region(callers[n::34]) for n in range(34)}
    kept = bounded(History(regions=regions, late=0, looks=1, unsorted=""))
    assert len(json.dumps(kept)) <= MOST_BYTES
    shown = [caller for one in kept["regions"].values() for caller in one["callers"]]
    assert {caller["side"] for caller in shown} == {"outside"}
    assert len(shown) > CALLERS // 2
    assert sum(some["addresses"] for one in kept["regions"].values() for some in one["rest"].values()) == (
        len(callers) - len(shown)
    )


def test_the_later_look_counts_unless_it_saw_less() -> None:
    def seen(calls: int, **members: Any) -> RegionHistory:
        callers = [full(calls, "inside")] if calls else []
        return {**region(callers), "calls": calls, **members}  # type: ignore[typeddict-item]

    part: dict[str, Any] = {"read": "part", "reason": "no time"}
    first = {"a": seen(2), "b": seen(7), "c": seen(9, **part)}
    second = {"a": seen(5), "b": seen(0, read="none", reason="refused"), "c": seen(4, **part)}
    both = joined(
        History(regions=first, late=0, looks=1, unsorted=""), History(regions=second, late=0, looks=1, unsorted="")
    )
    assert (both["late"], both["looks"]) == (7, 2)
    assert (both["regions"]["a"]["calls"], both["regions"]["a"]["read"]) == (5, "all")
    assert (both["regions"]["b"]["calls"], both["regions"]["b"]["read"]) == (7, "part")
    assert both["regions"]["c"]["calls"] == 13  # of two addresses
    assert both["regions"]["b"]["reason"] == "only before the lag; after it refused"


@pytest.mark.parametrize(
    "info",
    [
        {"sample": True},
        {"sample": "True"},
        {"value": {"sample": True}},
        {"value": '{"sample": "True"}'},
        {"value": '{"sample":true}'},
    ],
)
def test_a_sample_is_known_in_either_form(info: dict[str, Any]) -> None:
    assert is_sample({"detail": {"service": {"additionalInfo": info}}})
    assert not is_sample(leaked_lambda_credentials())
    assert not is_sample({"detail": {"service": {"additionalInfo": {"value": "[", "sample": []}}}})


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Map"},
        {"Type": "Wait", "SecondsPath": "$.x", "Next": "A"},
        {"Type": "Pass", "Parameters": {"x.$": "States.Format('a')"}, "End": True},
        {"Type": "Task", "Resource": "f", "InputPath": "$", "Parameters": {}, "End": True},
    ],
    ids=["map", "path", "intrinsic", "input-path"],
)
def test_our_interpreter_refuses_what_it_does_not_know(state: dict[str, Any]) -> None:
    machine = Machine({"StartAt": "A", "States": {"A": state}}, invoke=lambda *_: {}, wait=lambda _: None)
    with pytest.raises(UnknownLanguage):
        machine.run({}, name="n")
