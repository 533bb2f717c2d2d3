"""The ledger of suppressions, as a person and as a program reads it."""

import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from infra.config import load
from infra.suppression import SUPPRESSED_FINDING_TYPES
from tools.suppressions.__main__ import main
from tools.suppressions.ledger import ledger
from tools.suppressions.show import show

ENTRIES = """\
name: prod
home_region: eu-west-1
regions: [eu-west-1]
egress:
  - name: frankfurt-dc
    cidrs: [8.8.4.0/28, 8.8.8.8]
    owner: network-ops
    ticket: "[NET-1]"
    reason: Frankfurt data centre, NAT pool A
    scope:
      accounts: ["111122223333"]
      functions: [payments-api, refunds]
      function_tag: {key: team, value: payments}
      vpc_ids: [vpc-0a1b2c3d]
    expires: 2027-06-30
  - name: milan-dc
    cidrs: [9.9.9.0/28]
    owner: net-it
    reason: Milan data centre, NAT pool B
    mode: observe
    finding_types: [Recon:IAMUser/TorIPCaller]
    expires: 2026-12-01
destinations: [{name: mail, kind: sns, emails: [security@example.com]}]
catch_all: [mail]
operations: {emails: [platform@example.com]}
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "prod.yaml"
    path.write_text(ENTRIES)
    return str(path)


def test_table_has_a_line_for_each_entry_soonest_end_first(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--file", file, "--today", "2026-11-23"]) == 0
    heading, first, second, _, total = (" ".join(line.split()) for line in capsys.readouterr().out.splitlines())
    assert heading == "entry owner ticket addresses types mode scope filters expires days left reason"
    scope = "accounts 111122223333; functions payments-api, refunds; tag team=payments; VPCs vpc-0a1b2c3d"
    assert first == (
        "milan-dc net-it - 16: 9.9.9.0/28 Recon:IAMUser/TorIPCaller observe all 1 2026-12-01 8"
        " Milan data centre, NAT pool B"
    )
    assert second == (
        f"frankfurt-dc network-ops [NET-1] 17: 8.8.4.0/28, 8.8.8.8 {', '.join(SUPPRESSED_FINDING_TYPES)} enforce"
        f" {scope} 1 2027-06-30 219 Frankfurt data centre, NAT pool A"
    )
    assert total == (
        "prod, 2026-11-23: 2 of 40 GuardDuty filters in each Region (egress_limits.maximum_filters; a Region holds 100"
        " in all)"
    )


def test_a_terminal_of_80_columns_gets_a_block_for_each_entry_with_no_word_broken(file: str) -> None:
    Path(file).write_text(ENTRIES.replace("8.8.8.8]", "8.8.8.8, 8.8.8.16/28, 8.8.8.64/28, 8.8.8.128/28]"))
    day = date(2026, 11, 23)
    loaded = load(Path(file), today=day)
    terminal = Console(file=io.StringIO(), force_terminal=True, color_system=None, width=80, emoji=False)
    show(ledger(loaded, today=day), console=terminal, deployment=loaded.deployment, today=day)
    assert isinstance(terminal.file, io.StringIO)
    lines = [line.rstrip() for line in terminal.file.getvalue().splitlines()]
    assert lines[lines.index("frankfurt-dc") :][:12] == [
        "frankfurt-dc",
        "owner       network-ops",
        "ticket      [NET-1]",
        "addresses   65: 8.8.4.0/28, 8.8.8.8, 8.8.8.16/28 and 2 more",
        f"types       {SUPPRESSED_FINDING_TYPES[0]}",
        f"            {SUPPRESSED_FINDING_TYPES[1]}",
        "mode        enforce",
        "scope       accounts 111122223333; functions payments-api, refunds; tag",
        "            team=payments; VPCs vpc-0a1b2c3d",
        f"filters     {ledger(loaded, today=day)[1].filters}",
        "expires     2027-06-30",
        "days left   219",
    ]
    assert "reason      Frankfurt data centre, NAT pool A" in lines


def test_expired_entry_is_shown_and_fails_the_command(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--file", file, "--today", "2026-12-02"]) == 1
    first = " ".join(capsys.readouterr().out.splitlines()[1].split())
    assert first.endswith(" observe all 0 2026-12-01 expired Milan data centre, NAT pool B")


def test_json_says_everything(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--file", file, "--today", "2026-12-02", "--json"]) == 1
    content = json.loads(capsys.readouterr().out)
    assert (content["deployment"], content["today"]) == ("prod", "2026-12-02")
    assert content["filters_per_region"] == {"used": 1, "budget": 40, "limit": 100}
    ended, current = content["entries"]
    assert ended == {
        "name": "milan-dc",
        "owner": "net-it",
        "ticket": None,
        "reason": "Milan data centre, NAT pool B",
        "cidrs": ["9.9.9.0/28"],
        "addresses": 16,
        "ipv6_addresses": [],
        "finding_types": ["Recon:IAMUser/TorIPCaller"],
        "mode": "observe",
        "scope": None,
        "filters": 0,
        "expires": "2026-12-01",
        "days_left": -1,
        "expired": True,
    }
    assert (current["name"], current["ticket"], current["days_left"], current["expired"]) == (
        "frankfurt-dc",
        "[NET-1]",
        210,
        False,
    )


def test_json_says_what_an_entry_is_narrowed_to_and_nothing_that_was_left_out(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(file).write_text(ENTRIES.replace("      vpc_ids: [vpc-0a1b2c3d]\n", ""))
    main(["--file", file, "--today", "2026-11-23", "--json"])
    assert json.loads(capsys.readouterr().out)["entries"][1]["scope"] == {
        "accounts": ["111122223333"],
        "functions": ["payments-api", "refunds"],
        "function_tag": {"key": "team", "value": "payments"},
    }


def test_a_tag_is_shown_as_it_is_written(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(file).write_text(ENTRIES.replace("{key: team, value", "{key: 'team:key:', value"))
    main(["--file", file, "--today", "2026-11-23"])
    assert "tag team:key:=payments" in capsys.readouterr().out


def test_the_budget_is_the_configured_one(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(file).write_text(ENTRIES + "egress_limits: {maximum_filters: 7}\n")
    assert main(["--file", file, "--today", "2026-11-23"]) == 0
    assert "2 of 7 GuardDuty filters in each Region" in capsys.readouterr().out
    assert main(["--file", file, "--today", "2026-11-23", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["filters_per_region"] == {"used": 2, "budget": 7, "limit": 100}


TRUSTED = """\
trusted_list:
  - name: milan-dc
    cidrs: [20.0.0.0/28, 20.0.1.1]
    owner: red-team
    ticket: SEC-7
    reason: Scans us from outside all day
    expires: 2027-05-31
