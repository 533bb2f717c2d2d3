"""What GuardDuty says of a finding beyond its model, in lines: what was unusual, and whatever else it adds."""

from collections.abc import Iterator
from itertools import accumulate

from notifier.inert import bounded
from notifier.items.dates import dated
from notifier.items.hosts import hosts_apart
from notifier.items.wire import Block, blocks, few, leaves, listed
from notifier.items.words import spaced

_EACH, _MEMBERS, _VALUES = 6, 8, 10
_ROOM = 160
"""Characters of a value in one text; a line has 200."""

# What is usual stands beside what was not, at a length that nobody reads in a message.
_TOLD_ELSEWHERE = ("sample", "userAgent", "threatListName", "threatName", "threatFileSha256", "profiledBehavior")
# Each of their members says enough for a line.
_PARTED = ("anomalies", "unusualBehavior")
_AMONG = {
    "BucketUserIdentityProfiling": "for the user identity in the bucket",
    "UserIdentityProfiling": "for the user identity",
    "BucketProfiling": "for the bucket",
    "AccountProfiling": "for the account",
}
_BETWEEN, _AND = " , ", ", "


def lines_of(additional: Block) -> Iterator[tuple[str, str]]:
    """A line for each member, of a list of objects one for each object."""
    for member, value in additional.items():
        if member in _TOLD_ELSEWHERE:
            continue
        if member in _PARTED and isinstance(value, dict):
            for part, said in value.items():
                yield from _unusual(part, said)
        else:
            yield from ((spaced(member), line) for line in _told(member, value))


def _unusual(part: str, said: object) -> Iterator[tuple[str, str]]:
    """`unusualASNsAccountProfiling` as `Unusual ASNs`, and behind the value for whom; what was not unusual is none."""
    ending = next((one for one in _AMONG if part.endswith(one)), "")
    among = f" ({_AMONG[ending]})" if ending else ""
    for line in _told(part, said):
        if line not in {"false", "no"}:
            yield spaced(part.removesuffix(ending)), line + among


def _told(member: str, value: object) -> Iterator[str]:
    found = blocks(value)
    for one in found[:_EACH]:
        pairs = few(leaves(one), most=_MEMBERS)
        if line := "; ".join(f"{spaced(name, first=False)} {dated(name, shown)}" for name, shown in pairs):
            yield hosts_apart(line)
    if len(found) > _EACH:
        yield f"and {len(found) - _EACH} more"
    if not found:
        said = listed(value, most=_VALUES) or next((shown for _, shown in leaves({member: value})), "")
        if said:
            yield hosts_apart(_counted(said))


def _counted(said: str) -> str:
    """Many in one text (`a , b , c`): as many as there is room for, and how many more there are."""
    parts = said.split(_BETWEEN)
    ends = accumulate(len(part) + len(_AND) for part in parts)
    shown = max(1, sum(end <= _ROOM + len(_AND) for end in ends))
    more = f" and {len(parts) - shown} more" if len(parts) > shown else ""
    return bounded(_AND.join(parts[:shown]), limit=_ROOM) + more
