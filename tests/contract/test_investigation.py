"""Investigations: what the template gives the functions is what they take, and their report reaches a destination."""

import importlib
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import investigation.event
import investigation.subject
import notifier.items.case
import notifier.items.detail_types
from infra.config import Investigation, region_facts
from infra.config.agreement.investigation import TYPES_BUDGET, types_fit_a_rule
from infra.config.regions import GUARDDUTY_REGIONS
from infra.constructs.finding_pattern import HEARTBEAT, MAX_PATTERN_CHARACTERS
from infra.constructs.investigation_definition import POLL_SECONDS, definition
from infra.constructs.investigation_settings import LEAKED_CREDENTIALS, investigated
from infra.stacks.known import known
from infra.suppression.finding_types import CATALOGUE
from investigation.activity import callers_of
from investigation.aws import _ONCE
from investigation.settings import Settings, StarterSettings
from investigation.subject import case_of, execution_name, subject_of
from investigation.worker import UnknownStep, Worker
from notifier.brief import Brief
from notifier.briefs.headline import is_leaked_credentials
from notifier.items.case import case_of as notified_case
from notifier.items.event import read
from notifier.items.finding import Envelope
from notifier.items.watched_call import from_event
from shared.known import known_in
from tests.deployments import EVERYTHING, SANDBOX
from tests.findings import leaked_instance_credentials, leaked_lambda_credentials, leaked_task_credentials, low_finding
from tests.synthesis import Template, Templates, bus_rules, finding_rules, functions, logical_id, only, properties
from tests.unit.investigation.world import World, settings


def environment(template: Template, module: str = "handler") -> dict[str, str]:
    (function,) = functions(template, "investigation", module=module).values()
    variables = function["Properties"]["Environment"]["Variables"]
    return {name: value if isinstance(value, str) else _stand_in(value) for name, value in variables.items()}


def history_regions() -> tuple[str, ...]:
    """Every Region that a deployment in all of them reads."""
    return tuple(name for name in GUARDDUTY_REGIONS if region_facts(name).partition == "aws")


def _stand_in(value: object) -> str:
    if value == {"Ref": "AWS::AccountId"}:
        return "111122223333"
    return f"arn:aws:states:eu-west-1:111122223333:stateMachine:{logical_id(value)}"


def test_the_functions_understand_their_environment(sandbox: Templates, everything: Templates) -> None:
    ours = Settings.from_environment(environment(sandbox["sandbox-Response"]), known=known_in(known(SANDBOX)))
    assert (ours.bus_name, ours.member_role, ours.guardduty_regions) == ("sandbox-findings", "", frozenset())
    assert ours.regions[:2] == SANDBOX.regions
    assert {"us-west-2", "ap-northeast-1"} <= set(ours.regions)
    assert "ap-east-1" not in ours.regions  # an opt-in Region that is not ours
    assert ours.egress
    assert [one.name for one in ours.egress] == ["frankfurt-dc"]
    full = Settings.from_environment(environment(everything["prod-Response"]), known=known_in(known(EVERYTHING)))
    assert full.detective_regions == full.guardduty_regions == frozenset({"eu-central-1"})
    assert (full.member_role, full.external_id) == ("detection-reader", "3f1c2b7e-8f5d-4a53-9f43-0a1b2c3d4e5f")
    assert full.egress
    assert [(one.name, one.scoped, one.observing) for one in full.egress] == [
        (entry.name, entry.scope is not None, entry.mode == "observe") for entry in EVERYTHING.egress
    ]
    assert any(one.scoped for one in full.egress)
    assert any(one.observing for one in full.egress)
    assert full.probe_checks * POLL_SECONDS == 45 * 60
    starter = StarterSettings.from_environment(environment(everything["prod-Response"], "starter"))
    assert starter.window.total_seconds() == 12 * 3600


