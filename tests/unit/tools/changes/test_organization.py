"""What the organization's custom resources ask for is read, and said once for all Regions."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.deployments import EVERYTHING_DATA, deployment
from tests.synthesis import synthesize
from tests.unit.tools.changes.assemblies import compared, home, resource, said, sentences
from tools.changes.change import Kind
from tools.changes.report import Report, report
from tools.templates.assembly import read_assembly

TOKEN = {"Fn::GetAtt": ["Worker", "Arn"]}
REGIONS = ("eu-west-1", "eu-west-2", "us-east-1")
DELEGATION: dict[str, Any] = {
    "Administrator": "444455556666",
    "MalwareProtection": "false",
    "RemoveOnDelete": "false",
}
ORGANIZATION: dict[str, Any] = {
    "Enroll": "new",
    "MemberFeatures": ["S3_DATA_EVENTS", "RUNTIME_MONITORING"],
    "OtherFeatures": ["EKS_AUDIT_LOGS"],
    "Agents": ["EC2_AGENT_MANAGEMENT"],
    "OtherAgents": [],
    "RemoveOnDelete": "false",
}


def everywhere(type_: str, properties: dict[str, Any], *, regions: tuple[str, ...] = REGIONS) -> Any:
    """One resource for each Region, all of them in the stack of the home Region."""
    made = {
        f"R{number}": resource(f"Custom::{type_}", ServiceToken=TOKEN, Region=region, **properties)
        for number, region in enumerate(regions)
    }
    return home({"Steady": resource("AWS::SNS::Topic"), **made})


@pytest.mark.parametrize(
    ("type_", "before", "after", "says"),
    [
        pytest.param(*case, id=id_)
        for id_, case in {
            "enrols-fewer": (
                "GuardDutyOrganization",
                {"Enroll": "all"},
                {"Enroll": "new"},
                "blind: GuardDuty enrols new accounts of the organization instead of all in 3 Regions",
            ),
            "enrols-nobody": (
                "DetectiveOrganization",
                {"Enroll": "new"},
                {"Enroll": "none"},
                "blind: Detective enrols none accounts of the organization instead of new in 3 Regions",
            ),
            "enrols-more": (
                "GuardDutyOrganization",
                {},
                {"Enroll": "all"},
                "GuardDuty enrols all accounts of the organization instead of new in 3 Regions",
            ),
            "enrols-what-nobody-knows": (
                "GuardDutyOrganization",
                {},
                {"Enroll": "some"},
                "blind?: GuardDuty enrols some accounts of the organization instead of new in 3 Regions",
            ),
            "a-plan-leaves": (
                "GuardDutyOrganization",
                {},
                {"MemberFeatures": ["RUNTIME_MONITORING"], "OtherFeatures": ["EKS_AUDIT_LOGS", "S3_DATA_EVENTS"]},
                "blind: the plan S3_DATA_EVENTS is no longer switched on for members in 3 Regions",
            ),
            "a-plan-comes": (
                "GuardDutyOrganization",
                {},
                {"MemberFeatures": [*ORGANIZATION["MemberFeatures"], "EKS_AUDIT_LOGS"], "OtherFeatures": []},
                "the plan EKS_AUDIT_LOGS is switched on for members in 3 Regions",
            ),
            "a-plan-is-stated-as-off": (
                "GuardDutyOrganization",
                {},
                {"OtherFeatures": ["EKS_AUDIT_LOGS", "AI_PROTECTION"]},
                "blind?: the plan AI_PROTECTION is stated as off for members in 3 Regions, and was not stated before",
            ),
            "a-plan-is-not-stated-any-more": (
                "GuardDutyOrganization",
                {},
                {"OtherFeatures": []},
                "the plan EKS_AUDIT_LOGS is no longer stated for members in 3 Regions; it was off",
            ),
            "plans-are-left-to-others": (
                "GuardDutyOrganization",
                {"MemberFeatures": ["S3_DATA_EVENTS"], "OtherFeatures": [], "Agents": []},
                {"MemberFeatures": [], "OtherFeatures": [], "Agents": []},
                "the plan S3_DATA_EVENTS is no longer stated for members in 3 Regions; it stays as it is",
            ),
            "an-agent-leaves": (
                "GuardDutyOrganization",
                {},
                {"Agents": [], "OtherAgents": ["EC2_AGENT_MANAGEMENT"]},
                "blind: the agent EC2_AGENT_MANAGEMENT is no longer switched on for members in 3 Regions",
            ),
            "once-more": (
                "GuardDutyOrganization",
                {},
                {"EnrollAgain": "2026-11-30"},
                "GuardDuty is asked to enrol everybody once more in 3 Regions",
            ),
            "tags-of-the-graph": (
                "DetectiveOrganization",
                {"GraphTags": "a"},
                {"GraphTags": "b"},
                "automatic enrolment is set once more, because the tags of the Detective graph change in 3 Regions",
            ),
            "opt-in": (
                "GuardDutyOrganization",
                {},
                {"OptIn": "true"},
                "whether each account has to enable the Region itself is stated otherwise in 3 Regions",
            ),
            "a-deletion-ends-enrolment": (
                "GuardDutyOrganization",
                {},
                {"RemoveOnDelete": "true"},
                "permission: whoever deletes the stack, or takes out a Region, ends GuardDuty's enrolment of accounts"
                " in 3 Regions",
            ),
            "a-deletion-ends-a-delegation": (
                "GuardDutyDelegation",
                {},
                {"RemoveOnDelete": "true"},
                "permission: whoever deletes the stack, or takes out a Region, ends GuardDuty's delegation in 3"
                " Regions",
            ),
            "a-deletion-ends-nothing-any-more": (
                "GuardDutyDelegation",
                {"RemoveOnDelete": "true"},
                {},
                "GuardDuty's delegation stays when the stack is deleted, or a Region is taken out in 3 Regions",
            ),
            "another-administrator": (
                "DetectiveDelegation",
                {},
                {"Administrator": "999900001111"},
                "permission: the account 999900001111 is asked for as administrator of Detective instead of"
                " 444455556666 in 3 Regions; the deployment fails while the other is (docs/operations.md)",
            ),
            "malware-protection": (
                "GuardDutyDelegation",
                {},
                {"MalwareProtection": "true"},
                "permission: the organization trusts GuardDuty's malware protection in 3 Regions",
            ),
            "no-malware-protection": (
                "GuardDutyDelegation",
                {"MalwareProtection": "true"},
                {},
                "trust in GuardDuty's malware protection is no longer asked for in 3 Regions; it stays",
            ),
        }.items()
    ],
)
def test_a_change_is_one_sentence_for_all_regions(
    tmp_path: Path, type_: str, before: dict[str, Any], after: dict[str, Any], says: str
) -> None:
    common = DELEGATION if type_.endswith("Delegation") else ORGANIZATION
    found = compared(tmp_path, everywhere(type_, common | before), everywhere(type_, common | after))
    assert sentences(found) == [says]
    assert found.others == {}


def test_the_regions_are_named_where_it_is_not_all_of_them(tmp_path: Path) -> None:
    base, new = everywhere("GuardDutyOrganization", ORGANIZATION), everywhere("GuardDutyOrganization", ORGANIZATION)
    new["eu-west-1"]["R2"]["Properties"]["Enroll"] = "none"
    assert said(tmp_path, base, new) == [
        "blind: GuardDuty enrols none accounts of the organization instead of new in us-east-1"
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param({"Surprise": "yes"}, "its property Surprise is not known here", id="a-property-of-tomorrow"),
        pytest.param({"Enroll": {"Ref": "P"}}, "its property Enroll is not a plain text", id="computed"),
        pytest.param({"Agents": "all"}, "its property Agents is not a plain list of texts", id="no-list"),
        pytest.param({"Region": "us-west-2"}, "it is about another Region", id="another-region"),
    ],
)
@pytest.mark.parametrize("kind", list(Kind))
def test_what_cannot_be_read_stops_every_gate(tmp_path: Path, change: dict[str, Any], why: str, kind: Kind) -> None:
    base = everywhere("GuardDutyOrganization", ORGANIZATION, regions=("eu-west-1",))
    new = copy.deepcopy(base)
    new["eu-west-1"]["R0"]["Properties"].update(change)
    found = compared(tmp_path, base, new)
    assert found.failing([kind])
    assert why in sentences(found)[0]


def test_another_function_that_answers_stops_every_gate(tmp_path: Path) -> None:
    base = everywhere("GuardDutyDelegation", DELEGATION)
    new = copy.deepcopy(base)
    for name in ("R0", "R1", "R2"):
        new["eu-west-1"][name]["Properties"]["ServiceToken"] = "arn:aws:lambda:eu-west-1:999900001111:function:f"
    found = compared(tmp_path, base, new)
    assert all(found.failing([kind]) for kind in Kind)


@pytest.mark.parametrize(
    ("type_", "remove", "says"),
    [
        ("GuardDutyDelegation", "true", "blind: GuardDuty's delegation ends in us-east-1"),
        ("DetectiveOrganization", "true", "blind: Detective's enrolment of accounts ends in us-east-1"),
        (
            "DetectiveDelegation",
            "true",
            "Detective's delegation is no longer part of the deployment in us-east-1; what it set stays",
        ),
        (
            "GuardDutyOrganization",
            "false",
            "GuardDuty's enrolment of accounts is no longer part of the deployment in us-east-1; what it set stays",
        ),
    ],
)
def test_a_region_that_is_taken_out(tmp_path: Path, type_: str, remove: str, says: str) -> None:
    common = DELEGATION if type_.endswith("Delegation") else ORGANIZATION
    given = common | {"RemoveOnDelete": remove}
    assert said(tmp_path, everywhere(type_, given), everywhere(type_, given, regions=REGIONS[:2])) == [says]


def test_what_is_new_says_what_it_does(tmp_path: Path) -> None:
    nothing = home({"Steady": resource("AWS::SNS::Topic")})
    assert said(tmp_path / "1", nothing, everywhere("GuardDutyDelegation", DELEGATION)) == [
        "permission: the account 444455556666 becomes the administrator of GuardDuty in 3 Regions"
    ]
    assert said(tmp_path / "2", nothing, everywhere("GuardDutyOrganization", ORGANIZATION | {"Enroll": "all"})) == [
        "GuardDuty enrols all accounts of the organization in 3 Regions, with RUNTIME_MONITORING, S3_DATA_EVENTS"
    ]
    # What the organization has now may be more.
    (sentence,) = said(tmp_path / "3", nothing, everywhere("GuardDutyOrganization", ORGANIZATION))
    assert sentence.startswith("blind?: GuardDuty enrols new accounts of the organization in 3 Regions")


def synthesized(folder: Path, name: str, **organization: Any) -> Path:
    data = copy.deepcopy(EVERYTHING_DATA)
    data["organization"].update(organization)
    synthesize(deployment(data), outdir=folder / name, checked=False)
    return folder / name


def between(base: Path, new: Path) -> Report:
    return report(read_assembly(base), read_assembly(new))


def test_a_real_deployment_that_enrols_fewer_or_everybody_once_more(tmp_path: Path) -> None:
    everybody = synthesized(tmp_path, "all", enroll="all", detective_enroll="all")
    fewer = between(everybody, synthesized(tmp_path, "new", enroll="new", detective_enroll="new"))
    assert [one for one in sentences(fewer) if "?" in one] == []
    assert [one for one in sentences(fewer) if one.startswith("blind: ")] == [
        "blind: Detective enrols new accounts of the organization instead of all in eu-central-1",
        "blind: GuardDuty enrols new accounts of the organization instead of all in 3 Regions",
    ]
    again = between(
        everybody, synthesized(tmp_path, "again", enroll="all", detective_enroll="all", enroll_again=date(2026, 11, 30))
    )
    assert [one for one in sentences(again) if "once more" in one] == [
        "Detective is asked to enrol everybody once more in eu-central-1",
        "GuardDuty is asked to enrol everybody once more in 3 Regions",
    ]
    assert again.failing(list(Kind)) == ()
