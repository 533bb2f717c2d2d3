"""Whose changes are a deployment, and nobody's news."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from notifier.items.watched_call import WatchedCall

CLOUDFORMATION = "cloudformation.amazonaws.com"


class Expected(NamedTuple):
    """Who may change the stack in silence; a `*` at the end of a name stands for any text.

    Attributes:
        callers: Role and session of each.
        cloudformation_roles: Roles with which CloudFormation deploys. Its own calls do not say who set it to work; that
            is another call, which is watched as well.
    """

    callers: tuple[tuple[str, str], ...] = ()
    cloudformation_roles: tuple[str, ...] = ()

    def covers(self, call: "WatchedCall") -> bool:
        """Whether nobody has to hear of the call.

        Never one of another account, whatever its role is called. An AWS service that acts for itself is expected,
        unless it takes detection away.
        """
        caller = call.caller
        if caller.is_service:
            return not call.takes_away
        if caller.role is None or caller.session is None or caller.account is None or caller.account != call.account:
            return False
        if caller.through == CLOUDFORMATION and any(_fits(role, caller.role) for role in self.cloudformation_roles):
            return True
        # Without a role of its own CloudFormation acts in the name of whoever deploys.
        return caller.through in {None, CLOUDFORMATION} and any(
            _fits(role, caller.role) and _fits(session, caller.session) for role, session in self.callers
        )


def _fits(pattern: str, name: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
