"""Every hour: which role is hidden behind which egress entry for the first time?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from suppression_review.hidden import HiddenFinding
from suppression_review.notice import Notice, Section, counted, listed

KEPT_BY_GUARDDUTY = timedelta(days=90)
"""How far back archived findings can be read (GuardDuty user guide, suppression rules)."""

OVERLAP = timedelta(minutes=30)
"""Looked at twice: a finding may be listed some time after the moment it carries."""

ONE_BY_ONE = 5
"""More new pairs than this in one look are told in one notice: the first look, or a new entry."""

_LISTED = 40


def start_of_look(looked_until: datetime | None, *, now: datetime) -> datetime:
    """From when on archived findings have not been looked at."""
    return now - KEPT_BY_GUARDDUTY if looked_until is None else looked_until - OVERLAP


def by_pair(findings: Iterable[HiddenFinding]) -> dict[tuple[str, str, str], list[HiddenFinding]]:
    """The findings that our filters hide, by egress entry, account and role, whatever the Region."""
    pairs: dict[tuple[str, str, str], list[HiddenFinding]] = {}
    for finding in findings:
        if finding.entry is not None:
            pairs.setdefault(finding.pair, []).append(finding)
    return pairs


def notices_of(
    pairs: Mapping[tuple[str, str, str], Sequence[HiddenFinding]],
    *,
    owners: Mapping[str, str],
    known_accounts: frozenset[tuple[str, str]],
    to: tuple[str, ...],
) -> Iterator[Notice]:
    """What to tell about pairs that are new.

    Args:
        pairs: The new ones only.
        owners: Owner by egress entry.
        known_accounts: Entry and account of which something was hidden before.
        to: The destinations.
    """
    if len(pairs) > ONE_BY_ONE:
        yield _together(pairs, owners=owners, known_accounts=known_accounts, to=to)
        return
    for (entry, account, _), findings in sorted(pairs.items(), key=_by_pair):
        yield _one(
            findings, owner=owners.get(entry, "unknown"), account_is_new=(entry, account) not in known_accounts, to=to
        )


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
    pairs: Mapping[tuple[str, str, str], Sequence[HiddenFinding]],
    *,
    owners: Mapping[str, str],
    known_accounts: frozenset[tuple[str, str]],
    to: tuple[str, ...],
) -> Notice:
    entries = sorted({entry for entry, _, _ in pairs})
    sections = []
    room = _LISTED
    for entry in entries:
        own = [(account, found) for (name, account, _), found in sorted(pairs.items(), key=_by_pair) if name == entry]
        facts = [
            (
                max(found, key=_seen_last).role,
                f"account {account}{'' if (entry, account) in known_accounts else ' (new)'}, "
                f"{listed(one.function or one.access_key for one in found) or 'no function named'}",
            )
            for account, found in own[: max(room, 0)]
        ]
        room -= len(facts)
        if len(facts) < len(own):
            facts.append(("and more", counted(len(own) - len(facts), "further role")))
        sections.append(Section(title=f"{entry} (owner {owners.get(entry, 'unknown')})", facts=tuple(facts)))
    return Notice(
        kind="new-pair",
        to=to,
        subject=f"{len(pairs)} roles are new behind egress addresses",
        headline=f"Findings about credentials of {len(pairs)} roles, used from egress addresses, were hidden for the "
        "first time.",
        notes=("So many at once usually come with a new egress entry, or with the first look after a deployment.",),
        sections=tuple(sections),
        steps=("Go through the list with the owners: a role that should not leave there is a leak.",),
    )


def _seen_last(finding: HiddenFinding) -> datetime:
    """By the finding's own time: they come Region by Region."""
    return finding.last or datetime.min.replace(tzinfo=UTC)


def _by_pair(item: tuple[tuple[str, str, str], Sequence[HiddenFinding]]) -> tuple[str, str, str]:
    return item[0]


def _shown(moment: datetime | None) -> str:
    return f"{moment.isoformat(' ')[:19]} UTC" if moment else ""
