"""A service that a function posts to, played on this machine: what it takes, what it answers, what it was told."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request; header names in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service says to one request.

    Attributes:
        status: The HTTP status; 0 for a service that hangs up instead.
        delay: Seconds to wait before answering.
        reason: For people reading a test's failure; no service sends it.
    """

    status: int
    body: str = ""
    delay: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()
    reason: str = ""


HANG_UP = Answer(status=0, reason="hung up")


class RefusedError(Exception):
    """A request that the service would refuse.

    Attributes:
        answer: What it would say.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request and what was answered.

    Attributes:
        payload: The message, or None if the service would have refused it.
        at: When it came, in seconds that only grow.
    """

    path: str
    body: bytes
    payload: dict[str, object] | None
    answer: Answer
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    answer: Answer
    containing: bytes
    times: float


class StandIn(ABC):
    """One service; it keeps the real one's rules unless it is told what to say.

    Attributes:
        hosts: The names under which functions reach it.
        per_second: Messages that it takes in a second; None where the service names no figure.
    """

    hosts: ClassVar[tuple[str, ...]]
    per_second: ClassVar[int | None] = None

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._edition = 1
        self._retired: set[int] = set()
        self._received: list[Received] = []
        self._script: _Script | None = None
        self._lock = threading.Lock()

    @property
    def secret(self) -> str:
        """What belongs into the secret of a destination: the newest that the service knows."""
        return self.secret_of(self._edition)

    @property
    def known(self) -> tuple[str, ...]:
        """Every secret that the service knows."""
        return tuple(self.secret_of(n) for n in range(1, self._edition + 1) if n not in self._retired)

    @abstractmethod
    def secret_of(self, edition: int) -> str:
        """One secret of many."""

    @abstractmethod
    def judged(self, request: Request) -> tuple[dict[str, object], Answer]:
        """The message in a request, and the answer to one that is accepted.

        Raises:
            RefusedError: With the answer of the real service, and what is wrong.
        """

    @abstractmethod
    def too_many(self) -> Answer:
        """What it says to whoever sends too fast."""

    def add_secret(self) -> None:
        """Let the service know another secret from now on, beside those that it knows."""
        self._edition += 1

    def replace_secret(self) -> None:
        """Let the service know another secret from now on, and the newest before no more."""
        self._retired.add(self._edition)
        self.add_secret()

    def take(self, request: Request) -> Answer:
        """Judge a request, or say what is scripted, and remember it."""
        payload: dict[str, object] | None = None
        try:
            payload, answer = self.judged(request)
        except RefusedError as refusal:
            answer = refusal.answer
        now = self._clock()
        with self._lock:
            if payload is not None and self._is_too_fast(now):
                answer = self.too_many()
            if self._script is not None and self._script.containing in request.body:
                answer = self._scripted(self._script)
            self._received.append(
                Received(path=request.path, body=request.body, payload=payload, answer=answer, at=now)
            )
        return answer

    def accepted(self) -> tuple[Received, ...]:
        """The requests that were accepted, oldest first."""
        return tuple(filter(_is_accepted, self.requests()))

    def messages(self) -> tuple[dict[str, object], ...]:
        """The payloads that were accepted, oldest first."""
        return tuple(one.payload for one in self.accepted() if one.payload is not None)

    def requests(self) -> tuple[Received, ...]:
        """Everything that came, oldest first, refused or not."""
        with self._lock:
            return tuple(self._received)

    def answer_with(self, answer: Answer, *, containing: str = "", times: float = float("inf")) -> None:
        """Say this to requests whose body contains the given text, so many times; others are judged as ever."""
        with self._lock:
            self._script = _Script(answer=answer, containing=containing.encode(), times=times)

    def answer_normally(self) -> None:
        """Judge requests as the service does again."""
        with self._lock:
            self._script = None

    def forget(self) -> None:
        """Drop what was received so far."""
        with self._lock:
            self._received.clear()

    def _is_too_fast(self, now: float) -> bool:
        if self.per_second is None:
            return False
        return sum(_is_accepted(one) and now - one.at < 1 for one in self._received) >= self.per_second

    def _scripted(self, script: _Script) -> Answer:
        left = script.times - 1
        self._script = _Script(answer=script.answer, containing=script.containing, times=left) if left > 0 else None
        return script.answer


def _is_accepted(received: Received) -> bool:
    return received.payload is not None and HTTPStatus.OK <= received.answer.status < HTTPStatus.MULTIPLE_CHOICES
