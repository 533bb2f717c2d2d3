"""What one check of a stack found."""

from dataclasses import dataclass
from typing import TypedDict

from tools.live.verdict import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at.

    Attributes:
        stack: Stack that declares it.
        region: Region that it is about.
        area: What kind of thing, such as `filters`.
        subject: Which one.
        detail: What was found, and what to do where it is not ok.
        account: Member account that it is about; empty for everything else.
        plan: Protection plan of that account, or what else is covered there.
        awaited: Whether nobody can tell yet, and that is no fault: it is listed, and nothing fails for it.
    """

    stack: str
    region: str
    area: str
    subject: str
    state: State
    detail: str
    account: str = ""
    plan: str = ""
    awaited: bool = False


class CheckedMember(TypedDict):
    """Which account, Region and plan a check is about; arguments of one."""

    region: str
    account: str
    plan: str
