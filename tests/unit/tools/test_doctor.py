"""What stands between a configuration and its deployment is told; what cannot be looked at is never called fine."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from aws_cdk import DefaultStackSynthesizer

from tests.deployments import SANDBOX_DATA
from tests.unit.tools.live_account import ACCOUNT, MANAGEMENT, LiveAccount, RefusedError, detector, unreachable
from tools.doctor import environment
from tools.doctor.__main__ import main
from tools.doctor.run import WORKERS

HOME, OTHER = "eu-west-1", "us-east-1"
ID = "12abc34d567e8fa901bc2d34e56789f0"
GRAPH = f"arn:aws:detective:{HOME}:{ACCOUNT}:graph:{'0a1b2c3d' * 4}"
FILTER = "sandbox-frankfurt-dc-01"
DENIED = RefusedError("AccessDeniedException", "not authorized")
DEPLOYED = {
    "Enable": True,
    "FindingPublishingFrequency": "FIFTEEN_MINUTES",
    "Features": [one for one in detector()["Features"] if one["Name"] != "CLOUD_TRAIL"],
}


class Desk:
    """The command, with a configuration of its own and an account that a test furnishes."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.live = LiveAccount(HOME, OTHER)
        self._capsys = capsys

    @property
    def home(self) -> Any:
        return self.live.regions[HOME]

    def write(self, **changes: Any) -> None:
        data = json.loads(json.dumps(SANDBOX_DATA | {"account": ACCOUNT} | changes, default=str))
        for entry in (*data["egress"][:1], *data.get("trusted_list", ())):
            entry["expires"] = date(2027, 6, 30)
        (self.folder / "stack.yaml").write_text(yaml.safe_dump(data))

    def run(self, *more: str) -> tuple[int, str, str]:
        code = main(
            ["stack", "--folder", str(self.folder), *more], client_of=self.live.client_of, today=date(2026, 11, 23)
        )
        captured = self._capsys.readouterr()
        return code, captured.out, captured.err

    def checks(self, *more: str) -> tuple[int, list[dict[str, str]]]:
        code, out, _ = self.run("--json", *more)
        return code, json.loads(out)

    def home_is(self, area: str, *more: str, subject: str = "") -> tuple[str, str, str]:
        """State, detail and fix of the one check of an area in the home Region; the exit code must agree."""
        code, checks = self.checks("--region", HOME, *more)
        assert code == int(any(one["state"] != "ok" for one in checks))
        (found,) = [
            one for one in checks if one["area"] == area and one["region"] == HOME and subject in {"", one["subject"]}
        ]
        return found["state"], found["detail"], found["fix"]

    def stack(self, names: dict[str, str], *, status: str = "UPDATE_COMPLETE", **template: Any) -> None:
        resources = {"D": {"Type": "AWS::GuardDuty::Detector", "Properties": DEPLOYED | template}}
        self.home.stacks["sandbox-Detection-eu-west-1"] = (status, names, {"Resources": resources})


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    made.write()
    return made


def test_an_empty_account_that_is_ready_passes_and_hears_what_will_be_made(desk: Desk) -> None:
    code, checks = desk.checks()
    assert (code, {one["state"] for one in checks}) == (0, {"ok"})
    assert [one["area"] for one in checks if one["region"] == OTHER] == [
        "region",
        "bootstrap",
        "stack",
        "detector",
        "graph",
        "filters",
        "cloudtrail",
    ]
    told = {one["area"]: one["detail"] for one in checks if one["region"] == HOME}
    assert told["detector"].startswith("will be created, with EBS_MALWARE_PROTECTION, EKS_AUDIT_LOGS")
    assert told["filters"] == "1 will be created, of 100 in the Region"


def test_only_reading_calls_are_made(desk: Desk) -> None:
    desk.home.detectors[ID] = detector()
    desk.stack({"D": ID})
    desk.run("--write")
    assert {name for _, name in desk.live.asked if not name.startswith(("Get", "List", "Describe"))} == set()
    assert "GetSecretValue" not in {name for _, name in desk.live.asked}


def test_somebody_elses_detector_makes_the_deployment_fail(desk: Desk) -> None:
    desk.home.detectors[ID] = detector()
    assert desk.home_is("detector") == (
        "wrong",
        "will fail: a detector is there already, and it is not this stack's; adopt it, or write guardduty.ownership:"
        " existing",
        "python -m tools adopt stack",
    )


def test_our_own_detector_as_configured_stays(desk: Desk) -> None:
    desk.home.detectors[ID] = detector()
    desk.stack({"D": ID})
    assert desk.home_is("detector") == ("ok", "already is as configured", "")


