"""What CloudFormation's handlers need, from the resource schemas that cfn-lint ships.

Each schema names, for its type, the permissions that the handlers need. What a handler needs only for a property that
no stack of ours sets is left out.
"""

from functools import cache

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from tools.execution_policy.stack_accounts import StackAccount
from tools.execution_policy.unused import UNUSED

SCHEMAS_OF = "eu-west-1"
"""Region whose schemas are asked; it has every type. What a handler needs is the same everywhere."""

CUSTOM_RESOURCES = ("lambda:InvokeFunction",)
"""CloudFormation asks the functions of custom resources with its own role."""


@cache
def needed(type_: str) -> frozenset[str]:
    """What CloudFormation's handlers of a type need, without what is for properties that we do not set."""
    handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema(SCHEMAS_OF, type_).schema["handlers"]
    # `list` is for what looks for resources that no stack has.
    named = {one for name, handler in handlers.items() if name != "list" for one in handler["permissions"]}
    unused = [action for one in UNUSED if one.type == type_ for action in one.actions]
    return frozenset(action for action in named if not any(_covers(pattern, action) for pattern in unused))


def needs_of(account: StackAccount) -> list[str]:
    """What all types of an account need, in order."""
    return sorted({action for type_ in account.types for action in needed(type_)} | {*CUSTOM_RESOURCES})


def _covers(pattern: str, action: str) -> bool:
    return action.startswith(pattern[:-1]) if pattern.endswith("*") else action == pattern
