"""Every message of a batch stands for itself, and none is lost in silence."""

import importlib
import json
import logging
import sys
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import pytest

from notifier import batch
from notifier.batch import Notifier, UnnamedMessagesFailed
from notifier.brief import Brief
from notifier.destinations import slack_card
from notifier.destinations.base import DeliveryFailed, Sender, Variable, rendered
from notifier.settings import InvalidSettings
from tests.findings import leaked_lambda_credentials, low_finding
from tests.unit.notifier.briefs import EGRESS

SECRET_URL = "https://hooks.slack.com/services/pLaNtEdSeCrEt"


class FakeSender(Sender):
    """Keeps what it gets; refuses what `refuses` says."""

    kind: ClassVar[str] = "fake"
    variables: ClassVar[tuple[Variable, ...]] = ()

    def __init__(self, *, refuses: str | None = None, error: type[Exception] = DeliveryFailed) -> None:
        self.sent: list[Brief] = []
        self._refuses = refuses
        self._error = error

    @classmethod
    def configured(cls, values: Mapping[str, str]) -> Self:
        return cls()

    def send(self, brief: Brief) -> None:
        if self._refuses is not None and self._refuses in brief.headline:
            raise self._error(f"refused {'' if self._error is DeliveryFailed else SECRET_URL}")
        self.sent.append(brief)


def notifier(sender: Sender) -> Notifier:
    return Notifier(deployment="sandbox", destination="security-slack", sender=sender, egress=EGRESS)


def record(number: int, body: object) -> dict[str, object]:
    return {"messageId": f"m{number}", "body": body if isinstance(body, str) else json.dumps(body)}


def test_every_message_of_a_batch_is_delivered() -> None:
    sender = FakeSender()
    response = notifier(sender).handle({"Records": [record(1, leaked_lambda_credentials()), record(2, low_finding())]})
    assert response == {"batchItemFailures": []}
    assert [brief.severity.word for brief in sender.sent] == ["High", "Low"]
    assert sender.sent[0].egress
    assert sender.sent[0].egress.sentence.endswith("is not one of your egress ranges.")


@pytest.mark.parametrize("error", [DeliveryFailed, RuntimeError, MemoryError, KeyError])
def test_a_message_that_fails_is_named_and_the_others_go_out(error: type[Exception]) -> None:
    sender = FakeSender(refuses="port", error=error)
    records = [record(1, leaked_lambda_credentials()), record(2, low_finding()), record(3, leaked_lambda_credentials())]
    assert notifier(sender).handle({"Records": records}) == {"batchItemFailures": [{"itemIdentifier": "m2"}]}
    assert len(sender.sent) == 2


def test_when_all_fail_all_are_named() -> None:
    records = [record(n, low_finding()) for n in range(10)]
    response = notifier(FakeSender(refuses="")).handle({"Records": records})
    assert response == {"batchItemFailures": [{"itemIdentifier": f"m{n}"} for n in range(10)]}


@pytest.mark.parametrize(
    "body", ["{broken", "", "null", "[]", json.dumps({"detail-type": "GuardDuty X", "detail": {}})]
)
def test_a_message_that_is_no_finding_still_reaches_a_person(body: str) -> None:
    sender = FakeSender()
    response = notifier(sender).handle({"Records": [record(1, body), record(2, low_finding())]})
    assert response == {"batchItemFailures": []}
    assert [brief.recognised for brief in sender.sent] == [False, True]
    assert sender.sent[0].headline.startswith("Unrecognised GuardDuty event")


@pytest.mark.parametrize("nameless", [{"body": "x"}, {"messageId": "", "body": "x"}, {"messageId": None}, None, 7])
def test_fails_after_the_rest_when_a_message_without_an_id_fails(nameless: object) -> None:
    class RefusesTheRest(FakeSender):
        def send(self, brief: Brief) -> None:
            if not brief.recognised:
                raise DeliveryFailed("refused")
            super().send(brief)

    sender = RefusesTheRest()
    with pytest.raises(UnnamedMessagesFailed, match=r"1 message\(s\) without messageId"):
        notifier(sender).handle({"Records": [nameless, record(2, low_finding())]})
    assert len(sender.sent) == 1


def test_an_event_that_is_no_batch_is_delivered_as_it_is() -> None:
    sender = FakeSender()
    assert notifier(sender).handle(low_finding()) == {"batchItemFailures": []}
    assert sender.sent[0].finding_type == "Recon:EC2/PortProbeUnprotectedPort"


def test_an_empty_batch_is_fine() -> None:
    assert notifier(FakeSender()).handle({"Records": []}) == {"batchItemFailures": []}


def test_a_message_of_two_findings_becomes_two_notices() -> None:
    sender = FakeSender()
    body = [low_finding()["detail"], leaked_lambda_credentials()["detail"]]
    notifier(sender).handle({"Records": [record(1, body)]})
    assert len(sender.sent) == 2


