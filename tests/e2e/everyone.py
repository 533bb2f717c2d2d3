"""A second deployment, with a destination of every kind, and what each of them was told."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.deployments import SANDBOX_DATA
from tests.findings import OUTSIDE_AWS, leaked_lambda_credentials, low_finding
from tools.emulator.deployed import Mailbox, Route, wait_until
from tools.emulator.process import Emulator
from tools.emulator.stand_in import StandIn

NAME, REGION = "everyone", "eu-central-1"
MAIL, SLACK, TEAMS, PAGER, SIEM = "mail", "chat-slack", "chat-teams", "on-call", "siem"

PER_MINUTE = 240
"""Enough for every test but the one with the burst."""

EVERYONE_DATA: dict[str, Any] = SANDBOX_DATA | {
    "name": NAME,
    "home_region": REGION,
    "regions": [REGION],
    "destinations": [
        {"name": MAIL, "kind": "sns", "emails": ["security@example.com"]},
        {"name": SLACK, "kind": "slack", "webhook_secret": f"{NAME}/slack"},
        {"name": TEAMS, "kind": "teams", "webhook_secret": f"{NAME}/teams"},
        {"name": PAGER, "kind": "pagerduty", "routing_key_secret": f"{NAME}/pagerduty"},
        {
            "name": SIEM,
            "kind": "webhook",
            "webhook_secret": f"{NAME}/webhook",
            "allowed_hosts": ["siem.example.com"],
        },
    ],
    "routes": [{"name": "leaks", "finding_types": [OUTSIDE_AWS], "to": [MAIL, SLACK, TEAMS, PAGER]}],
    "catch_all": [SIEM],
    "flood": {"messages_per_minute": PER_MINUTE},
    # A burst of leaks is to show what notifiers take, and not what else is done about each of them.
    "investigation": {"enabled": False},
    "suppression_review": {"to": [MAIL, SLACK, TEAMS, PAGER, SIEM]},
}
"""Leaked credentials go to everybody; every other finding to the one destination that has no pace of its own."""

_IN_FLIGHT = 340
"""A message that waits for more seconds, up to its queue's visibility timeout of 360, is being sent; the notifier's own
waits are shorter or longer."""


@dataclass(kw_only=True)
class Everyone:
    """The deployment; every finding is a case of its own, so that no test hears what another has told."""

    aws: Emulator
    routes: Mapping[str, Route]
    mailbox: Mailbox
    outputs: Mapping[str, str]
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def everybody(self) -> frozenset[str]:
        """The names of all destinations."""
        return frozenset(self.routes)

    def stand_in(self, name: str) -> StandIn:
        """Who plays a destination."""
        return self.aws.stand_ins[self.routes[name].kind]

    def leak(self, **changes: Any) -> dict[str, Any]:
        """The headline finding, of an account and a function that no other finding has."""
        number = next(self._numbers)
        members = {
            "account": f"4{number:011}",
            "region": REGION,
            "finding_id": f"{number:032x}",
            "function": f"api-{number:04}-x",
        }
        return leaked_lambda_credentials(**{**members, **changes})

    def low(self, **changes: Any) -> dict[str, Any]:
        """A finding that goes to the SIEM alone."""
        number = next(self._numbers)
        return low_finding(**{"id": f"{number:032x}", "accountId": f"4{number:011}", "region": REGION, **changes})

    def emit(self, *events: Mapping[str, object]) -> None:
        """Let GuardDuty report findings."""
        self.aws.emit_all(REGION, events)

    def told(self, word: str) -> dict[str, int]:
        """How many accepted messages hold a word, by destination; those with none are left out."""
        found = {MAIL: sum(word in mail.subject + mail.body for mail in self.mailbox.mails())}
        for name in self.everybody - {MAIL}:
            found[name] = sum(word in json.dumps(message) for message in self.stand_in(name).messages())
        return {name: number for name, number in found.items() if number}

    def body(self, name: str, word: str) -> str:
        """The one accepted message of a destination that holds a word, as it was posted."""
        (received,) = (one for one in self.stand_in(name).accepted() if word in one.body.decode())
        return received.body.decode()

    def heard(self, word: str, times: Mapping[str, int], *, within: float = 60.0) -> bool:
        """Whether exactly so many messages with a word came to each destination, and no queue holds another."""

        def all_of_it() -> bool:
            told = self.told(word)
            return all(told.get(name, 0) >= number for name, number in times.items()) and self.is_idle()

        return wait_until(all_of_it, within=within) and self.told(word) == dict(times)

    def waits(self, name: str) -> tuple[float, ...]:
        """Seconds until each message in a destination's queue comes."""
        return self.aws.waits(self.queue_arn(name))

    def is_idle(self) -> bool:
        """Whether every queue is empty."""
        return not any(self.waits(name) for name in self.routes)

    def put_off(self, name: str, *, messages: int = 1) -> tuple[float, ...]:
        """Wait until so many messages of a destination were put off, and give their waits."""
        waits: tuple[float, ...] = ()

        def as_expected() -> bool:
            nonlocal waits
            waits = self.waits(name)
            return len(waits) == messages and not _is_busy(waits)

        assert wait_until(as_expected, within=60), f"not put off: {waits}"
        return waits

    def bring_now(self, name: str) -> None:
        """Let what was put off for a destination come now."""
        self.aws.bring_now(self.queue_arn(name))

    def let_time_pass(self) -> None:
        """Let everything that was put off come now, once nothing is being sent."""
        assert wait_until(lambda: not any(_is_busy(self.waits(name)) for name in self.routes), within=60)
        for name in self.routes:
            self.bring_now(name)

    def store_secret(self, name: str) -> None:
        """Put what the service knows now into the secret of a destination."""
        route = self.routes[name]
        secret = next(value for variable, value in route.environment.items() if variable.endswith("_SECRET"))
        self.aws.client("secretsmanager", REGION).put_secret_value(
            SecretId=secret, SecretString=self.stand_in(name).secret
        )

    def queue_arn(self, name: str) -> str:
        """The queue of a destination, from the outputs of the stack."""
        return self.outputs[f"Findings to be sent to {name}"]

    def dead_letters_arn(self, name: str) -> str:
        """The dead-letter queue of a destination, from the outputs of the stack."""
        return self.outputs[f"Findings not sent to {name}"]

    def dead_letters(self, name: str) -> list[dict[str, Any]]:
        """What lies in a dead-letter queue; it stays there."""
        received = self.aws.client("sqs", REGION).receive_message(
            QueueUrl=self.routes[name].dead_letter_queue_url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=0,
            MessageAttributeNames=["All"],
        )
        return [dict(message) for message in received.get("Messages", [])]

    def take_dead_letters(self) -> dict[str, list[dict[str, Any]]]:
        """What lies in the dead-letter queues, by destination; then they are empty."""
        found = {name: letters for name in self.routes if (letters := self.dead_letters(name))}
        for name in found:
            self.aws.client("sqs", REGION).purge_queue(QueueUrl=self.routes[name].dead_letter_queue_url)
        return found

    def send_again(self, name: str) -> None:
        """Redrive, as docs/operations.md says."""
        self.aws.client("sqs", REGION).start_message_move_task(
            SourceArn=self.dead_letters_arn(name), DestinationArn=self.queue_arn(name)
        )


def _is_busy(waits: Iterable[float]) -> bool:
    """Whether a message is being sent, or could be at any moment."""
    return any(wait == 0 or _IN_FLIGHT < wait <= 360 for wait in waits)
