"""The table of who is told, and what it flags."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.unit.tools.changes.assemblies import resource
from tests.unit.tools.journey.worlds import HOME, destination, rule, synthesized, target, tiny, world
from tools.journey.answers import leaves
from tools.journey.world import read_world
from tools.routes.__main__ import main
from tools.routes.samples import beyond, severities
from tools.routes.show import as_html, as_markdown, severity_words
from tools.routes.table import RouteTable, route_tables
from tools.templates.assembly import read_assembly

EXFILTRATION = "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration*"


def cells(table: RouteTable) -> list[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    return [(severity_words(row.severities), row.family.asked, row.accounts, row.told) for row in table.rows]


def table(tmp_path: Path, **changed: Any) -> RouteTable:
    (found,) = route_tables(world(tmp_path, tiny(**changed)))
    return found


def test_a_threshold_parts_the_table_and_a_severity_without_a_number_is_shown(tmp_path: Path) -> None:
    assert cells(table(tmp_path)) == [
        ("under 7 (Low, Medium)", (), (), ("mail",)),
        ("7 and over (High, Critical)", (), (), ("chat", "mail")),
        ("no number", (), (), ("mail",)),
    ]


def test_bands_with_a_gap_between_them_are_flagged(tmp_path: Path) -> None:
    """High to 8.9 and Critical from 9.0 lose a finding of 8.95."""
    high = rule("high", target("chat", "chatQueue"), detail={"severity": [{"numeric": [">=", 7, "<=", 8.9]}]})
    critical = rule("critical", target("mail", "mailQueue"), detail={"severity": [{"numeric": [">=", 9]}]})
    found = table(tmp_path, High=high, Critical=critical, CatchAll=None)
    assert [one[0] for one in cells(found) if not one[3]] == [
        "under 7 (Low, Medium)",
        "over 8.9 to under 9 (High)",
        "no number",
    ]
    assert len(found.unrouted) == 3


@pytest.mark.parametrize(
    ("bound", "below", "above"),
    [
        (8.9999999, "under 8.9999999 (Low, Medium, High)", "8.9999999 and over (High, Critical)"),
        (1.0000001, "under 1.0000001 (Low)", "1.0000001 and over"),
        (8.95, "under 8.95 (Low, Medium, High)", "8.95 and over (High, Critical)"),
        (7.0, "under 7 (Low, Medium)", "7 and over (High, Critical)"),
    ],
)
def test_a_threshold_is_shown_as_it_is(tmp_path: Path, bound: float, below: str, above: str) -> None:
    """Rounded to six digits, 8.9999999 reads as 9, and is another threshold."""
    high = rule("high", target("chat", "chatQueue"), detail={"severity": [{"numeric": [">=", bound]}]})
    found = cells(table(tmp_path, High=high))
    assert [(one[0], one[3]) for one in found] == [
        (below, ("mail",)),
        (above, ("chat", "mail")),
        ("no number", ("mail",)),
    ]


def test_types_and_accounts_that_rules_name_have_rows_of_their_own(tmp_path: Path) -> None:
    leaked = rule(
        "leaked", target("chat", "chatQueue"), detail={"type": [{"prefix": EXFILTRATION[:-1]}, "Brand:New/A.B"]}
    )
    pci = rule("pci", target("chat", "chatQueue"), detail={"accountId": ["444455556666"]})
    found = table(tmp_path, High=None, Leaked=leaked, Pci=pci)
    asked = (f"{EXFILTRATION}, Brand:New/A.B",)
    assert cells(found) == [
        ("every number", asked, (), ("chat", "mail")),
        ("no number", asked, (), ("chat", "mail")),
        ("every number", (), ("444455556666",), ("chat", "mail")),
        ("no number", (), ("444455556666",), ("chat", "mail")),
        ("every number", (), ("every other account",), ("mail",)),
        ("no number", (), ("every other account",), ("mail",)),
    ]
    assert found.rows[0].family.known == tuple(
        f"UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.{where}" for where in ("InsideAWS", "OutsideAWS")
    )


def test_all_accounts_but_some_and_severities_up_to_one_are_in_the_table(tmp_path: Path) -> None:
    asked = {
        "severity": [{"numeric": [">=", 4, "<", 7]}, "heartbeat"],
        "accountId": [{"anything-but": ["444455556666"]}],
    }
    found = table(tmp_path, High=None, Tickets=rule("tickets", target("chat", "chatQueue"), detail=asked))
    assert found.aside == ()
    assert cells(found) == [
        ("every number", (), ("444455556666",), ("mail",)),
        ("no number", (), ("444455556666",), ("mail",)),
        ("under 4 (Low)", (), ("every other account",), ("mail",)),
        ("4 to under 7 (Medium)", (), ("every other account",), ("chat", "mail")),
        ("7 and over (High, Critical)", (), ("every other account",), ("mail",)),
        ("no number", (), ("every other account",), ("mail",)),
    ]


def test_a_rule_that_asks_for_more_is_named_beside_the_table(tmp_path: Path) -> None:
    more = rule("tagged", target("chat", "chatQueue"), detail={"resource": {"resourceType": ["Instance"]}})
    found = table(tmp_path, High=None, More=more)
    assert found.aside == ("the rule tagged (chat) also asks for detail.resource.resourceType",)
    assert {told for *_, told in cells(found)} == {("mail",)}


def test_a_rule_that_tells_nobody_parts_no_types(tmp_path: Path) -> None:
    """An investigation that starts for some types changes nothing about who is told of them."""
    start = rule("investigation", target("start", "Starter"), detail={"type": ["Brand:New/A.B"]})
    found = table(tmp_path, Starter=resource("AWS::Lambda::Function"), Start=start)
    assert found.aside == ()
    assert {row.family.alone for row in found.rows} == {True}


def test_a_rule_about_something_else_is_no_part_of_it(tmp_path: Path) -> None:
    other = rule(
        "trail", target("chat", "chatQueue"), EventPattern={"source": ["aws.cloudtrail"], "detail": {"a": ["b"]}}
    )
    assert table(tmp_path, High=None, Other=other).aside == ()


def test_regions_that_are_routed_alike_share_a_table(tmp_path: Path) -> None:
    away = {"Detector": tiny()["Detector"], "Forwarder": tiny()["Forwarder"]}
    found = route_tables(world(tmp_path, tiny(), us_east_1=away, eu_north_1={"Detector": tiny()["Detector"]}))
    assert [one.regions for one in found] == [("eu-north-1",), (HOME, "us-east-1")]
    assert {row.told for row in found[0].rows} == {()}


def test_the_sample_deployment_leaves_no_finding_unrouted(everything_folder: Path) -> None:
    (found,) = route_tables(read_world(read_assembly(everything_folder), name="prod"))
    assert found.regions == ("ap-east-2", "eu-central-1", "eu-south-2")
    assert (found.unrouted, found.aside) == ((), ())
    told = {(one[0], one[1] != (), one[2]): one[3] for one in cells(found)}
    everyone, pci = ("every other account",), ("444455556666",)
    critical = ("everyone", "on-call", "siem", "soc-chat", "soc-teams")
    assert told["under 4 (Low)", False, everyone] == ("everyone",)
    assert told["4 to under 7 (Medium)", False, everyone] == ("everyone", "siem")
    assert told["7 to under 9 (High)", False, everyone] == ("everyone",)
    assert told["under 9 (Low, Medium, High)", False, ("555566667777", "666677778888")] == ("everyone",)
    assert told["9 and over (Critical)", False, everyone] == critical
    assert told["4 to under 7 (Medium)", False, pci] == ("everyone", "pci-slack", "siem")
    assert told["7 to under 9 (High)", False, pci] == ("everyone", "pci-slack")
    assert told["9 and over (Critical)", True, pci] == tuple(sorted([*critical, "pci-slack", "soc-slack"]))


def test_every_severity_is_in_exactly_one_run() -> None:
    found = severities([[{"numeric": [">=", 7, "<", 8.5]}], [3]])
    numbers = [one for one in found if one.is_number]
    for before, after in pairwise(numbers):
        assert before.high == after.low
    assert {one.value for one in numbers} >= {1.0, 3.0, 4.0, 7.0, 8.5, 9.0, 10.0}
    assert [one.value for one in found if not one.is_number] == ["8", None]


def test_the_command_prints_writes_and_fails_for_what_nobody_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = synthesized(tmp_path / "cdk.out", {HOME: tiny()})
    assert main(["--app", str(folder)]) == 0
    assert "7 and over (High, Critical)  every type     every account  chat, mail" in capsys.readouterr().out
    page = tmp_path / "routes.html"
    assert main(["--app", str(folder), "--format", "html", "--output", str(page)]) == 0
    assert "<td>chat, mail</td>" in page.read_text(encoding="utf-8")
    assert main(["--app", str(folder), "--format", "html", "--output", str(folder)]) == 2
    assert capsys.readouterr().err == f"routes: {folder}: cannot be written: Is a directory\n"
    synthesized(folder, {HOME: tiny(CatchAll=None)})
    assert main(["--app", str(folder)]) == 1
    assert "UNROUTED: of 2 kinds of findings nobody is told" in capsys.readouterr().out
    assert main(["--app", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.startswith(f"routes: {tmp_path}/none: is no cloud assembly")


def test_nothing_in_a_template_becomes_markup_in_a_page(tmp_path: Path) -> None:
    evil = "<img src=x>|[a](http://evil)"
    leaked = rule("evil", target("chat", "chatQueue"), detail={"type": [evil], "accountId": [evil]})
    found = (table(tmp_path, Evil=leaked, **destination("chat")),)
    assert "<img" not in as_html(found, name=evil)
    assert "<img" not in re.sub(r"`[^`]*`", "", as_markdown(found, name="tiny"))


FINDINGS = {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]}
OURS = {"source": ["detection-stack"], "detail-type": ["Detection Stack Heartbeat"], "account": ["111122223333"]}


@pytest.mark.parametrize(
    ("alternatives", "found"),
    [
        pytest.param([FINDINGS, OURS], (), id="the-forwarder"),
        pytest.param([FINDINGS | {"account": ["111122223333"]}, OURS], ("$or",), id="findings-of-one-envelope"),
        pytest.param([FINDINGS | {"detail": {"type": ["A:B/C"]}}, OURS], ("$or",), id="some-findings"),
        pytest.param([{"detail": {"severity": [8]}}], ("$or",), id="whatever-is-so-severe"),
    ],
)
def test_alternatives_are_exhausted_only_if_each_takes_all_findings_or_none(
    alternatives: list[dict[str, Any]], found: tuple[str, ...]
) -> None:
    assert beyond(list(leaves({"$or": alternatives}))) == found