def test_a_mistake_in_the_brief_costs_the_details_not_the_message(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> Brief:
        raise ZeroDivisionError(SECRET_URL)

    monkeypatch.setattr(batch, "brief_of", broken)
    sender = FakeSender()
    assert notifier(sender).handle({"Records": [record(1, low_finding())]}) == {"batchItemFailures": []}
    (brief,) = sender.sent
    assert brief.headline == "GuardDuty reported Recon:EC2/PortProbeUnprotectedPort."
    assert brief.link
    degraded = [r for r in caplog.records if getattr(r, "outcome", "") == "degraded"]
    assert "ZeroDivisionError at test_batch.py" in getattr(degraded[0], "fault", "")


def test_a_mistake_in_a_card_costs_the_card_not_the_message(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: Brief) -> str:
        raise IndexError(SECRET_URL)

    sender = FakeSender()
    notifier(sender).handle({"Records": [record(1, low_finding())]})
    shown = rendered(sender.sent[0], full=broken, plain=slack_card.plain_message)
    text = json.loads(shown)["text"]
    for part in (
        "Recon:EC2/PortProbeUnprotectedPort",
        "Low 2.0",
        "111122223333",
        "eu-west-1",
        "4de5f607",
        "https://con",
    ):
        assert part in text
    assert getattr(caplog.records[-1], "outcome", "") == "degraded"
    assert "pLaNtEd" not in caplog.text


def everything_logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that a log format could write, the extra members included."""
    return " ".join(repr(vars(entry)) for entry in caplog.records)


def test_the_log_says_what_became_of_a_message_and_never_what_is_in_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    event = leaked_lambda_credentials()
    event["detail"]["service"]["action"]["awsApiCallAction"]["userAgent"] = 'x\n{"level":"ERROR"} %s {} token=abc'
    notifier(FakeSender()).handle({"Records": [record(1, event)]})
    (entry,) = caplog.records
    logged: dict[str, Any] = vars(entry)
    assert {k: logged[k] for k in ("outcome", "destination", "message_id", "finding_id", "severity", "account")} == {
        "outcome": "delivered",
        "destination": "security-slack",
        "message_id": "m1",
        "finding_id": "1ab2c3d4e5f60718293a4b5c6d7e8f90",
        "severity": 8.0,
        "account": "111122223333",
    }
    assert "token=abc" not in everything_logged(caplog)
    assert "ASIA" not in everything_logged(caplog)


def test_the_log_never_holds_the_text_of_an_unexpected_error(caplog: pytest.LogCaptureFixture) -> None:
    notifier(FakeSender(refuses="", error=ValueError)).handle({"Records": [record(1, low_finding())]})
    assert "pLaNtEd" not in everything_logged(caplog)
    assert "ValueError at test_batch.py" in everything_logged(caplog)


def _fresh_handler(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Any:
    for name in ("DEPLOYMENT", "DESTINATION_NAME", "DESTINATION_KIND", "SNS_TOPIC_ARN", "EGRESS_RANGES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delitem(sys.modules, "notifier.handler", raising=False)
    return importlib.import_module("notifier.handler")


def test_the_handler_takes_its_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    module = _fresh_handler(
        monkeypatch,
        {
            "DEPLOYMENT": "sandbox", "DESTINATION_NAME": "mail", "DESTINATION_KIND": "sns", "DETECTIVE_REGIONS": "",
            "SNS_TOPIC_ARN": "arn:aws:sns:eu-west-1:111122223333:t",
        },
    )  # fmt: skip
    assert module.handler({"Records": []}, None) == {"batchItemFailures": []}
    monkeypatch.delitem(sys.modules, "notifier.handler")


def test_fails_at_init_when_the_environment_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSettings, match="DEPLOYMENT: is not set"):
        _fresh_handler(monkeypatch, {})


def test_a_message_for_which_no_time_is_left_comes_again_and_is_not_begun() -> None:
    sender = FakeSender()
    left = iter([60.0, 44.0, 44.0])
    records = [record(1, leaked_lambda_credentials()), record(2, low_finding()), record(3, low_finding())]
    response = notifier(sender).handle({"Records": records}, seconds_left=lambda: next(left))
    assert response == {"batchItemFailures": [{"itemIdentifier": "m2"}, {"itemIdentifier": "m3"}]}
    assert len(sender.sent) == 1


class Context:
    """What Lambda hands to a handler, as much of it as is used."""

    def get_remaining_time_in_millis(self) -> int:
        return 45_500


def test_the_time_left_is_lambdas() -> None:
    assert batch.seconds_left(Context())() == 45.5
    assert batch.seconds_left(None)() == float("inf")
