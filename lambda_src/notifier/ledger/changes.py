"""What a sight adds to what was told, and the words for it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from notifier.inert import inert
from notifier.items.mark import Kind
from notifier.ledger.sight import Sight, kind_of
from notifier.ledger.state import CaseState

_NAME = 64
_REGION = 32
_FEW = 3

FULL_SECONDS = 3600.0
"""How often further marks are told of a kind that has no room for more: often enough not to hide one, and seldom enough
for a port that thousands probe. GuardDuty may update a finding every 15 minutes."""

_SAID: Mapping[Kind, tuple[str, str]] = {
    "address": ("from", "from"),
    "host": ("to", "to"),
    "key": ("with the access key", "with the access keys"),
    "actor": ("by", "by"),
    "resource": ("the resource", "the resources"),
    "signal": ("the signal", "the signals"),
}


class Changes(NamedTuple):
    """Why a notice is due.

    Attributes:
        first: Nothing was told of the case.
        severity: What it was and is, if it has risen.
        more: Kind and name of each mark that was not told.
        archived: Whether the case is archived, if that has changed.
        again: Of when the state is that was told last, if the quiet time is over.
        older: What is told is not the newest state; a newer one was told before.
    """

    first: bool = False
    severity: tuple[str, str] | None = None
    more: tuple[tuple[str, str], ...] = ()
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
        return self.archived is True and self.severity is None and not self.more

    def notes(self) -> tuple[str, ...]:
        """Sentences for the brief, none for a first notice."""
        if self.first:
            return ()
        parts: list[str] = []
        if self.severity:
            parts.append("severity {} → {}".format(*self.severity))
        parts += _also(self.more)
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


def _also(more: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for kind, (one, several) in _SAID.items():
        names = [inert(name, limit=_NAME) for of, name in more if of == kind]
        if names:
            beyond = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
            yield f"now also {one if len(names) == 1 else several} {', '.join(names[:_FEW])}{beyond}"


def changes(state: CaseState, sight: Sight, *, now: float, quiet: float) -> Changes | None:
    """What there is to tell of a sight; None if nothing of it is news.

    A rise of the severity and a mark that was not told are news at any time, also in a state that comes late. Of a kind
    that the case has no room for, marks are news once an hour. An archived case is told once, and once that it is open
    again. The rest is news when GuardDuty updated the finding so many seconds after the state that was told last. Hours
    and seconds are by GuardDuty's clock, so that a replay is no reason to tell it all again.

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
    more = _more(state, sight)
    grown = bool(more) and (
        not all(state.is_full(kind_of(mark)) for mark in more) or _is_over(state, sight, now=now, quiet=FULL_SECONDS)
    )
    archived = seen.archived if seen.archived != state.archived else None
    again = (state.updated or state.told) if _is_over(state, sight, now=now, quiet=quiet) else None
    if severity is None and not grown and archived is None and again is None:
        return None
    return Changes(
        severity=severity,
        more=tuple(("host" if mark in sight.hosts else kind_of(mark), sight.names.get(mark, mark)) for mark in more),
        archived=archived,
        again=again,
        older=state.is_older(sight),
        regions=seen.regions,
    )


def _more(state: CaseState, sight: Sight) -> tuple[str, ...]:
    """The marks that were not told.

    Of a case that an older version told, only the caller's address is known: what else it named then, and names still,
    is not news.
    """
    compared = sight.marks if state.whole else sight.marks[:1] if state.marks else ()
    return tuple(mark for mark in compared if mark not in state.marks)


def _is_over(state: CaseState, sight: Sight, *, now: float, quiet: float) -> bool:
    if sight.once:
        return False
    if sight.updated is None or state.updated is None:
        return state.told is not None and now - state.told >= quiet
    return sight.updated - state.updated >= quiet
