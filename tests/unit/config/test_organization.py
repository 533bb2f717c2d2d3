"""The organization: who administers it, who is covered, and what they get."""

from datetime import date
from pathlib import Path

import pytest
from botocore.model import StringShape
from botocore.session import Session

from infra.config import MEMBER_FEATURES, Organization, load
from infra.config.guardduty import STANDARD_FEATURES
from tests.unit.config.examples import ConfigFile, spoiled

CONFIG = Path(__file__).parents[3] / "config"

SECURITY = 'account: "444455556666"\n'
OURS = SECURITY + 'organization: {management_account: "111122223333"'


def test_the_example_covers_every_commercial_region() -> None:
    deployment = load(CONFIG / "organization.yaml", today=date(2026, 11, 23)).deployment
    assert (len(deployment.regions), len(deployment.detective_regions())) == (34, 21)
    assert deployment.organization is not None
    assert deployment.organization.management_account != deployment.account
    assert deployment.accounts["777788889999"].owner == "payments"


def test_what_is_left_out_covers_everybody_and_keeps_protection(config_file: ConfigFile) -> None:
    deployment = config_file.deployment(more=OURS + "}\n")
    assert deployment.organization == Organization(management_account="111122223333")
    assert deployment.organization.enroll == deployment.detective_enroll == "all"
    assert not deployment.organization.remove_on_delete
    assert set(deployment.member_features("eu-west-1")) == set(STANDARD_FEATURES)


def test_members_get_only_plans_that_the_region_offers(config_file: ConfigFile) -> None:
    deployment = config_file.load(
        ("[eu-west-1, us-east-1]", "[eu-west-1, ap-east-2]"), more=OURS + ", member_features: [RDS_LOGIN_EVENTS]}\n"
    ).deployment
    assert deployment.member_features("eu-west-1") == ("RDS_LOGIN_EVENTS",)
    assert deployment.member_features("ap-east-2") == ()
    assert "RDS_LOGIN_EVENTS" not in deployment.offered_to_members("ap-east-2")
    assert "AI_ANALYST" not in deployment.offered_to_members("eu-west-1")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(", enroll: new", "new", id="as-guardduty"),
        pytest.param(", enroll: new, detective_enroll: none", "none", id="said-apart"),
        pytest.param(", enroll: none, detective_enroll: all", "all", id="detective-alone"),
    ],
)
def test_detective_enrols_as_guardduty_unless_said(config_file: ConfigFile, written: str, expected: str) -> None:
    assert config_file.deployment(more=f"{OURS}{written}}}\n").detective_enroll == expected


def test_without_detective_nobody_is_enrolled_there(config_file: ConfigFile) -> None:
    assert config_file.deployment(more=OURS + "}\ndetective: {enabled: false}\n").detective_enroll == "none"


def test_with_enroll_none_members_get_nothing(config_file: ConfigFile) -> None:
    assert config_file.deployment(more=OURS + ", enroll: none}\n").member_features("eu-west-1") == ()


def test_plans_of_members_are_those_guardduty_knows() -> None:
    """All but EKS_RUNTIME_MONITORING, which RUNTIME_MONITORING excludes; AI_ANALYST is not among them."""
    shape = Session().get_service_model("guardduty").shape_for("OrgFeature")
    assert isinstance(shape, StringShape)
    assert {*MEMBER_FEATURES, "EKS_RUNTIME_MONITORING"} == set(shape.enum)