def test_what_the_deployment_changes_of_our_detector_is_told(desk: Desk) -> None:
    desk.write(guardduty={"features": ["S3_DATA_EVENTS"], "finding_publishing_frequency": "ONE_HOUR"})
    desk.home.detectors[ID] = detector()
    desk.stack({"D": ID})
    state, detail, _ = desk.home_is("detector")
    assert state == "ok"
    assert "publishing frequency will be set to ONE_HOUR (is FIFTEEN_MINUTES)" in detail
    assert "EKS_AUDIT_LOGS will be set to DISABLED (is ENABLED)" in detail
    assert "S3_DATA_EVENTS" not in detail


@pytest.mark.parametrize("short", ["", "  Other: !Sub 'arn:${AWS::Partition}'\n"])
def test_after_an_import_the_template_is_yaml_and_what_the_deployment_changes_is_told_too(
    desk: Desk, short: str
) -> None:
    """`cdk import` sends YAML, and boto3 reads JSON alone."""
    desk.home.written = lambda template: yaml.safe_dump(template) + short
    desk.home.detectors[ID] = detector(FindingPublishingFrequency="SIX_HOURS")
    desk.stack({"D": ID}, FindingPublishingFrequency="SIX_HOURS")
    state, detail, _ = desk.home_is("detector")
    assert (state, detail) == ("ok", "publishing frequency will be set to FIFTEEN_MINUTES (is SIX_HOURS)")
    desk.stack({"D": ID})
    assert desk.home_is("detector")[0] == "wrong", "changed by hand"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"FindingPublishingFrequency": "SIX_HOURS"},
            "publishing frequency is SIX_HOURS, deployed was FIFTEEN_MINUTES",
        ),
        ({"Status": "DISABLED"}, "GuardDuty is DISABLED, deployed was ENABLED"),
    ],
)
def test_what_was_changed_by_hand_is_wrong_as_the_deployment_does_not_set_it_back(
    desk: Desk, change: dict[str, str], says: str
) -> None:
    desk.home.detectors[ID] = detector(**change)
    desk.stack({"D": ID})
    assert desk.home_is("detector") == (
        "wrong",
        f"{says}: changed by hand, and the deployment will not set it back, as its template stays the same",
        "npx cdk deploy sandbox-Detection-eu-west-1 -c config=stack --exclusively --revert-drift",
    )


def test_our_detector_that_somebody_deleted_is_wrong(desk: Desk) -> None:
    desk.stack({"D": ID})
    state, detail, fix = desk.home_is("detector")
    assert (state, "was deleted by hand" in detail) == ("wrong", True)
    assert fix == "npx cdk orphan sandbox-Detection-eu-west-1/GuardDuty --unstable=orphan -c config=stack"


def test_an_existing_detector_has_to_be_there_and_on(desk: Desk) -> None:
    desk.write(guardduty={"ownership": "existing"})
    assert desk.home_is("detector", "--write")[0] == "wrong"
    desk.home.detectors[ID] = detector(Status="DISABLED")
    assert desk.home_is("detector", "--write")[:2] == (
        "wrong",
        "GuardDuty is DISABLED: nothing is found; ask whoever owns it",
    )
    desk.home.detectors[ID] = detector()
    assert desk.home_is("detector", "--write")[0] == "ok"


def test_an_existing_detector_has_to_be_the_one_in_the_committed_file(desk: Desk) -> None:
    desk.write(guardduty={"ownership": "existing"})
    desk.home.detectors[ID] = detector()
    fix = "python -m tools doctor stack --write"
    assert desk.home_is("detector") == ("wrong", "will fail: the committed file names no detector here", fix)
    desk.run("--write")
    assert desk.home_is("detector")[0] == "ok"
    desk.home.detectors = {"f" * 32: detector()}
    assert desk.home_is("detector") == ("wrong", f"will fail: the committed file names {ID} here", fix)


def test_a_graph_that_is_there_already_is_unknown_and_never_passes(desk: Desk) -> None:
    desk.home.graphs = [GRAPH]
    state, detail, fix = desk.home_is("graph")
    assert (state, fix) == ("unknown", "python -m tools adopt stack")
    assert "whether CloudFormation takes it over is not documented" in detail
    desk.stack({"G": GRAPH})
    desk.home.detectors[ID] = detector()
    assert desk.home_is("graph")[0] == "ok"


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED"])
def test_a_graph_that_a_failed_first_creation_left_is_not_the_stacks(desk: Desk, status: str) -> None:
    """CloudFormation goes on listing it, until the CDK CLI deletes that stack before the next deployment."""
    desk.home.graphs = [GRAPH]
    desk.stack({"G": GRAPH}, status=status)
    assert desk.home_is("graph")[::2] == ("unknown", "python -m tools adopt stack")


