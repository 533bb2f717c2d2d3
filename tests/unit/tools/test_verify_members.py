"""Who is covered in the organization: found right where the function has done its work, and told where not."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.unit.organization.world import (
    MANAGEMENT,
    SECURITY,
    STRANGER,
    Answer,
    Client,
    FakeGuardDuty,
    FakeOrganizations,
    World,
    accounts,
    delegated,
    email,
)
from tools.live.clients import clients
from tools.live.verdict import State, passes
from tools.templates.assembly import Assembly, Resource, Stack
from tools.verify.__main__ import show
from tools.verify.check import Check
from tools.verify.coverage import matrix, rows
from tools.verify.delegation import delegation
from tools.verify.live_stack import LiveStack
from tools.verify.members import members
from tools.verify.opt_in import ENROLL_AGAIN, MAY_BE_DISABLED
from tools.verify.run import verify

HOME, OTHER = "eu-west-1", "us-east-1"
DEPLOYED = datetime(2026, 11, 1, tzinfo=UTC)
FIRST, SECOND, LATE = "200000000000", "200000000001", "200000000002"
PLANS = ("S3_DATA_EVENTS", "RUNTIME_MONITORING", "EC2_AGENT_MANAGEMENT")
GUARDDUTY: dict[str, Any] = {
    "Enroll": "all",
    "MemberFeatures": ["S3_DATA_EVENTS", "RUNTIME_MONITORING"],
    "OtherFeatures": ["EKS_AUDIT_LOGS"],
    "Agents": ["EC2_AGENT_MANAGEMENT"],
    "OtherAgents": ["EKS_ADDON_MANAGEMENT"],
}


class Organizations(FakeOrganizations):
    """Organizations with what verify reads besides: names, the management account in the ARN, when one joined."""

    joined: dict[str, datetime]
    denied = False

    def list_accounts(self, caller: str, _region: str, **given: Any) -> Answer:
        answer = super().list_accounts(caller if not self.denied else STRANGER, _region, **given)
        for one in answer["Accounts"]:
            one["Name"] = f"team-{one['Id'][-1]}"
            one["Arn"] = f"arn:aws:organizations::{MANAGEMENT}:account/o-abcdefghij/{one['Id']}"
            one["JoinedTimestamp"] = self.joined.get(one["Id"], datetime(2020, 1, 1, tzinfo=UTC))
        return answer


class GuardDuty(FakeGuardDuty):
    """GuardDuty that also tells what is on in each member: what the organization's configuration says, at first.

    Attributes:
        off: Account, Region and plan or agent that somebody switched off.
        unknown: Account, Region and plan or agent that GuardDuty does not name there.
        silent: Accounts that GetMemberDetectors gives back, with the reason; empty for those it says nothing of.
        largest: The most accounts that one GetMemberDetectors was asked for.
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.off: set[tuple[str, str, str]] = set()
        self.unknown: set[tuple[str, str, str]] = set()
        self.silent: dict[str, str] = {}
        self.policy = False
        self.largest = 0

    def get_member_detectors(self, caller: str, region: str, *, DetectorId: str, AccountIds: list[str]) -> Answer:  # noqa: N803 (AWS's names)
        assert self.detectors[caller, region] == DetectorId
        assert 1 <= len(AccountIds) <= 50, "GetMemberDetectors takes 50"
        self.largest = max(self.largest, len(AccountIds))
        return {
            "MemberDataSourceConfigurations": [
                {"AccountId": id_, "DataSources": DATA_SOURCES, "Features": self._features(caller, region, id_)}
                for id_ in AccountIds
                if id_ not in self.silent
            ],
            "UnprocessedAccounts": [
                {"AccountId": id_, "Result": self.silent[id_]} for id_ in AccountIds if self.silent.get(id_)
            ],
        }

    def _features(self, caller: str, region: str, account: str) -> list[Answer]:
        def on(one: Answer) -> Answer:
            off = one["AutoEnable"] == "NONE" or (account, region, one["Name"]) in self.off
            managed = {"ManagedBy": "GUARDDUTY_POLICY"} if self.policy else {}
            return {"Name": one["Name"], "Status": "DISABLED" if off else "ENABLED", **managed}

        def named(some: list[Answer]) -> list[Answer]:
            return [one for one in some if (account, region, one["Name"]) not in self.unknown]

        return [
            {**on(one), "AdditionalConfiguration": [on(more) for more in named(one.get("AdditionalConfiguration", []))]}
            for one in named(self.configured[caller, region]["Features"])
        ]


