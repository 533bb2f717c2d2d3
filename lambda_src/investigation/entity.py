"""The role whose credentials leaked, by its ARN: a name alone lacks the path."""

import re
from collections.abc import Callable

from investigation.aws import Service
from investigation.documents import Entity, Subject
from investigation.refused import Refusal
from investigation.subject import user_of
from investigation.wire import block, text

_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]{1,512}", re.ASCII)
_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)


def entity_of(subject: Subject, *, iam: Callable[[], Service]) -> Entity:
    """The role: by the finding's own ARN, else by IAM in the owning account.

    `arn:…:role/<userName>` is never put together: it is wrong for every role with a path, such as those that the
    Lambda console makes under `/service-role/`.

    Args:
        subject: The finding.
        iam: IAM of the finding's account; asked for only if it is needed.

    Raises:
        Throttled: Another attempt may succeed.
    """
    name = subject["user_name"]
    if user := user_of(subject):
        reason = f"the key is of {user} and not of a role; this stack asks about roles only"
        return Entity(arn="", name="", reason=reason)
    given = subject["role_arn"]
    of_finding = given if _ROLE_ARN.fullmatch(given) and given.split(":")[4] == subject["account"] else ""
    # The key's own role counts: a function may have got another one since.
    if of_finding and name in {"", of_finding.rpartition("/")[2]}:
        return Entity(arn=of_finding, name=of_finding.rpartition("/")[2], reason="")
    if not _NAME.fullmatch(name):
        return Entity(arn="", name="", reason="the finding does not name the role")
    try:
        found = text(block(iam().call("get_role", RoleName=name).get("Role")).get("Arn"))
    except Refusal as error:
        return Entity(arn="", name=name, reason=f"the path of the role {name} is not known: {error}")
    reason = "" if found else f"IAM did not say the path of the role {name}"
    return Entity(arn=found, name=name, reason=reason)
