"""What is refused as the scope of an egress entry, and in which words; and what a scope says of another."""

from typing import Any

import pytest

from infra.config import Scope
from infra.config.scope import apart, within
from tests.unit.config.examples import ConfigFile, spoiled

ENDS = "    expires: 2027-06-30\n"
REGIONS = "home_region: eu-west-1\nregions: [eu-west-1, us-east-1]"
VPC = "{vpc_ids: [vpc-0a1b2c3d4e5f60718]}"
INSTANCES = "    finding_types: [UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS]\n"


def scoped(scope: str, *, more: str = "") -> tuple[str, str]:
    """Give the entry a scope, in line 10."""
    return (ENDS, f"{ENDS}    scope: {scope}\n{more}")


FIFTY_ONE = ", ".join(f"f{number}" for number in range(51))
BLANK = "take the key out if it is not to narrow anything"
FUNCTION = "must be the name of a Lambda function, 1 to 64 letters, digits, hyphens and underscores, not its ARN, got"

REFUSED = [
    spoiled(
        "nothing-in-it",
        scoped("{}"),
        says="10: egress[0].scope: must hold at least one of accounts, functions, function_tag, vpc_ids; take it out to"
        " mean every workload",
    ),
    spoiled("left-blank", scoped(""), says=f"10: egress[0].scope: must have a value, got nothing; {BLANK}"),
    spoiled(
        "a-key-left-blank",
        scoped("{functions: , accounts: ['111122223333']}"),
        says=f"10: egress[0].scope.functions: must have a value, got nothing; {BLANK}",
    ),
    spoiled(
        "an-empty-list",
        scoped("{functions: [], accounts: ['111122223333']}"),
        says=f"10: egress[0].scope.functions: must have a value, got an empty list; {BLANK}",
    ),
    spoiled(
        "a-tag-left-blank",
        scoped("{function_tag: , accounts: ['111122223333']}"),
        says=f"10: egress[0].scope.function_tag: must have a value, got nothing; {BLANK}",
    ),
    spoiled(
        "an-account-as-a-number",
        scoped("{accounts: [111122223333]}"),
        says="10: egress[0].scope.accounts[0]: must be 12 digits in quotes, got the number 111122223333",
    ),
    spoiled(
        "an-account-twice",
        scoped("{accounts: ['111122223333', '111122223333']}"),
        says="10: egress[0].scope.accounts[1]: must be distinct, got '111122223333', which is already at [0]; keep one"
        " of them",
    ),
    spoiled(
        "an-unknown-key",
        scoped("{function: [payments-api]}"),
        says="10: egress[0].scope: unknown key 'function'; did you mean 'functions'? known: accounts, functions,"
        " function_tag, vpc_ids",
    ),
    spoiled(
        "a-function's-arn",
        scoped("{functions: ['arn:aws:lambda:eu-west-1:111122223333:function:payments-api']}"),
        says=f"10: egress[0].scope.functions[0]: {FUNCTION}"
        " 'arn:aws:lambda:eu-west-1:111122223333:function:payments-api'",
    ),
    spoiled(
        "a-function-with-a-wildcard",
        scoped('{functions: ["payments-*"]}'),
        says=f"10: egress[0].scope.functions[0]: {FUNCTION} 'payments-*'",
    ),
    spoiled(
        "a-function-of-65-letters",
        scoped(f"{{functions: [{'f' * 65}]}}"),
        says=f"10: egress[0].scope.functions[0]: {FUNCTION} '{'f' * 65}'",
    ),
    spoiled(
        "51-functions",
        scoped(f"{{functions: [{FIFTY_ONE}]}}"),
        says="10: egress[0].scope.functions: must hold at most 50 items, got 51",
    ),
    spoiled(
        "several-tags",
        scoped("{function_tag: [{key: a, value: b}, {key: c, value: d}]}"),
        says="10: egress[0].scope.function_tag: must be a mapping of keys, got a list",
    ),
    spoiled(
        "a-tag-without-a-value",
        scoped("{function_tag: {key: team}}"),
        says="10: egress[0].scope.function_tag: missing key 'value' (The tag's value, exact)",
    ),
    spoiled(
        "a-tag-with-an-empty-value",
        scoped("{function_tag: {key: team, value: ''}}"),
        says="10: egress[0].scope.function_tag.value: must be a tag's value of 1 to 256 characters, got ''",
    ),
    spoiled(
        "a-tag's-key-that-aws-does-not-take",
        scoped("{function_tag: {key: 'team*', value: payments}}"),
        says="10: egress[0].scope.function_tag.key: must hold only letters, digits, spaces and _.:/=+-@, got 'team*';"
        " AWS takes no other in a tag",
    ),
    spoiled(
        "a-subnet-for-a-vpc",
        scoped("{vpc_ids: [subnet-0a1b2c3d4e5f60718]}"),
        says="10: egress[0].scope.vpc_ids[0]: must be the id of a VPC such as vpc-0a1b2c3d4e5f60718, got"
        " 'subnet-0a1b2c3d4e5f60718'",
    ),
    spoiled(
        "a-vpc-while-it-observes",
        scoped(VPC, more="    mode: observe\n"),
        says="10: egress[0].scope.vpc_ids: must be left out while mode is observe: GuardDuty takes the VPC only in"
        " filters that hide; observe without it, which counts other VPCs too, or set mode: enforce",
    ),
    spoiled(
        "a-vpc-in-govcloud",
        (REGIONS, "home_region: us-gov-west-1\nregions: [us-gov-west-1]"),
        scoped(VPC),
        says="10: egress[0].scope.vpc_ids: must be left out in us-gov-west-1: GuardDuty takes the VPC in a filter only"
        " in partition aws; narrow by accounts, functions or function_tag",
    ),
    spoiled(
        "functions-for-instances-only",
        scoped("{functions: [payments-api], vpc_ids: [vpc-0a1b2c3d]}", more=INSTANCES),
        says="10: egress[0].scope: must not narrow by functions, vpc_ids where all finding_types are about EC2"
        " instances, which are no functions, so nothing would match; narrow by accounts, or name other types",
    ),
]


