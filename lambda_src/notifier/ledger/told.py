"""What is told to a destination, what it knows already, and what is held back: the order of the steps."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from notifier.brief import Brief
from notifier.items.item import Item
from notifier.ledger.flood import FIRST_OF_A_KIND, WINDOW_SECONDS, Flood, lost
from notifier.ledger.fuse import Fuse
from notifier.ledger.ledger import Ledger, Verdict
from notifier.ledger.sight import Sight
from notifier.ledger.table import Table, TableFailed
from notifier.ledger.ticket import Ticket
from notifier.outcomes import NotNow
from notifier.queue.queues import Queues

DELIVERED, DEDUPLICATED, HELD_BACK = "delivered", "deduplicated", "held-back"
TEST_LANE = "test lane"
"""A sample that is not sent: nothing happened, and GuardDuty has it."""

_PATIENCE = 5
"""Receives of a ticket while the table does not answer; then the roll-up is told without its count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The ledger and the roll-ups of one destination, for one function."""

    deployment: str
    messages_per_minute: int
    ledger: Ledger = field(repr=False)
    flood: Flood = field(repr=False)
    fuse: Fuse = field(repr=False)

    @classmethod
    def by(
        cls,
        table: Table,
        *,
        deployment: str,
        destination: str,
        queues: Queues,
        quiet_hours: float,
        messages_per_minute: int,
        clock: Callable[[], float],
    ) -> "Told":
        """With everything kept in one table."""
        fuse = Fuse(table)
        return cls(
            deployment=deployment,
            messages_per_minute=messages_per_minute,
            ledger=Ledger(fuse, destination=destination, quiet_hours=quiet_hours, clock=clock),
            flood=Flood(
                fuse, destination=destination, messages_per_minute=messages_per_minute, queues=queues, clock=clock
            ),
            fuse=fuse,
        )

    def begin(self, seconds_left: Callable[[], float]) -> None:
        """A new invocation begins."""
        self.fuse.begin(seconds_left)

    def tell(self, item: Item, brief: Brief, send: Callable[[Brief], None]) -> str:
        """Send it, unless it is known, or too much at once; the outcome in a word for the log.

        Raises:
            NotNow: the same is being sent just now, or it can wait for a minute with room.
            DeliveryFailed: of `send`.
        """
        if brief.sample and not self.flood.has_room():
            # Every account of an organization can ask for as many as it likes, and findings wait behind them.
            return TEST_LANE
        sight = Sight.of(item)
        answer = self.ledger.ask(sight)
        if answer.verdict is Verdict.KNOWN:
            return DEDUPLICATED
        if answer.verdict is Verdict.WAIT:
            raise NotNow("the same is being sent just now", after=answer.after)
        try:
            if brief.follow_up or answer.closes:
                self._insist_on_room()
            if sight and not self.flood.has_room() and self.flood.hold_back(sight):
                outcome = HELD_BACK
            else:
                send(replace(brief, notes=(*answer.notes, *brief.notes), closes=answer.closes))
                outcome = DELIVERED
        except Exception:
            self.ledger.release(answer)
            raise
        self.ledger.record(answer)
        if (sight or brief.sample) and outcome == DELIVERED:
            self.flood.count()
        return outcome

    def _insist_on_room(self) -> None:
        """What follows a message can wait for a minute with room; counted into a roll-up it would say nothing."""
        if not self.flood.has_room():
            raise NotNow("no room in this minute", after=self.flood.seconds_to_room())

    def roll_up(self, ticket: Ticket, *, receives: int, send: Callable[[Brief], None]) -> str:
        """Send the roll-up that is due; the outcome in a word for the log.

        Raises:
            NotNow: there is no room for it in this minute, or the table does not answer for now.
            DeliveryFailed: of `send`.
        """
        try:
            rollup = self.flood.due(ticket)
        except TableFailed as error:
            if receives < _PATIENCE:
                raise NotNow(f"the table does not answer: {error}", after=0.0, failed=True) from None
            rollup = lost(ticket)
        if rollup is None:
            return DEDUPLICATED
        if not self.flood.has_room(FIRST_OF_A_KIND):
            raise NotNow("no room in this minute", after=self.flood.seconds_to_room())
        # Read with the first of them: most functions never tell one.
        from notifier.ledger.rollup_words import brief_of_rollup  # noqa: PLC0415

        send(
            brief_of_rollup(
                rollup, deployment=self.deployment, per_minute=self.messages_per_minute, seconds=WINDOW_SECONDS
            )
        )
        self.flood.told(ticket)
        self.flood.count()
        return DELIVERED
