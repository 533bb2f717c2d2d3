"""Messages name accounts as people do, and links open the console the way people sign in."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from notifier.brief import Brief
from notifier.briefs import brief_of, plain_brief
from notifier.briefs.surroundings import Surroundings
from notifier.links import Console, Portal
from shared.known import Account
from tests.findings import leaked_lambda_credentials
from tests.unit.notifier.briefs import DETECTIVE, finding_in
from tests.unit.notifier.forms import FULL
from tests.unit.notifier.limits import check, ours, texts

ACCOUNTS = {"111122223333": Account("payments-prod", "payments-team"), "444455556666": Account("lab", "lab-team")}
PORTAL = Portal("https://example.awsapps.com/start", "Security+Audit")
SHOWN = "111122223333 (payments-prod, owner payments-team)"


def made(event: object, *, portal: Portal | None = None) -> Brief:
    return brief_of(
        finding_in(event), Surroundings(deployment="sandbox", detective=DETECTIVE, accounts=ACCOUNTS, portal=portal)
    )


@pytest.mark.parametrize("kind", sorted(FULL))
def test_every_destination_shows_the_name_and_the_owner_of_the_account(kind: str) -> None:
    message = FULL[kind](made(leaked_lambda_credentials()))
    shown = message if kind == "sns" else "\n".join(texts(json.loads(message)))
    assert SHOWN in shown
    assert f"in the account {SHOWN}" in shown


def test_the_number_stays_what_programs_go_by() -> None:
    brief = made(leaked_lambda_credentials())
    assert (brief.account, brief.account_in_words) == ("111122223333", SHOWN)
    assert brief.case.startswith("111122223333|")


def test_an_account_that_nobody_named_is_shown_by_its_number() -> None:
    brief = made(leaked_lambda_credentials(account="999988887777"))
    assert brief.account_in_words == "999988887777"


def test_names_of_accounts_are_as_inert_as_everything_else() -> None:
    named = {"111122223333": Account("pay\u202ements", "https://evil.example")}
    brief = brief_of(finding_in(leaked_lambda_credentials()), Surroundings(deployment="sandbox", accounts=named))
    assert brief.account_in_words == "111122223333 (pay\\u202ements, owner https[:]//evil.example)"


def test_links_go_through_the_portal_into_the_account_they_are_about() -> None:
    event = leaked_lambda_credentials(account="444455556666")
    event["account"] = "111122223333"
    direct, through = made(event).links(), made(event, portal=PORTAL).links()
    assert [link.label for link in direct] == [link.label for link in through]
    accounts = {}
    for plain, link in zip(direct, through, strict=True):
        start, _, target = link.url.partition("/#/console?")
        values = parse_qs(target, strict_parsing=True)
        assert start == PORTAL.start_url
        assert values["role_name"] == ["Security+Audit"]
        assert values["destination"] == [plain.url]
        accounts[urlsplit(plain.url).path.split("/")[1]] = values["account_id"][0]
    # GuardDuty and Detective are the administrator's; history and function are in the account of the finding.
    assert accounts == {
        "guardduty": "111122223333", "detective": "111122223333",
        "cloudtrail": "444455556666", "lambda": "444455556666",
    }  # fmt: skip


def test_without_an_account_the_link_is_direct() -> None:
    console = Console.of("eu-west-1", account="not-an-account", portal=PORTAL)
    assert console
    assert ours(console.guardduty_finding("x").url)


def test_messages_with_a_portal_stay_within_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.unit.notifier.limits.CONSOLES", ("https://example.awsapps.com/",))
    brief = made(leaked_lambda_credentials(function="f" * 140, finding_id="i" * 200), portal=PORTAL)
    assert brief.links()
    check(brief)


def test_the_plain_form_names_and_links_the_same_way() -> None:
    brief = plain_brief(
        finding_in(leaked_lambda_credentials()), Surroundings(deployment="sandbox", accounts=ACCOUNTS, portal=PORTAL)
    )
    assert brief.account_in_words == SHOWN
    assert brief.link
    assert brief.link.url.startswith("https://example.awsapps.com/start/#/console?account_id=111122223333&")


@pytest.mark.parametrize("portal", [None, PORTAL])
def test_a_link_is_never_longer_than_slack_takes_whatever_the_names_are_made_of(portal: Portal | None) -> None:
    event = leaked_lambda_credentials(function="\U0001f534" * 500, finding_id="\U0001f534" * 500)
    assert max(len(link.url) for link in made(event, portal=portal).links()) <= 3000
