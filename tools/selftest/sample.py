"""A real sample finding of the headline type, followed to the destinations."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from infra.config import Deployment
from tools.live.clients import ClientOf
from tools.live.pages import pages
from tools.live.verdict import State
from tools.selftest.hop import Hop, Leg
from tools.selftest.notifiers import CannotLookError, DeployedNotifier, deployed_notifiers, lines
from tools.selftest.way import way_of

HEADLINE = "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS"

_POLL_SECONDS = 5.0
_CLOCKS_DIFFER = 60_000
"""Milliseconds by which the clock here may be before the one of the logs."""

_ARRIVED = {
    "delivered": "the destination accepted it, marked as a sample",
    "test lane": "its notifier has it, and sends no samples there, or none in a minute as full as this one",
    "deduplicated": "its notifier has it; the destination was told of this sample before",
    "held-back": "its notifier has it, and counts it into a roll-up: too many findings in this minute",
}


@dataclass(kw_only=True)
class SampleTest:
    """One sample finding in each Region; GuardDuty makes them for the caller's own account only."""

    deployment: Deployment
    client_of: ClientOf
    regions: Sequence[str]
    within: float
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time

    def follow(self) -> Iterator[Hop]:
        """Ask for the findings, wait, and say how far each came."""
        began = int(self.clock() * 1000) - _CLOCKS_DIFFER
        account = self._account()
        # What the logs say of samples already is of an earlier run.
        before = {region: self._before(region, account=account, since=began) for region in self.regions}
        sent = [self._ask(region) for region in self.regions]
        yield from sent
        waiting = [hop.region for hop in sent if hop.state is State.OK]
        deadline = self.clock() + self.within
        while True:
            hops = [
                hop
                for region in waiting
                for hop in self._arrived(region, account=account, since=began, before=before[region])
            ]
            if all(hop.state is State.OK for hop in hops) or self.clock() >= deadline:
                break
            self.pause(_POLL_SECONDS)
        yield from hops

    def _ask(self, region: str) -> Hop:
        guardduty = self.client_of("guardduty", region)
        try:
            detectors = list(pages(guardduty.list_detectors, "DetectorIds"))
            if not detectors:
                return self._hop(region, Leg.SENT, "GuardDuty", State.WRONG, "there is no detector; deploy")
            guardduty.create_sample_findings(DetectorId=detectors[0], FindingTypes=[HEADLINE])
        except (BotoCoreError, ClientError) as error:
            return self._hop(region, Leg.SENT, "GuardDuty", State.UNKNOWN, f"could not be asked for a sample: {error}")
        return self._hop(region, Leg.SENT, "GuardDuty", State.OK, f"was asked for a sample of {HEADLINE}")

    def _before(self, region: str, *, account: str, since: int) -> dict[str, int]:
        """When the newest line about a sample was written, by destination; none of those whose log cannot be read."""
        hub = self.deployment.hub_of(region)
        found = {}
        try:
            notifiers = deployed_notifiers(self.client_of, hub, deployment=self.deployment.name)
        except CannotLookError:
            return {}
        for name in way_of(self.deployment, finding_type=HEADLINE, account=account).times:
            if name in notifiers:
                with suppress(CannotLookError):
                    written = [at for at, _ in self._outcomes(notifiers[name], region=region, hub=hub, since=since)]
                    found[name] = max(written, default=-1)
        return found

    def _arrived(self, region: str, *, account: str, since: int, before: Mapping[str, int]) -> Iterator[Hop]:
        hub = self.deployment.hub_of(region)
        try:
            notifiers = deployed_notifiers(self.client_of, hub, deployment=self.deployment.name)
        except CannotLookError as error:
            yield self._hop(region, Leg.DELIVERED, "all destinations", State.UNKNOWN, str(error))
            return
        for name in way_of(self.deployment, finding_type=HEADLINE, account=account).times:
            if name not in notifiers:
                yield self._hop(region, Leg.DELIVERED, name, State.WRONG, f"there is no function for it in {hub}")
                continue
            yield self._at(notifiers[name], region=region, hub=hub, since=since, before=before.get(name))

    def _outcomes(self, notifier: DeployedNotifier, *, region: str, hub: str, since: int) -> Iterator[tuple[int, str]]:
        """What became of samples of a Region, each after the time when that was written."""
        for written, line in lines(self.client_of, hub, notifier, word=HEADLINE, since=since):
            if line.get("finding_type") == HEADLINE and line.get("finding_region") == region and "outcome" in line:
                yield written, str(line["outcome"])

    def _at(self, notifier: DeployedNotifier, *, region: str, hub: str, since: int, before: int | None) -> Hop:
        try:
            found = list(self._outcomes(notifier, region=region, hub=hub, since=since))
        except CannotLookError as error:
            return self._hop(region, Leg.DELIVERED, notifier.destination, State.UNKNOWN, str(error))
        if before is None:
            why = (
                "its log could not be read before the sample was asked for, so nobody can tell which lines are about it"
            )
            return self._hop(region, Leg.DELIVERED, notifier.destination, State.UNKNOWN, why)
        outcomes = [outcome for written, outcome in found if written > before]
        for outcome in reversed(outcomes):
            if outcome in _ARRIVED:
                return self._hop(region, Leg.DELIVERED, notifier.destination, State.OK, _ARRIVED[outcome])
        said = f"its log says {', '.join(outcomes)}" if outcomes else f"nothing came within {self.within:g} s"
        detail = f"{said}; GuardDuty sends a sample within minutes, so try again with --within, then read the log"
        return self._hop(region, Leg.DELIVERED, notifier.destination, State.WRONG, detail)

    def _account(self) -> str:
        try:
            account: str = self.client_of("sts", self.deployment.home_region).get_caller_identity()["Account"]
        except (BotoCoreError, ClientError):
            return self.deployment.account or ""
        return account

    def _hop(self, region: str, leg: Leg, subject: str, state: State, detail: str) -> Hop:
        return Hop(region=region, leg=leg, subject=subject, state=state, detail=detail)