DATA_SOURCES = {
    "CloudTrail": {"Status": "ENABLED"},
    "DNSLogs": {"Status": "ENABLED"},
    "FlowLogs": {"Status": "ENABLED"},
    "S3Logs": {"Status": "ENABLED"},
}


@dataclass(kw_only=True)
class Setting:
    """An organization after its deployment, and the stacks that declare it."""

    world: World
    enroll: str = "all"
    regions: tuple[str, ...] = (HOME, OTHER)
    caller: str = SECURITY
    optional: str = ""
    now: datetime = datetime(2026, 11, 23, tzinfo=UTC)
    wave: bool = False
    declared: dict[str, Resource] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.guardduty, self.organizations = GuardDuty(self.world), Organizations(self.world)
        self.organizations.joined = {}
        self.world.guardduty, self.world.organizations = self.guardduty, self.organizations
        self.world.service_role = True
        delegated(self.world, *self.regions)
        for region in self.regions:
            self._deploy(region, "GuardDutyOrganization", {**GUARDDUTY, "Enroll": self.enroll})
            self._deploy(region, "DetectiveOrganization", {"Enroll": self.enroll})
        self.world.calls.clear()

    def _deploy(self, region: str, type_: str, properties: dict[str, Any]) -> None:
        properties |= {"OptIn": "true"} if region == self.optional else {}
        given = {"Region": region, "RemoveOnDelete": "false", **properties}
        answer = self.world.ask("Create", type_, **{"region": region, **properties})
        assert answer["Status"] == "SUCCESS", answer["Reason"]
        id_ = f"{type_}{region}"
        self.declared[id_] = Resource(
            logical_id=id_, type=f"Custom::{type_}", label=id_, properties=given, attributes={}
        )

    def live(self) -> LiveStack:
        stack = Stack(name="org-Organization", account=SECURITY, region=HOME, resources=self.declared)
        return LiveStack(
            stack=stack,
            account=self.caller,
            client_of=lambda service, region: Client(self.world, service, region, caller=self.caller),
            written=dict.fromkeys(self.declared, DEPLOYED),
            not_yet_heard=self.wave,
            now=self.now,
        )

    def checks(self) -> list[Check]:
        return list(members(self.live()))

    def gaps(self) -> dict[tuple[str, str, str], str]:
        """What is not ok: Region, account or subject, plan."""
        return {
            (one.region, one.account or one.subject, one.plan): f"{one.state.value}: {one.detail}"
            for one in self.checks()
            if one.state is not State.OK
        }


@pytest.fixture
def setting() -> Setting:
    return Setting(world=World(states=accounts(3)))


def test_what_the_function_has_enrolled_is_covered(setting: Setting) -> None:
    checks = setting.checks()
    assert [one for one in checks if one.state is not State.OK] == []
    assert passes(checks)
    plans, regions = matrix(checks)
    assert plans == ["GuardDuty", *PLANS, "Detective"]
    # three accounts and the management account; the administrator is none of its own members
    assert regions == [(HOME, ["4/4"] * 5), (OTHER, ["4/4"] * 5)]
    assert {one.account for one in checks if one.account} == {MANAGEMENT, FIRST, SECOND, LATE}


def test_only_reading_calls_are_made(setting: Setting) -> None:
    setting.checks()
    assert setting.world.written() == []


