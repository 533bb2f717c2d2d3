"""A case is started once, a sample never, and what Step Functions refuses comes again."""

import json
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from botocore.exceptions import ClientError

from investigation.settings import Settings, StarterSettings
from investigation.start import start
from shared.egress import EgressRange
from shared.known import Known
from shared.settings import InvalidSettings
from tests.findings import leaked_lambda_credentials
from tests.notifier_environment import NOTHING_KNOWN
from tests.unit.investigation.fakes import BEGAN, refusal

SETTINGS = StarterSettings(
    machine="arn:aws:states:eu-west-1:111122223333:stateMachine:investigation", window=timedelta(hours=24)
)


class FakeStepFunctions:
    """StartExecution, with its rule that a name is used once within 90 days, unless the input is the same."""

    def __init__(self) -> None:
        self.running: dict[str, str] = {}
        self.refuses = ""

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> object:  # noqa: N803, A002
        assert stateMachineArn == SETTINGS.machine
        assert 1 <= len(name) <= 80
        if self.refuses:
            raise refusal("StartExecution", self.refuses)
        if self.running.get(name, input) != input:
            raise refusal("StartExecution", "ExecutionAlreadyExists")
        self.running[name] = input
        return {}


def started(event: dict[str, Any], client: FakeStepFunctions, *, hours: float = 0) -> str:
    return start(event, settings=SETTINGS, client=client, now=BEGAN + timedelta(hours=hours))


def test_ten_repeats_and_other_regions_are_one_investigation() -> None:
    client = FakeStepFunctions()
    events = [
        leaked_lambda_credentials(region=region, finding_id=f"{number}" * 32, severity=5 + number / 10)
        for number, region in enumerate(["eu-west-1", "us-east-1"] * 5)
    ]
    assert [started(event, client) for event in events] == ["started", *["known"] * 9]
    assert len(client.running) == 1
    assert started(events[0], client, hours=25) == "started"


def test_what_is_handed_over_is_small_whatever_the_finding_holds() -> None:
    client, event = FakeStepFunctions(), leaked_lambda_credentials()
    event["detail"]["id"] = "x" * 100_000
    event["detail"]["resource"]["accessKeyDetails"]["userName"] = "y" * 100_000
    started(event, client)
    (given,) = client.running.values()
    assert len(given) < 8_000
    assert set(json.loads(given)) == {"subject"}


def test_a_sample_starts_nothing() -> None:
    client = FakeStepFunctions()
    assert started(leaked_lambda_credentials(sample=True), client) == "sample"
    assert client.running == {}


def test_fails_when_step_functions_refuses_so_that_the_event_comes_again() -> None:
    client = FakeStepFunctions()
    client.refuses = "ExecutionLimitExceeded"
    with pytest.raises(ClientError, match="ExecutionLimitExceeded"):
        started(leaked_lambda_credentials(), client)


@pytest.mark.parametrize("event", [{}, {"detail": None}, {"detail": {"severity": []}}, {"detail": {"service": [1]}}])
def test_an_odd_finding_is_investigated_rather_than_lost(event: dict[str, Any]) -> None:
    assert started(event, FakeStepFunctions()) == "started"


GOOD = {
    "ACCOUNT": "111122223333",
    "BUS_NAME": "sandbox-findings",
    "REGIONS": "eu-west-1,us-east-1",
    "DETECTIVE_REGIONS": "",
    "PROBE_CHECKS": "30",
    "GUARDDUTY_REGIONS": "",
    "MEMBER_ROLE": "",
    "EXTERNAL_ID": "",
}


def test_settings_are_read_whole() -> None:
    ours = EgressRange(name="dc", owner="network-ops", networks=(ip_network("198.51.100.0/28"),))
    found = Settings.from_environment(GOOD, known=Known(accounts={}, egress=(ours,)))
    assert (found.regions, found.detective_regions) == (("eu-west-1", "us-east-1"), frozenset())
    assert found.egress == (ours,)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACCOUNT", "12"),
        ("BUS_NAME", ""),
        ("REGIONS", "eu-west-1,"),
        ("REGIONS", "evil.example"),
        ("PROBE_CHECKS", "0"),
        ("MEMBER_ROLE", "a/b"),
        ("EXTERNAL_ID", "a b"),
        ("ACCOUNT", None),
    ],
)
def test_fails_with_the_name_of_a_wrong_setting(name: str, value: str | None) -> None:
    given = {key: one for key, one in (GOOD | {name: value}).items() if one is not None}
    with pytest.raises(InvalidSettings, match=f"environment variable {name}: "):
        Settings.from_environment(given, known=NOTHING_KNOWN)
