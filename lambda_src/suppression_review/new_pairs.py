"""Every hour: which role is hidden behind which egress entry for the first time?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from suppression_review.hidden import HiddenFinding
from suppression_review.notice import Notice, Section, counted, listed

KEPT_BY_GUARDDUTY = timedelta(days=90)
"""How far back archived findings can be read (GuardDuty user guide, suppression rules)."""

OVERLAP = timedelta(minutes=30)
"""Looked at twice: a finding may be listed some time after the moment it carries."""

ONE_BY_ONE = 5
"""More new pairs than this in one look are told in one notice: the first look, or a new entry."""

LISTED = 20
"""Roles that one of those names. Each is named, since any may be the leak: of more, the destination with the least room
shows none once names are long (contract test)."""

AT_ONCE = 10
"""Most notices in one look. Those whose roles fit in none of them are told by the next look."""

Pair: TypeAlias = tuple[str, str, str]
"""Egress entry, account and role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A notice, and the pairs that it names: these are told once it is taken, and no others."""

    notice: Notice
    pairs: tuple[Pair, ...]


def start_of_look(looked_until: datetime | None, *, now: datetime) -> datetime:
    """From when on archived findings have not been looked at."""
    return now - KEPT_BY_GUARDDUTY if looked_until is None else looked_until - OVERLAP


def by_pair(findings: Iterable[HiddenFinding]) -> dict[Pair, list[HiddenFinding]]:
    """The findings that our filters hide, by egress entry, account and role, whatever the Region."""
    pairs: dict[Pair, list[HiddenFinding]] = {}
    for finding in findings:
        if finding.entry is not None:
            pairs.setdefault(finding.pair, []).append(finding)
    return pairs


def news_of(
    pairs: Mapping[Pair, Sequence[HiddenFinding]],
    *,
    owners: Mapping[str, str],
    known_accounts: frozenset[tuple[str, str]],
    to: tuple[str, ...],
) -> Iterator[News]:
    """What to tell about pairs that are new; of more than fit in `AT_ONCE` notices, the first.

    Args:
        pairs: The new ones only.
        owners: Owner by egress entry.
        known_accounts: Entry and account of which something was hidden before.
        to: The destinations.
    """
    # Those that have waited longest, so that none waits for ever behind others that keep coming.
    ordered = sorted(sorted(pairs, key=lambda pair: (_seen_first(pairs[pair]), pair))[: LISTED * AT_ONCE])
    if len(pairs) > ONE_BY_ONE:
        for start in range(0, len(ordered), LISTED):
            some = ordered[start : start + LISTED]
            notice = _together(
                {pair: pairs[pair] for pair in some},
                place=_Place(first=start + 1, last=start + len(some), all=len(pairs)),
                owners=owners,
                known_accounts=known_accounts,
                to=to,
            )
            yield News(notice=notice, pairs=tuple(some))
        return
    for pair in ordered:
        entry, account, _ = pair
        notice = _one(
            pairs[pair],
            owner=owners.get(entry, "unknown"),
            account_is_new=(entry, account) not in known_accounts,
            to=to,
        )
        yield News(notice=notice, pairs=(pair,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Which of all new roles a notice names."""

    first: int
    last: int
    all: int

    @property
    def part(self) -> str:
        """Nothing if it names all of them."""
        return "" if (self.first, self.last) == (1, self.all) else f" ({self.first:,} to {self.last:,})"

    @property
    def to_come(self) -> str:
        """What the reader still has to wait for; nothing at the end."""
        left = self.all - self.last
        later = max(self.all - LISTED * AT_ONCE, 0)
        if not left:
            return ""
        if later == left:
            return f"{counted(left, 'role')} still to come: the next look names them, within the hour."
        words = f"{counted(left, 'role')} still to come, in the next notices"
        return words + (f"; the last {later:,} of them with the next look, within the hour." if later else ".")


def _one(findings: Sequence[HiddenFinding], *, owner: str, account_is_new: bool, to: tuple[str, ...]) -> Notice:
    latest = max(findings, key=_seen_last)
    notes = [
        "Suppressed findings raise no event of their own, so this is the only word about it."
        " It is told once for each role and egress entry."
    ]
    if account_is_new:
        notes.insert(0, f"Nothing of the account {latest.account} was hidden behind {latest.entry} before.")
    facts = (
        ("Role", latest.role),
        ("Account", latest.account),
        ("Functions", listed(one.function for one in findings)),
        ("Access keys", listed(one.access_key for one in findings)),
        ("Addresses", listed(one.address for one in findings)),
        ("Regions", listed(one.region for one in findings)),
        ("Finding types", listed(one.type for one in findings)),
        ("First seen", _shown(min((one.first for one in findings if one.first), default=None))),
        ("Last seen", _shown(max((one.last for one in findings if one.last), default=None))),
    )
    return Notice(
        kind="new-pair",
        to=to,
        subject=f"Role {latest.role} is new behind {latest.entry}",
        headline=f"A finding about credentials of the role {latest.role}, used from the egress addresses of "
        f"{latest.entry}, was hidden for the first time.",
        notes=tuple(notes),
        sections=(
            Section(title="Hidden", facts=tuple((label, value) for label, value in facts if value)),
            Section(title="Egress entry", facts=(("Name", latest.entry or ""), ("Owner", owner))),
        ),
        steps=(
            f"Ask {owner} whether functions of this role leave through {latest.entry}. If they do, all is well.",
            "If they do not, treat it as leaked credentials: find out what the access key did (CloudTrail event "
            "history), and narrow the egress entry so that the next finding is sent.",
        ),
        account=latest.account,
        region=latest.region,
        finding_id=latest.finding_id,
    )


def _together(
    pairs: Mapping[Pair, Sequence[HiddenFinding]],
    *,
    place: _Place,
    owners: Mapping[str, str],
    known_accounts: frozenset[tuple[str, str]],
    to: tuple[str, ...],
) -> Notice:
    facts: dict[str, list[tuple[str, str]]] = {}
    for (entry, account, _), found in pairs.items():
        line = (
            f"account {account}{'' if (entry, account) in known_accounts else ' (new)'}, "
            f"{listed((one.function or one.access_key for one in found), most=2) or 'no function named'}"
        )
        facts.setdefault(entry, []).append((max(found, key=_seen_last).role, line))
    notes = (
        place.to_come,
        "So many at once usually come with a new egress entry, or with the first look after a deployment.",
    )
    return Notice(
        kind="new-pair",
        to=to,
        subject=f"{place.all:,} roles are new behind egress addresses{place.part}",
        headline=f"Findings about credentials of {place.all:,} roles, used from egress addresses, were hidden for the "
        f"first time{place.part}.",
        notes=tuple(filter(None, notes)),
        sections=tuple(
            Section(title=f"{entry} (owner {owners.get(entry, 'unknown')})", facts=tuple(lines))
            for entry, lines in facts.items()
        ),
        steps=("Go through the list with the owners: a role that should not leave there is a leak.",),
    )


def _seen_last(finding: HiddenFinding) -> datetime:
    """By the finding's own time: they come Region by Region."""
    return finding.last or datetime.min.replace(tzinfo=UTC)


def _seen_first(findings: Sequence[HiddenFinding]) -> datetime:
    """When the first of them was; what does not say comes before all others."""
    return min(one.first or one.last or datetime.min.replace(tzinfo=UTC) for one in findings)


def _shown(moment: datetime | None) -> str:
    return f"{moment.isoformat(' ')[:19]} UTC" if moment else ""
