"""How many messages a destination gets in a minute, and what becomes of the rest."""

import logging
import time
from collections.abc import Callable
from math import floor

from notifier.ledger.rollup import RollUp
from notifier.ledger.sight import Sight
from notifier.ledger.table import EMPTY, Changed, Entry, Table, TableFailed
from notifier.ledger.ticket import Ticket
from notifier.queue.queues import QueueFailed, Queues

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 300
"""For how long findings of one kind are counted into one roll-up; also how late it is at most, but for the queue's own
time. Below the queue's limit for a delay, 15 minutes (SQS API reference, SendMessage), and the alarm on its age."""

MINUTE_SECONDS = 60
KEPT_SECONDS = 30 * 86_400.0
"""A ticket that became a dead letter finds its roll-up for longer than dead letters are kept (14 days)."""

ORDINARY, FIRST_OF_A_KIND, GRAVE = 1, 2, 3
"""How many times the rate a message may go up to: roll-ups and the first of a kind beyond what is ordinary, so that
neither is held up by the flood it tells of; what is grave beyond these too, so that many kinds hide nothing of it."""

_TRIES = 6


class Flood:
    """Keeps a destination readable when findings come by the thousand.

    Beyond the rate a finding is counted into the roll-up of its kind (account and type), and a message to our own
    queue, a ticket, has it told when the window is over. The finding's own message is given up only when both are
    written.
    """

    def __init__(
        self,
        table: Table,
        *,
        destination: str,
        messages_per_minute: int,
        queues: Queues,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._table = table
        self._destination = destination
        self._most = messages_per_minute
        self._queues = queues
        self._clock = clock
        self._minute = 0
        self._sent = 0

    def has_room(self, up_to: int = ORDINARY) -> bool:
        """Whether another message may be sent in this minute.

        Args:
            up_to: How many times the rate.
        """
        most = self._most * up_to
        self._turn()
        if self._sent < most:
            try:
                self._sent = max(self._sent, _count(self._table.read(self._minute_key())))
            except TableFailed as error:
                self._complain("the minute's count is not known; counting this function's own", error)
        return self._sent < most

    def seconds_to_room(self) -> float:
        """Until the next minute begins."""
        return MINUTE_SECONDS - self._clock() % MINUTE_SECONDS

    def count(self) -> None:
        """A message was sent."""
        self._turn()
        self._sent += 1
        try:
            for _ in range(_TRIES):
                entry = self._table.read(self._minute_key())
                sent = _count(entry) + 1
                try:
                    self._table.write(self._minute_key(), str(sent), after=entry, expires=self._clock() + 86_400)
                except Changed:
                    continue
                self._sent = max(self._sent, sent)
                return
        except TableFailed as error:
            self._complain("a message was not counted", error)

    def hold_back(self, sight: Sight) -> bool:
        """Count the finding into a roll-up; False if it has to be sent by itself after all.

        That is what is grave, the first of its kind, which may be what the flood is to hide, and whatever cannot be
        counted.
        """
        if not sight.finding or (sight.grave and self.has_room(GRAVE)):
            return False
        try:
            return self._held_back(sight)
        except TableFailed as error:
            self._complain("it cannot be counted into a roll-up; sending it", error)
        except QueueFailed as error:
            self._complain("nobody could be told that a roll-up is due; sending it", error)
        return False

    def due(self, ticket: Ticket) -> RollUp | None:
        """The roll-up that a ticket is for, closed; None if there is nothing to tell, or it was told.

        What the table has lost is told without a count: something was held back, or there would be no ticket.

        Raises:
            TableFailed: nobody knows now.
        """
        for _ in range(_TRIES):
            entry, rollup = self._read(ticket.key)
            if rollup is None:
                return lost(ticket)
            if rollup.told or not rollup.count:
                return None
            try:
                self._write(ticket.key, rollup.as_closed(), after=entry)
            except Changed:
                continue
            return rollup
        raise TableFailed("TooManyWriters")

    def told(self, ticket: Ticket) -> None:
        """The destination has accepted the roll-up."""
        try:
            entry, rollup = self._read(ticket.key)
            if rollup is not None:
                self._write(ticket.key, rollup.as_told(), after=entry)
        except Changed:
            pass  # two tickets at once; both have told it
        except TableFailed as error:
            self._complain("a roll-up that was told is not recorded; it may be told again", error)

    def _held_back(self, sight: Sight) -> bool:
        window = floor(self._clock() / WINDOW_SECONDS)
        for _ in range(_TRIES):
            key = f"{self._destination}/more/{window}/{sight.account}/{sight.type}"
            entry, rollup = self._read(key)
            if rollup is not None and rollup.closed:
                window += 1  # by a clock that is ahead of ours
                continue
            try:
                if rollup is None:
                    rollup = RollUp(account=sight.account, type=sight.type, began=float(window * WINDOW_SECONDS))
                    if self.has_room(FIRST_OF_A_KIND):
                        self._write(key, rollup, after=entry)
                        return False
                rollup = rollup.with_one_more(sight)
                entry = self._write(key, rollup, after=entry)
            except Changed:
                continue
            if not rollup.ticket:
                self._announce(key, rollup)
                self._note_ticket(key, entry, rollup)
            return True
        raise TableFailed("TooManyWriters")

    def _announce(self, key: str, rollup: RollUp) -> None:
        ticket = Ticket(key=key, account=rollup.account, type=rollup.type, began=rollup.began)
        self._queues.remind(ticket.body(), rollup.began + WINDOW_SECONDS - self._clock())

    def _note_ticket(self, key: str, entry: Entry, rollup: RollUp) -> None:
        """So that there is one ticket and not one for each finding; that there are two is no harm."""
        try:
            self._write(key, rollup.with_ticket(), after=entry)
        except Changed:
            pass  # whoever counts next sends another
        except TableFailed as error:
            self._complain("that a roll-up is due is not recorded; another ticket follows", error)

    def _read(self, key: str) -> tuple[Entry, RollUp | None]:
        entry = self._table.read(key)
        try:
            return entry, RollUp.parse(entry.text) if entry.version else None
        except ValueError:
            raise TableFailed("UnreadableItem") from None

    def _write(self, key: str, rollup: RollUp, *, after: Entry) -> Entry:
        return self._table.write(key, rollup.text(), after=after, expires=self._clock() + KEPT_SECONDS)

    def _complain(self, what: str, error: TableFailed | QueueFailed) -> None:
        fault = {"outcome": "ledger-failed", "ledger_fault": str(error)}
        logger.error(what, extra={"destination": self._destination, **fault})

    def _minute_key(self) -> str:
        return f"{self._destination}/minute/{self._minute}"

    def _turn(self) -> None:
        minute = floor(self._clock() / MINUTE_SECONDS)
        if minute != self._minute:
            self._minute, self._sent = minute, 0


def lost(ticket: Ticket) -> RollUp:
    """What can be said of a roll-up that nobody can read; its severity is the highest, because nobody knows it."""
    return RollUp(account=ticket.account, type=ticket.type, began=ticket.began, count=None, rank=10.0)


def _count(entry: Entry) -> int:
    return int(entry.text) if entry != EMPTY and entry.text.isdecimal() else 0
