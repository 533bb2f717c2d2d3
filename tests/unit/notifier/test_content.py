"""Whatever a message holds, every destination is sent something to read, within its limits."""

import json
import logging
import re
import time
import tracemalloc
from collections.abc import Callable

import pytest

from notifier.batch import Notifier
from notifier.brief import Brief
from notifier.briefs import brief_of, plain_brief
from notifier.briefs.surroundings import Surroundings
from notifier.destinations.base import rendered
from notifier.destinations.teams_card import SCHEMA
from notifier.items.event import read
from notifier.items.unrecognised import Unrecognised
from tests.findings import Event, leaked_lambda_credentials, low_finding
from tests.surroundings import AROUND
from tests.unit.notifier.attacks import ATTACKS, attacked
from tests.unit.notifier.briefs import EGRESS, brief_in
from tests.unit.notifier.fake_sqs import Clock, FakeSqs
from tests.unit.notifier.forms import FULL, PLAIN
from tests.unit.notifier.limits import ours, texts
from tests.unit.notifier.test_batch import FakeSender
from tests.unit.notifier.test_report import event as report
from tests.watched import call

KINDS = sorted(FULL)
SECONDS = 5.0
BYTES = 96 * 2**20
"""Memory that one message may take, of the 256 MB that the function has."""


def briefs(body: str) -> list[Brief]:
    """The briefs of one queue message."""
    return [brief_of(item, Surroundings(deployment="sandbox", egress=EGRESS)) for item in read(body)]


def brief(body: str) -> Brief:
    """The one brief of a queue message."""
    (found,) = briefs(body)
    return found


def words(message: str) -> str:
    """Every text of a message, in a row."""
    try:
        return "\n".join(texts(json.loads(message)))
    except ValueError:
        return message


def upper(value: object) -> object:
    """A document in the casing of the API."""
    if isinstance(value, dict):
        return {key[:1].upper() + key[1:]: upper(item) for key, item in value.items()}
    return [upper(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param("Brand:New/Thing.Ever", "Brand:New/Thing.Ever", id="unknown"),
        pytest.param("", "unknown", id="empty"),
        pytest.param("T" * 10_000, "T" * 119 + "…", id="ten-kilobytes"),
        pytest.param("Recon:EC2/\nPort", "Recon:EC2/ Port", id="line-end"),
    ],
)
def test_c1_an_odd_type_is_delivered_shown_escaped_and_cut(kind: str, given: str, shown: str) -> None:
    made = brief_in(low_finding(type=given, title=None))
    assert made.finding_type == shown
    assert shown in words(FULL[kind](made))
    assert shown in words(PLAIN[kind](plain_brief(read(json.dumps(low_finding(type=given)))[0], AROUND)))


SEVERITIES = [
    pytest.param(None, "Unknown", id="null"), pytest.param('"8"', "Unknown", id="text"),
    pytest.param("8.0", "High 8.0", id="eight"), pytest.param("9", "Critical 9.0", id="nine"),
    pytest.param("10", "Critical 10.0", id="ten"), pytest.param("-1", "Unknown", id="negative"),
    pytest.param("NaN", "Unknown", id="not-a-number"), pytest.param("1e400", "Unknown", id="infinite"),
    pytest.param("true", "Unknown", id="true"), pytest.param("0.1", "Low 0.1", id="lowest"),
    pytest.param("8.95", "High 8.95", id="between-the-bands"),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("given", "label"), SEVERITIES)
def test_c3_every_destination_tells_the_severity_and_never_the_lower_one(
    kind: str, given: str | None, label: str
) -> None:
    body = json.dumps(low_finding(severity="@")).replace('"@"', given or "null")
    made = brief(body)
    assert made.severity_label.startswith(label)
    assert made.severity.rank == (10 if label == "Unknown" else float(label.split()[1]))
    shown = words(FULL[kind](made))
    assert label in shown
    assert "Low" not in label or "High" not in shown


def test_c3_an_absent_severity_is_unknown_and_the_highest() -> None:
    event = low_finding()
    del event["detail"]["severity"]
    assert (brief_in(event).severity.word, brief_in(event).severity.rank) == ("Unknown", 10)