@pytest.mark.parametrize("state", ["SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION"])
def test_an_account_that_is_not_active_has_nothing_to_be_covered(state: str) -> None:
    setting = Setting(world=World(states=accounts(1) | {SECOND: state}))
    assert setting.gaps() == {}
    (check,) = (one for one in setting.checks() if one.area == "accounts")
    assert check.detail == "3 active; 1 not active (suspended, pending or closed) have no detector"


def test_an_account_without_state_is_unknown(setting: Setting) -> None:
    setting.organizations.without_state = True
    gaps = setting.gaps()
    assert {account for _, account, _ in gaps} == {MANAGEMENT, SECURITY, FIRST, SECOND, LATE}
    assert set(gaps.values()) == {
        "unknown: could not be looked at: Organizations names no State, so nobody knows whether it has to be covered; "
        "use a newer boto3"
    }


def counted(setting: Setting) -> set[tuple[str, str]]:
    """Account and plan of what is wrong, and not only awaited."""
    return {(one.account, one.plan) for one in setting.checks() if one.state is not State.OK and not one.awaited}


def test_what_guardduty_has_a_day_for_counts_after_that_day(setting: Setting) -> None:
    setting.guardduty.off = {(FIRST, HOME, "S3_DATA_EVENTS")}
    setting.guardduty.members[SECURITY, HOME][SECOND] = "Created"
    setting.guardduty.members[SECURITY, HOME][LATE] = "Resigned"
    every = {(id_, plan) for id_ in (SECOND, LATE) for plan in ("GuardDuty", *PLANS)} | {(FIRST, "S3_DATA_EVENTS")}
    assert counted(setting) == every
    setting.now = DEPLOYED + timedelta(hours=23)
    assert counted(setting) == {(LATE, plan) for plan in ("GuardDuty", *PLANS)}, "nobody comes back by itself"
    setting.now = datetime(2026, 11, 23, tzinfo=UTC)
    setting.organizations.joined = dict.fromkeys((FIRST, SECOND), setting.now - timedelta(hours=23))
    assert counted(setting) == {(LATE, plan) for plan in ("GuardDuty", *PLANS)}


def test_what_detective_has_an_hour_for_counts_after_that_hour(setting: Setting) -> None:
    del setting.world.detective.members[SECURITY, HOME][FIRST]
    assert counted(setting) == {(FIRST, "Detective")}
    setting.now = DEPLOYED + timedelta(minutes=59)
    assert counted(setting) == set()


def test_no_account_stops_a_wave_and_each_is_told(setting: Setting) -> None:
    setting.guardduty.members[SECURITY, HOME][FIRST] = "Resigned"
    setting.guardduty.off = {(SECOND, HOME, "S3_DATA_EVENTS")}
    del setting.world.detective.members[SECURITY, HOME][LATE]
    setting.wave = True
    assert counted(setting) == set()
    assert {account for _, account, _ in setting.gaps()} == {FIRST, SECOND, LATE}
    assert all(text.endswith("; counts later only (docs/operations.md)") for text in setting.gaps().values())


def test_an_account_that_is_no_member_lacks_every_plan(setting: Setting) -> None:
    del setting.guardduty.members[SECURITY, HOME][FIRST]
    text = f"wrong: is no member (joined 2020-01-01; GuardDuty takes up to 24 hours); {ENROLL_AGAIN}"
    assert setting.gaps() == {(HOME, FIRST, plan): text for plan in ("GuardDuty", *PLANS)}


def test_the_management_account_needs_the_service_linked_role(setting: Setting) -> None:
    del setting.guardduty.members[SECURITY, HOME][MANAGEMENT]
    gap = setting.gaps()[HOME, MANAGEMENT, "GuardDuty"]
    assert "it needs GuardDuty's service-linked role; deploy the Delegation stack again" in gap


