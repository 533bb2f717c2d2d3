"""The demo's findings and configuration are what it says they are."""

import json
from datetime import UTC, date, datetime
from ipaddress import IPv4Address, ip_network
from pathlib import Path

import pytest

from infra.project import PROJECT
from notifier.brief import Brief
from notifier.briefs import brief_of
from notifier.destinations import slack_card
from notifier.items.event import read
from tests.surroundings import AROUND
from tools.demo.acts import Act, Outcome, acts_of, differences
from tools.demo.findings import caller_of, example
from tools.demo.setting import UnsuitableConfigurationError, setting
from tools.demo.show import last_line
from tools.demo.stage import Arrived
from tools.emulator.deployed import Mail
from tools.matching.guardduty_filters import FilterVerdict

NOW = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
LEAKED = "leaked-lambda-credentials"


def moved(**changes: str) -> dict[str, object]:
    return example(
        LEAKED, account="123456789012", region="us-east-1", detector_id="d" * 32, now=NOW, caller=changes.get("caller")
    )


def test_an_example_is_moved_to_the_account_and_region_of_the_run() -> None:
    event = moved()
    assert (event["account"], event["region"]) == ("123456789012", "us-east-1")
    text = json.dumps(event)
    assert "111122223333" not in text
    assert "eu-west-1" not in text
    assert "arn:aws:guardduty:us-east-1:123456789012:detector/" + "d" * 32 in text


def test_an_example_happens_now_and_keeps_its_distances() -> None:
    event = moved()
    assert event["time"] == "2027-01-02T03:04:05Z"
    detail = event["detail"]
    assert isinstance(detail, dict)
    first, last = (datetime.fromisoformat(detail["service"][key]) for key in ("eventFirstSeen", "eventLastSeen"))
    assert first < last < NOW


def test_the_caller_is_replaced_wherever_it_is_named() -> None:
    event = moved(caller="198.51.100.7")
    assert caller_of(event) == "198.51.100.7"
    assert "203.0.113.9" not in json.dumps(event)


def test_the_sandbox_is_deployed_as_it_is_while_an_egress_entry_lasts() -> None:
    chosen = setting(today=date(2026, 11, 23))
    assert not chosen.pretended
    assert chosen.context == {"config": "sandbox"}
    assert chosen.other_region != chosen.deployment.home_region
    assert IPv4Address(chosen.egress_address) in chosen.deployment.egress[0].cidrs[0]


