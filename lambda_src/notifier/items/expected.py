"""Whose changes are a deployment, and nobody's news."""

from typing import TYPE_CHECKING, NamedTuple

from notifier.items.wire import text

if TYPE_CHECKING:
    from notifier.items.watched_call import WatchedCall

CLOUDFORMATION = "cloudformation.amazonaws.com"


class Expected(NamedTuple):
    """Who may change the stack in silence; a `*` at the end of a name stands for any text.

    Attributes:
        callers: Role and session of each.
        cloudformation_roles: Roles with which CloudFormation deploys. Its own calls do not say who set it to work; that
            is another call, which is watched as well.
        filters: Beginning of the names of the deployment's own filters; empty if nobody said.
    """

    callers: tuple[tuple[str, str], ...] = ()
    cloudformation_roles: tuple[str, ...] = ()
    filters: str = ""

    def covers(self, call: "WatchedCall") -> bool:
        """Whether nobody has to hear of the call.

        Never one of another account, whatever its role is called. An AWS service that acts for itself is expected,
        unless it takes detection away.
        """
        caller = call.caller
        if caller.is_service:
            return not call.takes_away
        if self._is_news(call):
            return False
        if caller.role is None or caller.session is None or caller.account is None or caller.account != call.account:
            return False
        if caller.through == CLOUDFORMATION and any(_fits(role, caller.role) for role in self.cloudformation_roles):
            return True
        # Without a role of its own CloudFormation acts in the name of whoever deploys.
        return caller.through in {None, CLOUDFORMATION} and any(
            _fits(role, caller.role) and _fits(session, caller.session) for role, session in self.callers
        )

    def _is_news(self, call: "WatchedCall") -> bool:
        """Whether somebody has to hear of it whoever calls: no deployment of this stack does it, or hardly ever.

        Those who deploy deploy other stacks as well, and what enrols accounts does what it is asked by whoever may
        invoke it.
        """
        asked = call.request
        if call.api in {"guardduty:CreateFilter", "guardduty:UpdateFilter"}:
            name = text(asked.get("filterName")) or text(asked.get("name")) or ""
            return not name.startswith(self.filters)
        if call.name == "UpdateOrganizationConfiguration":
            # Of GuardDuty and of Detective; CloudTrail writes true and false also as text.
            return (
                asked.get("autoEnableOrganizationMembers") == "NONE" or str(asked.get("autoEnable")).lower() == "false"
            )
        return call.api == "cloudformation:DeleteStack"


def _fits(pattern: str, name: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
