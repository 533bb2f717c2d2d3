"""Who keeps a finding of a Region from being sent, and who only counts it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from tools.journey.trust import trusting
from tools.journey.world import TrustedList, WatchedRegion
from tools.matching.guardduty_filters import DeployedFilter, FilterVerdict, archiving_filter

_FOR_EVER = "for ever"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingFilter:
    """A filter that matches a finding, and who answers for it."""

    filter: str
    entry: str
    owner: str
    expires: str

    @classmethod
    def of(cls, deployed: DeployedFilter) -> Self:
        """The filter, by its tags."""
        tags = deployed.tags
        return cls(
            filter=deployed.name,
            entry=tags.get("egress-entry", ""),
            owner=tags.get("owner", ""),
            expires=tags.get("expires", ""),
        )

    @property
    def until(self) -> str:
        """Its last day; a word that sorts behind every day where it has none."""
        return self.expires or _FOR_EVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Hiding:
    """What hides a finding, and what only counts it.

    Attributes:
        trusted_by: The trusted list that keeps it from being made.
        archived_by: Every filter that archives it, the one that ends last first: it is hidden until then.
        observed_by: Filters that match it and only count.
        perhaps_observed_by: Those that only count, and of which it cannot be told whether they match.
        doubts: What cannot be told though something hides it for certain, in sentences.
    """

    trusted_by: TrustedList | None = None
    archived_by: tuple[MatchingFilter, ...] = ()
    observed_by: tuple[MatchingFilter, ...] = ()
    perhaps_observed_by: tuple[MatchingFilter, ...] = ()
    doubts: tuple[str, ...] = ()


def hiding(detail: Mapping[str, object], place: WatchedRegion) -> Hiding:
    """What the trusted lists and filters of a Region do with a finding.

    Raises:
        UnjudgedError, UnverifiedFilterError: It cannot be told; the text names what and why.
    """
    if (trusted := trusting(detail, place.trusted)) is not None:
        return Hiding(trusted_by=trusted)
    verdict = archiving_filter(detail, place.filters)
    by_name = {one.name: one for one in place.filters}
    archiving = map(MatchingFilter.of, (by_name[name] for name in verdict.archiving))
    return Hiding(
        archived_by=tuple(sorted(archiving, key=lambda one: one.until, reverse=True)),
        observed_by=tuple(
            MatchingFilter.of(by_name[name]) for name in verdict.matched if name not in verdict.archiving
        ),
        perhaps_observed_by=tuple(
            MatchingFilter.of(by_name[name]) for name in verdict.doubtful if by_name[name].action != "ARCHIVE"
        ),
        doubts=tuple(_doubts(verdict, by_name)),
    )


def _doubts(verdict: FilterVerdict, by_name: Mapping[str, DeployedFilter]) -> Iterator[str]:
    for name, reason in verdict.doubtful.items():
        does = "hides" if by_name[name].action == "ARCHIVE" else "counts"
        entry = MatchingFilter.of(by_name[name]).entry or "no entry"
        yield f"whether the filter {name} of {entry} {does} it too cannot be told: {reason}"
