"""What an investigation found about a finding: a second message about the same case, with the same severity."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from notifier.items.finding import Envelope
from notifier.items.notice import sections_of, texts_of
from notifier.items.severity import Severity, severity_of
from notifier.items.wire import Block, block, count, moment, text

_REGIONS, _DIGEST = 4, 16

_UNREAD = 100
"""More Regions than AWS has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What an investigation leaves to read by hand: whoever may put events on the bus may have written it.

    Attributes:
        step: The number of the step that says so, from 0.
        since: From when on; None if the report does not say.
        regions: As they stand there.
    """

    step: int
    since: datetime | None
    regions: tuple[str, ...]

    @classmethod
    def from_detail(cls, detail: Block) -> "Unread | None":
        """All of it; None where a part of it is missing or odd, as a part of a command would look like the whole."""
        step, named, begins = (detail.get(member) for member in ("step", "regions", "since"))
        number, since = count(step), moment(begins)
        if number is None or not isinstance(named, list) or len(named) > _UNREAD or (begins and since is None):
            return None
        return cls(step=number, since=since, regions=tuple(text(one) or "" for one in named))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Words of ours, with names in it that others chose, the thief among them: nothing here is inert yet.

    Attributes:
        report_id: The same for every delivery of one report; None if it names none.
        type: Of the finding that was investigated, as all that follows.
        administrator: The account whose bus carried the report: GuardDuty's administrator, where there is one.
        region: Where GuardDuty made the finding.
        sections: Title, and labelled lines.
        regions: Where the key was used from outside; what an older version wrote has none.
        unread: What was not read in full; None for nothing.
    """

    kind: ClassVar[Literal["report"]] = "report"

    report_id: str | None
    type: str | None
    account: str | None
    severity: Severity
    region: str | None
    partition: str | None
    finding_id: str | None
    access_key: str | None
    principal_id: str | None
    last_seen: datetime | None
    subject: str | None
    headline: str | None
    notes: tuple[str, ...]
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    steps: tuple[str, ...]
    administrator: str | None = None
    regions: tuple[str, ...] = ()
    unread: Unread | None = None

    @property
    def digest(self) -> str:
        """Tells reports apart that have one id and say different things."""
        said = repr((self.subject, self.headline, self.notes, self.sections, self.steps))
        return hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()[:_DIGEST]

    @classmethod
    def from_detail(cls, detail: Block, *, administrator: str | None = None) -> "Report":
        """The report in the detail of an event; never raises, whatever is missing."""
        return cls(
            report_id=text(detail.get("reportId")),
            type=text(detail.get("type")),
            account=text(detail.get("accountId")),
            severity=severity_of(detail.get("severity")),
            region=text(detail.get("region")),
            partition=text(detail.get("partition")),
            finding_id=text(detail.get("findingId")),
            access_key=text(detail.get("accessKeyId")),
            principal_id=text(detail.get("principalId")),
            last_seen=moment(detail.get("lastSeen")),
            subject=text(detail.get("subject")),
            headline=text(detail.get("headline")),
            notes=texts_of(detail.get("notes")),
            sections=sections_of(detail.get("sections")),
            steps=texts_of(detail.get("steps")),
            administrator=administrator,
            regions=texts_of(detail.get("regions"))[:_REGIONS],
            unread=Unread.from_detail(block(detail.get("unread"))),
        )


def from_event(detail: Block, envelope: Envelope) -> Report:
    """The report in an event of ours."""
    return Report.from_detail(detail, administrator=envelope.account)