@pytest.mark.parametrize("status", ["Created", "Invited", "Disabled", "Removed", "Resigned", "New"])
def test_only_a_relationship_that_is_enabled_covers(setting: Setting, status: str) -> None:
    setting.guardduty.members[SECURITY, OTHER][FIRST] = status
    gaps = setting.gaps()
    assert set(gaps) == {(OTHER, FIRST, plan) for plan in ("GuardDuty", *PLANS)}
    assert {text.partition(": ")[0] for text in gaps.values()} == {"wrong"}
    assert all(text.startswith(f"wrong: is {status}: ") for text in gaps.values())


def test_an_account_that_has_not_enabled_the_region_has_nothing_to_be_covered(setting: Setting) -> None:
    setting.guardduty.members[SECURITY, OTHER][FIRST] = "RegionDisabled"
    assert setting.gaps() == {}
    (said,) = [one for one in setting.checks() if "enabled the Region" in one.detail]
    assert (said.region, said.detail.partition(": ")[2]) == (OTHER, f"{FIRST} team-0")
    assert matrix(setting.checks())[1] == [(HOME, ["4/4"] * 5), (OTHER, ["3/3"] * 4 + ["4/4"])]


def test_nobody_can_tell_whether_a_stranger_to_an_opt_in_region_has_to_be_covered() -> None:
    setting = Setting(world=World(states=accounts(3)), optional=OTHER)
    del setting.guardduty.members[SECURITY, OTHER][FIRST]
    del setting.world.detective.members[SECURITY, OTHER][FIRST]
    assert setting.gaps() == {
        (OTHER, FIRST, plan): f"unknown: {MAY_BE_DISABLED}" for plan in ("GuardDuty", *PLANS, "Detective")
    }
    assert passes(one for one in setting.checks() if not one.awaited)
    # What a service says of an account is no guess.
    setting.guardduty.members[SECURITY, OTHER][FIRST] = "Created"
    assert not passes(one for one in setting.checks() if not one.awaited)


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_that_is_off_in_a_member_is_told(setting: Setting, plan: str) -> None:
    setting.guardduty.off.add((SECOND, OTHER, plan))
    assert setting.gaps() == {(OTHER, SECOND, plan): "wrong: is DISABLED, declared is ENABLED"}


@pytest.mark.parametrize("plan", ["S3_DATA_EVENTS", "EC2_AGENT_MANAGEMENT"])
def test_a_plan_or_an_agent_that_guardduty_does_not_name_is_told(setting: Setting, plan: str) -> None:
    """That the plan of the agent is on says nothing of the agent, without which nothing runs on a host."""
    setting.guardduty.unknown.add((SECOND, OTHER, plan))
    assert setting.gaps() == {(OTHER, SECOND, plan): "wrong: is not known there, declared is ENABLED"}


def test_an_agent_that_nobody_declared_is_left_alone(setting: Setting) -> None:
    setting.guardduty.off.add((SECOND, OTHER, "EKS_ADDON_MANAGEMENT"))
    setting.guardduty.unknown.add((SECOND, HOME, "EKS_ADDON_MANAGEMENT"))
    assert setting.gaps() == {}


def test_a_plan_that_a_policy_manages_is_told_so(setting: Setting) -> None:
    setting.guardduty.off.add((SECOND, OTHER, "S3_DATA_EVENTS"))
    setting.guardduty.policy = True
    (gap,) = setting.gaps().values()
    assert gap == "wrong: is DISABLED, declared is ENABLED; a GuardDuty organization policy manages it"


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        pytest.param("internal error", "GetMemberDetectors: internal error", id="unprocessed"),
        pytest.param("", "GetMemberDetectors does not answer for it", id="not-in-the-answer"),
    ],
)
def test_a_member_that_guardduty_says_nothing_of_is_unknown(setting: Setting, reason: str, says: str) -> None:
    setting.guardduty.silent[FIRST] = reason
    text = f"unknown: could not be looked at: {says}"
    assert setting.gaps() == {(region, FIRST, plan): text for region in (HOME, OTHER) for plan in PLANS}
    assert not passes(setting.checks())


