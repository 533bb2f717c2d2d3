"""Every week: what our filters hid, entry by entry."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from suppression_review.entry import Entry
from suppression_review.hidden import HiddenFinding
from suppression_review.notice import Notice, Section, counted, listed

PERIOD = timedelta(days=7)
_NEW = " (new)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Everything that was read for one digest.

    Attributes:
        findings: Archived findings of the types that our filters hide.
        matches: What the filters of an entry matched by their own count.
        stale: Names of entries that matched nothing for long.
        is_new: Whether entry, account and role were first seen together this week.
        unseen: Regions that could not be read, with the reason.
    """

    entries: Sequence[Entry]
    findings: Sequence[HiddenFinding]
    matches: Mapping[str, int]
    stale: frozenset[str]
    is_new: Callable[[HiddenFinding], bool]
    unseen: Mapping[str, str]
    today: date


def digest(week: Week, *, to: tuple[str, ...]) -> Notice:
    """The week in one notice; Regions that could not be seen are named, never counted as quiet."""
    by_entry: dict[str | None, list[HiddenFinding]] = {}
    for finding in week.findings:
        by_entry.setdefault(finding.entry, []).append(finding)
    others = by_entry.pop(None, [])
    hidden = sum(map(len, by_entry.values()))
    active = sorted(
        (entry for entry in week.entries if entry.name in by_entry or week.matches.get(entry.name)),
        key=lambda entry: (-len(by_entry.get(entry.name, ())), entry.name),
    )
    quiet = [entry for entry in week.entries if entry not in active]
    blind = f", and {counted(len(week.unseen), 'Region')} could not be looked at" if week.unseen else ""
    sections = [_of(entry, by_entry.get(entry.name, []), week) for entry in active]
    if quiet:
        sections.append(
            Section(title="Nothing matched", facts=tuple((one.name, _standing(one, week)) for one in quiet))
        )
    if others:
        sections.append(_others(others))
    if week.unseen:
        sections.append(Section(title="Could not be looked at", facts=tuple(week.unseen.items())))
    return Notice(
        kind="digest",
        to=to,
        subject=f"Suppression this week: {counted(hidden, 'finding')} hidden{blind}",
        headline=f"In the last seven days {counted(hidden, 'finding')} {'was' if hidden == 1 else 'were'} hidden by "
        f"{counted(sum(1 for name in by_entry if name), 'egress entry', 'egress entries')}{blind}.",
        notes=(
            "Hidden findings stay in GuardDuty for 90 days (filter: archived) and reach nothing else: no event, no "
            "Security Hub, no S3, no Detective.",
        ),
        sections=tuple(sections),
    )


def _of(entry: Entry, findings: Sequence[HiddenFinding], week: Week) -> Section:
    matched = week.matches.get(entry.name, 0)
    facts = [
        (
            "Hidden",
            f"{counted(len(findings), 'finding')}, seen {counted(sum(one.count for one in findings), 'time')} in all",
        )
        if entry.hides
        else ("Observed", "nothing is hidden yet; every finding was sent"),
        ("Matched", f"{matched:,} by the filters' own count"),
        ("Accounts", listed(one.account for one in findings)),
        ("Functions", listed(one.function for one in findings)),
        ("Roles", listed(f"{one.role}{_NEW if week.is_new(one) else ''}" for one in findings)),
        ("Access keys", listed(one.access_key for one in findings)),
        ("Regions", listed(one.region for one in findings)),
        ("First", _moment(one.first for one in findings)),
        ("Last", _moment((one.last for one in findings), latest=True)),
        ("Standing", _standing(entry, week)),
    ]
    return Section(title=entry.name, facts=tuple((label, value) for label, value in facts if value))


def _standing(entry: Entry, week: Week) -> str:
    words = ["enforce" if entry.hides else "observe", entry.owner]
    if entry.expires is None:
        words.append("without an end: a filter has lost its tag")
    elif (days := (entry.expires - week.today).days) < 0:
        words.append(f"ended on {entry.expires} and still deployed")
    else:
        words.append(f"until {entry.expires} ({counted(days, 'day')})")
    if entry.name in week.stale:
        words.append("has matched nothing for long")
    return ", ".join(words)


def _others(findings: Sequence[HiddenFinding]) -> Section:
    return Section(
        title="Archived by something else",
        facts=(
            ("Findings", f"{len(findings)} of the same types: by a person, a filter of others, or one that is gone"),
            ("Accounts", listed(one.account for one in findings)),
            ("Addresses", listed(one.address for one in findings)),
            ("Regions", listed(one.region for one in findings)),
        ),
    )


def _moment(moments: Iterable[object], *, latest: bool = False) -> str:
    known = sorted(str(one)[:19] for one in moments if one)
    return f"{known[-1 if latest else 0]} UTC" if known else ""