def _with(path: str, value: object) -> str:
    event = leaked_lambda_credentials()
    place = event["detail"]
    *parents, last = path.split(".")
    for parent in parents:
        place = place[parent]
    place[last] = value
    return json.dumps(event)


HUGE: dict[str, Callable[[], str]] = {
    "256-kilobytes": lambda: _with("description", "long " * 52_000),
    "a-megabyte": lambda: _with("description", "\U0001f534" * 80_000),
    "a-megabyte-of-members": lambda: _with("resource.tags", {f"key-{n}": "v" * 80 for n in range(10_000)}),
    "1000-deep": lambda: _with("resource.lambdaDetails", "@").replace('"@"', '{"a":' * 1000 + "1" + "}" * 1000),
    "100000-deep": lambda: "[" * 100_000 + "]" * 100_000,
    "list-of-50000": lambda: _with("resource.s3BucketDetails", [{"name": f"bucket-{n}"} for n in range(50_000)]),
    "50000-threats": lambda: _with("service.malwareScanDetails", {"threats": [{"name": "x"}] * 50_000}),
    "50000-signals": lambda: _with("service.detection", {"sequence": {"signals": [{"name": "x"}] * 50_000}}),
    "huge-integer": lambda: _with("service.count", "@").replace('"@"', "9" * 20_000),
    "duplicate-keys": lambda: json.dumps(leaked_lambda_credentials()).replace('"detail": {', '"detail": {"id": 7,', 1),
    "lone-surrogate": lambda: _with("resource.lambdaDetails.functionName", "\ud800\udfff\ud800"),
}


@pytest.mark.parametrize("name", sorted(HUGE))
def test_c4_a_huge_or_deep_message_is_shown_by_every_destination_in_time_and_memory(name: str) -> None:
    body = HUGE[name]()
    tracemalloc.start()
    began = time.process_time()
    for made in briefs(body):
        for kind in KINDS:
            FULL[kind](made).encode("utf-8")
            PLAIN[kind](made).encode("utf-8")
    taken, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < BYTES
    # Tracing makes everything several times slower; it is still far less than an attempt may take.
    assert taken < 4 * SECONDS


def test_c4_what_is_too_deep_to_be_read_is_shown_as_it_came() -> None:
    made = brief(HUGE["1000-deep"]())
    if not made.recognised:
        # Where Python's reader gives up; a person reads the account and the id in what came.
        assert made.severity.rank == 10
        assert '"account": "111122223333"' in made.raw


@pytest.mark.parametrize("name", sorted(set(HUGE) - {"1000-deep", "100000-deep"}))
def test_c4_what_is_huge_is_still_recognised_and_keeps_its_fixed_keys(name: str) -> None:
    made = brief(HUGE[name]())
    assert made.recognised
    assert (made.account, made.region, made.severity_label) == ("111122223333", "eu-west-1", "High 8.0")


def test_c4_a_text_that_was_cut_is_marked() -> None:
    assert brief(HUGE["256-kilobytes"]()).description.endswith("…")


EVENT = leaked_lambda_credentials()
WRAPPED: dict[str, object] = {
    "pascal-case-detail": EVENT | {"detail": upper(EVENT["detail"])},
    "sns": {"Type": "Notification", "Message": json.dumps(EVENT)},
    "sns-in-lambda": {"Records": [{"Sns": {"Message": json.dumps(EVENT)}}]},
    "bare": EVENT["detail"],
    "api": upper(EVENT["detail"]),
    "get-findings": {"Findings": [upper(EVENT["detail"])]},
    "list": [EVENT["detail"]],
    "encoded-twice": json.dumps(EVENT),
    "detail-encoded": EVENT | {"detail": json.dumps(EVENT["detail"])},
    "api-gateway": {"httpMethod": "POST", "body": json.dumps(EVENT)},
}


