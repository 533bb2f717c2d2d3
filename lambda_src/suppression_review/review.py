"""The three reviews: what is read, what is told, and what is remembered."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from suppression_review.digest import PERIOD, Week, digest
from suppression_review.endings import ENDED, ending, threshold, trusted_ending
from suppression_review.entry import Entry, entries_of
from suppression_review.hidden import HiddenFinding
from suppression_review.memory import Memory
from suppression_review.new_pairs import Pair, by_pair, news_of, start_of_look
from suppression_review.notice import Notice, put
from suppression_review.region import Region, Trusts
from suppression_review.settings import Settings
from suppression_review.sight import look
from suppression_review.stale import has_matched, stale, stale_entries
from suppression_review.trusted import TrustedEntry

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

logger = logging.getLogger(__name__)

# GuardDuty throttles by account and Region: adaptive retries slow down by themselves instead of failing.
_CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 8, "mode": "adaptive"})


class UnknownReview(ValueError):
    """The function was asked for something it does not do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Reads every Region, tells what is new, and remembers what it told.

    What is told is remembered only after the bus has taken it: rather twice than never.
    """

    settings: Settings
    regions: Sequence[Region]
    memory: Memory
    events: "EventBridgeClient"
    now: datetime

    @classmethod
    def on_aws(cls, settings: Settings, *, now: datetime) -> "Review":
        """The review of the account that the function runs in."""
        return cls(
            settings=settings,
            regions=[
                Region(
                    name=name,
                    guardduty=boto3.client("guardduty", region_name=name, config=_CONFIG),
                    cloudwatch=boto3.client("cloudwatch", region_name=name, config=_CONFIG),
                    name_prefix=settings.name_prefix,
                    trusts=_trusts(settings, name),
                )
                for name in settings.regions
            ],
            memory=Memory(dynamodb=boto3.client("dynamodb", config=_CONFIG), table=settings.table_name),
            events=boto3.client("events", config=_CONFIG),
            now=now,
        )

    def run(self, name: object) -> None:
        """Run a review by its name.

        Raises:
            UnknownReview: There is none of that name.
            RegionsUnseen: Some Regions could not be read; what was seen in the others has been told.
        """
        reviews = {"hourly": self.new_pairs, "daily": self.endings, "weekly": self.digest}
        if not isinstance(name, str) or name not in reviews:
            raise UnknownReview(f"review: got {name!r}; known: {', '.join(reviews)}; the schedule's input names one")
        reviews[name]()

    def new_pairs(self) -> None:
        """Tell of each role that is hidden behind an egress entry for the first time.

        Of more roles than fit in the notices of one look the rest is not remembered, and a Region that hides one of
        them is looked at again from where this look began.
        """
        sight = look(self.regions, self._since_the_last_look)
        pairs = by_pair(finding for findings in sight.seen.values() for finding in findings)
        new = {pair: found for pair, found in pairs.items() if self.memory.first_seen(_key("pair", *pair)) is None}
        accounts = {(entry, account) for entry, account, _ in new}
        known = frozenset(one for one in accounts if self.memory.first_seen(_key("account", *one)) is not None)
        owners = {
            one.entry: one.owner for region in self.regions if region.name in sight.seen for one in region.filters
        }
        told: set[Pair] = set()
        for news in news_of(new, owners=owners, known_accounts=known, to=self.settings.default_to):
            self._tell(news.notice)
            self._remember(news.pairs)
            told.update(news.pairs)
        # Those already known are remembered anew: what is seen every day must not be forgotten after a year.
        self._remember(pair for pair in pairs if pair not in new)
        untold = new.keys() - told
        for region, findings in sight.seen.items():
            if untold.isdisjoint(finding.pair for finding in findings):
                self.memory.has_looked(region, until=self.now)
        logger.info(
            "looked for new pairs",
            extra={"pairs": len(pairs), "new_pairs": len(new), "untold_pairs": len(untold)},
        )
        sight.insist()

    def endings(self) -> None:
        """Tell owners of entries that end or have ended, and of those that match nothing any more."""
        period = self.settings.stale_after
        sight = look(self.regions, lambda region: region.filters)
        matches = look(
            self.regions,
            lambda region: region.matches(since=self.now - period, until=self.now),
            unseen=sight.unseen,
        )
        entries = entries_of(one for filters in sight.seen.values() for one in filters)
        lists = look(self.regions, lambda region: region.trusted, unseen=sight.unseen)
        trusted = [one for entries_there in lists.seen.values() for one in entries_there]
        ended = self._tell_ends(entries) + self._tell_trusted_ends(trusted)
        unused = () if matches.unseen else stale_entries(entries, matches=matches.seen, now=self.now, period=period)
        for entry in unused:
            self._tell_once(_stale_key(entry), stale(entry, period=period, to=self._owners_of(entry)))
        for entry in entries:
            # Whatever could not be seen: a match is one. The next time without any is news again.
            if has_matched(entry, matches=matches.seen):
                self.memory.forget(_stale_key(entry), at=self.now)
        # Metric filters of the template read these two. What was not seen in every Region is not written: a 0 would end
        # an alarm that is true. One that has ended is enough for its alarm, whatever the others hold.
        if ended or not lists.unseen:
            logger.info("looked at end dates", extra={"ended_entries": ended})
        if not matches.unseen:
            logger.info("looked for stale entries", extra={"stale_entries": len(unused)})
        sight.insist()
        matches.insist()
        lists.insist()

    def digest(self) -> None:
        """Tell what was hidden in the last seven days; Regions that could not be read are part of what is told."""
        since = self.now - PERIOD
        period = self.settings.stale_after
        sight = look(self.regions, lambda region: (region.filters, tuple(region.hidden(since=since))))
        counts = look(self.regions, lambda region: region.matches(since=since, until=self.now), unseen=sight.unseen)
        long_counts = look(
            self.regions,
            lambda region: region.matches(since=self.now - period, until=self.now),
            unseen=counts.unseen,
        )
        entries = entries_of(one for filters, _ in sight.seen.values() for one in filters)
        unused = (
            () if long_counts.unseen else stale_entries(entries, matches=long_counts.seen, now=self.now, period=period)
        )
        others: dict[str, list[str]] = {}
        for region in self.regions:
            for name in region.other_filters if region.name in sight.seen else ():
                others.setdefault(name, []).append(region.name)
        findings = [finding for _, found in sight.seen.values() for finding in found]
        pairs = by_pair(findings)
        week = Week(
            entries=entries,
            findings=findings,
            matches={
                entry.name: sum(counts.seen.get(one.region, {}).get(one.name, 0) for one in entry.filters)
                for entry in entries
            },
            # Where its filters could not be read, every entry may have one.
            uncounted=frozenset(
                entry.name for entry in entries if sight.unseen or not counts.unseen.keys().isdisjoint(entry.regions)
            ),
            other_filters=others,
            stale=frozenset(entry.name for entry in unused),
            new_pairs=frozenset(one for one in pairs if self._is_new(_key("pair", *one), since=since)),
            new_accounts=frozenset(
                one for one in {pair[:2] for pair in pairs} if self._is_new(_key("account", *one), since=since)
            ),
            unseen={**counts.unseen, **sight.unseen},
            today=self.now.date(),
        )
        self._tell(digest(week, to=self.settings.default_to))

    def _tell_ends(self, entries: Sequence[Entry]) -> int:
        """Tell of ends that are near or past, once each; returns how many have ended."""
        today = self.now.date()
        ended = 0
        for entry in entries:
            passed = threshold(entry.expires, today=today)
            ended += passed == ENDED
            if entry.expires is not None and passed is not None:
                key = _key("ending", entry.name, str(entry.expires), str(passed))
                notice = ending(entry, expires=entry.expires, today=today, to=self._owners_of(entry))
                self._tell_once(key, notice)
        return ended

    def _tell_trusted_ends(self, entries: Sequence[TrustedEntry]) -> int:
        """The same for the trusted list, whose entries are deployed in every Region at once."""
        today = self.now.date()
        found: dict[tuple[str, str], list[TrustedEntry]] = {}
        for entry in entries:
            found.setdefault((entry.name, str(entry.expires)), []).append(entry)
        ended = 0
        for (name, expires), everywhere in sorted(found.items()):
            passed = threshold(everywhere[0].expires, today=today)
            ended += passed == ENDED
            if passed is not None:
                notice = trusted_ending(
                    everywhere[0], regions=len(everywhere), today=today, to=self.settings.default_to
                )
                self._tell_once(_key("trusted-ending", name, expires, str(passed)), notice)
        return ended

    def _since_the_last_look(self, region: Region) -> tuple[HiddenFinding, ...]:
        start = start_of_look(self.memory.looked_until(region.name), now=self.now)
        return tuple(region.hidden(since=start))

    def _remember(self, pairs: Iterable[Pair]) -> None:
        for pair in pairs:
            self.memory.remember(_key("pair", *pair), at=self.now)
            self.memory.remember(_key("account", *pair[:2]), at=self.now)

    def _is_new(self, key: str, *, since: datetime) -> bool:
        first = self.memory.first_seen(key)
        return first is None or first >= since

    def _owners_of(self, entry: Entry) -> tuple[str, ...]:
        """Who is told about the entry: its own destinations that exist, else the default ones."""
        known = tuple(name for name in entry.notify if name in self.settings.destinations)
        return known or self.settings.default_to

    def _tell_once(self, key: str, notice: Notice) -> None:
        if self.memory.first_seen(key) is None:
            self._tell(notice)
            self.memory.remember(key, at=self.now)

    def _tell(self, notice: Notice) -> None:
        put(notice, events=self.events, bus_name=self.settings.bus_name)
        logger.info("told", extra={"notice": notice.kind, "destinations": list(notice.to)})


def _trusts(settings: Settings, region: str) -> Trusts | None:
    if region in settings.trusted_entity_sets:
        return "TrustedEntitySet"
    return "IPSet" if region in settings.ip_sets else None


def _stale_key(entry: Entry) -> str:
    return _key("stale", entry.name, str(entry.expires))


def _key(*parts: str) -> str:
    return "/".join(parts)
