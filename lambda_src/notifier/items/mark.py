"""What a finding may come to name more of while it is open."""

from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["address", "host", "key", "actor", "resource", "signal"]


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