@pytest.mark.parametrize("form", sorted(WRAPPED))
def test_c5_every_form_of_a_finding_is_recognised_and_told_in_the_same_words(form: str) -> None:
    made, plain = brief(json.dumps(WRAPPED[form])), brief_in(EVENT)
    assert (made.headline, made.subject, made.severity, made.case) == (
        plain.headline, plain.subject, plain.severity, plain.case,
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_c5_what_is_no_event_is_told_as_unrecognised(kind: str) -> None:
    assert "Unrecognised GuardDuty event" in words(FULL[kind](brief('{"detail-type": "GuardDuty Finding"}')))


def scan_result(status: str, **details: object) -> Event:
    """What Malware Protection for S3 says of one object. Synthetic."""
    return {
        "detail-type": "GuardDuty Malware Protection Object Scan Result", "source": "aws.guardduty",
        "account": "111122223333", "region": "eu-west-1", "time": "2026-11-23T04:15:02Z",
        "detail": {
            "schemaVersion": "1.0", "scanStatus": "COMPLETED", "resourceType": "S3_OBJECT",
            "s3ObjectDetails": {"bucketName": "uploads", "objectKey": "in/cv.pdf", "s3Throttled": False},
            "scanResultDetails": {"scanResultStatus": status, "threats": None, **details},
        },
    }  # fmt: skip


def event_of(detail_type: str, **detail: object) -> Event:
    """An event of GuardDuty that is no finding."""
    return scan_result("X") | {"detail-type": detail_type, "detail": detail}


OTHERS = [
    pytest.param(
        scan_result("THREATS_FOUND", threats=[{"name": "EICAR-Test-File"}]),
        "Malware Protection found EICAR-Test-File in the object in/cv.pdf of the bucket uploads.",
        id="threat",
    ),
    pytest.param(
        scan_result("NO_THREATS_FOUND"),
        "Malware Protection found no threat in the object in/cv.pdf of the bucket uploads.",
        id="no-threat",
    ),
    pytest.param(
        scan_result("ACCESS_DENIED"),
        "Malware Protection may not read, and so did not scan, the object in/cv.pdf of the bucket uploads.",
        id="access-denied",
    ),
    pytest.param(
        event_of("GuardDuty Malware Protection Resource Status Error", resourceStatus="ERROR",
                 s3BucketDetails={"bucketName": "uploads"}, statusReasons=[{"code": "EVENTBRIDGE_MANAGED_EVENTS"}]),
        "Malware Protection of the bucket uploads has the status ERROR: new objects may not be scanned.",
        id="plan-status",
    ),
    pytest.param(
        event_of("GuardDuty Runtime Protection Unhealthy", currentStatus="UNHEALTHY", issue="Agent is not running",
                 resourceDetails={"eksClusterDetails": {"clusterName": "shop"}}),
        "Runtime Monitoring does not see what runs on shop (status UNHEALTHY). GuardDuty says: Agent is not running",
        id="coverage",
    ),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("event", "headline"), OTHERS)
def test_c6_an_event_that_is_no_finding_has_a_notice_of_its_own(kind: str, event: Event, headline: str) -> None:
    made = brief(json.dumps(event))
    assert made.headline == headline
    assert made.notice
    assert made.recognised
    shown = words(FULL[kind](made))
    assert "High" not in shown
    assert "treated as highest" not in shown


def test_c6_results_about_two_objects_are_two_cases() -> None:
    other = scan_result("NO_THREATS_FOUND")
    other["detail"]["s3ObjectDetails"]["objectKey"] = "in/other.pdf"
    assert brief(json.dumps(other)).case != brief(json.dumps(scan_result("NO_THREATS_FOUND"))).case
    again = scan_result("THREATS_FOUND")
    assert brief(json.dumps(again)).case == brief(json.dumps(scan_result("NO_THREATS_FOUND"))).case


def test_c6_a_type_that_nobody_knows_yet_is_shown_as_it_came() -> None:
    (item,) = read(json.dumps(event_of("GuardDuty Something New", a=1)))
    assert isinstance(item, Unrecognised)


@pytest.mark.parametrize("form", [FULL, PLAIN], ids=["full", "plain"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_c9_what_a_finding_says_is_only_read_in_every_destination_and_form(
    kind: str, attack: str, form: dict[str, Callable[[Brief], str]]
) -> None:
    # `FULL` and `PLAIN` check each message by its destination's own rules, for markup too.
    shown = words(form[kind](brief_in(attacked(attack)))).replace(SCHEMA, "")
    ours = re.compile(r"https://(?:[a-z0-9-]+\.)?console\.aws\.amazon\.com/\S*")
    assert not re.search(r"(?i)://|\bwww\.|\bmailto:", ours.sub("", shown))
    assert all(char.isprintable() or char == "\n" for char in shown)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("attack", ['"><script>', "evil.com/#", "../..", "a b", "\u202e", "%2e", "\ud800", "x" * 5000])
def test_c10_whatever_region_and_id_hold_every_link_leads_into_the_console(kind: str, attack: str) -> None:
    event = leaked_lambda_credentials(id=attack)
    resource = event["detail"]["resource"]
    resource["accessKeyDetails"]["principalId"] = f"AROAI44QH8DHBEXAMPLE:{attack}"
    resource["lambdaDetails"]["functionName"] = attack
    # The limits of each destination are checked there, and that its links are ours.
    FULL[kind](brief_in(event))
    for link in brief_in(event).links():
        assert ours(link.url)
        assert re.fullmatch(r"[A-Za-z0-9:/?#&=%._-]+", link.url.replace("~", "")), link.url
    event["region"] = event["detail"]["region"] = attack
    resource["lambdaDetails"]["functionArn"] = event["detail"]["arn"] = None
    assert [link.url for link in brief_in(event).links() if "us-east-1" not in link.url] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("attack", ["\x00", "\x1b[31mred\x1b[0m", "a\r\nb", "\x85", "\u2028", "\x7f"])
def test_c11_control_characters_reach_no_destination(kind: str, attack: str) -> None:
    made = brief_in(attacked(f"A{attack}B"))
    shown = words(FULL[kind](made))
    assert all(char.isprintable() or char == "\n" for char in shown)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("attack", "shown"),
    [
        pytest.param("\u202ecte.live", "\\u202ecte.live", id="override"),
        pytest.param("a\u2066b\u2069", "a\\u2066b\\u2069", id="isolate"),
        pytest.param("pay\u200bments", "pay\\u200bments", id="zero-width"),
        pytest.param("\U000e0041x", "\\U000e0041x", id="tag"),
    ],
)
def test_c12_characters_that_turn_or_hide_text_are_shown_by_their_number(kind: str, attack: str, shown: str) -> None:
    made = words(FULL[kind](brief_in(attacked(attack))))
    assert attack not in made
    assert shown in made


@pytest.mark.parametrize("kind", KINDS)
def test_c12_a_flood_of_marks_on_a_letter_is_broken(kind: str) -> None:
    made = words(FULL[kind](brief_in(attacked("z" + "\u0301" * 500))))
    assert "\u0301" * 3 not in made


@pytest.mark.parametrize("attack", [*ATTACKS, '{"level":"ERROR","message":"fake"}', "%s%s%n", "{0.__class__}"])
def test_c13_a_finding_writes_no_log_line_of_its_own(attack: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sqs = FakeSqs(Clock())
    event = attacked(attack)
    Notifier(around=AROUND, destination="fake", sender=FakeSender(), queues=sqs).handle(
        {"Records": [{"messageId": "1", "body": json.dumps(event)}]}
    )
    mine = [entry for entry in caplog.records if entry.name.startswith("notifier")]
    assert [entry.getMessage() for entry in mine] == ["delivered"]
    (entry,) = mine
    assert entry.args in {None, ()}
    line = json.dumps({key: value for key, value in vars(entry).items() if isinstance(value, str | float | int)})
    assert len(line.splitlines()) == 1
    assert set(vars(entry)) - set(vars(logging.makeLogRecord({}))) - {"message"} == {
        "destination", "message_id", "receives", "finding_id", "finding_type", "severity", "account", "finding_region",
        "recognised", "outcome",
    }  # fmt: skip
    assert all(char.isprintable() for char in str(getattr(entry, "finding_type", "")))


SECRETS = [
    "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "Bearer abcdefgh12345678abcdefgh",
    "session-token: IQoJb3JpZ2luX2VjEXAMPLETOKENEXAMPLETOKEN", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "xoxb-123456789012-abcdefghijkl", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "password=correct-horse-battery",
    "API-KEY=correct-horse-battery", "Authorization: abcd-efgh-ijkl", "pa\u017fsword=correct-horse-battery",
]  # fmt: skip


def used_by(agent: str) -> dict[str, Event]:
    """A finding, its report and a watched call, each with a user agent."""
    finding = leaked_lambda_credentials()
    finding["detail"]["service"]["action"]["awsApiCallAction"]["userAgent"] = agent
    facts = [{"label": "User agent", "value": agent}]
    return {
        "finding": finding,
        "report": report(sections=[{"title": "Outside: 203.0.113.9", "facts": facts}]),
        "call": call("guardduty", "DeleteDetector", {}, userAgent=agent),
    }


WITH_AGENT = sorted(used_by(""))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("item", WITH_AGENT)
def test_c14_a_secret_in_a_user_agent_is_hidden_and_the_id_of_the_key_is_shown(
    kind: str, secret: str, item: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    event = used_by(f"tool/1.0 {secret} (linux) access_key=ASIAIOSFODNN7EXAMPLE")[item]
    if item == "finding":
        event["detail"]["description"] = f"called with {secret}"
    shown = words(FULL[kind](brief(json.dumps(event))))
    value = re.split(r"[= ]", secret)[-1]
    assert value not in shown
    assert value not in caplog.text
    assert "(hidden)" in shown
    assert "ASIAIOSFODNN7EXAMPLE" in shown


@pytest.mark.parametrize(
    "harmless",
    ["aws-cli/2.31.0 Python/3.13.7 Linux/6.8.0", "Boto3/1.40.0 md/Botocore#1.40.0", "a" * 64, "token", "da39a3ee" * 5],
)
@pytest.mark.parametrize("item", WITH_AGENT)
def test_c14_what_is_no_secret_is_shown_as_it_is(harmless: str, item: str) -> None:
    assert harmless in words(FULL["sns"](brief(json.dumps(used_by(harmless)[item]))))


def broken(_: Brief) -> str:
    raise RuntimeError("the text of the exception, which may hold anything")


@pytest.mark.parametrize("kind", KINDS)
def test_c15_a_mistake_in_the_full_form_costs_the_form_and_not_the_message(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    made = brief_in(leaked_lambda_credentials())
    shown = words(rendered(made, full=broken, plain=PLAIN[kind]))
    for part in ("111122223333", "eu-west-1", "1ab2c3d4e5f60718293a4b5c6d7e8f90", "plain"):
        assert part in shown
    assert "which may hold anything" not in caplog.text


@pytest.mark.parametrize("kind", KINDS)
def test_c15_a_mistake_in_the_plain_form_too_leaves_a_pointer_to_what_came(kind: str) -> None:
    made = brief_in(leaked_lambda_credentials())
    calls: list[Brief] = []

    def plain(given: Brief) -> str:
        calls.append(given)
        return PLAIN[kind](given) if len(calls) > 1 else broken(given)

    shown = words(rendered(made, full=broken, plain=plain))
    assert "could not be shown; it was not lost" in shown
    assert "1ab2c3d4e5f60718293a4b5c6d7e8f90" in shown
    assert calls[1].case == made.case


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("filler", ["&", "<", "\U0001f534", "e\u0301", '"', "\\", "日"])
def test_c16_what_is_cut_is_marked_and_cut_between_letters(kind: str, filler: str) -> None:
    made = brief_in(attacked(filler * 3000))
    message = FULL[kind](made)
    message.encode("utf-8")
    shown = words(message)
    assert "…" in shown
    assert not re.search(r"&(?:a|am|amp|l|lt|g|gt)…", shown)
    # A mark never stands without its letter at a place where something was cut.
    assert "…\u0301" not in shown
