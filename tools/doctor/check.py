"""What one look at an account found, and the command that mends it."""

from dataclasses import dataclass

from tools.live.verdict import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at.

    Attributes:
        region: Region that was looked at; `-` for the account as a whole.
        area: What kind of thing, such as `filters`.
        subject: Which one.
        detail: What was found, and what the deployment would do: already is, will be set, will fail.
        fix: Command that mends it; empty where there is none, or nothing to mend.
    """

    region: str
    area: str
    subject: str
    state: State
    detail: str
    fix: str = ""