"""


@pytest.fixture
def trusting(tmp_path: Path) -> str:
    """A configuration with a trusted list, whose entry has the name of an egress entry too."""
    path = tmp_path / "trusting.yaml"
    path.write_text(ENTRIES + TRUSTED)
    return str(path)


def test_trusted_entry_stands_first_and_the_table_ends_with_what_it_costs(
    trusting: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--file", trusting, "--today", "2026-11-23"]) == 0
    _, first, _, _, _, total, loud = (" ".join(line.split()) for line in capsys.readouterr().out.splitlines())
    shown = "milan-dc red-team SEC-7 17: 20.0.0.0/28, 20.0.1.1 EVERY TYPE trusted all - 2027-05-31 189"
    assert first == f"{shown} Scans us from outside all day"
    assert total.startswith("prod, 2026-11-23: 2 of 40 GuardDuty filters in each Region (egress_limits.maximum_filters")
    assert loud == (
        "TRUSTED LIST: GuardDuty makes no finding of any type for 17 addresses, and keeps no trace of what it did not"
        " report"
    )


def test_expired_trust_is_shown_and_fails_the_command(trusting: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = Path(trusting).read_text().replace("2026-12-01", "2027-06-30")
    Path(trusting).write_text(text)
    assert main(["--file", trusting, "--today", "2027-06-01"]) == 1
    written = capsys.readouterr().out
    assert " ".join(written.splitlines()[1].split()).endswith(" - 2027-05-31 expired Scans us from outside all day")
    assert "TRUSTED LIST" not in written


def test_json_lists_trusted_entries_apart(trusting: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--file", trusting, "--today", "2026-11-23", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert [entry["name"] for entry in content["entries"]] == ["milan-dc", "frankfurt-dc"]
    assert content["trusted_list"] == [
        {
            "name": "milan-dc",
            "owner": "red-team",
            "ticket": "SEC-7",
            "reason": "Scans us from outside all day",
            "cidrs": ["20.0.0.0/28", "20.0.1.1/32"],
            "addresses": 17,
            "expires": "2027-05-31",
            "days_left": 189,
            "expired": False,
            "finding_types": "all",
        }
    ]


def test_entry_counts_on_its_last_day(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--file", file, "--today", "2026-12-01"]) == 0
    assert " 2026-12-01 0 " in " ".join(capsys.readouterr().out.splitlines()[1].split())


def test_nothing_suppressed_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin, end = ENTRIES.index("egress:"), ENTRIES.index("destinations:")
    path = tmp_path / "prod.yaml"
    path.write_text(ENTRIES[:begin] + ENTRIES[end:])
    assert main(["--file", str(path)]) == 0
    assert capsys.readouterr().out == "prod: nothing is suppressed\n"


def test_fails_for_a_wrong_configuration_in_its_own_words(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(file).write_text(ENTRIES.replace("mode: observe", "mode: watch"))
    assert main(["--file", file, "--today", "2026-11-23"]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err == f"{file}:20: egress[1].mode: must be one of observe, enforce, got 'watch'\n"


def test_fails_for_more_filters_than_are_allowed(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(file).write_text(ENTRIES + "egress_limits:\n  maximum_filters: 1\n")
    assert main(["--file", file, "--today", "2026-11-23"]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert re.match(
        rf"{re.escape(file)}:\d+: egress: needs 2 GuardDuty filters, but at most 1 of the 100 of a Region are allowed",
        written.err,
    )
    assert written.err.endswith("; or raise egress_limits.maximum_filters\n")


def test_fails_for_an_unknown_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbux"]) == 2
    assert "config: no configuration 'sandbux'; did you mean 'sandbox'? known: " in capsys.readouterr().err


def test_fails_for_a_day_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--today", "tomorrow"])
    assert left.value.code == 2
    assert "--today: must be a date such as 2026-11-23, got 'tomorrow'" in capsys.readouterr().err
