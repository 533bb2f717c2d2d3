"""Home first, then one Region, then the others; what another account has to do goes by itself."""

import json
from pathlib import Path

import pytest

from tests.deployments import EVERYTHING, EVERYTHING_DATA, FOUND, SANDBOX, SANDBOX_DATA, deployment
from tests.synthesis import synthesize
from tools.templates.assembly import Assembly, Resource, Stack, read_assembly
from tools.waves import NoCanaryError, main, stacks_in, waves


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("everything")
    synthesize(EVERYTHING, outdir=made, checked=False)
    return made


def planned(folder: Path, canary: str | None = None) -> dict[str, list[str]]:
    return {wave.name: [stack.name for stack in wave.stacks] for wave in waves(read_assembly(folder), canary=canary)}


def test_the_home_region_goes_first_and_every_stack_goes_once(folder: Path) -> None:
    assert planned(folder) == {
        "home": ["prod-Response"],
        "canary": ["prod-Detection-eu-central-1"],
        "rest": ["prod-Detection-ap-east-2", "prod-Detection-eu-south-2"],
        "delegation": ["prod-Delegation"],
        "organization": ["prod-Organization"],
    }


def test_the_environment_says_which_region_goes_first_to_every_command_of_a_pipeline(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Waves that are deployed and verified have to be those that were planned."""
    for region in ("eu-south-2", "eu-central-1"):
        monkeypatch.setenv("CANARY", region)
        assert main(["--app", str(folder), "--stacks", "canary"]) == 0
        assert capsys.readouterr().out == f"prod-Detection-{region}\n"
    # As GitHub sets it where the variable of the repository is missing.
    monkeypatch.setenv("CANARY", "")
    assert main(["--app", str(folder), "--stacks", "canary"]) == 0
    assert capsys.readouterr().out == "prod-Detection-eu-central-1\n"


@pytest.mark.parametrize(
    ("wave", "regions"),
    [("home", ""), ("canary", "eu-central-1\n"), ("rest", "ap-east-2\neu-south-2\n"), ("delegation", "")],
)
def test_a_pipeline_asks_whose_findings_come_with_a_wave(
    folder: Path, wave: str, regions: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--app", str(folder), "--canary", "eu-central-1", "--detecting", wave]) == 0
    assert capsys.readouterr().out == regions


def test_of_a_wave_with_a_response_stack_the_region_is_told_once(
    regional: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--app", str(regional), "--detecting", "rest"]) == 0
    assert capsys.readouterr().out == "ap-south-1\nus-west-2\n"


def test_another_region_can_be_the_canary(folder: Path) -> None:
    assert planned(folder, "eu-south-2")["canary"] == ["prod-Detection-eu-south-2"]
    with pytest.raises(NoCanaryError, match="no Detection stack is in 'us-east-1'; the Regions are ap-east-2, eu-"):
        planned(folder, "us-east-1")


def test_one_region_needs_no_third_wave(tmp_path: Path) -> None:
    synthesize(SANDBOX.model_copy(update={"regions": ("eu-west-1",)}), outdir=tmp_path, checked=False)
    assert list(planned(tmp_path)) == ["home", "canary"]


@pytest.fixture(scope="module")
def regional(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each Region by itself; the home Region is neither the first that is written nor the first by name."""
    made = tmp_path_factory.mktemp("regional")
    data = {**SANDBOX_DATA, "hub": "regional", "regions": ["us-west-2", "ap-south-1", "eu-west-1"]}
    synthesize(deployment(data), outdir=made, checked=False)
    return made


def test_where_each_region_is_by_itself_its_response_goes_just_before_its_detection(regional: Path) -> None:
    plan = planned(regional)
    assert list(plan) == ["home", "canary", "rest"]
    assert plan == {
        "home": ["sandbox-Response"],
        "canary": ["sandbox-Detection-eu-west-1"],
        "rest": [
            "sandbox-Response-ap-south-1",
            "sandbox-Detection-ap-south-1",
            "sandbox-Response-us-west-2",
            "sandbox-Detection-us-west-2",
        ],
    }


def test_another_canary_brings_its_own_response_and_no_other(regional: Path) -> None:
    plan = planned(regional, "us-west-2")
    assert plan["home"] == ["sandbox-Response-us-west-2"]
    assert plan["canary"] == ["sandbox-Detection-us-west-2"]
    assert plan["rest"][2:] == ["sandbox-Response", "sandbox-Detection-eu-west-1"]


def test_regions_whose_detector_is_somebody_elses_go_in_the_same_waves(folder: Path, tmp_path: Path) -> None:
    existing = deployment(EVERYTHING_DATA | {"guardduty": {"ownership": "existing"}}).with_found(FOUND)
    synthesize(existing, outdir=tmp_path, checked=False)
    assert planned(tmp_path) == planned(folder)


def test_steps_of_the_management_account_come_after_detection_and_alone() -> None:
    def stack(name: str, account: str, type_: str = "AWS::IAM::Role") -> Stack:
        one = Resource(logical_id="A", type=type_, label="A", properties={}, attributes={})
        return Stack(name=name, account=account, region="eu-west-1", resources={"A": one})

    stacks = [
        stack("prod-Organization", "111122223333"),
        stack("prod-Delegation", "999988887777"),
        stack("prod-Response", "111122223333", "AWS::Events::EventBus"),
        stack("prod-Detection-eu-west-1", "111122223333", "AWS::GuardDuty::Detector"),
    ]
    plan = waves(Assembly(folder=Path(), stacks={one.name: one for one in stacks}))
    assert [(wave.name, wave.account) for wave in plan] == [
        ("home", "111122223333"),
        ("canary", "111122223333"),
        ("delegation", "999988887777"),
        ("organization", "111122223333"),
    ]


def test_a_pipeline_reads_the_plan_and_the_stacks_of_a_wave(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--app", str(folder), "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan[2] == {
        "wave": "rest",
        "account": "111122223333",
        "stacks": ["prod-Detection-ap-east-2", "prod-Detection-eu-south-2"],
        "regions": ["ap-east-2", "eu-south-2"],
    }
    assert main(["--app", str(folder), "--stacks", "canary"]) == 0
    assert capsys.readouterr().out == "prod-Detection-eu-central-1\n"


def test_fails_with_words_for_a_wave_or_a_folder_that_is_not_there(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--app", str(folder), "--stacks", "last"]) == 2
    assert (
        capsys.readouterr().err
        == "waves: unknown wave 'last'; the waves are home, canary, rest, delegation, organization\n"
    )
    assert main(["--app", str(tmp_path)]) == 2
    assert "is no cloud assembly" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("place", "deployed", "watched_only"),
    [
        (
            "security",
            {
                "prod-Response",
                "prod-Detection-ap-east-2",
                "prod-Detection-eu-central-1",
                "prod-Detection-eu-south-2",
                "prod-Organization",
            },
            {"prod-CiAccess"},
        ),
        ("management", {"prod-Delegation"}, {"prod-ManagementCiAccess"}),
    ],
)
def test_each_account_has_its_stacks_and_the_pipelines_own_are_looked_at_only(
    folder: Path, capsys: pytest.CaptureFixture[str], place: str, deployed: set[str], watched_only: set[str]
) -> None:
    assembly = read_assembly(folder)
    assert set(stacks_in(assembly, place, access=False)) == deployed
    assert set(stacks_in(assembly, place, access=True)) == deployed | watched_only
    assert main(["--app", str(folder), "--deployed-in", place]) == 0
    assert set(capsys.readouterr().out.splitlines()) == deployed
    assert main(["--app", str(folder), "--watched-in", place]) == 0
    assert set(capsys.readouterr().out.splitlines()) == deployed | watched_only


def test_an_account_of_one_has_nothing_of_management(tmp_path: Path) -> None:
    synthesize(SANDBOX, outdir=tmp_path, checked=False)
    assert stacks_in(read_assembly(tmp_path), "management", access=True) == ()
