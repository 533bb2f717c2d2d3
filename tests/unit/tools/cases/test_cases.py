"""Cases: the shipped ones hold, and one that passes for the wrong reason fails."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from cfnlint.jsonschema import StandardValidator

from infra.config import LoadedDeployment
from tests.deployments import SANDBOX
from tests.findings import leaked_lambda_credentials
from tests.unit.tools.cases.other_filters import with_filters
from tests.unit.tools.changes.assemblies import CALLER
from tools.cases import __main__ as command
from tools.cases import schema
from tools.cases.check import checked, said
from tools.cases.reader import read_cases
from tools.journey.world import World, read_world
from tools.matching.guardduty_filters import DeployedFilter
from tools.templates.assembly import Assembly, read_assembly

SHIPPED_DAY = "2026-11-23"
INSIDE = "198.51.100.4"
FINDING = "docs/examples/findings/leaked-lambda-credentials.json"
SENT = "{sent: {high: [security-slack], catch-all: [security-mail]}}"


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sandbox_folder: Path) -> Callable[..., int]:
    """Runs the command on one case about the sample sandbox."""

    @contextmanager
    def sample(name: str, *, today: date) -> Iterator[tuple[LoadedDeployment, Assembly]]:
        assert (name, today) == ("sandbox", date(2026, 11, 23))
        loaded = LoadedDeployment(deployment=SANDBOX, expired=(), expired_trust=(), warnings=())
        yield loaded, read_assembly(sandbox_folder)

    def run(expect: str, *, caller: str = INSIDE, more: str = "", finding: str = FINDING) -> int:
        file = tmp_path / "cases.yaml"
        file.write_text(
            f"today: 2026-11-23\ncases:\n  - name: one\n    finding: {finding}\n    caller: {caller}\n"
            f"{more}    expect:\n      sandbox: {expect}\n"
        )
        return command.main([str(file)])

    monkeypatch.setattr(command, "synthesized", sample)
    return run


def test_the_shipped_cases_hold(capsys: pytest.CaptureFixture[str]) -> None:
    """Against the templates of config/, as `make cases` checks them."""
    assert command.main([]) == 0, capsys.readouterr().err
    printed = capsys.readouterr().out
    assert "suppressed by frankfurt-dc" in printed
    assert "sandbox: 20 findings around egress entries: each is as it should be" in printed


def test_a_case_that_holds_is_in_the_table(cases: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert cases("{suppressed_by: frankfurt-dc}") == 0
    assert "ok  sandbox     one   suppressed by frankfurt-dc" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("expect", "caller", "says"),
    [
        pytest.param("{suppressed_by: tokyo-dc}", INSIDE,
                     "expected suppressed by tokyo-dc, got suppressed by frankfurt-dc", id="hidden-by-another-entry"),
        pytest.param("{suppressed_by: frankfurt-dc}", "198.51.100.16",
                     "one address outside frankfurt-dc: 198.51.100.16", id="not-hidden"),
        pytest.param(SENT, INSIDE, "got suppressed by frankfurt-dc", id="hidden"),
        pytest.param("{sent: {catch-all: [security-mail]}}", "203.0.113.9",
                     "expected sent by catch-all -> security-mail, got sent by catch-all -> security-mail; high -> "
                     "security-slack", id="one-route-more"),
        pytest.param("{sent: {high: [security-mail, security-slack], catch-all: [security-mail]}}", "203.0.113.9",
                     "sent by catch-all -> security-mail; high -> security-mail, security-slack, got", id="one-less"),
        pytest.param("{suppressed_by: frankfurt-dc, observed_by: [tokyo-dc]}", INSIDE,
                     "expected observed by tokyo-dc, got nobody", id="not-observed"),
        pytest.param("{unwatched: true}", INSIDE, "expected unwatched, got suppressed", id="watched"),
        pytest.param("{suppressed_by: frankfurt-d}", "203.0.113.9", "no filter of frankfurt-d is deployed: it is no "
                     "entry, or has ended; did you mean 'frankfurt-dc'? known: frankfurt-dc", id="no-such-entry"),
        pytest.param("{sent: {hgh: [security-slack], catch-all: [security-mail]}}", "203.0.113.9",
                     "there is no route hgh; did you mean 'high'?", id="no-such-route"),
        pytest.param("{sent: {high: [security-slak], catch-all: [security-mail]}}", "203.0.113.9",
                     "there is no destination security-slak; did you mean 'security-slack'?", id="no-such-destination"),
        pytest.param(SENT.replace("}}", "}, near_misses: [two addresses]}"), "198.51.100.16",
                     "expected the near miss 'two addresses', got one address outside frankfurt-dc", id="near-miss"),
    ],
)  # fmt: skip
def test_fails_for_what_passes_for_another_reason(
    cases: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path, expect: str, caller: str, says: str
) -> None:
    assert cases(expect, caller=caller) == 1
    printed = capsys.readouterr()
    assert says in printed.err
    assert all(line.startswith(f"{tmp_path}/cases.yaml:7: one: sandbox: ") for line in printed.err.splitlines()
               if "templates of" not in line)  # fmt: skip
    assert "no  sandbox" in printed.out


@pytest.mark.parametrize(
    ("expect", "more", "says"),
    [
        pytest.param("{}", "", ":7: cases[0].expect.sandbox: must name exactly one of suppressed_by", id="nothing"),
        pytest.param("{sent: {}}", "", "must name at least one route; what nobody is told of", id="none"),
        pytest.param("{unwatched: true, untold: true}", "", "got unwatched, untold", id="two-outcomes"),
        pytest.param("{supressed_by: a-b}", "", ":7: cases[0].expect.sandbox: unknown key 'supressed_by'; did you mean "
                     "'suppressed_by'?", id="misspelt"),
        pytest.param("{unwatched: true}\n      sandbix: {unwatched: true}", "",
                     ":8: cases[0].expect.sandbix: no configuration 'sandbix'; did you mean", id="deployment"),
        pytest.param(SENT, "    overrides: {resource.lambdaDetails.name: x}\n",
                     ":6: cases[0].overrides.resource.lambdaDetails.name: findings have no member "
                     "resource.lambdaDetails.name", id="no-such-member"),
        pytest.param(SENT, "    overrides: {service.action.portProbeAction.blocked: true}\n",
                     "the finding has no service.action.portProbeAction there; override that", id="no-parent"),
        pytest.param(SENT, "    overrides: {region: us-east-1}\n",
                     ":6: cases[0].overrides.region: must be left out; use the key region, which moves the event as "
                     "well", id="region"),
        pytest.param(SENT, "    overrides: {accountId: 444455556666}\n",
                     ":6: cases[0].overrides.accountId: must be 12 digits in quotes, got the number 444455556666",
                     id="account-as-a-number"),
        pytest.param(SENT, "    overrides: {resource.lambdaDetails.functionName: 7.5}\n",
                     "functionName: must be text, got the number 7.5; put it in quotes", id="text-as-a-number"),
        pytest.param(SENT, "    overrides: {resource.lambdaDetails.functionName: yes}\n",
                     "functionName: must be text, got the true/false value true; put it in quotes", id="text-as-a-yes"),
        pytest.param(SENT, "    overrides: {service.action: {dnsRequestAction: {vpcOwnerAccountId: 444455556666}}}\n",
                     ":6: cases[0].overrides.service.action: dnsRequestAction.vpcOwnerAccountId: must be 12 digits in "
                     "quotes, got the number 444455556666", id="account-within-a-mapping"),
        pytest.param(SENT, "    overrides: {resource.lambdaDetails.tags: [{key: a, value: 1}]}\n",
                     "resource.lambdaDetails.tags: value: must be text, got the number 1", id="text-within-a-list"),
        pytest.param(SENT, "    caller: 1.2.3.4\n", ":6: cases[0]: duplicate key 'caller'", id="twice"),
    ],
)  # fmt: skip
def test_fails_with_the_line_of_a_mistake(
    cases: Callable[..., int], capsys: pytest.CaptureFixture[str], expect: str, more: str, says: str
) -> None:
    assert cases(expect, more=more) == 2
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.out == ""


def test_a_caller_may_have_an_ipv6_address_and_then_has_no_other(
    cases: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file's own IPv4 address is the entry's: were it left there, the finding would be hidden."""
    egress = tmp_path / "egress.json"
    egress.write_text(json.dumps(leaked_lambda_credentials(address=INSIDE)))
    assert cases("{suppressed_by: frankfurt-dc}", finding=str(egress)) == 0
    assert cases(SENT, finding=str(egress), caller="2001:db8::7") == 0, capsys.readouterr().err