REFUSED = [
    spoiled(
        "no-security-account",
        more='organization: {management_account: "111122223333"}\n',
        says=(
            "24: organization: needs account, the security account that administers GuardDuty and Detective, got "
            "none; write it at the top, 12 digits in quotes"
        ),
    ),
    spoiled(
        "security-account-is-the-management-account",
        more=SECURITY + 'organization: {management_account: "444455556666"}\n',
        says=(
            "25: organization.management_account: must be another account than account, got 444455556666 for both; "
            "AWS advises against findings and their administration in the management account: choose a member "
            "account as account"
        ),
    ),
    spoiled(
        "plan-that-the-administrator-does-not-have",
        more=OURS + ", member_features: [S3_DATA_EVENTS, RUNTIME_MONITORING]}\n",
        says=(
            "25: organization.member_features[1]: RUNTIME_MONITORING must be in guardduty.features too, which are "
            "S3_DATA_EVENTS, EKS_AUDIT_LOGS, EBS_MALWARE_PROTECTION, RDS_LOGIN_EVENTS, LAMBDA_NETWORK_LOGS: with "
            "enroll: all GuardDuty switches it on in the security account as well, against what the Detection stack "
            "states; add it there, take it out here, or write enroll: new"
        ),
    ),
    spoiled(
        "plan-for-the-administrator-alone",
        more=OURS + ", member_features: [AI_ANALYST]}\n",
        says=(
            "25: organization.member_features[0]: must be a plan that an organization can switch on for its members, "
            "got 'AI_ANALYST'; AI_ANALYST is for the administrator account only; write it in guardduty.features, and "
            "here any of AI_PROTECTION, EBS_MALWARE_PROTECTION, EKS_AUDIT_LOGS, LAMBDA_NETWORK_LOGS, "
            "RDS_LOGIN_EVENTS, RUNTIME_MONITORING, S3_DATA_EVENTS"
        ),
    ),
    spoiled(
        "superseded-plan",
        more=OURS + ", member_features: [EKS_RUNTIME_MONITORING]}\n",
        says=(
            "25: organization.member_features[0]: must be a current protection plan, got 'EKS_RUNTIME_MONITORING'; "
            "write RUNTIME_MONITORING, which covers EKS too"
        ),
    ),
    spoiled(
        "plans-for-nobody",
        more=OURS + ", enroll: none, member_features: [S3_DATA_EVENTS]}\n",
        says=(
            "25: organization.member_features: must be empty with enroll: none, got S3_DATA_EVENTS; nobody is enrolled "
            "who could get them: leave it out, or write enroll: new or all"
        ),
    ),
    spoiled(
        "plan-of-no-region",
        ("[eu-west-1, us-east-1]", "[eu-west-1]"),
        more=OURS
        + ", enroll: new, member_features: [AI_PROTECTION]}\n"
        + "region_overrides: {eu-west-1: {features_not_offered: [AI_PROTECTION]}}\n",
        says=(
            "25: organization.member_features[0]: AI_PROTECTION is offered in none of the regions (eu-west-1); leave "
            "it out, or correct the table in region_overrides"
        ),
    ),
    spoiled(
        "members-without-a-graph",
        more=OURS + ", detective_enroll: new}\ndetective: {enabled: false}\n",
        says=(
            "25: organization.detective_enroll: must be none, or left out, with detective.enabled: false, got 'new'; "
            "there is no graph to join"
        ),
    ),
    spoiled(
        "boundary-of-one-account",
        more=OURS + "}\npermissions_boundary: arn:aws:iam::444455556666:policy/x\n",
        says=(
            "26: permissions_boundary: must be the name of a policy, or one of AWS's own, got "
            "'arn:aws:iam::444455556666:policy/x'; the Delegation stack makes a role in the management account, which "
            "needs a policy of the same name there"
        ),
    ),
    spoiled(
        "enrolment-misspelt",
        more=OURS + ", enroll: everybody}\n",
        says="25: organization.enroll: must be one of all, new, none, got 'everybody'",
    ),
    spoiled(
        "unknown-key",
        more=OURS + ", enrol: all}\n",
        says=(
            "25: organization: unknown key 'enrol'; did you mean 'enroll'? known: management_account, enroll, "
            "member_features, detective_enroll, enroll_again, remove_on_delete"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "more", "says"), REFUSED)
def test_fails_saying_where_what_and_what_to_do(
    config_file: ConfigFile, changes: tuple[tuple[str, str], ...], more: str, says: str
) -> None:
    assert config_file.refusal(*changes, more=more) == says


def test_a_boundary_of_aws_is_in_every_account(config_file: ConfigFile) -> None:
    boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
    more = f"{OURS}}}\npermissions_boundary: {boundary}\n"
    assert config_file.deployment(more=more).permissions_boundary == boundary
