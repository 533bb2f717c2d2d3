"""Every message of a batch stands for itself, and none is lost in silence."""

import importlib
import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest

from notifier import batch
from notifier.batch import Notifier, UnnamedMessagesFailed
from notifier.brief import Brief
from notifier.briefs.surroundings import Surroundings
from notifier.destinations import slack_card
from notifier.destinations.base import Sender, Variable, rendered
from notifier.links import Portal
from notifier.outcomes import DeliveryFailed, Refused, RetryLater
from notifier.queue.pace import Pace
from shared.known import Account
from shared.settings import InvalidSettings
from tests.findings import leaked_lambda_credentials, low_finding
from tests.notifier_environment import MAIL, write_known
from tests.surroundings import AROUND
from tests.unit.notifier.briefs import EGRESS
from tests.unit.notifier.fake_sqs import Clock, FakeSqs

SECRET_URL = "https://hooks.slack.com/services/pLaNtEdSeCrEt"


class FakeSender(Sender):
    """Keeps what it gets; refuses what `refuses` says, so many times."""

    kind: ClassVar[str] = "fake"
    variables: ClassVar[tuple[Variable, ...]] = ()
    seconds: ClassVar[float] = 1.0

    def __init__(
        self, *, refuses: str | None = None, error: type[Exception] | Exception = DeliveryFailed, times: int = 1000
    ) -> None:
        self.sent: list[Brief] = []
        self.tried = 0
        self._refuses = refuses
        self._error = error
        self._times = times

    @classmethod
    def configured(cls, values: Mapping[str, str]) -> Self:
        return cls()

    def send(self, brief: Brief) -> None:
        self.tried += 1
        if self._refuses is not None and self._refuses in brief.headline and self._times > 0:
            self._times -= 1
            if isinstance(self._error, Exception):
                raise self._error
            raise self._error(f"refused {'' if issubclass(self._error, DeliveryFailed) else SECRET_URL}")
        self.sent.append(brief)


def notifier(sender: Sender, sqs: FakeSqs | None = None) -> Notifier:
    sqs = sqs or FakeSqs(Clock())
    return Notifier(
        around=Surroundings(deployment="sandbox", egress=EGRESS),
        destination="security-slack",
        sender=sender,
        queues=sqs,
        pace=Pace(sender.seconds_between, clock=sqs.clock, sleep=sqs.clock.sleep),
    )


def record(number: int, body: object) -> dict[str, object]:
    return {"messageId": f"m{number}", "body": body if isinstance(body, str) else json.dumps(body)}


def test_every_message_of_a_batch_is_delivered() -> None:
    sender = FakeSender()
    response = notifier(sender).handle({"Records": [record(1, leaked_lambda_credentials()), record(2, low_finding())]})
    assert response == {"batchItemFailures": []}
    assert [brief.severity.word for brief in sender.sent] == ["High", "Low"]
    assert sender.sent[0].egress
    assert sender.sent[0].egress.sentence.endswith("is not one of your egress ranges.")


@pytest.mark.parametrize("error", [DeliveryFailed, RetryLater, RuntimeError, MemoryError, KeyError])
def test_q1_a_message_that_fails_is_named_and_the_others_go_out(error: type[Exception]) -> None:
    sender = FakeSender(refuses="port", error=error)
    records = [record(1, leaked_lambda_credentials()), record(2, low_finding()), record(3, leaked_lambda_credentials())]
    assert notifier(sender).handle({"Records": records}) == {"batchItemFailures": [{"itemIdentifier": "m2"}]}
    assert len(sender.sent) == 2


def test_q2_when_all_fail_all_are_named() -> None:
    records = [record(n, low_finding()) for n in range(10)]
    response = notifier(FakeSender(refuses="")).handle({"Records": records})
    assert response == {"batchItemFailures": [{"itemIdentifier": f"m{n}"} for n in range(10)]}


@pytest.mark.parametrize(
    "body", ["{broken", "", "null", "[]", json.dumps({"detail-type": "GuardDuty X", "detail": {}})]
)
def test_q1_a_message_that_is_no_finding_still_reaches_a_person(body: str) -> None:
    sender = FakeSender()
    response = notifier(sender).handle({"Records": [record(1, body), record(2, low_finding())]})
    assert response == {"batchItemFailures": []}
    assert [brief.recognised for brief in sender.sent] == [False, True]
    assert sender.sent[0].headline.startswith("Unrecognised GuardDuty event")


