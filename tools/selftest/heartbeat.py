"""A heartbeat from every Region now, and how far each of them comes."""

import json
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import Deployment
from infra.constructs.finding_pattern import HEARTBEAT, OUR_SOURCE
from infra.constructs.fixed_names import findings_bus_name, forwarder_name
from infra.constructs.heartbeat import heartbeat_detail
from tools.live.clients import ClientOf
from tools.live.verdict import State
from tools.selftest.hop import Hop, Leg
from tools.selftest.notifiers import CannotLookError, DeployedNotifier, deployed_notifiers, lines
from tools.selftest.rules import blocked, suspect
from tools.selftest.way import Way, every_way

_POLL_SECONDS = 2.0
_DENIED = ("AccessDenied", "AccessDeniedException")


@dataclass(kw_only=True)
class HeartbeatTest:
    """One run: what was sent, and what has arrived so far.

    Attributes:
        within: Seconds to wait for all of it.
    """

    deployment: Deployment
    client_of: ClientOf
    regions: Sequence[str]
    within: float
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time
    run: str = field(default_factory=lambda: f"selftest-{secrets.token_hex(6)}")

    def __post_init__(self) -> None:
        self._began = int(self.clock() * 1000) - 60_000
        self._sent: dict[str, Hop] = {}
        self._arrived: Counter[tuple[str, str]] = Counter()
        self._blind: dict[tuple[str, str], str] = {}
        self._notifiers: dict[str, dict[str, DeployedNotifier]] = {}

    @property
    def way(self) -> Way:
        """The rules and destinations that each heartbeat has to pass."""
        return every_way(self.deployment)

    @property
    def sent(self) -> int:
        """In how many Regions EventBridge has taken it."""
        return sum(hop.state is State.OK for hop in self._sent.values())

    def send(self) -> None:
        """Put a heartbeat on the default bus of each Region, as the schedule there does."""
        for region in self.regions:
            self._sent[region] = self._put(region)

    def wait(self, seen: Callable[[int, int], None] = lambda _arrived, _expected: None) -> None:
        """Read the notifiers' logs until all that can come has come, or the time is over.

        What a rule is sure to keep, because it is disabled, gone or leads nowhere, is not waited for.

        Args:
            seen: Is told how many have arrived, of how many, those that cannot come included.
        """
        deadline = self.clock() + self.within
        possible = self._possible()
        expected = sum(self.way.times.values()) * self.sent
        while True:
            self._look()
            arrived = sum(min(self._arrived[key], self.way.times[key[1]]) for key in self._arrived)
            seen(arrived, expected)
            if self._arrived >= possible or self.clock() >= deadline:
                return
            self.pause(_POLL_SECONDS)

    def hops(self) -> Iterator[Hop]:
        """What was seen, leg by leg."""
        for region in self.regions:
            sent = self._sent[region]
            yield sent
            if sent.state is State.OK:
                before = [self._forwarded(region), *self._routed(region)]
                yield from before
                ended = any(hop.state is State.WRONG for hop in before)
                yield from self._delivered(region, ended=ended)

    def _put(self, region: str) -> Hop:
        now = datetime.fromtimestamp(self.clock(), UTC).isoformat()
        detail = heartbeat_detail(region, execution=f"{self.run}-{region}", sent=now)
        entry = {"Source": OUR_SOURCE, "DetailType": HEARTBEAT, "Detail": json.dumps(detail)}
        subject = "default bus"
        try:
            answer = self.client_of("events", region).put_events(Entries=[entry])
        except (BotoCoreError, ClientError) as error:
            denied = isinstance(error, ClientError) and error.response["Error"]["Code"] in _DENIED
            state = State.UNKNOWN if denied else State.WRONG
            return Hop(region=region, leg=Leg.SENT, subject=subject, state=state, detail=f"could not be sent: {error}")
        (result,) = answer["Entries"]
        problem = result.get("ErrorMessage") if answer["FailedEntryCount"] else None
        return Hop(
            region=region,
            leg=Leg.SENT,
            subject=subject,
            state=State.WRONG if problem else State.OK,
            detail=f"EventBridge refused it: {problem}" if problem else f"as {self.run}-{region}",
        )

    def _look(self) -> None:
        self._arrived.clear()
        self._blind.clear()
        for hub in {self.deployment.hub_of(region): None for region in self.regions}:
            for name in self.way.times:
                try:
                    if hub not in self._notifiers:
                        self._notifiers[hub] = deployed_notifiers(self.client_of, hub, deployment=self.deployment.name)
                    if (notifier := self._notifiers[hub].get(name)) is None:
                        continue
                    # By message, so that a line that is read twice counts once.
                    found = {
                        (str(line.get("message_id")), str(line.get("heartbeat_region")))
                        for _, line in lines(self.client_of, hub, notifier, word=self.run, since=self._began)
                        if str(line.get("heartbeat", "")).startswith(self.run)
                    }
                except CannotLookError as error:
                    self._blind[hub, name] = str(error)
                    continue
                for _, region in found:
                    self._arrived[region, name] += 1

    def _possible(self) -> Counter[tuple[str, str]]:
        """How often a heartbeat can come: by Region, where it was taken, and destination."""
        prefix = self.deployment.name_prefix
        bus = findings_bus_name(prefix)
        sent = [region for region, hop in self._sent.items() if hop.state is State.OK]
        forwarded = [one for one in sent if not blocked(self.client_of, one, forwarder_name(prefix))]
        hubs = {self.deployment.hub_of(region) for region in forwarded}
        open_rules = {
            hub: [to for rule, to in self.way.rules.items() if not blocked(self.client_of, hub, rule, bus=bus)]
            for hub in sorted(hubs)
        }
        return Counter(
            (region, name) for region in forwarded for to in open_rules[self.deployment.hub_of(region)] for name in to
        )

    def _forwarded(self, region: str) -> Hop:
        hub = self.deployment.hub_of(region)
        rule = forwarder_name(self.deployment.name_prefix)
        if any(self._arrived[region, name] for name in self.way.times):
            state, detail = State.OK, f"to the findings bus in {hub}"
        else:
            state, detail = suspect(self.client_of, region, rule)
        return Hop(region=region, leg=Leg.FORWARDED, subject=rule, state=state, detail=detail)

    def _routed(self, region: str) -> Iterator[Hop]:
        hub, times = self.deployment.hub_of(region), self.way.times
        bus = findings_bus_name(self.deployment.name_prefix)
        for rule, to in self.way.rules.items():
            if all(self._arrived[region, name] >= times[name] for name in to):
                state, detail = State.OK, f"to {', '.join(to)}"
            else:
                state, detail = suspect(self.client_of, hub, rule, bus=bus)
            yield Hop(region=region, leg=Leg.ROUTED, subject=rule, state=state, detail=detail)

    def _delivered(self, region: str, *, ended: bool) -> Iterator[Hop]:
        """What arrived; `ended`: a leg before says already where it ended."""
        hub = self.deployment.hub_of(region)
        for name, times in self.way.times.items():
            arrived = self._arrived[region, name]
            if arrived >= times:
                state, detail = State.OK, "its notifier has logged it, and sent nothing"
            elif why := self._blind.get((hub, name)):
                state, detail = State.UNKNOWN, why
            elif name not in self._notifiers.get(hub, {}):
                state, detail = State.WRONG, f"there is no function for it in {hub}; deploy"
            else:
                ways = "rule leads" if times == 1 else "rules lead"
                state = State.WRONG
                waited = "" if ended else f" within {self.within:g} s"
                detail = f"came {arrived} times{waited}, but {times} {ways} there; " + (
                    "the leg above that is wrong says why"
                    if ended
                    else "look at its queue, its dead-letter queue and the log of "
                    f"{self._notifiers[hub][name].function}"
                )
            yield Hop(region=region, leg=Leg.DELIVERED, subject=name, state=state, detail=detail)