def test_an_existing_graph_is_compared_with_the_committed_file(desk: Desk) -> None:
    desk.write(detective={"ownership": "existing"})
    desk.home.graphs = [GRAPH]
    assert desk.home_is("graph")[:2] == ("wrong", "the committed file names no graph here")
    desk.run("--write")
    assert desk.home_is("graph")[:2] == ("ok", "already is, somebody else's")


TRUSTED = [
    {
        "name": "pentest", "cidrs": ["8.8.8.8"], "owner": "red-team", "reason": "Yearly pentest",
        "expires": date(2027, 6, 30),
    }
]  # fmt: skip


@pytest.mark.parametrize(
    ("newer", "there", "named"),
    [(True, "entity_sets", "get-trusted-entity-set"), (False, "ip_sets", "get-ip-set")],
)
def test_a_trusted_list_that_is_there_already_makes_the_deployment_fail(
    desk: Desk, newer: bool, there: str, named: str,  # noqa: FBT001 (a case)
) -> None:  # fmt: skip
    desk.write(trusted_list=TRUSTED, region_overrides={HOME: {"trusted_entity_set": newer}})
    desk.home.detectors[ID] = detector()
    desk.stack({"D": ID})
    assert desk.home_is("trusted list")[:2] == ("ok", "will be created")
    setattr(desk.home, there, ["theirs"])
    state, detail, fix = desk.home_is("trusted list")
    assert (state, "a trusted list is there already, and it is not this stack's" in detail) == ("wrong", True)
    assert named in fix
    desk.stack({"D": ID, "T": f"theirs|{ID}"})
    assert desk.home_is("trusted list")[:2] == ("ok", "already is")


def test_filters_of_others_count_against_the_quota(desk: Desk) -> None:
    desk.home.detectors[ID] = detector()
    desk.home.filters = [f"theirs-{number}" for number in range(99)]
    assert desk.home_is("filters")[1].endswith("99 are of others: at most 100 at once, of 100 in the Region")
    desk.home.filters.append("theirs-99")
    state, detail, _ = desk.home_is("filters")
    assert state == "wrong"
    assert detail.startswith(
        "will fail: 0 already are, 1 will be created, 0 will be deleted, 100 are of others: at most 101"
    )


def test_old_filters_count_until_cloudformation_has_deleted_them(desk: Desk) -> None:
    desk.home.detectors[ID] = detector()
    old = [f"sandbox-old-{number:02}" for number in range(100)]
    desk.home.filters = list(old)
    desk.stack({"D": ID} | {name.replace("-", ""): name for name in old})
    state, detail, _ = desk.home_is("filters")
    assert (state, "100 will be deleted, 0 are of others: at most 101 at once" in detail) == ("wrong", True)


def test_a_filter_of_our_name_that_is_not_ours_makes_the_deployment_fail(desk: Desk) -> None:
    desk.home.detectors[ID] = detector()
    desk.home.filters = [FILTER]
    _, checks = desk.checks("--region", HOME)
    (found,) = [one for one in checks if one["area"] == "filters" and one["subject"] == FILTER]
    assert found["state"] == "wrong"
    desk.stack({"D": ID, "F": FILTER})
    assert desk.home_is("filters")[1].startswith("1 already are, 0 will be created")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("UPDATE_COMPLETE", "ok"),
        ("UPDATE_ROLLBACK_COMPLETE", "ok"),
        ("REVIEW_IN_PROGRESS", "ok"),
        ("UPDATE_ROLLBACK_FAILED", "wrong"),
        ("ROLLBACK_COMPLETE", "ok"),
        ("ROLLBACK_FAILED", "ok"),
        ("DELETE_FAILED", "wrong"),
        ("UPDATE_IN_PROGRESS", "wrong"),
    ],
)
def test_a_stack_that_cannot_be_deployed_is_wrong(desk: Desk, status: str, state: str) -> None:
    desk.stack({}, status=status)
    assert desk.home_is("stack", subject="sandbox-Detection-eu-west-1")[0] == state


def test_where_nothing_is_found_nothing_is_written(desk: Desk) -> None:
    _, _, said = desk.run("--write")
    assert "not written: there is no detector and no graph in any Region" in said
    assert not (desk.folder / "found").exists()


