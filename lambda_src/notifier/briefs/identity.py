"""Whose credentials leaked: each kind of identity is stopped in another way, and some only by other people."""

from typing import Literal, TypeAlias

from notifier.briefs.headline import is_leaked_credentials, last_part
from notifier.items.finding import Finding

Identity: TypeAlias = Literal["role", "service-role", "permission-set", "user", "federated", "root"]
"""`service-role`: a role linked to an AWS service. `permission-set`: a role that IAM Identity Center made for one.
Neither can be changed in IAM (IAM and IAM Identity Center user guides). `federated`: made by GetFederationToken."""

OF_USERS: frozenset[Identity] = frozenset({"user", "federated", "root"})
"""Those whose key is no role's."""

_SERVICE_PATH, _SERVICE_NAME = ":role/aws-service-role/", "AWSServiceRoleFor"
_PERMISSION_SET = "AWSReservedSSO_"
_BY_TYPE: dict[str, Identity] = {"Root": "root", "IAMUser": "user", "FederatedUser": "federated"}


def identity_of(finding: Finding) -> Identity:
    """What `finding` says of the key's owner; a role where it says nothing, for that is what these types are about."""
    key = finding.access_key
    if key and (known := _BY_TYPE.get(key.user_type or "")):
        return known
    if key and key.long_term:
        return "user"
    name = (key and key.user_name) or ""
    role_arn = (finding.lambda_function and finding.lambda_function.role) or ""
    # A function may have got another role since: what counts is the one that the key is of.
    if role_arn and name in {"", last_part(role_arn)}:
        # By its path, which AWS alone gives: a role of the account's own may have a name that looks like AWS's.
        return "service-role" if _SERVICE_PATH in role_arn else "role"
    if name.startswith(_SERVICE_NAME):
        return "service-role"
    return "permission-set" if name.startswith(_PERMISSION_SET) else "role"


def is_of_a_workload(finding: Finding) -> bool:
    """Whether a workload has the credentials: one is named, or the type is about those alone.

    Else a person may have signed in to the role, or another account have assumed it: nothing runs that could stop.
    """
    named = finding.lambda_function or finding.ecs_task or finding.instance_id
    return bool(named) or is_leaked_credentials(finding.type)
