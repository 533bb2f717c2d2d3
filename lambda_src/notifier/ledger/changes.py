"""What a sight adds to what was told, and the words for it."""

from datetime import UTC, datetime
from typing import NamedTuple

from notifier.inert import inert
from notifier.ledger.sight import Sight
from notifier.ledger.state import CaseState

_ADDRESS = 64
_REGION = 32


class Changes(NamedTuple):
    """Why a notice is due.

    Attributes:
        first: Nothing was told of the case.
        severity: What it was and is, if it has risen.
        address: One that was not told.
        archived: Whether the case is archived, if that has changed.
        again: Of when the state is that was told last, if the quiet time is over.
        older: What is told is not the newest state; a newer one was told before.
    """

    first: bool = False
    severity: tuple[str, str] | None = None
    address: str | None = None
    archived: bool | None = None
    again: float | None = None
    older: bool = False
    regions: tuple[str, ...] = ()

    @property
    def closes(self) -> bool:
        """Whether all there is to tell is that the case was archived: whoever keeps an incident can end it.

        A caller that nobody has heard of, or a higher severity, is to be looked at whether or not somebody archived
        the finding: archiving is no more than one call, which a thief can make too.
        """
        return self.archived is True and self.severity is None and self.address is None

    def notes(self) -> tuple[str, ...]:
        """Sentences for the brief, none for a first notice."""
        if self.first:
            return ()
        parts: list[str] = []
        if self.severity:
            parts.append("severity {} → {}".format(*self.severity))
        if self.address:
            parts.append(f"now also from {inert(self.address, limit=_ADDRESS)}")
        if self.archived is not None:
            parts.append("archived in GuardDuty" if self.archived else "no longer archived in GuardDuty")
        said = [f"You were told of this before. What changed: {'; '.join(parts)}."] if parts else []
        if self.again is not None and not parts:
            when = datetime.fromtimestamp(self.again, UTC).isoformat(" ")[:16]
            said.append(f"You were told of this before, as it was on {when} UTC. It goes on.")
        if self.older:
            said.append("GuardDuty has updated the finding since: a newer state of it was sent before this one.")
        if len(self.regions) > 1:
            named = ", ".join(inert(region, limit=_REGION) for region in self.regions)
            said.append(f"Seen in {len(self.regions)} Regions: {named}.")
        return tuple(said)


def changes(state: CaseState, sight: Sight, *, now: float, quiet: float) -> Changes | None:
    """What there is to tell of a sight; None if nothing of it is news.

    A rise of the severity and an address that was not told are news at any time, also in a state that comes late. An
    archived case is told once, and once that it is open again. The rest is news when GuardDuty updated the finding so
    many seconds after the state that was told last: by GuardDuty's clock, so that a replay is no reason to tell it
    all again.

    Args:
        state: What was told.
        sight: What came.
        now: The time in epoch seconds.
        quiet: Seconds for which a case that goes on is not told again.
    """
    seen = state.seen(sight)
    if state.told is None:
        return Changes(first=True, regions=seen.regions)
    severity = (state.severity, sight.severity) if sight.rank > state.rank else None
    address = sight.address if sight.address and sight.address not in state.addresses else None
    archived = seen.archived if seen.archived != state.archived else None
    again = (state.updated or state.told) if _is_over(state, sight, now=now, quiet=quiet) else None
    if severity is None and address is None and archived is None and again is None:
        return None
    return Changes(
        severity=severity,
        address=address,
        archived=archived,
        again=again,
        older=state.is_older(sight),
        regions=seen.regions,
    )


def _is_over(state: CaseState, sight: Sight, *, now: float, quiet: float) -> bool:
    if sight.updated is None or state.updated is None:
        return state.told is not None and now - state.told >= quiet
    return sight.updated - state.updated >= quiet