def test_members_are_asked_for_in_fifties_and_every_page_is_read() -> None:
    setting = Setting(world=World(states=accounts(120), page_sizes=(0, 20, 0, 7)), regions=(HOME,))
    checks = setting.checks()
    assert passes(checks)
    assert setting.guardduty.largest == 50
    assert setting.world.asked("get_member_detectors") == ["get_member_detectors"] * 3
    assert matrix(checks)[1] == [(HOME, ["121/121"] * 5)]


def test_organizations_that_may_not_be_read_leave_it_unknown_who_is_missing(setting: Setting) -> None:
    del setting.guardduty.members[SECURITY, HOME][FIRST]
    setting.organizations.denied = True
    setting.guardduty.off.add((SECOND, HOME, "S3_DATA_EVENTS"))
    gaps = setting.gaps()
    # Members are looked at all the same; who is none cannot be seen.
    assert gaps.pop((HOME, SECOND, "S3_DATA_EVENTS")) == "wrong: is DISABLED, declared is ENABLED"
    ((where, text),) = gaps.items()
    assert where == (HOME, "organization", "")
    assert text.startswith("unknown: could not be looked at: ListAccounts: AccessDeniedException")
    assert text.endswith("accounts that are no members cannot be seen")


def test_with_new_only_accounts_that_joined_after_the_deployment_have_to_be_covered() -> None:
    setting = Setting(world=World(states=accounts(3)), enroll="new", regions=(HOME,))
    assert setting.gaps() == {}
    assert matrix(setting.checks()) == ([], [])
    setting.organizations.joined[LATE] = datetime(2026, 11, 20, tzinfo=UTC)
    gaps = setting.gaps()
    assert set(gaps) == {(HOME, LATE, plan) for plan in ("GuardDuty", *PLANS, "Detective")}
    assert "joined 2026-11-20" in gaps[HOME, LATE, "GuardDuty"]


def test_with_none_nobody_has_to_be_covered() -> None:
    setting = Setting(world=World(states=accounts(3)), enroll="none", regions=(HOME,))
    assert setting.gaps() == {}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"AutoEnableOrganizationMembers": "NEW"},
            "wrong: switches GuardDuty on for NEW, declared is ALL",
        ),
        (
            {"Features": [{"Name": "EKS_AUDIT_LOGS", "AutoEnable": "ALL"}]},
            "wrong: EKS_AUDIT_LOGS is for ALL, declared is NONE; RUNTIME_MONITORING is for NONE, declared is ALL; "
            "EC2_AGENT_MANAGEMENT is for NONE, declared is ALL; S3_DATA_EVENTS is for NONE, declared is ALL",
        ),
        (
            {
                "Features": [
                    {"Name": "S3_DATA_EVENTS", "AutoEnable": "ALL"},
                    {
                        "Name": "RUNTIME_MONITORING",
                        "AutoEnable": "ALL",
                        "AdditionalConfiguration": [{"Name": "EKS_ADDON_MANAGEMENT", "AutoEnable": "ALL"}],
                    },
                ]
            },
            "wrong: EC2_AGENT_MANAGEMENT is for NONE, declared is ALL; EKS_ADDON_MANAGEMENT is for ALL, declared is "
            "NONE",
        ),
    ],
)
def test_a_configuration_that_somebody_changed_is_told(setting: Setting, change: Answer, says: str) -> None:
    setting.guardduty.configured[SECURITY, HOME] |= change
    assert setting.gaps()[HOME, f"GuardDuty in {HOME}", ""] == says


def test_an_organization_that_is_full_is_told(setting: Setting) -> None:
    setting.guardduty.full = True
    assert "takes no more members" in setting.gaps()[OTHER, f"GuardDuty in {OTHER}", ""]