def test_fails_for_a_caller_that_is_no_address(cases: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt one is in no egress range: what expects the finding to be sent would hold for the wrong reason."""
    assert cases(SENT, caller="198.51.100.400") == 2
    says = ":5: cases[0].caller: must be an address such as 192.0.2.7 or 2001:db8::7, got '198.51.100.400'"
    assert says in capsys.readouterr().err


def test_fails_for_a_finding_that_is_not_there(
    cases: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "other.yaml"
    file.write_text("cases: [{name: a, finding: docs/none.json, expect: {sandbox: {untold: true}}}]\n")
    assert command.main([str(file)]) == 2
    assert f"{file}:1: cases[0].finding: docs/none.json: cannot be read" in capsys.readouterr().err


def test_fails_for_a_deployment_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """Rather than check nothing and be content."""
    assert command.main(["--deployment", "sandbix"]) == 2
    assert "no configuration 'sandbix'; did you mean 'sandbox'?" in capsys.readouterr().err


def test_a_deployment_without_a_case_has_its_edges_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "case_files", lambda: ())
    assert command.main(["--deployment", "sandbox", "--today", SHIPPED_DAY]) == 0
    assert capsys.readouterr().out.endswith("sandbox: 20 findings around egress entries: each is as it should be\n")


def test_fails_for_an_edge_that_is_wrong_although_every_case_holds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "case_files", lambda: ())
    monkeypatch.setattr(command, "wrong_neighbours", lambda *_: (20, ("198.51.100.16: should page, is hidden",)))
    assert command.main(["--deployment", "sandbox", "--today", SHIPPED_DAY]) == 1
    printed = capsys.readouterr()
    assert printed.out.endswith("sandbox: 20 findings around egress entries, 1 wrong\n")
    assert "sandbox: 198.51.100.16: should page, is hidden\n" in printed.err


def test_an_override_changes_the_finding_and_a_region_its_envelope_too(tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(
        f"cases: [{{name: a, finding: {FINDING}, region: us-east-1, caller: 192.0.2.1, overrides: {{severity: 6.9, "
        "resource.lambdaDetails.functionName: refunds}, expect: {sandbox: {untold: true}}}]\n"
    )
    (question,) = read_cases([file], deployments=["sandbox"])
    detail: Any = question.event["detail"]
    assert (question.event["region"], detail["region"], detail["severity"]) == ("us-east-1", "us-east-1", 6.9)
    assert detail["resource"]["lambdaDetails"]["functionName"] == "refunds"
    assert detail["service"]["action"]["awsApiCallAction"]["remoteIpDetails"]["ipAddressV4"] == "192.0.2.1"


def test_an_override_may_be_wrong_in_another_way_than_a_number_for_a_text(tmp_path: Path) -> None:
    """What becomes of a severity that is a text, or of nothing, is a question one may ask; so is of what AWS adds."""
    file = tmp_path / "cases.yaml"
    given = {"severity": "8", "resource.lambdaDetails.functionName": None, "service.count": 2, "service.archived": True}
    more = {"service.additionalInfo": {"sample": True, "unusual": 7}}
    case = {"name": "a", "finding": FINDING, "overrides": given | more, "expect": {"sandbox": {"untold": True}}}
    file.write_text(yaml.safe_dump({"cases": [case]}))
    (question,) = read_cases([file], deployments=["sandbox"])
    detail: Any = question.event["detail"]
    assert (detail["severity"], detail["resource"]["lambdaDetails"]["functionName"]) == ("8", None)
    assert (detail["service"]["count"], detail["service"]["archived"]) == (2, True)
    assert detail["service"]["additionalInfo"] == {"sample": True, "unusual": 7}


def test_what_nobody_can_tell_is_not_as_expected(tmp_path: Path, sandbox_folder: Path) -> None:
    """A filter on a severity that is a text: how that compares is not documented."""
    template = sandbox_folder / "sandbox-Detection-eu-west-1.template.json"
    original = template.read_text("utf-8")
    document = json.loads(original)
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::GuardDuty::Filter":
            resource["Properties"]["FindingCriteria"]["Criterion"]["severity"] = {"Equals": ["8.5"]}
    template.write_text(json.dumps(document), encoding="utf-8")
    file = tmp_path / "cases.yaml"
    file.write_text(f"cases: [{{name: a, finding: {FINDING}, caller: {INSIDE}, overrides: {{severity: 8.5}}, "
                    "expect: {sandbox: {suppressed_by: frankfurt-dc}}}]\n")  # fmt: skip
    try:
        world = read_world(read_assembly(sandbox_folder), name="sandbox")
        (result,) = checked(world, read_cases([file], deployments=["sandbox"]))
    finally:
        template.write_text(original, encoding="utf-8")
    assert result.got == "cannot be told"
    assert "how 8.5 compares with a text" in result.wrong[0]
    assert said(result.question.expected) == "suppressed by frankfurt-dc"


def hidden_twice(folder: Path) -> World:
    """The sample sandbox with a second entry, which hides more and comes first in the alphabet."""
    world = read_world(read_assembly(folder), name="sandbox")
    criterion: dict[str, dict[str, object]] = {
        "type": {"Equals": SANDBOX.egress[0].finding_types},
        CALLER: {"Matches": ["198.51.100.*"]},
    }
    return with_filters(world, DeployedFilter(name="sandbox-aaa-wide-02", action="ARCHIVE", rank=1, criterion=criterion,
                                              tags={"egress-entry": "aaa-wide"}))  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ("frankfurt-dc", ()),
        ("aaa-wide", ()),
        ("tokyo-dc", ("expected suppressed by tokyo-dc, got suppressed by aaa-wide, frankfurt-dc",)),
    ],
)
def test_any_entry_that_hides_it_may_be_named_and_no_other(
    tmp_path: Path, sandbox_folder: Path, entry: str, wrong: tuple[str, ...]
) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(
        f"cases: [{{name: a, finding: {FINDING}, caller: {INSIDE}, expect: {{sandbox: {{suppressed_by: {entry}}}}}}}]\n"
    )
    (result,) = checked(hidden_twice(sandbox_folder), read_cases([file], deployments=["sandbox"]))
    assert (result.got, result.wrong) == ("suppressed by aaa-wide, frankfurt-dc", wrong)


@pytest.mark.parametrize(
    ("action", "wrong"),
    [
        pytest.param("ARCHIVE", (), id="one-that-hides"),
        pytest.param("NOOP", ("whether it is observed by perhaps cannot be told",), id="one-that-observes"),
    ],
)
def test_a_doubt_about_another_filter_matters_only_for_what_observes(
    tmp_path: Path, sandbox_folder: Path, action: str, wrong: tuple[str, ...]
) -> None:
    """What hides a finding for certain hides it; of what observes it a case says everything."""
    world = read_world(read_assembly(sandbox_folder), name="sandbox")
    perhaps = DeployedFilter(name="x", action=action, rank=1, criterion={"severity": {"Equals": ["8.5"]}},
                             tags={"egress-entry": "perhaps"})  # fmt: skip
    file = tmp_path / "cases.yaml"
    file.write_text(f"cases: [{{name: a, finding: {FINDING}, caller: {INSIDE}, overrides: {{severity: 8.5}}, "
                    "expect: {sandbox: {suppressed_by: frankfurt-dc}}}]\n")  # fmt: skip
    (result,) = checked(with_filters(world, perhaps), read_cases([file], deployments=["sandbox"]))
    assert (result.got, result.wrong) == ("suppressed by frankfurt-dc", wrong)


def test_the_schema_is_current_and_editors_accept_the_shipped_files(project: Path) -> None:
    assert schema.main(["--check"]) == 0
    document = json.loads(schema.schema_text())
    for file in sorted((project / "config" / "cases").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        assert text.startswith("# yaml-language-server: $schema=schema.json\n")
        content = yaml.safe_load(text)
        if "today" in content:
            # an editor reads YAML 1.2, in which a date is text
            content["today"] = str(content["today"])
        assert not list(StandardValidator(document).iter_errors(content))
    assert list(StandardValidator(document).iter_errors({"cases": [{"name": "a"}]}))
