"""What a finding may come to name more of while it is open."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["address", "host", "key", "actor", "resource", "signal"]

MOST = 50
"""Most marks of one kind that count; of more the first and the last, one of which a new one would be. A message names
as many addresses, so that none counts as told that stood nowhere."""


class Mark(NamedTuple):
    """One of them.

    A remote address, or a remote host to which the workload connected; and of an attack sequence a key, an actor
    without one, a resource or a signal.

    Attributes:
        id: Tells it apart from the others of its kind; as GuardDuty wrote it, and as long.
        name: What people know it by.
    """

    kind: Kind
    id: str
    name: str


def ends_of(names: Sequence[str]) -> Sequence[str]:
    """Those of them that count."""
    return names if len(names) <= MOST else (*names[: MOST // 2], *names[-MOST // 2 :])
