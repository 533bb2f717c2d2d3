"""How many findings a second become messages, against a bare prototype: `python -m tools.bench.throughput`."""

import gc
import json
import resource
from collections.abc import Callable, Sequence
from functools import partial
from time import process_time
from typing import NamedTuple

from infra.config import load
from infra.project import PROJECT
from notifier.brief import Brief
from notifier.briefs import brief_of
from notifier.briefs.surroundings import Surroundings
from notifier.destinations import (
    chat_notification,
    pagerduty_event,
    slack_card,
    sns,
    teams_card,
    webhook_document,
)
from notifier.items.event import read
from tools.bench.budget import Budget, budget_table
from tools.bench.clock import TODAY
from tools.bench.table import Table, mebibytes, times

_EXAMPLES = PROJECT / "docs" / "examples" / "findings"
_ROUNDS = 5
_SECONDS = 0.6
MANY = 100_000
QUICK_MANY = 10_000

Body = str
Task = Callable[[Body], object]

_MESSAGES: dict[str, Callable[[Brief], object]] = {
    "slack": slack_card.message,
    "sns": sns.mail_of,
    "sns, custom notification": chat_notification.message,
    "teams": teams_card.message,
    "pagerduty": lambda brief: pagerduty_event.message(brief, routing_key="0" * 32),
    "webhook": webhook_document.message,
}


_ONE, _EVERY = 0.25, 0.08
_LEAST = {
    **{f"parse + brief + {name}": _ONE for name in _MESSAGES},
    "parse + brief + every destination": _EVERY,
    "parse + brief + slack, mixed": _ONE / 2,
    "parse + brief + every destination, mixed": _EVERY / 2,
}


def _prototype(body: Body) -> object:
    """The least that anything must do: read the event, take the fields of one message, write it."""
    detail = json.loads(body)["detail"]
    action = detail["service"].get("action", {}).get("awsApiCallAction", {})
    return json.dumps(
        {
            "text": detail.get("title"),
            "fields": [
                detail["type"],
                detail["severity"],
                detail["accountId"],
                detail["region"],
                detail["id"],
                action.get("remoteIpDetails", {}).get("ipAddressV4"),
                action.get("api"),
                detail["service"].get("eventLastSeen"),
            ],
        }
    )


def _json_alone(message: object, body: Body) -> object:
    """What no code could save that reads this event and sends this message: how near the budget comes to it."""
    json.loads(body)
    return json.dumps(message)


def tables(*, quick: bool = False) -> tuple[Table, Table, Table]:
    """Findings per second in all forms, whether that and memory stay as they are, and what they must be."""
    rounds = 1 if quick else _ROUNDS
    deployment = load(PROJECT / "config" / "sandbox.yaml", today=TODAY).deployment
    headline = [(_EXAMPLES / "leaked-lambda-credentials.json").read_text(encoding="utf-8")]
    mixed = [file.read_text(encoding="utf-8") for file in sorted(_EXAMPLES.glob("*.json"))]

    def briefs(body: Body) -> list[Brief]:
        return [
            brief_of(item, Surroundings(deployment=deployment.name, detective=deployment.regions))
            for item in read(body)
        ]

    def one_form(made: Callable[[Brief], object], body: Body) -> object:
        return [made(brief) for brief in briefs(body)]

    def everything(body: Body) -> object:
        return [message(brief) for brief in briefs(body) for message in _MESSAGES.values()]

    tasks: dict[str, tuple[Task, Sequence[Body]]] = {
        "bare prototype": (_prototype, headline),
        "parse": (read, headline),
        "parse + brief": (briefs, headline),
        **{f"parse + brief + {name}": (partial(one_form, made), headline) for name, made in _MESSAGES.items()},
        "nothing but that event read and that JSON written, slack": (
            partial(_json_alone, json.loads(slack_card.message(briefs(headline[0])[0]))),
            headline,
        ),
        "parse + brief + every destination": (everything, headline),
        "bare prototype, mixed": (_prototype, mixed),
        "parse + brief + slack, mixed": (partial(one_form, slack_card.message), mixed),
        "parse + brief + every destination, mixed": (everything, mixed),
    }
    rates = dict.fromkeys(tasks, 0.0)
    for _ in range(rounds):
        for name, (task, bodies) in tasks.items():
            rates[name] = max(rates[name], _rate(task, bodies))
    ratios = {
        name: rate / rates["bare prototype, mixed" if "mixed" in name else "bare prototype"]
        for name, rate in rates.items()
    }
    rows = [[name, f"{rate:,.0f}", f"{ratios[name]:.2f} x"] for name, rate in rates.items()]
    speed = Table(
        title="Findings per second",
        columns=("Work", "findings a second and core", "to the prototype"),
        rows=rows,
        note=f"Processor time, the best of {rounds} rounds in turn; mixed is the findings of docs/examples. The "
        "prototype reads the JSON, takes eight fields and writes them.",
    )
    many = _many(partial(one_form, slack_card.message), headline[0], QUICK_MANY if quick else MANY)
    budgets = [
        *(
            Budget(what=name, measured=ratios[name], limit=limit, unit="x", least=True)
            for name, limit in _LEAST.items()
        ),
        Budget(what="the last tenth of many to the first", measured=many.rate, limit=0.9, unit="x", least=True),
        Budget(what="memory after the last tenth to the first", measured=many.memory, limit=1.02, unit="x"),
    ]
    return speed, many.table, budget_table("Findings", budgets, note="Each to the prototype of its own findings.")


def _rate(task: Task, bodies: Sequence[Body]) -> float:
    gc.collect()
    start, done = process_time(), 0
    while (passed := process_time() - start) < _SECONDS:
        for body in bodies:
            task(body)
        done += len(bodies)
    return done / passed


class _Many(NamedTuple):
    """Many findings in one process: the last tenth to the first, and the whole as a table."""

    rate: float
    memory: float
    table: Table


def _many(task: Task, body: Body, many: int) -> _Many:
    """The first and the last tenth of many findings in one process."""
    part = many // 10
    rates, peaks = [], []
    for _ in range(10):
        start = process_time()
        for _ in range(part):
            task(body)
        rates.append(part / (process_time() - start))
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    table = Table(
        title=f"{many:,} findings in one process",
        columns=("Findings", "a second", "to the first", "peak memory of the process"),
        rows=[
            [
                f"{place * part:,} to {(place + 1) * part:,}",
                f"{rates[place]:,.0f}",
                times(rates[place], rates[0]),
                mebibytes(peaks[place]),
            ]
            for place in (0, 4, 9)
        ],
        note="Parse, brief and the card for Slack.",
    )
    return _Many(rates[-1] / rates[0], peaks[-1] / peaks[0], table)


def main() -> None:
    """Print the tables."""
    for table in tables():
        print(table.markdown())


if __name__ == "__main__":
    main()