def test_what_a_trail_lacks_is_mended_by_what_is_printed(desk: Desk) -> None:
    desk.home.logging = False
    assert desk.home_is("cloudtrail")[2].startswith(f"aws cloudtrail start-logging --region {HOME} --name arn:")
    desk.home.logging = True
    desk.home.selectors = {"EventSelectors": [{"IncludeManagementEvents": False}]}
    assert desk.home_is("cloudtrail")[2].startswith(f"aws cloudtrail put-event-selectors --region {HOME} --trail-name")
    desk.home.trails = []
    made = (
        "aws cloudtrail create-trail --is-multi-region-trail --name management-events --s3-bucket-name BUCKET"
        " && aws cloudtrail start-logging --name management-events"
    )
    assert desk.home_is("cloudtrail")[2] == made


def test_a_trail_is_mended_in_the_region_and_by_the_account_that_made_it(desk: Desk) -> None:
    """Elsewhere CloudTrail refuses (API reference, StartLogging: InvalidHomeRegionException and the one after it)."""
    desk.home.trails_from = ("us-east-1", ACCOUNT)
    desk.home.logging = False
    start = "aws cloudtrail start-logging --region us-east-1 --name arn:aws:cloudtrail:us-east-1"
    no_one = "nobody would see who changes detectors and filters"
    assert desk.home_is("cloudtrail")[1:] == (
        f"org-trail is stopped: {no_one}",
        f"{start}:{ACCOUNT}:trail/org-trail",
    )
    desk.home.trails_from = ("us-east-1", MANAGEMENT)
    assert desk.home_is("cloudtrail")[1:] == (
        f"org-trail of account {MANAGEMENT} is stopped: {no_one}",
        f"{start}:{MANAGEMENT}:trail/org-trail",
    )
    desk.home.logging = True
    desk.home.selectors = {"EventSelectors": [{"IncludeManagementEvents": False}]}
    assert desk.home_is("cloudtrail")[1:] == (
        f"org-trail of account {MANAGEMENT} logs not all management events: {no_one}",
        f"aws cloudtrail put-event-selectors --region us-east-1 --trail-name arn:aws:cloudtrail:us-east-1:{MANAGEMENT}:"
        "trail/org-trail --event-selectors ReadWriteType=All,IncludeManagementEvents=true",
    )


@pytest.mark.parametrize(("status", "state"), [("UPDATE_COMPLETE", "ok"), ("UPDATE_ROLLBACK_FAILED", "wrong")])
def test_every_stack_of_a_hub_is_looked_at(desk: Desk, status: str, state: str) -> None:
    desk.home.stacks["sandbox-Response"] = (status, {}, {"Resources": {}})
    assert desk.home_is("stack", subject="sandbox-Response")[0] == state
    _, checks = desk.checks()
    assert [one["subject"] for one in checks if one["area"] == "stack"] == [
        "sandbox-Detection-eu-west-1",
        "sandbox-Response",
        "sandbox-Detection-us-east-1",
    ]


def test_a_bus_that_a_deleted_stack_has_left_is_in_the_way(desk: Desk) -> None:
    assert desk.home_is("bus") == ("ok", "will be created", "")
    desk.home.buses = ["sandbox-findings"]
    state, says, fix = desk.home_is("bus")
    assert state == "wrong"
    assert says.startswith("will fail: a bus of that name is there already, and it is not of sandbox-Response")
    assert fix == "npx cdk import sandbox-Response -c config=stack"
    desk.home.stacks["sandbox-Response"] = ("UPDATE_COMPLETE", {"Bus": "sandbox-findings"}, {"Resources": {}})
    assert desk.home_is("bus") == ("ok", "already is this stack's", "")
    desk.home.refusals["DescribeEventBus"] = DENIED
    assert desk.home_is("bus")[0] == "unknown"


@pytest.mark.parametrize(
    ("version", "state", "says"),
    [
        (None, "wrong", "will fail: the Region is not bootstrapped"),
        ("5", "wrong", "will fail: is version 5, 6 is needed"),
        ("6", "ok", "version 6"),
        ("latest", "unknown", "holds 'latest', which is no version"),
    ],
)
def test_the_bootstrap_has_to_be_there_and_new_enough(desk: Desk, version: str | None, state: str, says: str) -> None:
    desk.home.bootstrap = version
    fix = "" if state == "ok" else f"npx cdk bootstrap aws://{ACCOUNT}/{HOME}"
    assert desk.home_is("bootstrap") == (state, says, fix)