def test_a_region_without_detector_covers_nobody(setting: Setting) -> None:
    del setting.guardduty.detectors[SECURITY, OTHER]
    gap = setting.gaps()[OTHER, f"GuardDuty in {OTHER}", ""]
    assert gap.startswith(f"wrong: account {SECURITY} has no detector there")


def test_a_region_that_cannot_be_asked_hides_no_other(setting: Setting) -> None:
    setting.world.not_enabled.add((SECURITY, OTHER))
    setting.guardduty.off.add((FIRST, HOME, "S3_DATA_EVENTS"))
    gaps = [one for one in setting.checks() if one.state is not State.OK]
    assert [(one.state, one.region, one.area) for one in gaps] == [
        (State.WRONG, HOME, "members"),
        (State.UNKNOWN, OTHER, "members"),
        (State.UNKNOWN, OTHER, "detective members"),
    ]
    assert gaps[1].detail.startswith("could not be looked at: ListDetectors: UnrecognizedClientException")


def test_a_service_that_throttles_to_the_end_leaves_everything_unknown(setting: Setting) -> None:
    setting.world.faults = cycle(["TooManyRequestsException"])
    checks = setting.checks()
    assert {one.state for one in checks} == {State.UNKNOWN}
    assert {one.region for one in checks} == {HOME, OTHER}


