"""Service-linked roles under the names that AWS gives them, which ministack derives in another way."""

from collections.abc import Callable, MutableMapping
from typing import Any

Reply = tuple[int, dict[str, Any], bytes]

NAMES = {
    "detective.amazonaws.com": "AWSServiceRoleForDetective",
    "guardduty.amazonaws.com": "AWSServiceRoleForAmazonGuardDuty",
}
"""(GuardDuty and Detective user guides, service-linked roles.)"""


def with_their_names(
    create: Callable[[Any], Reply],
    *,
    roles: MutableMapping[str, dict[str, Any]],
    error: Callable[[int, str, str], Reply],
) -> Callable[[Any], Reply]:
    """CreateServiceLinkedRole that gives the roles their names, and refuses a second one in IAM's words.

    Args:
        create: ministack's own.
        roles: The roles of the account that asks.
        error: Makes an answer of status, code and message.
    """

    def named(request: Any) -> Reply:  # noqa: ANN401  (ministack's form of a request)
        given = request.get("AWSServiceName", [""])
        service = given[0] if isinstance(given, list) else given
        name = NAMES.get(service)
        if name is None:
            return create(request)
        if name in roles:
            taken = f"Service role name {name} has been taken in this account, please try a different suffix."
            return error(400, "InvalidInput", taken)
        before = set(roles)
        status, headers, body = create(request)
        for derived in set(roles) - before:
            role = roles.pop(derived)
            roles[name] = {**role, "RoleName": name, "Arn": role["Arn"].replace(derived, name)}
            body = body.replace(derived.encode(), name.encode())
        return status, headers, body

    return named
