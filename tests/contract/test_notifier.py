"""Where template and function meet: what one half writes, the other half's real code reads."""

import json
from pathlib import Path
from typing import Any

import pytest

from app import build
from infra.app import App
from infra.config import Deployment
from infra.destinations import DESTINATIONS
from notifier.batch import ATTEMPT_SECONDS
from notifier.destinations import SENDERS, slack, sns, webhook_secret
from notifier.event import read
from notifier.finding import Finding
from notifier.settings import Settings
from tests.deployments import EVERYTHING, EVERYTHING_DATA, SANDBOX, deployment
from tests.findings import leaked_lambda_credentials
from tests.synthesis import Template, Templates, bus_rules, functions, properties


def resolved(value: Any) -> str:
    """A text of a template as it is after deployment, for the tokens that environments hold."""
    match value:
        case str():
            return value
        case {"Ref": str(id_)}:
            return f"arn:aws:sns:eu-west-1:123456789012:{id_}"
    raise AssertionError(f"a token that no test knows: {value}")


def settings(template: Template) -> dict[str, Settings]:
    """The settings of each function, read by the function's own code."""
    found = {}
    for function in functions(template, "notifier").values():
        variables = function["Properties"]["Environment"]["Variables"]
        read_by_function = Settings.from_environment({name: resolved(value) for name, value in variables.items()})
        found[read_by_function.destination_name] = read_by_function
    return found


@pytest.mark.parametrize("sample", [pytest.param(SANDBOX, id="sandbox"), pytest.param(EVERYTHING, id="everything")])
def test_each_function_understands_its_environment(
    sandbox: Templates, everything: Templates, sample: Deployment
) -> None:
    found = settings((sandbox | everything)[f"{sample.name}-Response"])
    assert {name: one.destination_kind for name, one in found.items()} == {
        destination.name: destination.kind for destination in sample.destinations
    }
    for one in found.values():
        assert one.deployment == sample.name
        assert one.detective == set(sample.detective_regions())
        assert [(entry.name, entry.owner, entry.observing, entry.scoped) for entry in one.egress] == [
            (entry.name, entry.owner, entry.mode == "observe", entry.scope is not None) for entry in sample.egress
        ]
        assert [list(map(str, entry.networks)) for entry in one.egress] == [
            list(map(str, entry.cidrs)) for entry in sample.egress
        ]
        assert one.sender().kind == one.destination_kind


def test_every_variable_of_a_template_is_read_by_the_function(sandbox: Templates) -> None:
    common = {"DEPLOYMENT", "DESTINATION_NAME", "DESTINATION_KIND", "DETECTIVE_REGIONS", "EGRESS_RANGES"}
    for function in functions(sandbox["sandbox-Response"], "notifier").values():
        variables = function["Properties"]["Environment"]["Variables"]
        own = {variable.name for variable in SENDERS[variables["DESTINATION_KIND"]].variables}
        assert set(variables) == common | own


def test_every_kind_of_destination_exists_on_both_sides() -> None:
    assert set(DESTINATIONS) == set(SENDERS)


def test_each_asset_holds_one_handler_and_nothing_of_the_other_functions(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), rule_packs=False)
    build(app, SANDBOX)
    app.write()
    packages = []
    for asset in tmp_path.glob("asset.*"):
        (package,) = asset.iterdir()
        packages.append(package.name)
        assert "def handler(" in (package / "handler.py").read_text(encoding="utf-8")
        assert {file.suffix for file in asset.rglob("*") if file.is_file()} == {".py"}
        assert sum(file.stat().st_size for file in asset.rglob("*")) < 200_000
    assert sorted(packages) == ["notifier", "suppression_review"]


def _forwarders(template: Template) -> list[Template]:
    """The rules on the default bus that carry findings home."""
    return [
        rule
        for rule in properties(template, "AWS::Events::Rule")
        if "EventBusName" not in rule and "ScheduleExpression" not in rule
    ]


def test_an_event_reaches_the_function_untouched_and_is_understood(sandbox: Templates) -> None:
    for template in sandbox.values():
        for rule in (*bus_rules(template).values(), *_forwarders(template)):
            for target in rule["Targets"]:
                assert set(target) <= {"Id", "Arn", "RoleArn", "DeadLetterConfig"}, "an input transformer"
    (finding,) = read(json.dumps(leaked_lambda_credentials(address="203.0.113.9")))
    assert isinstance(finding, Finding)


def test_one_message_always_fits_one_invocation(sandbox: Templates) -> None:
    template = sandbox["sandbox-Response"]
    slack_message = webhook_secret.SECONDS + 2 * slack.TIMEOUT_SECONDS
    # A second for the pause between two attempts of botocore, and our own work.
    assert max(slack_message, sns.SECONDS) + 2 < ATTEMPT_SECONDS
    for function in functions(template, "notifier").values():
        # And for starting: the first message of a cold function is never refused for lack of time.
        assert function["Properties"]["Timeout"] > ATTEMPT_SECONDS + 10


def many_addresses(count: int) -> Deployment:
    """A deployment whose egress ranges are single addresses, none beside another."""
    cidrs = [f"203.0.{number // 100 + 114}.{number % 100 * 2}" for number in range(count)]
    entry = {**EVERYTHING_DATA["egress"][0], "cidrs": cidrs}
    return deployment({**EVERYTHING_DATA, "egress": [entry]})


@pytest.mark.parametrize(("count", "told"), [(150, True), (200, False)])
def test_ranges_that_do_not_fit_the_environment_are_left_out_and_said(
    tmp_path: Path, count: int, *, told: bool
) -> None:
    app = App(outdir=str(tmp_path), rule_packs=False)
    build(app, many_addresses(count))
    app.write()
    template = json.loads((tmp_path / "prod-Response.template.json").read_text(encoding="utf-8"))
    assert all(bool(one.egress) is told for one in settings(template).values())
    report = (tmp_path / "validation-report.json").read_text(encoding="utf-8")
    assert ("messages will not say whether an address is your own" in report) is not told
    for function in properties(template, "AWS::Lambda::Function"):
        size = sum(len(name) + len(json.dumps(value)) for name, value in function["Environment"]["Variables"].items())
        assert size < 4096
