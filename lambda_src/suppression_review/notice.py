"""A notice: an event of ours on the findings bus, which the notifier puts into words for each destination."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "detection-stack"
DETAIL_TYPE = "Suppression Notice"
"""Who sends it and what it is; rules of the template and the notifier know the same words (contract test)."""

VERSION = "1"


class NoticeRefused(Exception):
    """EventBridge did not take a notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Labelled lines that belong together."""

    title: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to tell about suppression; no finding, and never a reason to wake anybody.

    Attributes:
        kind: What it is about, such as `ending`; part of the log.
        to: Names of the destinations.
        subject: A few words.
        headline: The same in one plain sentence.
        steps: What to do, one sentence each.
    """

    kind: str
    to: tuple[str, ...]
    subject: str
    headline: str
    notes: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    steps: tuple[str, ...] = ()
    account: str | None = None
    region: str | None = None
    finding_id: str | None = field(default=None)

    def detail(self) -> str:
        """The event's detail, JSON."""
        return json.dumps(
            {
                "version": VERSION,
                "kind": self.kind,
                "to": list(self.to),
                "subject": self.subject,
                "headline": self.headline,
                "notes": list(self.notes),
                "sections": [
                    {"title": one.title, "facts": [{"label": label, "value": value} for label, value in one.facts]}
                    for one in self.sections
                ],
                "steps": list(self.steps),
                "accountId": self.account,
                "region": self.region,
                "findingId": self.finding_id,
            }
        )


def put(notice: Notice, *, events: "EventBridgeClient", bus_name: str) -> None:
    """Put the notice on the findings bus.

    Raises:
        NoticeRefused: The bus did not take it.
    """
    answer = events.put_events(
        Entries=[{"Source": SOURCE, "DetailType": DETAIL_TYPE, "Detail": notice.detail(), "EventBusName": bus_name}]
    )
    if answer["FailedEntryCount"]:
        entry = answer["Entries"][0]
        raise NoticeRefused(f"the bus {bus_name} did not take a notice of kind {notice.kind}: {entry.get('ErrorCode')}")


def listed(values: Iterable[str | None], *, most: int = 5) -> str:
    """The distinct values in order, the first few of them: `a, b and 3 more`."""
    distinct: Sequence[str] = sorted({value for value in values if value})
    shown = ", ".join(distinct[:most])
    return f"{shown} and {len(distinct) - most} more" if len(distinct) > most else shown


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