@pytest.mark.parametrize("version", [None, "5", "6"])
def test_the_bootstrap_is_the_one_of_the_qualifier_in_cdk_json(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, version: str | None
) -> None:
    """In an account of several, the default bootstrap may be there and be somebody else's."""
    context = {"@aws-cdk/core:bootstrapQualifier": "detection"}
    monkeypatch.setattr(environment, "feature_flags", lambda: context, raising=False)
    desk.home.bootstrap = version
    (found,) = [one for one in desk.checks("--region", HOME)[1] if one["area"] == "bootstrap"]
    assert found["subject"] == "/cdk-bootstrap/detection/version"
    fix = f"npx cdk bootstrap aws://{ACCOUNT}/{HOME} --qualifier detection --toolkit-stack-name CDKToolkit-detection"
    assert found["fix"] == ("" if version == "6" else fix)


def test_the_default_qualifier_is_the_one_of_the_library() -> None:
    assert environment.DEFAULT_QUALIFIER == DefaultStackSynthesizer.DEFAULT_QUALIFIER


def test_a_region_that_is_not_enabled_is_told_once_and_not_asked_further(desk: Desk) -> None:
    desk.live.regions[OTHER].opt_in = "not-opted-in"
    code, checks = desk.checks()
    (told,) = [one for one in checks if one["state"] != "ok"]
    assert (code, told["area"], told["subject"], told["state"]) == (1, "region", OTHER, "wrong")
    assert told["fix"] == f"aws account enable-region --region-name {OTHER}"
    assert {region for region, _ in desk.live.asked} == {HOME}


def test_secrets_are_looked_for_by_name_where_findings_come_together(desk: Desk) -> None:
    assert desk.home_is("secret")[0] == "ok"
    desk.home.secrets["detection/slack-webhook"] = {"DeletedDate": "2026-11-20T00:00:00Z"}
    assert desk.home_is("secret")[:2] == ("wrong", "is being deleted")
    desk.home.secrets.clear()
    state, _, fix = desk.home_is("secret")
    assert state == "wrong"
    assert fix.startswith(f"aws secretsmanager create-secret --region {HOME} --name detection/slack-webhook ")


ADVANCED = {"Field": "eventCategory", "Equals": ["Management"]}
WRITES = {"Field": "readOnly", "Equals": ["false"]}
READS = {"Field": "readOnly", "Equals": ["true"]}
OF_OBJECTS = {
    "FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    ]
}


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"trails": []}, "wrong"),
        ({"logging": False}, "wrong"),
        ({"selectors": {"EventSelectors": [{"IncludeManagementEvents": False}]}}, "wrong"),
        ({"selectors": {"EventSelectors": [{"ReadWriteType": "ReadOnly"}]}}, "wrong"),
        ({"selectors": {"EventSelectors": [{"ReadWriteType": "WriteOnly"}]}}, "ok"),
        ({"selectors": {"AdvancedEventSelectors": [{"FieldSelectors": [ADVANCED]}]}}, "ok"),
        (
            {"selectors": {"AdvancedEventSelectors": [{"FieldSelectors": [{**ADVANCED, "Equals": ["Data"]}]}]}},
            "wrong",
        ),
        (
            {
                "selectors": {
                    "AdvancedEventSelectors": [
                        {
                            "FieldSelectors": [
                                ADVANCED,
                                {"Field": "eventSource", "NotEquals": ["guardduty.amazonaws.com"]},
                            ]
                        }
                    ]
                }
            },
            "unknown",
        ),
        ({"selectors": {"AdvancedEventSelectors": [{"FieldSelectors": [ADVANCED, WRITES]}]}}, "ok"),
        ({"selectors": {"AdvancedEventSelectors": [{"FieldSelectors": [ADVANCED, READS]}]}}, "wrong"),
    ],
)
def test_a_trail_has_to_log_management_events(desk: Desk, changes: dict[str, Any], state: str) -> None:
    for name, value in changes.items():
        setattr(desk.home, name, value)
    assert desk.home_is("cloudtrail")[0] == state


def advanced(*fields: dict[str, Any]) -> dict[str, Any]:
    """A trail that logs objects of S3 as well, as one does that has been set up with care."""
    return {"AdvancedEventSelectors": [{"FieldSelectors": [ADVANCED, *fields]}, OF_OBJECTS]}


def without(*sources: str) -> dict[str, Any]:
    """As the console writes its choice to leave sources out."""
    return advanced({"Field": "eventSource", "NotEquals": list(sources)})


def basic(*sources: str) -> dict[str, Any]:
    return {"EventSelectors": [{"IncludeManagementEvents": True, "ExcludeManagementEventSources": list(sources)}]}


KMS, RDS = "kms.amazonaws.com", "rdsdata.amazonaws.com"
NO_KEYS = "logs management events, but changes to keys are not seen: kms.amazonaws.com is left out"


