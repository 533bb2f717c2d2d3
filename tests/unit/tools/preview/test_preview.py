"""The preview shows what would be sent, and nothing in a finding can act in it."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from infra.config import load
from notifier.brief import Brief
from notifier.briefs import brief_of
from notifier.destinations import SENDERS, chat_notification, slack_card, teams_card, webhook_document
from notifier.items.event import read
from tests.deployments import EVERYTHING, SANDBOX
from tests.findings import EXAMPLES_FOLDER, example_text, examples, leaked_lambda_credentials, low_finding
from tests.surroundings import AROUND
from tools.messages.deployment import brief_for, hidden_by
from tools.messages.html import render_html
from tools.messages.kinds import CUSTOM_NOTIFICATION, KINDS, kind_of
from tools.messages.terminal import print_brief
from tools.preview import main

ROOT = Path(__file__).parents[4]
ATTACK = '<script>alert(1)</script><img src=x onerror=y>"\'&<a href="https://evil.example">'


def brief_in(event: object) -> Brief:
    (item,) = read(json.dumps(event))
    return brief_of(item, AROUND)


@pytest.fixture
def example() -> str:
    return str(EXAMPLES_FOLDER / "leaked-lambda-credentials.json")


class Page(HTMLParser):
    """The tags of a page and what they point to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: list[str] = []
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.targets += [value or "" for name, value in attrs if name in {"href", "src"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


@pytest.mark.parametrize("name", sorted(examples()))
def test_the_examples_for_users_are_those_we_test_with(name: str) -> None:
    assert (EXAMPLES_FOLDER / name).read_text(encoding="utf-8") == example_text(examples()[name]), (
        "write them again with: python -m tests.findings"
    )


def test_no_example_is_left_over() -> None:
    assert {path.name for path in EXAMPLES_FOLDER.glob("*.json")} == set(examples())


def test_the_page_shows_slack_and_mail() -> None:
    page = render_html(brief_in(leaked_lambda_credentials()), brief_in(low_finding()))
    for part in (
        "Temporary credentials of the Lambda function payments-api were used from 203.0.113.9",
        "[High 8.0] Credentials of payments-api used outside AWS - 111122223333 eu-west-1",
        '<article class="case low">',
        "What to do now",
    ):
        assert part in page


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_and_the_terminal_show_every_kind(kind: str, example: str, capsys: pytest.CaptureFixture[str]) -> None:
    for event in (leaked_lambda_credentials(), low_finding(), leaked_lambda_credentials(sample=True)):
        assert KINDS[kind].title in render_html(brief_in(event), kinds=[kind])
    assert main([example, "--destination", kind]) == 0
    assert "payments-api" in capsys.readouterr().out


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_finding_is_shown_in_every_kind(kind: str) -> None:
    (item,) = read("{broken <b>")
    page = render_html(brief_of(item, AROUND), kinds=[kind])
    assert "<b>}" not in page
    assert "{broken " in page


def test_the_page_shows_what_a_pager_gets_for_samples_notices_and_closed_cases() -> None:
    brief = brief_in(leaked_lambda_credentials())
    sample = brief_in(leaked_lambda_credentials(sample=True))
    assert "a sample finding is not sent to a pager" in render_html(sample, kinds=["pagerduty"])
    notice = replace(brief, notice=True)
    assert "a notice is not sent to a pager" in render_html(notice, kinds=["pagerduty"])
    assert KINDS["pagerduty"].payload(notice) is None
    closed = replace(brief, closes=True)
    assert "Resolves the alert" in render_html(closed, kinds=["pagerduty"])
    assert KINDS["pagerduty"].words(closed).startswith("Resolves the alert 111122223333|")


def test_the_page_is_one_file_without_scripts_or_outside_resources() -> None:
    raw = render_html(brief_in(leaked_lambda_credentials()))
    page = Page(raw)
    assert not page.tags & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert all(target.startswith("https://") for target in page.targets)
    assert "url(" not in raw
    assert "@import" not in raw


def test_nothing_in_a_finding_can_act_in_the_page() -> None:
    event = leaked_lambda_credentials(function=ATTACK, title=ATTACK, description=ATTACK)
    event["detail"]["service"]["action"]["awsApiCallAction"]["userAgent"] = ATTACK
    event["detail"]["type"] = ATTACK
    page = Page(render_html(brief_in(event)))
    assert not page.tags & {"script", "img"}
    assert page.handlers == []
    assert all(re.match(r"https://([a-z0-9-]+\.)?console\.aws\.amazon\.com/", target) for target in page.targets)


def test_the_page_shows_a_message_that_is_plain_text() -> None:
    (item,) = read("{broken <b>")
    page = render_html(brief_of(item, AROUND))
    assert "{broken &lt;b&gt;" in page


def printed(brief: Brief, **options: object) -> str:
    out = io.StringIO()
    print_brief(brief, Console(file=out, width=100, **options))  # type: ignore[arg-type]
    return out.getvalue()


def test_the_terminal_shows_the_brief() -> None:
    shown = printed(brief_in(leaked_lambda_credentials()))
    for part in ("High 8.0 · account 111122223333 · eu-west-1", "What to do now", "ASIAIOSFODNN7EXAMPLE"):
        assert part in shown


def test_the_terminal_has_no_colour_in_a_pipe_and_some_on_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    brief = brief_in(leaked_lambda_credentials())
    assert "\x1b[" not in printed(brief)
    assert "\x1b[1;31m" in printed(brief, force_terminal=True, color_system="standard")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31m" not in printed(brief, force_terminal=True, color_system="standard")


def test_the_terminal_reads_no_markup_in_a_finding() -> None:
    shown = printed(brief_in(low_finding(title="[red]not red[/red] [link=https://evil.example]x[/link] \x1b[31m")))
    assert "[red]not red[/red]" in shown
    assert "\\x1b[31m" in shown
    assert "\x1b" not in shown


def test_json_is_exactly_what_slack_would_get(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([example, "--format", "json", "--destination", "slack"]) == 0
    (item,) = read(Path(example).read_text(encoding="utf-8"))
    sandbox = load(ROOT / "config" / "sandbox.yaml", today=date(2026, 11, 23)).deployment
    sent = slack_card.message(brief_for(item, sandbox))
    assert json.loads(capsys.readouterr().out) == {"slack": json.loads(sent)}


def test_json_is_exactly_what_every_kind_would_get(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([example, "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert list(shown) == list(KINDS)
    (item,) = read(Path(example).read_text(encoding="utf-8"))
    brief = brief_for(item, load(ROOT / "config" / "sandbox.yaml", today=date(2026, 11, 23)).deployment)
    assert shown["teams"] == json.loads(teams_card.message(brief))
    assert shown["webhook"] == json.loads(webhook_document.message(brief))
    assert shown[CUSTOM_NOTIFICATION] == json.loads(chat_notification.message(brief))
    assert shown["pagerduty"]["routing_key"] == "(the integration key from the secret)"


def test_a_destination_is_found_by_its_name(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([example, "--destination", "security-mail"]) == 0
    assert capsys.readouterr().out.startswith("Subject: [High 8.0]")


def test_the_name_of_a_destination_leads_to_its_format() -> None:
    assert {one.name: kind_of(one) for one in EVERYTHING.destinations} == {
        "everyone": "sns", "soc-slack": "slack", "pci-slack": "slack", "soc-chat": CUSTOM_NOTIFICATION,
        "soc-teams": "teams", "on-call": "pagerduty", "siem": "webhook",
    }  # fmt: skip


def test_fails_for_a_destination_that_there_is_not(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([example, "--destination", "security-slackk"]) == 2
    assert capsys.readouterr().err == (
        "preview: --destination: unknown 'security-slackk'; choose all, a kind (slack, sns, teams, pagerduty, webhook, "
        "sns-custom-notification), or a destination of sandbox (security-mail, security-slack)\n"
    )


def test_every_kind_of_destination_can_be_previewed() -> None:
    assert set(KINDS) == set(SENDERS) | {CUSTOM_NOTIFICATION}


def test_the_mail_alone_is_shown_as_text(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([example, "--destination", "sns"]) == 0
    assert capsys.readouterr().out.startswith("Subject: [High 8.0] Credentials of payments-api")


def test_it_knows_the_egress_ranges_of_the_deployment(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([example, "--destination", "sns", "--deployment", "sandbox"]) == 0
    assert "203.0.113.9 is not one of your egress ranges." in capsys.readouterr().out


def test_a_file_is_written(example: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert main([example, "--format", "html", "--output", str(page)]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert capsys.readouterr().out == f"written to {page}\n"


def test_several_findings_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "two.json"
    file.write_text(json.dumps([low_finding()["detail"], leaked_lambda_credentials()["detail"]]), encoding="utf-8")
    assert main([str(file), "--format", "json", "--destination", "sns"]) == 0
    assert [shown["sns"]["Subject"][:5] for shown in json.loads(capsys.readouterr().out)] == ["[Low ", "[High"]


@pytest.mark.parametrize("wrap", [list, lambda found: {"Findings": found}, lambda found: {"findings": found}])
def test_a_whole_page_of_findings_is_shown_however_many(
    wrap: Callable[[list[object]], object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # `aws guardduty get-findings` gives up to 50.
    file = tmp_path / "findings.json"
    file.write_text(json.dumps(wrap([low_finding(id=f"{number:032x}")["detail"] for number in range(50)])))
    assert main([str(file), "--destination", "webhook", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [one["webhook"]["finding"]["id"] for one in shown] == [f"{number:032x}" for number in range(50)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"{broken", "the message is not JSON; give an EventBridge event", id="no-json"),
        pytest.param(b"", "the message is empty", id="empty"),
        pytest.param(b"{}", "not a GuardDuty event", id="another-document"),
        pytest.param(b"\xff\xfe", "is not UTF-8 text", id="no-text"),
        pytest.param(b" " * (4 * 1024 * 1024 + 1), "is larger than 4 MiB", id="too-large"),
    ],
)
def test_fails_with_a_message_and_exit_code_2(
    content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "finding.json"
    file.write_bytes(content)
    assert main([str(file)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"preview: {file}: ")
    assert message in error


def test_fails_for_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-such-file.json"]) == 2
    assert capsys.readouterr().err == "preview: no-such-file.json: cannot be read: No such file or directory\n"


def test_fails_for_a_deployment_that_there_is_not(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([example, "--deployment", "sandbux"]) == 2
    assert "no configuration 'sandbux'; did you mean 'sandbox'?" in capsys.readouterr().err


def test_fails_for_an_output_that_cannot_be_written(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([example, "--format", "html", "--output", "/no/such/folder/page.html"]) == 2
    assert "/no/such/folder/page.html: cannot be written" in capsys.readouterr().err


def test_the_command_runs_from_a_checkout_and_reads_standard_input() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tools.preview", "-", "--destination", "sns"],
        input=json.dumps(low_finding()), capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("Subject: [Low 2.0]")


def test_what_a_filter_hides_is_previewed_with_a_word_about_that(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    egress = tmp_path / "from egress.json"
    egress.write_bytes(Path("docs/examples/findings/leaked-lambda-credentials-from-egress.json").read_bytes())
    assert main([str(egress), "--format", "json"]) == 0
    assert capsys.readouterr().err == (
        "preview: this is not sent: frankfurt-dc suppresses such a finding; what becomes of it: "
        f"python -m tools explain '{egress}' --deployment sandbox\n"
    )
    assert main(["docs/examples/findings/leaked-lambda-credentials.json", "--format", "json"]) == 0
    assert capsys.readouterr().err == ""


def test_an_entry_that_only_observes_or_is_for_some_workloads_is_not_said_to_hide() -> None:
    entry = SANDBOX.egress[0]
    scope = next(one.scope for one in EVERYTHING.egress if one.scope)
    (item,) = read(json.dumps(leaked_lambda_credentials(address="198.51.100.4")))
    assert hidden_by(brief_for(item, SANDBOX), SANDBOX) == (entry.name,)
    for changed in ({"mode": "observe"}, {"scope": scope}, {"finding_types": ("Recon:IAMUser/TorIPCaller",)}):
        other = SANDBOX.model_copy(update={"egress": (entry.model_copy(update=changed),)})
        assert hidden_by(brief_for(item, other), other) == ()