@pytest.mark.parametrize(("changes", "more", "message"), REFUSED)
def test_fails_saying_where_what_and_what_to_do(
    config_file: ConfigFile, changes: tuple[tuple[str, str], ...], more: str, message: str
) -> None:
    assert config_file.refusal(*changes, more=more) == message


@pytest.mark.parametrize(
    ("scope", "attributes"),
    [
        pytest.param("{accounts: ['111122223333']}", {"accountId": ("111122223333",)}, id="accounts"),
        pytest.param(
            f"{{functions: [{'f' * 64}, A_b-9]}}",
            {"resource.lambdaDetails.functionName": ("f" * 64, "A_b-9")},
            id="functions",
        ),
        pytest.param(
            "{function_tag: {key: 'aws:cloudformation:stack-name', value: 'a b'}}",
            {
                "resource.lambdaDetails.tags.key": ("aws:cloudformation:stack-name",),
                "resource.lambdaDetails.tags.value": ("a b",),
            },
            id="tag",
        ),
        pytest.param(
            "{vpc_ids: [vpc-0a1b2c3d, vpc-0a1b2c3d4e5f60718]}",
            {"resource.lambdaDetails.vpcConfig.vpcId": ("vpc-0a1b2c3d", "vpc-0a1b2c3d4e5f60718")},
            id="vpcs-of-both-lengths",
        ),
    ],
)
def test_a_scope_becomes_the_attributes_of_a_filter(
    config_file: ConfigFile, scope: str, attributes: dict[str, tuple[str, ...]]
) -> None:
    (entry,) = config_file.load(scoped(scope)).deployment.egress
    assert entry.narrowed_by == attributes


def test_without_a_scope_nothing_is_asked_of_a_finding(config_file: ConfigFile) -> None:
    (entry,) = config_file.deployment().egress
    assert entry.narrowed_by == {}


@pytest.mark.parametrize("scope", ["{accounts: ['111122223333']}", "{functions: [payments-api]}"])
def test_a_scope_may_observe_and_be_in_any_partition(config_file: ConfigFile, scope: str) -> None:
    changes = (REGIONS, "home_region: cn-north-1\nregions: [cn-north-1]"), scoped(scope, more="    mode: observe\n")
    assert len(config_file.load(*changes).deployment.egress) == 1


def test_accounts_may_narrow_findings_about_instances(config_file: ConfigFile) -> None:
    assert config_file.load(scoped("{accounts: ['111122223333']}", more=INSTANCES)).warnings == ()


def scope_of(**keys: Any) -> Scope:
    return Scope.model_validate(keys)


ONE = scope_of(accounts=["111122223333"])
OTHER = scope_of(accounts=["444455556666"])
BOTH = scope_of(accounts=["444455556666", "111122223333"])
API = scope_of(functions=["api"])
API_OF_ONE = scope_of(functions=["api"], accounts=["111122223333"])
TEAM_A = scope_of(function_tag={"key": "team", "value": "a"})
TEAM_B = scope_of(function_tag={"key": "team", "value": "b"})


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(ONE, OTHER, True, id="other-accounts"),
        pytest.param(API, scope_of(functions=["API"]), True, id="other-functions"),
        pytest.param(scope_of(vpc_ids=["vpc-00000001"]), scope_of(vpc_ids=["vpc-00000002"]), True, id="other-vpcs"),
        pytest.param(API_OF_ONE, scope_of(functions=["api"], accounts=["444455556666"]), True, id="one-key-is-enough"),
        pytest.param(ONE, BOTH, False, id="an-account-in-common"),
        pytest.param(ONE, API, False, id="other-keys"),
        pytest.param(TEAM_A, TEAM_B, False, id="a-function-may-have-both-values"),
        pytest.param(ONE, None, False, id="none-is-everything"),
        pytest.param(None, None, False, id="everything"),
    ],
)
def test_scopes_are_apart_only_where_no_finding_can_fit_both(
    one: Scope | None, other: Scope | None, *, expected: bool
) -> None:
    assert apart(one, other) is apart(other, one) is expected


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        pytest.param(ONE, ONE, True, id="the-same"),
        pytest.param(ONE, BOTH, True, id="fewer-values"),
        pytest.param(BOTH, ONE, False, id="more-values"),
        pytest.param(API_OF_ONE, API, True, id="one-more-key"),
        pytest.param(API, API_OF_ONE, False, id="one-key-less"),
        pytest.param(API, ONE, False, id="another-key"),
        pytest.param(ONE, None, True, id="none-is-everything"),
        pytest.param(None, ONE, False, id="everything-is-not-within"),
        pytest.param(None, None, True, id="everything"),
    ],
)
def test_a_scope_is_within_another_only_where_every_finding_of_it_fits_there(
    inner: Scope | None, outer: Scope | None, *, expected: bool
) -> None:
    assert within(inner, outer) is expected