@pytest.mark.parametrize("leaves_out", [without, basic])
@pytest.mark.parametrize(
    ("sources", "says"),
    [((KMS,), NO_KEYS), ((RDS,), "logs management events"), ((KMS, RDS), NO_KEYS)],
)
def test_a_trail_may_leave_out_what_the_console_offers_to_and_keys_are_told(
    desk: Desk, leaves_out: Callable[..., dict[str, Any]], sources: tuple[str, ...], says: str
) -> None:
    desk.home.selectors = leaves_out(*sources)
    assert desk.home_is("cloudtrail") == ("ok", says, "")


def test_what_one_trail_or_selector_leaves_out_another_may_take(desk: Desk) -> None:
    desk.home.trails = ["old", "new"]
    desk.home.selectors_of = {"old": basic(KMS), "new": without(RDS)}
    assert desk.home_is("cloudtrail", subject="old, new") == ("ok", "logs management events", "")
    desk.home.selectors_of["new"] = without(KMS, RDS)
    assert desk.home_is("cloudtrail", subject="old, new") == ("ok", NO_KEYS, "")
    desk.home.selectors_of["new"] = advanced()
    assert desk.home_is("cloudtrail", subject="new") == ("ok", "logs management events", "")
    desk.home.trails = ["old"]
    desk.home.selectors_of["old"] = {"EventSelectors": [*basic(KMS)["EventSelectors"], *basic(RDS)["EventSelectors"]]}
    assert desk.home_is("cloudtrail", subject="old") == ("ok", "logs management events", "")


@pytest.mark.parametrize(
    ("selectors", "said"),
    [
        (without(KMS, "guardduty.amazonaws.com"), f"eventSource NotEquals {KMS}, guardduty.amazonaws.com"),
        (
            advanced({"Field": "eventSource", "NotStartsWith": ["kms"]}, {"Field": "eventName", "Equals": ["PutRule"]}),
            "eventSource NotStartsWith kms; eventName Equals PutRule",
        ),
        (basic(KMS, "events.amazonaws.com"), "ExcludeManagementEventSources events.amazonaws.com"),
    ],
)
def test_a_trail_that_is_narrowed_in_another_way_is_for_a_person_to_judge(
    desk: Desk, selectors: dict[str, Any], said: str
) -> None:
    desk.home.selectors = selectors
    assert desk.home_is("cloudtrail") == (
        "unknown",
        f"org-trail takes management events by a selector with {said}: see by hand that it takes the changes of"
        " GuardDuty, Detective, EventBridge, IAM and CloudFormation",
        "",
    )


@pytest.mark.parametrize(
    "selectors",
    [
        {"AdvancedEventSelectors": [OF_OBJECTS]},
        advanced(READS),
        {
            "EventSelectors": [
                {
                    "IncludeManagementEvents": False,
                    "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
                }
            ]
        },
    ],
)
def test_no_command_is_offered_that_would_end_what_a_trail_logs_now(desk: Desk, selectors: dict[str, Any]) -> None:
    """put-event-selectors replaces every selector, data events and all."""
    desk.home.selectors = selectors
    assert desk.home_is("cloudtrail") == (
        "wrong",
        "org-trail logs not all management events, and has selectors of its own: add one for management events to them,"
        " as put-event-selectors replaces all there are: nobody would see who changes detectors and filters",
        "",
    )


@pytest.mark.parametrize(
    ("status", "state"), [("PUBLISHING", "ok"), ("UNABLE_TO_PUBLISH_FIX_DESTINATION_PROPERTY", "wrong")]
)
def test_an_export_of_findings_that_stands_still_is_told(desk: Desk, status: str, state: str) -> None:
    desk.home.detectors[ID] = detector()
    desk.home.exports = [{"DestinationId": "d1", "DestinationType": "S3", "Status": status}]
    assert desk.home_is("export")[0] == state


@pytest.mark.parametrize(
    ("operation", "area"),
    [
        ("GetParameter", "bootstrap"),
        ("DescribeStacks", "stack"),
        ("ListDetectors", "detectors"),
        ("GetDetector", "detectors"),
        ("ListFilters", "filters"),
        ("ListGraphs", "graphs"),
        ("DescribeSecret", "secrets"),
        ("DescribeTrails", "trails"),
        ("GetEventSelectors", "trails"),
        ("DescribeRegions", "regions"),
    ],
)
@pytest.mark.parametrize("refusal", [DENIED, RefusedError("ThrottlingException", "slow down"), unreachable(HOME)])
def test_what_cannot_be_looked_at_is_unknown_and_never_passes(
    desk: Desk, operation: str, area: str, refusal: Exception
) -> None:
    desk.home.detectors[ID] = detector()
    desk.stack({"D": ID})
    desk.home.refusals[operation] = refusal
    code, checks = desk.checks()
    unknown = {one["area"]: one["detail"] for one in checks if one["state"] == "unknown"}
    assert code == 1
    assert unknown[area].startswith("could not be looked at: ")
    assert not [one for one in checks if one["region"] == OTHER and one["state"] != "ok"]