def test_the_calls_for_members_are_repeated_when_throttled(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_GUARDDUTY", httpserver.url_for(""))
    answers: Iterator[Response] = iter(
        [
            Response(json.dumps({"__type": "TooManyRequestsException"}), status=429),
            Response(json.dumps({"detectorIds": ["a"]}), status=200),
        ]
    )

    def answer(_request: Request) -> Response:
        return next(answers)

    httpserver.expect_request("/detector").respond_with_handler(answer)
    assert clients(None)("guardduty", HOME).list_detectors()["DetectorIds"] == ["a"]


@pytest.mark.parametrize(
    ("member", "says"),
    [
        (None, f"is no member; Detective takes up to an hour, then {ENROLL_AGAIN}"),
        ("INVITED", f"is INVITED: was invited and has not answered; {ENROLL_AGAIN}"),
        ("VERIFICATION_IN_PROGRESS", "is VERIFICATION_IN_PROGRESS: is being verified; look again in a few minutes"),
        (
            "VERIFICATION_FAILED",
            "is VERIFICATION_FAILED: could not be verified: is the address the one of its root user?",
        ),
    ],
)
def test_a_member_whose_history_detective_does_not_keep_is_told(
    setting: Setting, member: str | None, says: str
) -> None:
    found = setting.world.detective.members[SECURITY, HOME]
    if member is None:
        del found[FIRST]
    else:
        found[FIRST] = member
    assert setting.gaps() == {(HOME, FIRST, "Detective"): f"wrong: {says}"}


@pytest.mark.parametrize(
    ("reason", "says"),
    [("VOLUME_TOO_HIGH", "ask AWS Support"), ("VOLUME_UNKNOWN", "aws detective start-monitoring-member")],
)
def test_a_member_that_detective_takes_no_data_of_is_told_with_its_reason(
    setting: Setting, reason: str, says: str
) -> None:
    setting.world.detective.members[SECURITY, HOME][FIRST] = "ACCEPTED_BUT_DISABLED"
    setting.world.detective.volumes[FIRST] = reason
    ((_, text),) = setting.gaps().items()
    assert text.startswith(f"wrong: is ACCEPTED_BUT_DISABLED ({reason}): ")
    assert text.endswith(says)


def test_an_account_beyond_the_places_of_a_graph_is_told() -> None:
    setting = Setting(world=World(states=accounts(1200), page_sizes=(600,)), regions=(HOME,))
    checks = setting.checks()
    (gap,) = (one for one in checks if one.state is not State.OK)
    assert gap.plan == "Detective"
    assert gap.detail == "found no place: the graph holds 1,200 members, the most it takes"
    (places,) = (one for one in checks if one.subject == "places")
    assert places.detail == "1,200 of 1,200 in the graph"


def test_a_member_that_could_not_be_verified_takes_a_place_of_the_graph() -> None:
    setting = Setting(world=World(states=accounts(1200), page_sizes=(600,)), regions=(HOME,))
    setting.world.detective.members[SECURITY, HOME][FIRST] = "VERIFICATION_FAILED"
    checks = setting.checks()
    (places,) = (one for one in checks if one.subject == "places")
    assert places.detail == "1,200 of 1,200 in the graph"
    assert {one.account: one.detail for one in checks if one.state is not State.OK} == {
        FIRST: "is VERIFICATION_FAILED: could not be verified: is the address the one of its root user?",
        list(accounts(1200))[-1]: "found no place: the graph holds 1,200 members, the most it takes",
    }


def test_automatic_enrolment_in_detective_that_is_off_is_told(setting: Setting) -> None:
    setting.world.detective.enabled.discard((SECURITY, HOME))
    gap = setting.gaps()[HOME, f"Detective in {HOME}", ""]
    assert gap == "wrong: automatic enrolment is off, declared is on; deploy"


def test_a_region_without_graph_keeps_nobodys_history(setting: Setting) -> None:
    del setting.world.detective.graphs[SECURITY, HOME]
    assert "has no graph there" in setting.gaps()[HOME, f"Detective in {HOME}", ""]


def test_many_gaps_are_few_lines_and_nothing_is_said_that_was_not_found(
    capsys: pytest.CaptureFixture[str],
) -> None:
    regions = (HOME, OTHER, "eu-central-1", "us-west-2")
    setting = Setting(world=World(states=accounts(40)), regions=regions)
    setting.guardduty.off |= {(str(200000000000 + n), region, "S3_DATA_EVENTS") for n in range(5) for region in regions}
    setting.guardduty.off.add((SECOND, HOME, "RUNTIME_MONITORING"))
    checks = setting.checks()
    folded = [which for state, _, _, which, _ in rows(checks) if state is State.WRONG]
    assert folded == [
        "200000000000 team-0, 200000000001 team-1, 200000000002 team-2 and 2 more accounts: S3_DATA_EVENTS in "
        "eu-central-1, eu-west-1, us-east-1 and 1 more Regions",
        "200000000001 team-1: RUNTIME_MONITORING in eu-west-1",
    ]
    show(checks, all_of_them=False)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 1 + 2 + 1 + len(regions) + 1
    assert printed[3].split() == ["accounts", "covered", "in", "GuardDuty", *PLANS, "Detective"]
    assert printed[4].split() == [HOME, "41/41", "36/41", "40/41", "41/41", "41/41"]


def test_three_hundred_accounts_in_seventeen_regions_are_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    checks = [
        Check(
            stack="org-Organization",
            region=f"region-{region}",
            area="members",
            subject=f"{account} team",
            state=State.WRONG if account % 100 == 0 else State.OK,
            detail="is no member" if account % 100 == 0 else "ENABLED",
            account=str(account),
            plan=plan,
        )
        for region in range(17)
        for account in range(300)
        for plan in ("GuardDuty", "S3_DATA_EVENTS", "EKS_AUDIT_LOGS")
    ]
    show(checks, all_of_them=False)
    assert len(capsys.readouterr().out.splitlines()) == 1 + 1 + 1 + 17 + 1
    show(checks, all_of_them=True)
    assert len(capsys.readouterr().out.splitlines()) == 1 + 2 + 1 + 17 + 1


def test_an_organization_without_stack_is_not_asked_about(setting: Setting) -> None:
    setting.declared.clear()
    assert setting.checks() == []
    assert setting.world.calls == []


def appointing(setting: Setting) -> LiveStack:
    """The Delegation stack of the same organization, in the management account."""
    declared = {
        f"{type_}{region}": Resource(
            logical_id=f"{type_}{region}",
            type=f"Custom::{type_}",
            label=type_,
            properties={"Region": region, "Administrator": SECURITY, "MalwareProtection": "false"},
            attributes={},
        )
        for type_ in ("GuardDutyDelegation", "DetectiveDelegation")
        for region in setting.regions
    }
    return LiveStack(
        stack=Stack(name="org-Delegation", account=MANAGEMENT, region=HOME, resources=declared),
        account=MANAGEMENT,
        client_of=lambda service, region: Client(setting.world, service, region, caller=MANAGEMENT),
    )


def delegated_wrongly(setting: Setting) -> dict[str, str]:
    return {
        one.subject: f"{one.state.value}: {one.detail}"
        for one in delegation(appointing(setting))
        if one.state is not State.OK
    }


def test_a_delegation_that_is_as_declared_passes(setting: Setting) -> None:
    assert delegated_wrongly(setting) == {}
    assert len(list(delegation(appointing(setting)))) == 2 + 4


def test_another_administrator_is_told_by_name(setting: Setting) -> None:
    setting.guardduty.administrators[OTHER] = (STRANGER, 0)
    setting.world.detective.administrators.pop(HOME)
    assert delegated_wrongly(setting) == {
        f"guardduty in {OTHER}": f"wrong: the administrator is {STRANGER}, declared is {SECURITY}; deploy the "
        "Delegation stack",
        f"detective in {HOME}": f"wrong: the administrator is nobody, declared is {SECURITY}; deploy the Delegation "
        "stack",
    }


def test_an_administrator_that_is_leaving_is_none(setting: Setting) -> None:
    setting.guardduty.leaving[HOME] = (SECURITY, 1e9)
    assert delegated_wrongly(setting) == {
        f"guardduty in {HOME}": f"wrong: {SECURITY} is DISABLE_IN_PROGRESS; wait, then deploy the Delegation stack"
    }


def test_trusted_access_that_is_gone_is_told(setting: Setting) -> None:
    setting.world.trusted.discard("detective.amazonaws.com")
    assert delegated_wrongly(setting) == {
        "detective.amazonaws.com": "wrong: is not trusted by the organization; deploy the Delegation stack"
    }


class Deployed:
    """CloudFormation and STS of the security account: the Organization stack, complete."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def get_caller_identity(self) -> Answer:
        return {"Account": SECURITY}

    def get_paginator(self, operation: str) -> "Deployed":
        assert operation == "list_stack_resources"
        return self

    def paginate(self, **_given: str) -> list[Answer]:
        made = [
            {"LogicalResourceId": id_, "PhysicalResourceId": id_, "LastUpdatedTimestamp": DEPLOYED}
            for id_ in self._setting.declared
        ]
        return [{"StackResourceSummaries": made}]

    def describe_stacks(self, **_given: str) -> Answer:
        return {"Stacks": [{"StackStatus": "CREATE_COMPLETE"}]}


def test_verify_looks_at_members_with_everything_else(setting: Setting) -> None:
    deployed, live = Deployed(setting), setting.live()

    def client_of(service: str, region: str) -> Any:
        return deployed if service in {"sts", "cloudformation"} else live.client_of(service, region)

    assembly = Assembly(folder=Path("cdk.out"), stacks={"org-Organization": live.stack})
    # Of the other services nothing is declared; botocore's model refuses a call that does not exist.
    setting.guardduty.members[SECURITY, HOME].pop(FIRST)
    unrelated = {"events", "lambda", "sns", "sqs", "cloudwatch"}
    found = list(
        verify(
            assembly,
            client_of=lambda service, region: None if service in unrelated else client_of(service, region),
        )
    )
    assert {one.account for one in found if one.state is State.WRONG} == {FIRST}
    assert email(FIRST) not in str(found), "addresses are nobody's business here"