def test_the_demo_pretends_a_day_once_every_egress_entry_has_ended() -> None:
    chosen = setting(today=date(2030, 1, 1))
    assert chosen.pretended
    assert chosen.deployment.egress
    assert chosen.context == {"config": "sandbox", "today": chosen.deployment.egress[0].expires.isoformat()}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("regions: [eu-west-1, us-east-1]", "regions: [eu-west-1]", "it has 1 and 0", id="one-region"),
    ],
)
def test_fails_on_a_configuration_that_shows_nothing(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (PROJECT / "config" / "sandbox.yaml").read_text(encoding="utf-8")
    (tmp_path / "sandbox.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UnsuitableConfigurationError, match=message):
        setting(today=date(2026, 11, 23), folder=tmp_path)


def test_the_example_from_the_internet_is_not_from_our_egress() -> None:
    event = moved()
    ranges = setting(today=date(2026, 11, 23)).deployment.egress[0].cidrs
    assert not any(IPv4Address(caller_of(event)) in ip_network(cidr) for cidr in ranges)


DELIVERED = FilterVerdict(archiving=(), matched=())
ARCHIVED = FilterVerdict(archiving=("sandbox-frankfurt-dc-01",), matched=("sandbox-frankfurt-dc-01",))
GOOD_MAIL = Mail(subject="[High 8.0] leaked - 123456789012 us-east-1", body="")


def acts() -> tuple[Act, Act, Act]:
    return acts_of(setting(today=date(2026, 11, 23)))


def brief() -> Brief:
    (item,) = read(json.dumps(moved()))
    return brief_of(item, AROUND)


def arrived(*, mails: tuple[Mail, ...] = (), slack: int = 0, refused: tuple[str, ...] = ()) -> Arrived:
    shown = json.loads(slack_card.message(brief()))
    return Arrived(seconds=0.5, mails=mails, slack=(shown,) * slack, refused=refused)


def test_a_slack_message_that_is_not_the_one_shown_is_told() -> None:
    other = Arrived(seconds=0.5, mails=(GOOD_MAIL,), slack=({"text": "other"},), refused=())
    assert differences(acts()[0], brief(), DELIVERED, other) == [
        "the Slack message that was sent is not the one that is shown here"
    ]


def test_the_acts_are_notified_suppressed_and_low() -> None:
    chosen = setting(today=date(2026, 11, 23))
    notified, suppressed, low = acts_of(chosen)
    assert [notified.word, suppressed.word, low.word] == ["notified", "suppressed", "low"]
    assert notified.region != chosen.deployment.home_region
    assert suppressed.caller == chosen.egress_address


@pytest.mark.parametrize(
    ("number", "verdict", "came", "expected"),
    [
        pytest.param(0, DELIVERED, arrived(mails=(GOOD_MAIL,), slack=1), [], id="notified"),
        pytest.param(1, ARCHIVED, arrived(), [], id="suppressed"),
        pytest.param(2, DELIVERED, arrived(mails=(GOOD_MAIL,)), [], id="low"),
        pytest.param(
            0,
            ARCHIVED,
            arrived(),
            ["archived by sandbox-frankfurt-dc-01", "0 Slack messages instead of 1", "0 mails instead of 1"],
            id="suppressed-by-mistake",
        ),
        pytest.param(
            1,
            DELIVERED,
            arrived(mails=(GOOD_MAIL,), slack=1),
            ["no deployed filter archives it", "1 Slack messages instead of 0", "1 mails instead of 0"],
            id="sent-by-mistake",
        ),
        pytest.param(0, DELIVERED, arrived(mails=(GOOD_MAIL,) * 2, slack=1), ["2 mails instead of 1"], id="sent-twice"),
        pytest.param(
            2,
            DELIVERED,
            arrived(mails=(GOOD_MAIL,), refused=("invalid_blocks: too long",)),
            ["Slack refused a message: invalid_blocks: too long"],
            id="refused",
        ),
        pytest.param(
            2,
            DELIVERED,
            arrived(mails=(Mail(subject="Low", body="123456789012"),)),
            ["the mail does not name us-east-1: Low"],
            id="a-mail-without-the-region",
        ),
    ],
)
def test_what_differs_from_the_promise_is_told(
    number: int, verdict: FilterVerdict, came: Arrived, expected: list[str]
) -> None:
    assert differences(acts()[number], brief(), verdict, came) == expected


@pytest.mark.parametrize(
    ("number", "verdict", "found", "expected"),
    [
        pytest.param(
            0, DELIVERED, (), "notified:   High 8.0 leaked credentials from 203.0.113.9 (us-east-1): Slack and"
        ),
        pytest.param(
            1, ARCHIVED, (), ": nothing was sent; archived by sandbox-frankfurt-dc-01, egress entry frankfurt-dc"
        ),
        pytest.param(2, DELIVERED, (), ": mail by catch-all in 0.5 s, not Slack"),
        pytest.param(0, DELIVERED, ("2 mails instead of 1",), ": NOT AS PROMISED: 2 mails instead of 1"),
    ],
    ids=["notified", "suppressed", "low", "not-as-promised"],
)
def test_the_last_lines_say_what_became_of_each(
    number: int, verdict: FilterVerdict, found: tuple[str, ...], expected: str
) -> None:
    outcome = Outcome(
        act=acts()[number],
        event=moved(),
        brief=brief(),
        verdict=verdict,
        arrived=arrived(),
        entry="egress entry frankfurt-dc" if verdict.archived else None,
        page=None,
        differences=found,
    )
    line = last_line(outcome)
    assert line.startswith(outcome.act.word)
    assert expected in line