def test_the_credentials_of_another_account_stop_everything(desk: Desk) -> None:
    desk.live.account = "444455556666"
    assert desk.run() == (
        2,
        "",
        f"doctor: the credentials are of account 444455556666, must be of {ACCOUNT} (security); set AWS_PROFILE, or"
        " give --profile\n",
    )
    assert [name for _, name in desk.live.asked] == ["GetCallerIdentity"]


@pytest.mark.parametrize("refusal", [RefusedError("ExpiredToken", "the token has expired"), unreachable(HOME)])
def test_credentials_that_nobody_takes_stop_everything_in_words(desk: Desk, refusal: Exception) -> None:
    desk.home.refusals["GetCallerIdentity"] = refusal
    code, out, said = desk.run()
    assert (code, out) == (2, "")
    assert said.startswith("doctor: ")
    assert "Traceback" not in said


def test_without_an_account_in_the_configuration_any_will_do(desk: Desk) -> None:
    desk.write(account=None)
    desk.live.account = "444455556666"
    assert desk.run()[0] == 0


class TestOrganization:
    """The management account's part."""

    @pytest.fixture
    def desk(self, desk: Desk) -> Desk:
        desk.write(organization={"management_account": MANAGEMENT})
        desk.live.account = MANAGEMENT
        return desk

    def told(self, desk: Desk) -> dict[tuple[str, str, str], tuple[str, str]]:
        _, checks = desk.checks()
        return {(one["region"], one["area"], one["subject"]): (one["state"], one["detail"]) for one in checks}

    def test_what_will_be_appointed_is_told(self, desk: Desk) -> None:
        desk.live.trusted = {"guardduty.amazonaws.com"}
        told = self.told(desk)
        assert told[HOME, "trusted access", "guardduty.amazonaws.com"] == ("ok", "already is")
        assert told[HOME, "trusted access", "detective.amazonaws.com"] == ("ok", "will be set")
        assert told[HOME, "trusted access", "malware-protection.guardduty.amazonaws.com"] == ("ok", "will be set")
        for region in (HOME, OTHER):
            for service in ("GuardDuty", "Detective"):
                assert told[region, "administrator", service] == ("ok", f"will be set to {ACCOUNT}")
        assert desk.run()[0] == 0

    def test_what_was_appointed_already_is_told(self, desk: Desk) -> None:
        desk.home.guardduty_administrators = {ACCOUNT: "ENABLED"}
        desk.home.detective_administrators = [ACCOUNT]
        told = self.told(desk)
        for service in ("GuardDuty", "Detective"):
            assert told[HOME, "administrator", service] == ("ok", f"already is {ACCOUNT}")

    @pytest.mark.parametrize("service", ["GuardDuty", "Detective", "guardduty.amazonaws.com"])
    def test_another_administrator_makes_the_deployment_fail_and_is_named(self, desk: Desk, service: str) -> None:
        other = "444455556666"
        if service == "GuardDuty":
            desk.home.guardduty_administrators = {other: "ENABLED"}
        elif service == "Detective":
            desk.home.detective_administrators = [other]
        else:
            desk.live.registered = [other]
        state, detail = self.told(desk)[HOME, "administrator", service]
        assert state == "wrong"
        assert detail.startswith(f"will fail because the administrator is already {other};")
        assert desk.run()[0] == 1

    def test_an_administrator_that_is_leaving_is_wrong(self, desk: Desk) -> None:
        desk.home.guardduty_administrators = {ACCOUNT: "DISABLE_IN_PROGRESS"}
        assert self.told(desk)[HOME, "administrator", "GuardDuty"][0] == "wrong"

    def test_consolidated_billing_alone_is_wrong(self, desk: Desk) -> None:
        desk.live.feature_set = "CONSOLIDATED_BILLING"
        assert self.told(desk)[HOME, "organization", "o-example123"][0] == "wrong"

    def test_the_account_of_the_credentials_chooses_the_step(self, desk: Desk) -> None:
        assert {area for _, area, _ in self.told(desk)} >= {"administrator", "trusted access"}
        assert "ListDetectors" not in {name for _, name in desk.live.asked}
        desk.live.account = ACCOUNT
        assert {area for _, area, _ in self.told(desk)} >= {"detector", "filters"}

    def test_a_step_of_another_account_stops(self, desk: Desk) -> None:
        code, _, said = desk.run("--step", "security")
        assert (code, f"are of account {MANAGEMENT}, must be of {ACCOUNT} (security)" in said) == (2, True)

    def test_the_file_is_not_written_with_what_the_management_account_has(self, desk: Desk) -> None:
        assert desk.run("--write")[0] == 2
        assert not (desk.folder / "found").exists()


