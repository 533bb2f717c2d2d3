"""Whose credentials leaked, a role's or an IAM user's, by its ARN: a name alone lacks the path."""

import re
from collections.abc import Callable

from investigation.aws import Service
from investigation.documents import Entity, EntityKind, Subject
from investigation.policies import described
from investigation.refused import Refusal
from investigation.subject import IAM_USER, user_of
from investigation.wire import text

_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]{1,512}", re.ASCII)
_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)


def kind_of(entity: Entity) -> EntityKind:
    """What it is; what an older version wrote is a role."""
    return entity.get("kind", "role")


def entity_of(subject: Subject, *, iam: Callable[[], Service]) -> Entity:
    """The role or the user: a role by the finding's own ARN, else by IAM in the owning account.

    `arn:…:role/<userName>` is never put together: it is wrong for everything with a path, such as the roles that the
    Lambda console makes under `/service-role/`. Detective investigates roles and users, nobody else (Detective API
    reference, StartInvestigation).

    Args:
        subject: The finding.
        iam: IAM of the finding's account; asked for only if it is needed.

    Raises:
        Throttled: Another attempt may succeed.
    """
    name, user = subject["user_name"], user_of(subject)
    if user and user != IAM_USER:
        reason = f"the key is of {user}; Detective investigates roles and IAM users only"
        return Entity(arn="", name="", reason=reason)
    if user:
        return _asked("user", name, iam)
    given = subject["role_arn"]
    of_finding = given if _ROLE_ARN.fullmatch(given) and given.split(":")[4] == subject["account"] else ""
    # The key's own role counts: a function may have got another one since.
    if of_finding and name in {"", of_finding.rpartition("/")[2]}:
        return Entity(kind="role", arn=of_finding, name=of_finding.rpartition("/")[2], reason="")
    return _asked("role", name, iam)


def _asked(kind: EntityKind, name: str, iam: Callable[[], Service]) -> Entity:
    if not _NAME.fullmatch(name):
        return Entity(kind=kind, arn="", name="", reason=f"the finding does not name the {kind}")
    try:
        found = text(described(kind, name, iam()).get("Arn"))
    except Refusal as error:
        return Entity(kind=kind, arn="", name=name, reason=f"the path of the {kind} {name} is not known: {error}")
    return Entity(kind=kind, arn=found, name=name, reason="" if found else f"IAM did not say the path of {name}")
