"""Whether a message tells a destination anything new; when the ledger does not know, it does."""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import NamedTuple

from notifier.ledger.changes import changes
from notifier.ledger.sight import Sight
from notifier.ledger.state import CaseState
from notifier.ledger.table import EMPTY, Changed, Entry, Table, TableFailed

logger = logging.getLogger(__name__)

CLAIM_SECONDS = 60.0
"""How long an attempt keeps others from sending the same: as long as a function may run. Shorter than the queue's
visibility timeout, so that what an ended function held back is free when it comes again (contract test)."""

SKEW_SECONDS = 30.0
"""How far the clocks of two functions may be apart: more than they ever are, and little enough for a claim to end soon.
One that lasts longer still was made by a clock that is wrong, and keeps nobody from sending."""

KEPT_SECONDS = 400 * 86_400.0
"""How long a case is remembered after it was last told: longer than GuardDuty keeps a finding (90 days), and than most
archives do, so that a replay finds what was sent."""

AHEAD_SECONDS = 300.0
"""How far ahead of our clock a finding's may be; what claims to be later is taken for this, so that no time in a far
future makes everything that follows an old state, which would not be told."""

_TRIES = 4


class Verdict(Enum):
    """What is to be done with a message."""

    TELL = "tell"
    KNOWN = "known"
    WAIT = "wait"


class Answer(NamedTuple):
    """What the ledger says about a message.

    Attributes:
        notes: What has changed since the message before, for the brief.
        closes: It is told for no other reason than that the whole case was archived. Without an answer of the
            table nobody knows that, and an incident stays open.
        after: Seconds to wait, where somebody else is sending the same just now.
    """

    verdict: Verdict
    notes: tuple[str, ...] = ()
    closes: bool = False
    after: float = 0.0
    sight: Sight | None = None
    owner: str = ""
    entry: Entry = EMPTY
    state: CaseState | None = None


class Ledger:
    """What one destination was told.

    Fails open: where the table does not answer, everything is told, and may be told twice. "Told" is written only after
    the destination has accepted, so a crash between the two costs a second message and never the only one.
    """

    def __init__(
        self, table: Table, *, destination: str, quiet_hours: float, clock: Callable[[], float] = time.time
    ) -> None:
        """Open it.

        Args:
            table: Where it is kept, together with those of the other destinations.
            destination: The name; the function's role may use keys that begin with it, and no others.
            quiet_hours: Hours for which a case that goes on is not told again.
            clock: Epoch seconds.
        """
        self._table = table
        self._destination = destination
        self._quiet = quiet_hours * 3600.0
        self._clock = clock

    def ask(self, sight: Sight | None) -> Answer:
        """Whether to tell this; `TELL` takes a claim that `record` or `release` has to end."""
        if sight is None:
            return Answer(verdict=Verdict.TELL)
        if sight.updated is not None:
            sight = replace(sight, updated=min(sight.updated, self._clock() + AHEAD_SECONDS))
        owner = os.urandom(8).hex()
        for _ in range(_TRIES):
            try:
                return self._asked(sight, owner)
            except Changed:
                continue
            except TableFailed as error:
                self._complain("the ledger does not answer; telling it, perhaps again", error, sight)
                break
        return Answer(verdict=Verdict.TELL, sight=sight, owner=owner)

    def record(self, answer: Answer) -> None:
        """The destination has accepted it, or a roll-up will tell it."""
        if answer.sight is None:
            return
        sight, now = answer.sight, self._clock()
        try:
            self._change(sight, answer, lambda state: state.after(sight, now=now).released(answer.owner))
        except TableFailed as error:
            self._complain("the ledger did not take what was told; it may be told again", error, answer.sight)

    def release(self, answer: Answer) -> None:
        """Nothing was told; whoever comes next need not wait."""
        if answer.sight is None or answer.state is None:
            return
        try:
            self._change(answer.sight, answer, lambda state: state.released(answer.owner))
        except TableFailed as error:
            self._complain("the ledger did not take the claim back; it ends by itself", error, answer.sight)

    def _asked(self, sight: Sight, owner: str) -> Answer:
        entry, state, now = *self._read(sight), self._clock()
        due = changes(state, sight, now=now, quiet=self._quiet)
        if due is None:
            seen = state.seen(sight)
            if seen.findings != state.findings:
                # Another finding of the case, such as the same key in another Region, or one of several archived: a
                # case is archived when the last of them is. Or a newer state of one: what comes late is older then.
                self._write(sight, seen, after=entry)
            return Answer(verdict=Verdict.KNOWN, sight=sight)
        held = tuple(claim for claim in state.claims if now < claim.until <= now + CLAIM_SECONDS + SKEW_SECONDS)
        then = state
        for claim in held:
            then = then.after(claim.sight, now=now)
        if held and changes(then, sight, now=now, quiet=self._quiet) is None:
            ends = min(claim.until for claim in held)
            return Answer(verdict=Verdict.WAIT, sight=sight, after=min(ends - now, CLAIM_SECONDS))
        claimed = replace(state, claims=held).claimed(sight, owner=owner, until=now + CLAIM_SECONDS)
        written = self._write(sight, claimed, after=entry)
        return Answer(
            verdict=Verdict.TELL,
            notes=due.notes(),
            closes=due.closes,
            sight=sight,
            owner=owner,
            entry=written,
            state=claimed,
        )

    def _change(self, sight: Sight, answer: Answer, change: Callable[[CaseState], CaseState]) -> None:
        """Write what a change makes of the state, that of the answer or whatever others have written since."""
        entry, state = answer.entry, answer.state
        for _ in range(_TRIES + 1):
            if state is None:
                entry, state = self._read(sight)
            changed = change(state)
            if changed == state:
                return
            try:
                self._write(sight, changed, after=entry)
            except Changed:
                state = None
                continue
            return
        raise TableFailed("TooManyWriters")

    def _read(self, sight: Sight) -> tuple[Entry, CaseState]:
        entry = self._table.read(self._key(sight))
        try:
            return entry, CaseState.parse(entry.text) if entry.version else CaseState.new()
        except ValueError:
            # Written by a later version of this project, or by hand: it is told again, and written anew.
            return entry, CaseState.new()

    def _write(self, sight: Sight, state: CaseState, *, after: Entry) -> Entry:
        return self._table.write(self._key(sight), state.text(), after=after, expires=self._clock() + KEPT_SECONDS)

    def _key(self, sight: Sight) -> str:
        return f"{self._destination}/case/{sight.case}"

    def _complain(self, what: str, error: TableFailed, sight: Sight) -> None:
        about = {"destination": self._destination, "finding_id": sight.finding}
        logger.error(what, extra={**about, "outcome": "ledger-failed", "ledger_fault": str(error)})
