"""Every week: what our filters hid, entry by entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from suppression_review.entry import Entry
from suppression_review.hidden import HiddenFinding
from suppression_review.notice import Notice, Section, counted, listed

PERIOD = timedelta(days=7)

SECTIONS, FACTS = 40, 50
"""Entries told one by one, and lines of one section: the notifier drops what is beyond its own limits (contract test),
and nobody reads more. What is beyond ours is counted."""

NOTHING, NOTHING_SEEN = "Nothing matched", "Nothing seen where it could be looked at"
"""Titles of entries without a match; the second of those that may have one in a Region that could not be seen."""

_NAMES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Everything that was read for one digest.

    Attributes:
        findings: Archived findings of the types that our filters hide.
        matches: What the filters of an entry matched by their own count, in the Regions that could be read.
        uncounted: Entries that have, or may have, a filter in a Region that could not be read.
        other_filters: Filters that archive and belong to no entry of this deployment, by name, with their Regions.
        stale: Names of entries that matched nothing for long.
        new_pairs: Entry, account and role that were first seen together this week.
        new_accounts: Entry and account that were.
        unseen: Regions that could not be read, with the reason.
    """

    entries: Sequence[Entry]
    findings: Sequence[HiddenFinding]
    matches: Mapping[str, int]
    uncounted: frozenset[str]
    other_filters: Mapping[str, Sequence[str]]
    stale: frozenset[str]
    new_pairs: frozenset[tuple[str, str, str]]
    new_accounts: frozenset[tuple[str, str]]
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
    # First what makes everything below it incomplete: a destination may shorten the end.
    sections = [Section(title="Could not be looked at", facts=tuple(week.unseen.items()))] if week.unseen else []
    sections += [_of(entry, by_entry.get(entry.name, []), week) for entry in active[:SECTIONS]]
    if rest := active[SECTIONS:]:
        lines = [(one.name, _in_short(one, by_entry.get(one.name, []), week)) for one in rest]
        sections.append(Section(title="More entries", facts=_at_most(lines)))
    if others:
        sections.append(_others(others))
    if week.other_filters:
        lines = [(name, f"archives in {listed(regions)}") for name, regions in sorted(week.other_filters.items())]
        sections.append(Section(title="Filters without an egress entry of this deployment", facts=_at_most(lines)))
    for title, some in (
        (NOTHING, [one for one in quiet if one.name not in week.uncounted]),
        (NOTHING_SEEN, [one for one in quiet if one.name in week.uncounted]),
    ):
        if lines := [(one.name, _standing(one, week)) for one in some]:
            sections.append(Section(title=title, facts=_at_most(lines)))
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
    facts = [
        (
            "Hidden",
            f"{counted(len(findings), 'finding')}, seen {counted(sum(one.count for one in findings), 'time')} in all",
        )
        if entry.hides
        else ("Observed", "hides nothing now; findings are sent"),
        ("Matched", f"{_matched(entry, week)} by the filters' own count"),
        ("Accounts", _marked((one.account, (entry.name, one.account) in week.new_accounts) for one in findings)),
        ("Functions", listed(one.function for one in findings)),
        ("Roles", _marked((one.role, one.pair in week.new_pairs) for one in findings)),
        ("Access keys", listed(one.access_key for one in findings)),
        ("Regions", listed(one.region for one in findings)),
        ("First", _moment(one.first for one in findings)),
        ("Last", _moment((one.last for one in findings), latest=True)),
        ("Standing", _standing(entry, week)),
    ]
    return Section(title=entry.name, facts=tuple((label, value) for label, value in facts if value))


def _matched(entry: Entry, week: Week) -> str:
    matched = week.matches.get(entry.name, 0)
    if entry.name not in week.uncounted:
        return f"{matched:,}"
    return f"at least {matched:,}" if matched else "not known"


def _in_short(entry: Entry, findings: Sequence[HiddenFinding], week: Week) -> str:
    new = len({one.pair for one in findings} & week.new_pairs)
    return f"{counted(len(findings), 'finding')}, {counted(new, 'new role')}; {_standing(entry, week)}"


def _marked(names: Iterable[tuple[str, bool]]) -> str:
    """The distinct names, those that are new first: a mark must not be among what is only counted."""
    ordered = sorted(set(names), key=lambda one: (not one[1], one[0]))
    shown = ", ".join(f"{name} (new)" if new else name for name, new in ordered[:_NAMES])
    rest = ordered[_NAMES:]
    more = sum(new for _, new in rest)
    counts = f" and {len(rest)} more" + (f", {more} of them new" if more else "") if rest else ""
    return shown + counts


def _at_most(facts: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    if len(facts) <= FACTS:
        return tuple(facts)
    left = len(facts) - FACTS + 1
    return (*facts[: FACTS - 1], ("and more", counted(left, "further entry", "further entries")))


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
            (
                "Findings",
                f"{len(findings)} of the same types: by a person or a filter of others, also before ours was made, or "
                "by one of ours that is gone or observes by now",
            ),
            ("Accounts", listed(one.account for one in findings)),
            ("Addresses", listed(one.address for one in findings)),
            ("Regions", listed(one.region for one in findings)),
        ),
    )


def _moment(moments: Iterable[object], *, latest: bool = False) -> str:
    known = sorted(str(one)[:19] for one in moments if one)
    return f"{known[-1 if latest else 0]} UTC" if known else ""
