"""`python -m tools explain`, as a person and as a program reads it."""

import json
from pathlib import Path

import pytest

from tests.findings import leaked_lambda_credentials
from tests.unit.tools.changes.assemblies import guardduty_filter, resource
from tests.unit.tools.journey.worlds import HOME, rule, synthesized, target, tiny, world, write_json
from tools.explain.__main__ import main
from tools.journey.command import named
from tools.journey.journey import journeys
from tools.templates.assembly import Assembly, Stack


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(synthesized(tmp_path / "cdk.out", {HOME: tiny()}))


def finding(tmp_path: Path, **members: object) -> str:
    return write_json(tmp_path / "finding.json", leaked_lambda_credentials(**members))  # type: ignore[arg-type]


def test_a_person_reads_who_is_told_in_what_words(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([finding(tmp_path, severity=6.9), "--app", folder]) == 0
    printed = capsys.readouterr().out.splitlines()
    headline = printed.pop(6)
    assert headline.startswith("      [Medium 6.9] ")
    assert "payments-api" in headline
    assert printed == [
        "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS, severity 6.9, account 111122223333",
        "arrives in eu-west-1, deployment Stack-eu-west-1",
        "",
        "SENT to mail",
        "  brought by forwarder",
        "  catch-all -> mail (sns to mail@example.com)",
        "near misses:",
        "  - the route high (chat) takes severity 7 and over; this is 6.9",
    ]


def test_a_person_reads_who_hides_it_until_when(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([finding(tmp_path, address="198.51.100.15"), "--app", folder]) == 0
    assert capsys.readouterr().out.splitlines()[3:] == [
        "SUPPRESSED by dc-01: egress entry dc, owner network-ops, until 2027-03-31; enforced, nobody is told",
        "also:",
        "  - GuardDuty keeps it as archived for 90 days, and raises no event",
        "near misses:",
        "  - 198.51.100.15 is at the edge of dc: 198.51.100.16 is outside, and would be sent",
    ]


def test_everybody_who_hides_it_is_named_and_the_last_of_all_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Read by whoever asks when it will be loud again: not before the last entry has ended."""
    later = {"egress-entry": "pool", "owner": "dc-ops", "expires": "2027-12-01"}
    both = tiny(
        Pool=guardduty_filter(equals=["198.51.100.4"], Name="pool-01", tags=later),
        Seen=guardduty_filter(equals=["198.51.100.4"], Name="seen-01", action="NOOP", tags={"egress-entry": "seen"}),
    )
    folder = str(synthesized(tmp_path / "cdk.out", {HOME: both}))
    asked = finding(tmp_path, address="198.51.100.4")
    assert main([asked, "--app", folder]) == 0
    assert capsys.readouterr().out.splitlines()[3:8] == [
        "SUPPRESSED by 2 filters, the last until 2027-12-01; enforced, nobody is told",
        "  pool-01: egress entry pool, owner dc-ops, until 2027-12-01",
        "  dc-01: egress entry dc, owner network-ops, until 2027-03-31",
        "also:",
        "  - the filter seen-01 of seen counts it, and hides nothing: it only observes",
    ]
    assert main([asked, "--app", folder, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["entry"], one["expires"]) for one in found["archived_by"]] == [
        ("pool", "2027-12-01"), ("dc", "2027-03-31"),
    ]  # fmt: skip


def test_a_program_reads_the_very_payload(folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([finding(tmp_path), "--app", folder, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert (found["outcome"], found["region"], found["archived_by"]) == ("sent", HOME, [])
    chat, mail = found["told"]
    assert (chat["destination"], chat["routes"], mail["mails"]) == ("chat", ["high"], ["mail@example.com"])
    assert mail["messages"][0]["Subject"].startswith("[High 8.0]")


def test_the_whole_message_is_shown_when_asked_for(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([finding(tmp_path), "--app", folder, "--messages"]) == 0
    assert "      Subject: [High 8.0]" in capsys.readouterr().out


def test_another_region_can_be_asked_about(folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([finding(tmp_path), "--app", folder, "--region", "us-east-1"]) == 0
    assert "UNWATCHED: nobody is told" in capsys.readouterr().out


def test_text_of_a_finding_can_do_nothing_in_the_terminal(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([finding(tmp_path, type="[red]\x1b[31m", severity=1), "--app", folder]) == 0
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "[red]\\x1b[31m, severity 1" in printed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["none.json"], "explain: none.json: cannot be read: No such file", id="no-file"),
        pytest.param(["{finding}", "--app", "{folder}/none"], "is no cloud assembly", id="no-templates"),
        pytest.param(["{finding}", "--deployment", "sandbix"], "did you mean 'sandbox'?", id="no-deployment"),
        pytest.param(["{finding}", "--region", "us-east-11"], "did you mean 'us-east-1'?", id="no-region"),
        pytest.param(
            ["{finding}", "--app", "{folder}", "--today", "2027-07-01"],
            "leave it out, or name the",
            id="templates-of-a-day",
        ),
    ],
)
def test_fails_with_words_for_bad_input(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    file = finding(tmp_path)
    assert main([argument.format(finding=file, folder=folder) for argument in arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err
    assert "Traceback" not in printed.err


def test_fails_by_name_for_what_cannot_be_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changing = tiny(CatchAll=rule("catch-all", target("mail", "mailQueue", Input="{}")))
    folder = synthesized(tmp_path / "cdk.out", {HOME: changing})
    assert main([finding(tmp_path), "--app", str(folder)]) == 2
    assert "explain: what arrives at mail cannot be told: the rule catch-all changes it\n" in capsys.readouterr().err


def test_a_folder_of_templates_is_named_by_its_stacks(tmp_path: Path) -> None:
    names = ("org-a-Detection-eu-west-1", "org-a-Response", "org-a-Delegation", "org-a-ManagementCiAccess", "other")
    stacks = {name: Stack(name=name, account="", region="", resources={}) for name in names}
    assert named(Assembly(folder=tmp_path, stacks=stacks)) == "org-a, other"


def test_who_is_sent_nothing_is_not_among_those_it_is_sent_to(
    everything_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = finding(tmp_path, severity=9.5, sample=True, region="eu-south-2", address="8.8.8.8")
    assert main([sample, "--app", str(everything_folder)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("SENT")]
    told, _, besides = line.partition("; ")
    assert "on-call" not in told
    assert besides == "not to on-call, where nothing is sent for such a finding"


def test_an_entry_that_has_ended_is_named_with_its_last_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    egress = finding(tmp_path, address="192.0.2.7")
    assert main([egress, "--today", "2026-11-23"]) == 0
    assert "SUPPRESSED" in capsys.readouterr().out
    assert main([egress, "--today", "2030-01-01"]) == 0
    printed = capsys.readouterr().out
    assert "SENT" in printed
    assert "  - 192.0.2.7 was an address of frankfurt-dc, which ended on 2027-06-30 and hides nothing" in printed
    assert main([finding(tmp_path, address="192.0.2.99"), "--today", "2030-01-01"]) == 0
    assert "frankfurt-dc" not in capsys.readouterr().out
    other = finding(tmp_path, address="192.0.2.7", type="Recon:IAMUser/TorIPCaller")
    assert main([other, "--today", "2030-01-01"]) == 0
    assert "frankfurt-dc" not in capsys.readouterr().out


STRANGER = "999900001111"
INVITED = (
    f"it is of the account {STRANGER}, and tiny is deployed to 111122223333 and enrols nobody: it arrives only if "
    "somebody has made that account a member of GuardDuty here"
)
JOINED = (
    f"it is of the account {STRANGER}, and tiny enrols only accounts that join: it arrives only if that account has "
    "joined since, or somebody has made it a member of GuardDuty here"
)


def organization(enroll: object) -> dict[str, object]:
    return resource("Custom::GuardDutyOrganization", Enroll=enroll)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        pytest.param({}, (INVITED,), id="no-organization"),
        pytest.param({"Organization": organization("none")}, (INVITED,), id="an-organization-that-enrols-nobody"),
        pytest.param({"Organization": organization("new")}, (JOINED,), id="accounts-that-join"),
        pytest.param({"Organization": organization("all")}, (), id="all-accounts"),
        pytest.param({"Organization": organization({"Ref": "Enroll"})}, (), id="whom-cloudformation-computes"),
        pytest.param({"A": organization("none"), "B": organization("new")}, (JOINED,), id="new-in-one-region"),
        pytest.param({"A": organization("all"), "B": organization("new")}, (), id="all-in-one-region"),
    ],
)
def test_a_finding_of_another_account_says_that_it_may_not_arrive(
    tmp_path: Path, more: dict[str, object], says: tuple[str, ...]
) -> None:
    here = world(tmp_path, tiny(**more))
    (told,) = journeys(here, [leaked_lambda_credentials(account=STRANGER)])
    assert tuple(one for one in told.also if "arrives only if" in one) == says
    (own,) = journeys(here, [leaked_lambda_credentials(account="111122223333")])
    assert not any("arrives only if" in one for one in own.also)
