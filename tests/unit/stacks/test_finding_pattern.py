"""The event pattern of a route, exactly: one condition too many hides findings, one too few wakes people."""

from typing import Any

import pytest

from infra.constructs.finding_pattern import (
    FINDINGS,
    FINDINGS_AND_REPORTS,
    check_limits,
    finding_pattern,
    findings_here,
)

EVERY: dict[str, Any] = {
    "source": ["aws.guardduty", "detection-stack"],
    "detail-type": ["GuardDuty Finding", "Detection Stack Heartbeat"],
}
BEAT_TYPE, BEAT_ACCOUNT = "DetectionStack:Heartbeat/Alive", "heartbeat"


def test_without_conditions_every_finding_is_taken_and_the_heartbeat() -> None:
    assert finding_pattern() == EVERY == FINDINGS
    assert finding_pattern() is not FINDINGS


def test_on_a_default_bus_a_heartbeat_is_taken_of_the_own_account_alone() -> None:
    """Anybody whom that bus lets in may send events of our name, and nobody one of AWS's."""
    assert findings_here("111122223333") == {
        "$or": [
            {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]},
            {
                "source": ["detection-stack"],
                "detail-type": ["Detection Stack Heartbeat"],
                "account": ["111122223333"],
            },
        ]
    }


def test_reports_are_taken_where_they_are_wanted() -> None:
    wanted = {**EVERY, "detail-type": [*EVERY["detail-type"], "Investigation Report"]}
    assert finding_pattern(with_reports=True) == wanted == FINDINGS_AND_REPORTS
    assert finding_pattern(minimum_severity=7, with_reports=True) == {
        **wanted, "detail": {"severity": [{"numeric": [">=", 7]}]}
    }  # fmt: skip


def test_a_severity_has_no_upper_end_and_the_lowest_counts() -> None:
    assert finding_pattern(minimum_severity=7.5)["detail"] == {"severity": [{"numeric": [">=", 7.5]}]}
    assert finding_pattern(minimum_severity=0)["detail"] == {"severity": [{"numeric": [">=", 0]}]}


def test_accounts_stand_beside_that_of_the_heartbeat() -> None:
    assert finding_pattern(accounts=["111122223333", "444455556666"])["detail"] == {
        "accountId": ["111122223333", "444455556666", BEAT_ACCOUNT]
    }


def test_all_accounts_but_some_take_the_heartbeat_in() -> None:
    assert finding_pattern(except_accounts=["111122223333", "444455556666"])["detail"] == {
        "accountId": [{"anything-but": ["111122223333", "444455556666"]}]
    }


def test_an_upper_end_is_the_first_severity_that_is_not_taken_and_the_heartbeat_is_by_its_mark() -> None:
    """Bands with an end that is taken lose what lies between two of them."""
    assert finding_pattern(below_severity=7)["detail"] == {"severity": [{"numeric": ["<", 7]}, "heartbeat"]}
    assert finding_pattern(minimum_severity=4, below_severity=7)["detail"] == {
        "severity": [{"numeric": [">=", 4, "<", 7]}, "heartbeat"]
    }


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Recon:EC2/Portscan", "Recon:EC2/Portscan"),
        ("Recon:EC2/*", {"prefix": "Recon:EC2/"}),
        ("*", {"prefix": ""}),
        ("*:S3/*", {"wildcard": "*:S3/*"}),
        ("Recon:*/Portscan", {"wildcard": "Recon:*/Portscan"}),
        ("*/Portscan", {"wildcard": "*/Portscan"}),
    ],
)
def test_a_finding_type_is_asked_for_in_the_cheapest_form_that_says_it(written: str, asked: object) -> None:
    assert finding_pattern(finding_types=[written])["detail"] == {"type": [asked, BEAT_TYPE]}


def test_all_conditions_have_to_hold_together() -> None:
    pattern = finding_pattern(finding_types=["A:B/C", "D:*"], accounts=["111122223333"], minimum_severity=4)
    assert pattern == {
        **EVERY,
        "detail": {
            "type": ["A:B/C", {"prefix": "D:"}, BEAT_TYPE],
            "accountId": ["111122223333", BEAT_ACCOUNT],
            "severity": [{"numeric": [">=", 4]}],
        },
    }


def sized(characters: int) -> dict[str, str]:
    """A pattern that is so long as EventBridge counts."""
    return {"a": "x" * (characters - len('{"a":""}'))}


def test_a_rule_as_large_as_eventbridge_takes_is_taken() -> None:
    check_limits(route="high", pattern=sized(2048), targets=5)


def test_fails_with_one_target_too_many() -> None:
    with pytest.raises(ValueError, match=r"^route 'high': 6 destinations, but a rule takes 5 targets; split the route"):
        check_limits(route="high", pattern={}, targets=6)


def test_fails_with_one_character_too_many() -> None:
    with pytest.raises(ValueError, match=r"^route 'high': its event pattern has 2049 characters, at most 2048 are"):
        check_limits(route="high", pattern=sized(2049), targets=1)