def test_reading_ends_while_there_is_time_for_the_call_that_has_begun_and_for_what_comes_after_it(
    sandbox: Templates, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Stopped by Lambda, a step has read everything for nothing, and does it again."""
    (worker,) = functions(sandbox["sandbox-Response"], "investigation").values()
    for name, value in environment(sandbox["sandbox-Response"]).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "known.json").write_text(known(SANDBOX), encoding="utf-8")
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(tmp_path))
    entry = importlib.import_module("investigation.handler")
    began: list[Worker] = []

    @dataclass(frozen=True, kw_only=True)
    class Noted(Worker):
        def run(self, given: object) -> object:
            began.append(self)
            return given

    monkeypatch.setattr(entry, "Worker", Noted)
    monkeypatch.setattr(entry, "time", SimpleNamespace(monotonic=lambda: 5000.0))
    seconds = worker["Properties"]["Timeout"]
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: seconds * 1000)
    assert entry.handler({"step": "look"}, context) == {"step": "look"}
    (one,) = began
    after = 5000.0 + seconds - one.reader.deadline
    once: Any = _ONCE
    # Two calls that nobody answers: the one that has begun, and one that asks why a Region knows nothing.
    assert 2 * (once.connect_timeout + once.read_timeout) < after == 60


def test_the_starter_starts_the_machine_that_invokes_the_worker(sandbox: Templates) -> None:
    template = sandbox["sandbox-Response"]
    rule = bus_rules(template)["investigation"]
    (starter,) = functions(template, "investigation", module="starter")
    (worker,) = functions(template, "investigation")
    assert logical_id(only(rule["Targets"])["Arn"]) == starter
    machine = only(properties(template, "AWS::StepFunctions::StateMachine"))
    invoked = {logical_id(part) for part in machine["DefinitionString"]["Fn::Join"][1] if not isinstance(part, str)}
    assert invoked == {worker}
    assert machine["StateMachineType"] == "STANDARD"


def test_reports_have_the_same_name_on_both_sides_and_take_every_route(everything: Templates) -> None:
    ours, theirs = investigation.event, notifier.items.detail_types
    assert (ours.SOURCE, ours.DETAIL_TYPE) == (theirs.OURS, theirs.REPORT)
    for rule in finding_rules(everything["prod-Response"]).values():
        assert rule["EventPattern"]["source"] == ["aws.guardduty", ours.SOURCE]
        assert rule["EventPattern"]["detail-type"] == ["GuardDuty Finding", HEARTBEAT, ours.DETAIL_TYPE]


def test_a_report_carries_what_routes_ask_for_where_a_finding_has_it() -> None:
    world = World()
    world.investigate()
    detail, finding = json.loads(world.entry["Detail"]), world.event["detail"]
    for member in ("type", "accountId", "severity"):
        assert detail[member] == finding[member]
    world = World()
    world.event["detail"]["severity"] = "8"
    world.investigate()
    assert json.loads(world.entry["Detail"])["severity"] == "8"


def lookup_of(brief: Brief) -> str:
    """The command of a message that reads the event history by access key; all on one line."""
    pasted = [snippet.text for step in brief.steps for snippet in step.snippets]
    (line,) = (line for text in pasted for line in text.splitlines() if "cloudtrail lookup-events" in line)
    return line


@pytest.mark.parametrize("unread", [("us-east-1",), ("eu-west-1", "us-east-1"), history_regions()])
def test_what_could_not_be_read_is_a_command_over_exactly_these_regions(unread: tuple[str, ...]) -> None:
    """What the function names beside its sentence the notifier makes a command of: that of the first message."""
    world = World(settings=settings(regions=history_regions()))
    for region in unread:
        world.trail(region).refuses = "AccessDeniedException"
    told = lookup_of(world.investigate())
    first = lookup_of(world.first_message())
    in_each = re.compile(r"for region in ([a-z0-9 -]+); do (.*); done")
    loop, theirs = in_each.fullmatch(told), in_each.fullmatch(first)
    assert theirs
    if loop:
        assert sorted(loop[1].split()) == sorted(unread)
        assert loop[2] == theirs[2]
    else:
        assert told == theirs[2].replace("$region", unread[0])
    (step,) = (step for step in world.follow_up.steps if step.snippets)
    assert set(unread) <= set(re.findall(r"[a-z0-9-]+", step.text))
    assert not step.text.endswith("…")


FINDINGS = [
    leaked_lambda_credentials(),
    leaked_lambda_credentials(region="us-east-1", finding_id="2" * 32),
    leaked_lambda_credentials(account="444455556666"),
    leaked_task_credentials(),
    leaked_instance_credentials(),
    low_finding(),
    low_finding(id="3" * 32),
    # What one key did to two buckets: two things to look into.
    leaked_lambda_credentials(type="Policy:S3/BucketAnonymousAccessGranted", finding_id="4" * 32),
    leaked_lambda_credentials(type="Policy:S3/BucketAnonymousAccessGranted", finding_id="5" * 32),
    leaked_lambda_credentials(type="CredentialAccess:IAMUser/CompromisedCredentials", finding_id="6" * 32),
    leaked_lambda_credentials(type="CredentialAccess:IAMUser/CompromisedCredentials", finding_id="7" * 32),
]


def test_which_types_are_about_a_leaked_key_is_the_same_wherever_it_is_asked() -> None:
    assert LEAKED_CREDENTIALS == notifier.items.case.LEAKED_KEYS == investigation.subject.LEAKED_KEYS


def test_what_counts_as_a_refusal_is_the_same_wherever_it_is_asked() -> None:
    for code, refused in {
        "AccessDenied": True,
        "AccessDeniedException": True,
        "Client.UnauthorizedOperation": True,
        "NotAuthorizedException": True,
        "ForbiddenException": True,
        "AuthorizationErrorException": True,
        "NoSuchEntityException": False,
        "": False,
    }.items():
        recorded = {"eventName": "DeleteDetector", "eventSource": "guardduty.amazonaws.com", "errorCode": code}
        (caller,) = callers_of([{"CloudTrailEvent": json.dumps(recorded)}], told=lambda _: ("outside", "so"))
        assert bool(caller["denied"]) is refused, code
        assert from_event(recorded, Envelope()).refused is refused, code


def test_one_investigation_is_what_the_notifier_calls_one_case() -> None:
    world = World()
    window = timedelta(hours=24)
    for one in FINDINGS:
        for other in FINDINGS:
            (first,), (second,) = read(json.dumps(one)), read(json.dumps(other))
            same = notified_case(first) == notified_case(second)
            assert (case_of(subject_of(one)) == case_of(subject_of(other))) == same
            names = [execution_name(subject_of(event), now=world.clock.now, window=window) for event in (one, other)]
            assert (names[0] == names[1]) == same


def test_every_leak_is_investigated_and_what_is_replayed_is_not() -> None:
    pattern: Any = investigated(EVERYTHING.investigation.finding_types)
    prefixes = [one["prefix"] if isinstance(one, dict) else one for one in pattern["detail"]["type"]]
    assert prefixes[-2:] == ["Recon:IAMUser/TorIPCaller", "Exfiltration:IAMUser/"]
    assert pattern["replay-name"] == [{"exists": False}]
    for name in CATALOGUE.actions:
        assert is_leaked_credentials(name) <= any(fnmatchcase(name, f"{one}*") for one in LEAKED_CREDENTIALS)


def test_types_that_the_configuration_takes_fit_the_rule() -> None:
    for end in ("", "*"):
        names: list[str] = []
        while True:
            names.append(f"A:B/{len(names):03}{'x' * 4}{end}")
            taken = Investigation.model_construct(finding_types=tuple(names))
            if list(types_fit_a_rule(investigation=taken)):
                break
        pattern = json.dumps(investigated(names[:-1]), separators=(",", ":"))
        assert TYPES_BUDGET < len(pattern) <= MAX_PATTERN_CHARACTERS


def test_the_worker_knows_every_step_of_the_machine() -> None:
    steps = set()

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if isinstance(step := node.get("step"), str):
                steps.add(step)
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(definition(function_arn="f", history_wait_seconds=1, timeout_minutes=5, ask_guardduty=True))
    worker: Worker = World().worker()
    for step in steps:
        try:
            worker.run({"step": step})
        except UnknownStep:
            pytest.fail(f"{step} is not known")
        except KeyError:
            pass  # it asks for what the machine hands over
    assert len(steps) == 10