def test_the_file_is_sorted_and_written_once(desk: Desk) -> None:
    desk.live.regions = dict(reversed(desk.live.regions.items()))
    desk.home.detectors[ID] = detector()
    desk.home.graphs = [GRAPH]
    desk.live.regions[OTHER].detectors["0" * 32] = detector()
    _, _, said = desk.run("--write")
    file = desk.folder / "found" / "stack.json"
    assert said == f"{file}: written, with 2 Regions: commit it\n"
    assert json.loads(file.read_text()) == {
        "account": ACCOUNT,
        "taken": "2026-11-23",
        "regions": {HOME: {"detector_id": ID, "graph_arn": GRAPH}, OTHER: {"detector_id": "0" * 32}},
    }
    assert list(file.parent.iterdir()) == [file]
    before = file.read_text()
    main(["stack", "--folder", str(desk.folder), "--write"], client_of=desk.live.client_of, today=date(2026, 12, 1))
    assert file.read_text() == before
    desk.home.graphs = []
    main(["stack", "--folder", str(desk.folder), "--write"], client_of=desk.live.client_of, today=date(2026, 12, 1))
    assert json.loads(file.read_text())["taken"] == "2026-12-01"


def test_a_file_that_cannot_be_written_is_not_taken_for_written(desk: Desk) -> None:
    desk.home.detectors[ID] = detector()
    (desk.folder / "found").write_text("a file where the folder should be")
    assert desk.run("--write") == (
        2, "", f"doctor: {desk.folder / 'found' / 'stack.json'}: cannot be written: File exists\n"
    )  # fmt: skip


def test_nothing_found_makes_no_file_and_empties_the_one_there_is(desk: Desk) -> None:
    file = desk.folder / "found" / "stack.json"
    _, _, said = desk.run("--write")
    assert said == f"{file}: not written: there is no detector and no graph in any Region, so nothing to keep\n"
    assert not file.exists()
    desk.home.detectors[ID] = detector()
    desk.run("--write")
    desk.home.detectors.clear()
    assert desk.run("--write")[2].startswith(f"{file}: written, with 0 Regions")
    assert json.loads(file.read_text())["regions"] == {}


def test_a_region_that_cannot_be_looked_at_leaves_the_file_as_it_was(desk: Desk) -> None:
    desk.live.regions[OTHER].refusals["ListDetectors"] = DENIED
    code, _, said = desk.run("--write")
    assert code == 2
    assert said == (
        "doctor: nothing is written, as not every Region could be looked at: us-east-1: ListDetectors:"
        " AccessDeniedException: not authorized\n"
    )
    assert not (desk.folder / "found").exists()


def test_a_spoiled_file_is_written_anew(desk: Desk) -> None:
    desk.write(guardduty={"ownership": "existing"})
    for region in desk.live.regions.values():
        region.detectors[ID] = detector()
    (desk.folder / "found").mkdir()
    file = desk.folder / "found" / "stack.json"
    file.write_text("{")
    assert desk.run()[0] == 2
    assert desk.run("--write")[0] == 0
    assert json.loads(file.read_text())["account"] == ACCOUNT


def test_a_person_reads_a_line_for_each_check_and_the_commands_that_mend(desk: Desk) -> None:
    desk.home.bootstrap = None
    code, out, _ = desk.run()
    assert code == 1
    assert f"stack, account {ACCOUNT}, step security: 17 checks: 16 ok, 1 wrong, 0 unknown" in out
    assert out.endswith(f"to mend it, look at each and run:\n  npx cdk bootstrap aws://{ACCOUNT}/{HOME}\n")
    assert "\x1b" not in out


def test_fails_with_words_for_what_is_not_there(desk: Desk) -> None:
    assert desk.run("--region", "eu-west-3")[2] == (
        "doctor: --region eu-west-3: is not one of regions, which are eu-west-1, us-east-1\n"
    )
    assert desk.run("--step", "management")[2] == (
        "doctor: --step management: the configuration has no organization; leave --step out\n"
    )
    assert main(["nobody", "--folder", str(desk.folder)], client_of=desk.live.client_of) == 2


def test_many_regions_are_looked_at_a_few_at_a_time() -> None:
    assert WORKERS == 8
