"""A notice, which is no finding and wakes nobody: of our own about suppression, or of GuardDuty about itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from notifier.items.finding import Envelope
from notifier.items.wire import Block, blocks, text

# A digest has a section for each egress entry; nobody reads more, and a message has an end.
_SECTIONS = 60
_FACTS = 60
_TEXTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Words that we have chosen, with names in it that others chose: nothing here is inert yet.

    Attributes:
        sections: Title, and labelled lines.
        event_id: What EventBridge calls the event that brought it; the same when it is delivered twice.
        about: Whose notice it is, for people.
        topic: Which of theirs, in the sender's own word.
        key: What tells two notices of a kind apart, beside account, Region and finding.
    """

    kind: ClassVar[Literal["notice"]] = "notice"

    subject: str | None
    headline: str | None
    notes: tuple[str, ...]
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    steps: tuple[str, ...]
    account: str | None
    region: str | None
    finding_id: str | None
    topic: str | None = None
    event_id: str | None = None
    about: str = "suppression notice"
    key: tuple[str, ...] = ()

    @classmethod
    def from_detail(cls, detail: Block, *, event_id: str | None = None) -> "Notice":
        """The notice in the detail of an event; never raises, whatever is missing."""
        return cls(
            subject=text(detail.get("subject")),
            headline=text(detail.get("headline")),
            notes=texts_of(detail.get("notes")),
            sections=sections_of(detail.get("sections")),
            steps=texts_of(detail.get("steps")),
            account=text(detail.get("accountId")),
            region=text(detail.get("region")),
            finding_id=text(detail.get("findingId")),
            topic=text(detail.get("kind")),
            event_id=event_id,
        )


def from_event(detail: Block, envelope: Envelope) -> Notice:
    """The notice in an event of ours."""
    return Notice.from_detail(detail, event_id=envelope.event_id)


def texts_of(value: object) -> tuple[str, ...]:
    """The texts of a list, the first few."""
    return tuple(_texts(value))


def sections_of(value: object) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Titles with their labelled lines."""
    return tuple(_sections(value))


def _texts(value: object) -> Iterator[str]:
    for item in value[:_TEXTS] if isinstance(value, list) else ():
        if (shown := text(item)) is not None:
            yield shown


def _sections(value: object) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    for section in blocks(value)[:_SECTIONS]:
        facts = tuple(
            (text(fact.get("label")) or "", shown)
            for fact in blocks(section.get("facts"))[:_FACTS]
            if (shown := text(fact.get("value"))) is not None
        )
        yield text(section.get("title")) or "Details", facts