@pytest.mark.parametrize("nameless", [{"body": "x"}, {"messageId": "", "body": "x"}, {"messageId": None}, None, 7])
def test_q1_fails_after_the_rest_when_a_message_without_an_id_fails(nameless: object) -> None:
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
    around = AROUND._replace(
        accounts={str(low_finding()["detail"]["accountId"]): Account("payments-prod", "payments")},
        portal=Portal("https://example.awsapps.com/start", "SecurityAudit"),
    )
    made = replace(notifier(sender), around=around)
    assert made.handle({"Records": [record(1, low_finding())]}) == {"batchItemFailures": []}
    (brief,) = sender.sent
    assert "payments-prod" in brief.account_in_words
    assert brief.link
    assert brief.link.url.startswith("https://example.awsapps.com/start/")
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


def _fresh_handler(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], code: Path) -> Any:
    write_known(code)
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(code))
    for name in (
        "DEPLOYMENT", "DESTINATION_NAME", "DESTINATION_KIND", "SNS_TOPIC_ARN", "QUEUE_URL",
        "DEAD_LETTER_QUEUE_URL", "LEDGER_TABLE", "NOTIFY_AGAIN_AFTER_HOURS", "MESSAGES_PER_MINUTE", "RUNBOOKS_URL",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delitem(sys.modules, "notifier.handler", raising=False)
    return importlib.import_module("notifier.handler")


def test_the_handler_takes_its_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = _fresh_handler(monkeypatch, MAIL, tmp_path)
    assert module.handler({"Records": []}, None) == {"batchItemFailures": []}
    monkeypatch.delitem(sys.modules, "notifier.handler")


def test_q14_fails_at_init_when_the_environment_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="DEPLOYMENT: is not set"):
        _fresh_handler(monkeypatch, {}, tmp_path)


def test_q6_a_message_for_which_no_time_is_left_comes_again_and_is_not_begun() -> None:
    sender = FakeSender()
    left = iter([60.0, 47.0, 47.0])
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


def queued(sqs: FakeSqs, *bodies: object) -> list[dict[str, object]]:
    """Messages on the queue, received."""
    for number, body in enumerate(bodies, 1):
        sqs.send(f"m{number}", body if isinstance(body, str) else json.dumps(body))
    return sqs.receive()


