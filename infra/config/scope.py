"""Which workloads an egress entry is about, where it is not about all that leave there."""

from collections.abc import Mapping
from operator import not_
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from infra.config.fields.aws_text import TAG_KEY_LENGTH, TAG_VALUE_LENGTH, AccountId, tag_text
from infra.config.fields.distinct import Distinct
from infra.config.fields.shape import Shape
from infra.config.model import Model
from infra.config.refusals import refusals, wrong
from infra.suppression.selection import EXACT_VALUES

ACCOUNT = "accountId"
FUNCTION_NAME = "resource.lambdaDetails.functionName"
FUNCTION_TAG_KEY = "resource.lambdaDetails.tags.key"
FUNCTION_TAG_VALUE = "resource.lambdaDetails.tags.value"
FUNCTION_VPC = "resource.lambdaDetails.vpcConfig.vpcId"
"""The attributes by which GuardDuty filters (botocore guardduty 1.44.5, CreateFilter). The VPC is an extended one:
taken only with action ARCHIVE and in partition `aws` (GuardDuty user guide, filter findings, 20 April 2026)."""

VPC_PARTITIONS = frozenset({"aws"})
"""Partitions in which a filter takes the VPC (same page)."""


def _given(value: object) -> object:
    if value is None or value == []:
        raise wrong("must have a value", advice="take the key out if it is not to narrow anything")
    return value


def _as_written(schema: dict[str, Any]) -> None:
    """Leave out of the JSON schema what stands for a key that is not there: nobody may write it."""
    schema.pop("default", None)
    if "anyOf" in schema:
        schema.update(next(choice for choice in schema.pop("anyOf") if choice != {"type": "null"}))


def _plain_tag(text: str) -> str:
    if not tag_text(text):
        raise wrong("must hold only letters, digits, spaces and _.:/=+-@", advice="AWS takes no other in a tag")
    return text


def _left_out_or_some() -> tuple[Any, ...]:
    return (
        Field(min_length=1, max_length=EXACT_VALUES, exclude_if=not_, json_schema_extra=_as_written),
        BeforeValidator(_given),
        Distinct(),
    )


# Lambda's name rule for CreateFunction (botocore lambda 1.44.5): an ARN may be longer, a name has 64 characters.
FunctionName = Annotated[
    str,
    Shape(
        r"[A-Za-z0-9_-]{1,64}",
        "must be the name of a Lambda function, 1 to 64 letters, digits, hyphens and underscores, not its ARN",
    ),
]

VpcId = Annotated[
    str, Shape(r"vpc-([0-9a-f]{8}|[0-9a-f]{17})", "must be the id of a VPC such as vpc-0a1b2c3d4e5f60718")
]


class FunctionTag(Model):
    """A tag of Lambda functions. Whoever may tag a function can put it into the scope, or take it out."""

    key: Annotated[
        str,
        AfterValidator(_plain_tag),
        Shape(rf".{{1,{TAG_KEY_LENGTH}}}", "must be a tag's key of 1 to 128 characters"),
    ]
    """The tag's key, exact."""

    value: Annotated[
        str,
        AfterValidator(_plain_tag),
        Shape(rf".{{1,{TAG_VALUE_LENGTH}}}", "must be a tag's value of 1 to 256 characters"),
    ]
    """The tag's value, exact."""


class Scope(Model):
    """Narrows an entry to some workloads: a finding has to fit every key that is given, with one of its values.

    What does not fit is sent, such as credentials stolen from another function and used behind the same gateway. AWS
    does not document whether these findings name the function: one that does not can fit `accounts`, and is sent if
    any other key is given.
    """

    accounts: Annotated[tuple[AccountId, ...], *_left_out_or_some()] = ()
    """Accounts of the workloads, 12 digits in quotes, 1 to 50. Left out: every account."""

    functions: Annotated[tuple[FunctionName, ...], *_left_out_or_some()] = ()
    """Names of Lambda functions, exact, 1 to 50. Left out: every function, and other workloads too."""

    # One tag only: the filter has one attribute for the keys of a function's tags and another for their values, so two
    # tags, a=1 and b=2, would become "a or b" and "1 or 2", and a function with a=2 would fit.
    function_tag: Annotated[
        FunctionTag | None, BeforeValidator(_given), Field(exclude_if=not_, json_schema_extra=_as_written)
    ] = None
    """One tag that the function has; only one, because a filter compares keys and values of tags apart. So choose a
    value that no other tag has: a function that has the key with another value, and the value under another key, may
    fit as well. Left out: whatever its tags."""

    vpc_ids: Annotated[tuple[VpcId, ...], *_left_out_or_some()] = ()
    """VPCs in which the function is, 1 to 50. Only with `mode: enforce` and in Regions of partition aws, since
    GuardDuty takes the VPC in no other filter. Left out: every VPC, and none."""

    @model_validator(mode="after")
    def _narrows(self) -> "Scope":
        if not self.attributes:
            text = f"must hold at least one of {', '.join(Scope.model_fields)}; take it out to mean every workload"
            refusals([((), text)])
        return self

    @property
    def attributes(self) -> Mapping[str, tuple[str, ...]]:
        """The attributes of a filter, each with the values that fit."""
        tag = self.function_tag
        values = {
            ACCOUNT: self.accounts,
            FUNCTION_NAME: self.functions,
            FUNCTION_TAG_KEY: (tag.key,) if tag else (),
            FUNCTION_TAG_VALUE: (tag.value,) if tag else (),
            FUNCTION_VPC: self.vpc_ids,
        }
        return {attribute: allowed for attribute, allowed in values.items() if allowed}

    @property
    def about_functions(self) -> tuple[str, ...]:
        """The keys given that only findings about a Lambda function can fit."""
        return tuple(key for key in ("functions", "function_tag", "vpc_ids") if getattr(self, key))


# Blank is refused: a key whose values were all commented out must not widen the entry to everything.
OptionalScope = Annotated[Scope | None, BeforeValidator(_given), Field(exclude_if=not_, json_schema_extra=_as_written)]

_ONE_IN_A_FINDING = (ACCOUNT, FUNCTION_NAME, FUNCTION_VPC)
"""Attributes of which a finding has one value; tags it may have many."""


def apart(one: Scope | None, other: Scope | None) -> bool:
    """Tell whether certainly no finding fits both; None fits every finding.

    Tags never set scopes apart: a function may have both, and keys and values are compared apart.
    """
    if one is None or other is None:
        return False
    ours, theirs = one.attributes, other.attributes
    return any(
        attribute in ours and attribute in theirs and not set(ours[attribute]) & set(theirs[attribute])
        for attribute in _ONE_IN_A_FINDING
    )


def within(inner: Scope | None, outer: Scope | None) -> bool:
    """Tell whether certainly every finding that fits the inner scope fits the outer one; None fits every finding."""
    if outer is None:
        return True
    if inner is None:
        return False
    narrow, wide = inner.attributes, outer.attributes
    return all(attribute in narrow and set(narrow[attribute]) <= set(wide[attribute]) for attribute in wide)
