"""What the ledger compares of a message: as much as it needs, and no more."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from notifier.items.case import case_of
from notifier.items.event import read
from notifier.items.item import Item
from notifier.ledger.sight import MARKS, Sight, kind_of
from tests.findings import attack_sequence, leaked_lambda_credentials, low_finding
from tests.watched import call

AT = datetime(2026, 11, 23, 4, 14, 58, tzinfo=UTC)


def item_in(event: dict[str, Any]) -> Item:
    (item,) = read(json.dumps(event))
    return item


def sight(event: dict[str, Any]) -> Sight:
    found = Sight.of(item_in(event))
    assert found is not None
    return found


def leak(**members: Any) -> dict[str, Any]:
    event = leaked_lambda_credentials()
    event["detail"] |= {"updatedAt": "2026-11-23T04:14:58Z"} | members
    return event


def stopped(**members: Any) -> dict[str, Any]:
    event = call("guardduty", "DeleteDetector")
    event["detail"] |= members
    return event


def test_one_event_goes_on_for_nobody() -> None:
    """A dead letter that is sent again days later tells of the same event; a finding may go on."""
    notice = {"source": "detection-stack", "detail-type": "Suppression Notice", "id": "n-1", "detail": {}}
    report = {"source": "detection-stack", "detail-type": "Investigation Report", "detail": {"reportId": "r-1"}}
    assert [sight(one).once for one in (notice, report, stopped())] == [True, True, True]
    assert not sight(leak()).once
    assert not sight(leak(id="notice|x")).once


def test_of_a_finding_it_has_what_is_compared_and_nothing_else() -> None:
    event = leak()
    detail = event["detail"]
    assert sight(event) == Sight(
        case=case_of(item_in(event)),
        finding=detail["id"],
        rank=8.0,
        severity="8.0",
        marks=("203.0.113.9",),
        updated=AT.timestamp(),
        region="eu-west-1",
        archived=False,
        account=detail["accountId"],
        type=detail["type"],
    )


def test_a_finding_that_says_little_is_compared_by_little() -> None:
    event = low_finding(id="f1", arn=None, updatedAt=None, region=None, accountId=None, type=None, severity="8")
    event["region"] = None
    found = sight(event)
    assert (found.finding, found.rank, found.severity) == ("f1", 10.0, "unknown")
    assert (found.updated, found.region, found.type) == (None, None, "")
    event["detail"] |= {"service": {}}
    event["account"] = None
    assert (sight(event).marks, sight(event).account) == ((), "")


def test_the_region_of_the_event_comes_before_that_of_the_finding() -> None:
    assert sight({**leak(region="us-east-1"), "region": "eu-west-1"}).region == "eu-west-1"
    assert sight({**leak(region="us-east-1"), "region": None}).region == "us-east-1"


def test_without_an_id_the_arn_is_the_name_and_without_either_there_is_none() -> None:
    assert sight(leak(id=None, arn="arn:aws:guardduty:x")).finding == "arn:aws:guardduty:x"
    assert Sight.of(item_in(leak(id=None, arn=None))) is None


def test_a_sample_and_what_is_no_finding_are_told_each_time() -> None:
    assert Sight.of(item_in(leaked_lambda_credentials(sample=True))) is None
    assert Sight.of(item_in({"source": "aws.guardduty", "detail-type": "Another", "detail": {}})) is None


def test_what_is_too_long_is_cut_so_that_it_stays_the_same() -> None:
    long = "x" * 999
    found = sight({**leak(id="a" + long, accountId=long, type=long), "region": "r" * 999})
    assert (found.finding, found.account, found.type, found.region) == ("x" * 64, "x" * 16, "x" * 120, "r" * 32)


def probed(*addresses: Any) -> dict[str, Any]:
    event = low_finding()
    probes = [{"remoteIpDetails": {"ipAddressV4": one}} for one in addresses]
    event["detail"]["service"]["action"]["portProbeAction"]["portProbeDetails"] = probes
    return event


def test_every_remote_address_is_a_mark_once_and_of_both_families() -> None:
    event = probed("192.0.2.1", None, 7, "192.0.2.2", "192.0.2.1")
    action = event["detail"]["service"]["action"]["portProbeAction"]
    action["portProbeDetails"][0]["remoteIpDetails"]["ipAddressV6"] = "2001:DB8::1"
    action["portProbeDetails"] += [None, "x", {"remoteIpDetails": []}]
    action["remoteIpDetails"] = {"ipAddressV6": "2001:db8::2"}
    action["loginAttributes"] = [{"remoteIpDetails": {"ipAddressV4": "192.0.2.3"}}]
    action["localIpDetails"] = {"ipAddressV4": "10.0.0.1"}
    assert sight(event).marks == ("2001:db8::2", "192.0.2.1", "2001:DB8::1", "7", "192.0.2.2", "192.0.2.3")


def test_what_is_no_address_is_known_by_a_digest_and_shown_by_its_name() -> None:
    longest = "0" * 45
    odd = ("evil.example", longest + "0", "key 1b", "\ud83d", "192.0.2.1/32")
    found = sight(probed(longest, *odd))
    assert found.marks[0] == longest
    assert all(re.fullmatch("address [0-9a-f]{16}", mark) for mark in found.marks[1:])
    assert len(set(found.marks)) == 1 + len(odd)
    assert tuple(found.names.values()) == (longest, *odd)
    assert {kind_of(mark) for mark in found.marks} == {"address"}
    # What begins in the same way is told apart, whatever its length.
    assert len(set(sight(probed("x" * 9999 + "1", "x" * 9999 + "2")).marks)) == 2


def test_of_very_many_marks_a_sight_has_the_first_and_the_last() -> None:
    addresses = [f"198.18.{number // 256}.{number % 256}" for number in range(MARKS + 3)]
    assert sight(probed(*addresses[:MARKS])).marks == tuple(addresses[:MARKS])
    found = sight(probed(*addresses))
    assert found.marks == (*addresses[: MARKS // 2], *addresses[-MARKS // 2 :])
    assert tuple(found.names) == found.marks


def test_of_an_attack_sequence_it_has_who_from_where_on_what_and_which_signals() -> None:
    event = attack_sequence()
    sequence = event["detail"]["service"]["detection"]["sequence"]
    sequence["actors"] += [{"user": {"name": "admin", "uid": "U2"}, "process": {"path": "/x"}}, {"id": "a-3"}, None]
    found = sight(event)
    assert [kind_of(mark) for mark in found.marks] == ["address", "key", "actor", "resource", "signal", "signal"]
    assert list(found.names.values()) == [
        "198.51.100.24", "AKIAIOSFODNN7EXAMPLE", "admin", "payments-receipts", "Trail deleted", "Suspicious sign-in",
    ]  # fmt: skip
    assert found.marks[0] == "198.51.100.24"
    event["detail"]["service"]["detection"] = {"sequence": {}}
    assert sight(event).marks == ()


def test_an_archived_finding_is_said_to_be() -> None:
    event = leak()
    event["detail"]["service"]["archived"] = True
    assert sight(event).archived is True


def test_each_watched_call_is_a_case_of_its_own() -> None:
    event = stopped(eventID="e-1")
    assert sight(event) == Sight(
        case=case_of(item_in(event)),
        finding="e-1",
        rank=9.0,
        severity="9.0",
        region="eu-west-1",
        account="123456789012",
        type="Watched call guardduty:DeleteDetector",
    )
    assert sight(stopped(eventID="e-2")).case != sight(event).case
    assert Sight.of(item_in(stopped(eventID=None))) is None


def test_a_call_that_says_too_much_is_cut() -> None:
    found = sight(stopped(eventID="e" + "x" * 999, awsRegion="r" * 999, recipientAccountId="1" * 999))
    assert (found.finding, len(found.region or ""), len(found.account)) == ("x" * 64, 32, 16)


def test_a_call_without_region_and_account_is_still_a_case() -> None:
    event = stopped(eventID="e-1", awsRegion=None, recipientAccountId=None, userIdentity={})
    found = sight(event | {"region": None, "account": None})
    assert (found.finding, found.region, found.account) == ("e-1", None, "")


@pytest.mark.parametrize(
    ("detail_type", "detail", "case"),
    [
        ("Suppression Notice", {"to": ["mail"]}, "notice|" + "i" * 64),
        ("Investigation Report", {"reportId": "r" * 99}, "report|" + "r" * 64),
    ],
)
def test_a_notice_and_a_report_are_told_once_by_their_own_ids(
    detail_type: str, detail: dict[str, Any], case: str
) -> None:
    event = {"id": "i" * 99, "source": "detection-stack", "detail-type": detail_type, "detail": detail}
    found = sight(event)
    assert (found.case.rpartition("|")[0] if detail_type == "Investigation Report" else found.case) == case
    assert found == Sight(case=found.case, finding="")
    assert Sight.of(item_in(event | {"id": None, "detail": {"to": ["mail"]}})) is None


def test_a_report_that_says_something_else_is_another_one() -> None:
    """Who may put reports on the bus can reckon the id of one that is to come."""

    def report(**members: Any) -> str:
        detail = {"reportId": "r", "headline": "used from outside", "steps": ["stop it"], **members}
        return sight({"source": "detection-stack", "detail-type": "Investigation Report", "detail": detail}).case

    assert report() == report()
    others: list[dict[str, Any]] = [{"headline": "our own gateway"}, {"steps": []}, {"notes": ["n"]}, {"subject": "s"}]
    sections = [{"title": "t", "facts": [{"label": "a", "value": "b"}]}]
    assert len({report(), *(report(**one) for one in others), report(sections=sections)}) == 6