def outcomes(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [entry.outcome for entry in caplog.records if hasattr(entry, "outcome")]


@pytest.fixture
def sqs() -> FakeSqs:
    return FakeSqs(Clock())


def test_t1_a_rate_limit_is_waited_for_and_the_message_sent_again_once(
    sqs: FakeSqs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    sender = FakeSender(refuses="", error=RetryLater("Slack answered 429", after=3.0, cause="rate-limited"), times=1)
    assert notifier(sender, sqs).handle({"Records": queued(sqs, low_finding())}) == {"batchItemFailures": []}
    assert (sender.tried, len(sender.sent), sqs.clock.now, sqs.put_off_by) == (2, 1, 3.0, [])
    assert outcomes(caplog) == ["waited", "delivered"]
    assert [getattr(entry, "cause", None) for entry in caplog.records] == ["rate-limited", None]


def test_t1_a_rate_limit_that_lasts_puts_the_message_off_by_that_time(sqs: FakeSqs) -> None:
    sender = FakeSender(refuses="", error=RetryLater("Slack answered 429", after=90.0))
    response = notifier(sender, sqs).handle({"Records": queued(sqs, low_finding())})
    assert response == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert (sender.tried, sqs.clock.now) == (1, 0.0)
    assert sqs.put_off_by == [90.0]


def test_t1_a_second_rate_limit_is_not_waited_for(sqs: FakeSqs) -> None:
    sender = FakeSender(refuses="", error=RetryLater("Slack answered 429", after=2.0))
    assert notifier(sender, sqs).handle({"Records": queued(sqs, low_finding())})["batchItemFailures"]
    assert (sender.tried, sqs.clock.now) == (2, 2.0)


def test_t1_time_that_lambda_does_not_leave_is_not_waited(sqs: FakeSqs) -> None:
    sender = FakeSender(refuses="", error=RetryLater("Slack answered 429", after=5.0))
    began = {"Records": queued(sqs, low_finding())}
    assert notifier(sender, sqs).handle(began, seconds_left=lambda: 52.9)["batchItemFailures"]
    assert (sender.tried, sqs.clock.now) == (1, 0.0)


def test_t1_the_rest_of_the_batch_leaves_the_destination_alone_too(
    sqs: FakeSqs, caplog: pytest.LogCaptureFixture
) -> None:
    sender = FakeSender(refuses="", error=RetryLater("Slack answered 429", after=120.0), times=1)
    fresh = notifier(sender, sqs)
    records = queued(sqs, low_finding(), low_finding(), low_finding())
    assert len(fresh.handle({"Records": records})["batchItemFailures"]) == 3
    assert sender.tried == 1
    assert all(seconds >= 120 for seconds in sqs.put_off_by)
    assert outcomes(caplog) == ["retried", "deferred", "deferred"]
    # Another invocation asks again, with one message.
    assert fresh.handle({"Records": [record(1, low_finding())]}) == {"batchItemFailures": []}


@pytest.mark.parametrize("after", [None, 0.0, 3600.0])
def test_t2_a_message_is_put_off_within_the_limits_of_sqs(sqs: FakeSqs, after: float | None) -> None:
    sender = FakeSender(refuses="", error=RetryLater("down", after=after))
    notifier(sender, sqs).handle({"Records": queued(sqs, low_finding())})
    (seconds,) = sqs.put_off_by
    assert (after or 0.0) <= seconds <= max(60.0, after or 0.0)


def test_what_had_to_wait_for_its_turn_again_is_not_put_off_like_what_failed(sqs: FakeSqs) -> None:
    """The first fails and holds up the others; on their second turn these wait for a minute or three, it for ten."""
    for turn in range(2):
        sqs.put_off_by.clear()
        sqs.clock.now += 3600
        sender = FakeSender(refuses="", error=RetryLater("Slack answered 429", after=30.0), times=1)
        records = queued(sqs, low_finding(), low_finding()) if turn == 0 else sqs.receive()
        assert len(notifier(sender, sqs).handle({"Records": records})["batchItemFailures"]) == 2
    failed, waited = sqs.put_off_by
    assert 600 <= failed <= 840
    assert 60 <= waited <= 180


def test_t5_what_is_refused_for_good_lies_in_the_dead_letter_queue_before_it_is_acknowledged(
    sqs: FakeSqs, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps(leaked_lambda_credentials(), indent=3) + " "
    sender = FakeSender(refuses="", error=Refused("Slack answered 404 no_service", cause="status-404"), times=1)
    records = queued(sqs, body, low_finding())
    assert notifier(sender, sqs).handle({"Records": records}) == {"batchItemFailures": []}
    # The very text that came, so that it can be sent again.
    assert sqs.dead == [(body, {"destination": "security-slack", "reason": "Slack answered 404 no_service"})]
    assert len(sender.sent) == 1, "the next message is tried: it may be this one that is refused"
    assert sqs.put_off_by == []
    assert outcomes(caplog) == ["permanent", "delivered"]


def test_q13_what_the_dead_letter_queue_does_not_take_stays_in_the_queue(
    sqs: FakeSqs, caplog: pytest.LogCaptureFixture
) -> None:
    sqs.broken = True
    sender = FakeSender(refuses="", error=Refused)
    response = notifier(sender, sqs).handle({"Records": queued(sqs, low_finding())})
    assert response == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert (sqs.dead, list(sqs.messages)) == ([], ["m1"])
    assert outcomes(caplog) == ["retried"]


def test_q13_a_refused_message_without_an_id_is_kept_and_needs_no_second_batch(sqs: FakeSqs) -> None:
    sender = FakeSender(refuses="", error=Refused)
    assert notifier(sender, sqs).handle({"Records": [{"body": None}, 7]}) == {"batchItemFailures": []}
    assert [text for text, _ in sqs.dead] == ["null", "7"]


def test_one_refused_finding_of_a_message_does_not_cost_the_others(sqs: FakeSqs) -> None:
    sender = FakeSender(refuses="", error=Refused, times=1)
    both = [low_finding()["detail"], leaked_lambda_credentials()["detail"]]
    assert notifier(sender, sqs).handle({"Records": queued(sqs, both)}) == {"batchItemFailures": []}
    assert (len(sender.sent), len(sqs.dead)) == (1, 1)


@pytest.mark.parametrize("broken", ["9" * 5000, "-1", "", None, 7, "two"])
def test_a_receive_count_that_is_none_counts_as_the_first(sqs: FakeSqs, broken: object) -> None:
    (one,) = queued(sqs, low_finding())
    one["attributes"] = {"ApproximateReceiveCount": broken}
    sender = FakeSender(refuses="", error=RetryLater)
    assert notifier(sender, sqs).handle({"Records": [one]})["batchItemFailures"] == [{"itemIdentifier": "m1"}]


def test_q3_the_answer_has_the_one_form_that_lambda_reads(sqs: FakeSqs) -> None:
    sender = FakeSender(refuses="", error=RuntimeError)
    records = queued(sqs, low_finding(), "{", "")
    response: Any = json.loads(json.dumps(notifier(sender, sqs).handle({"Records": records})))
    assert list(response) == ["batchItemFailures"]
    for failure in response["batchItemFailures"]:
        assert list(failure) == ["itemIdentifier"]
        assert failure["itemIdentifier"] in {record["messageId"] for record in records}
    assert len(response["batchItemFailures"]) == len(records)


def test_q6_nothing_is_told_to_the_queue_when_there_is_no_time_for_it(sqs: FakeSqs) -> None:
    sender = FakeSender()
    records = queued(sqs, low_finding(), low_finding())
    assert len(notifier(sender, sqs).handle({"Records": records}, seconds_left=lambda: 5.0)["batchItemFailures"]) == 2
    assert (sender.tried, sqs.put_off_by) == (0, [])


def test_q6_a_slow_destination_never_takes_a_function_beyond_its_time(sqs: FakeSqs) -> None:
    class Slow(FakeSender):
        def send(self, brief: Brief) -> None:
            sqs.clock.sleep(35.0)
            raise RetryLater("slow", after=4.0)

    records = queued(sqs, *[low_finding()] * 5)
    response = notifier(Slow(), sqs).handle({"Records": records}, seconds_left=lambda: 60.0 - sqs.clock.now)
    assert len(response["batchItemFailures"]) == 5
    assert sqs.clock.now < 60


def test_messages_keep_their_distance_across_invocations(sqs: FakeSqs) -> None:
    class Paced(FakeSender):
        seconds_between: ClassVar[float] = 2.0

    paced = notifier(Paced(), sqs)
    for number in range(3):
        assert paced.handle({"Records": [record(number, low_finding())] * 2}) == {"batchItemFailures": []}
    assert sqs.clock.now == 10.0, "none before the first, and two seconds before each other"


@pytest.mark.parametrize("time", ["2026-12-31T23:59:60Z", "yesterday", "9999-99-99", 1e400, "2026-11-23 12:00:00", -1])
def test_q15_a_time_that_does_not_parse_blocks_no_delivery(time: object) -> None:
    event = low_finding()
    event["time"] = time
    event["detail"] |= {"updatedAt": time, "createdAt": time}
    event["detail"]["service"] |= {"eventFirstSeen": time, "eventLastSeen": time}
    sender = FakeSender()
    assert notifier(sender).handle({"Records": [record(1, event)]}) == {"batchItemFailures": []}
    assert sender.sent[0].recognised


def test_q5_a_crash_after_the_message_was_accepted_brings_it_again_and_never_loses_it(sqs: FakeSqs) -> None:
    class EndedByLambda(BaseException):
        pass

    class Crashing(FakeSender):
        def send(self, brief: Brief) -> None:
            super().send(brief)
            if self.tried == 1:
                raise EndedByLambda

    sender = Crashing()
    sqs.send("m1", json.dumps(low_finding()))
    with pytest.raises(EndedByLambda):
        notifier(sender, sqs).handle({"Records": sqs.receive()})
    sqs.clock.sleep(400)  # the visibility timeout: nothing was said, so the queue brings it again
    assert notifier(sender, sqs).handle({"Records": sqs.receive()}) == {"batchItemFailures": []}
    assert [brief.finding_id for brief in sender.sent] == [sender.sent[0].finding_id] * 2


@pytest.mark.parametrize("source", [[], {}, 7, True])
def test_a_source_that_is_no_text_takes_no_other_finding_with_it(source: object) -> None:
    sender = FakeSender()
    odd = {"source": source, "detail-type": "Something Else", "detail": {"a": 1}}
    assert notifier(sender).handle({"Records": [record(0, odd), record(1, leaked_lambda_credentials())]}) == {
        "batchItemFailures": []
    }
    assert len(sender.sent) == 2


def test_a_message_that_cannot_be_judged_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a module that is read only when it is needed were missing."""

    def missing(_module: str) -> object:
        raise ModuleNotFoundError("No module named 'notifier.items.report'")

    monkeypatch.setattr("notifier.items.event.reader_of", missing)
    sender = FakeSender()
    report = {"source": "detection-stack", "detail-type": "Investigation Report", "detail": {"version": "1"}}
    answer = notifier(sender).handle({"Records": [record(0, leaked_lambda_credentials()), record(1, report)]})
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["m1"]
    assert len(sender.sent) == 1
