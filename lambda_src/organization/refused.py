"""What cannot be done, in words for the person who reads the stack's events."""


class Refused(Exception):
    """The resource cannot be made as it is asked for; `str()` says where, what there is, and what to do."""


class TooLate(Refused):
    """A condition did not come true in time; what was done until then stays, and doing it again is safe."""


MOST_NAMED = 20
"""Accounts that one message names; CloudFormation takes 4,096 bytes of answer (custom resource response objects)."""


def named(reasons: dict[str, str]) -> str:
    """List accounts with what is said of each, the first of many."""
    lines = [f"{account} ({reason})" for account, reason in sorted(reasons.items())]
    more = (
        f" and {len(lines) - MOST_NAMED:,} more, all of them in the function's log" if len(lines) > MOST_NAMED else ""
    )
    return ", ".join(lines[:MOST_NAMED]) + more
