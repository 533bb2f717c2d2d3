"""Where the in-memory services keep what they keep."""

from typing import NamedTuple


class AccountRegion(NamedTuple):
    """An account and a Region: the scope of everything that a service keeps."""

    account: str
    region: str
