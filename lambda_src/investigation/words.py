"""Small pieces of sentences."""

from collections.abc import Iterable, Sequence

from investigation.calls import shown
from investigation.documents import Rest
from investigation.people import Visitor
from investigation.wire import moment


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 call`, `2 calls`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(values: Iterable[str], *, most: int, at_least: bool = False) -> str:
    """The first of them in their order: `a, b and 3 more`.

    Args:
        values: What there is; empty ones and repetitions are left out.
        most: How many are named.
        at_least: Whether there may be more, which nobody read or kept.
    """
    distinct: Sequence[str] = list(dict.fromkeys(value for value in values if value))
    shown = ", ".join(distinct[:most])
    return f"{shown} and {least(at_least)}{len(distinct) - most} more" if len(distinct) > most else shown


def few(values: Sequence[str], *, most: int) -> list[str]:
    """The first of them and, last, how many more there are: `a`, `b`, `3 more`."""
    return [*values[:most], *([f"{len(values) - most:,} more"] if len(values) > most else [])]


def at(time: str) -> str:
    """`2026-11-23 04:15:02 UTC`; nothing for no time."""
    when = moment(time)
    return f"{when.isoformat(' ')[:19]} UTC" if when else ""


def done(sums: Rest, *, at_least: bool = False) -> str:
    """`14 calls (3 changed something, 2 were denied)`.

    Args:
        sums: Of whom.
        at_least: Whether there may be more, which nobody read.
    """
    calls = sums["calls"]
    parts = gained(sums) + [
        f"{number:,} {words[number != 1]}"
        for number, words in (
            (sums["denied"], ("was denied", "were denied")),
            (sums["failed"], ("failed otherwise", "failed otherwise")),
        )
        if number
    ]
    if not calls:
        return "none seen"
    only_read = "it only read" if calls == 1 else "all of them only read"
    if at_least:
        only_read = "what was seen of them only read"
    return f"{least(at_least)}{counted(calls, 'call')} ({', '.join(parts) or only_read})"


def gained(sums: Rest) -> list[str]:
    """What was changed or taken away: `3 changed something`, `1 took other credentials`, `2 read a secret`."""
    named = (
        (sums["writes"], "changed something"),
        (sums.get("taken", 0), "took other credentials"),
        (sums.get("secrets", 0), "read a secret"),
    )
    return [f"{number:,} {words}" for number, words in named if number]


def least(so: bool) -> str:  # noqa: FBT001
    """`at least `, where it is so."""
    return "at least " if so else ""


def named_calls(visitor: Visitor, *, most: int) -> str:
    """`s3:PutBucketPolicy (1, changed something), s3:ListBuckets (3)`."""
    names = shown(visitor.apis[:most])
    more = len(visitor.apis) - len(names) + visitor.more_apis
    return ", ".join(names) + (f" and {more} other kinds" if more else "")
