"""Service-linked roles have the names of AWS, and exist once."""

from typing import Any

import pytest

from tools.emulator.service_roles import NAMES, Reply, with_their_names

Roles = dict[str, dict[str, Any]]


@pytest.fixture
def roles() -> Roles:
    return {}


@pytest.fixture
def create(roles: Roles) -> Any:
    """Under the names that ministack would give them."""

    def derived(request: Any) -> Reply:
        name = f"AWSServiceRoleFor{request['AWSServiceName'][0].split('.')[0].capitalize()}"
        roles[name] = {"RoleName": name, "Arn": f"arn:aws:iam::111122223333:role/aws-service-role/x/{name}"}
        return 200, {}, f"<RoleName>{name}</RoleName>".encode()

    def error(status: int, code: str, message: str) -> Reply:
        return status, {}, f"{code}: {message}".encode()

    return with_their_names(derived, roles=roles, error=error)


@pytest.mark.parametrize(("service", "name"), NAMES.items())
def test_a_role_has_the_name_that_aws_gives_it(create: Any, roles: Roles, service: str, name: str) -> None:
    status, _, body = create({"AWSServiceName": [service]})
    assert (status, body) == (200, f"<RoleName>{name}</RoleName>".encode())
    assert roles == {name: {"RoleName": name, "Arn": f"arn:aws:iam::111122223333:role/aws-service-role/x/{name}"}}


def test_fails_for_a_second_one_in_the_words_of_iam(create: Any) -> None:
    create({"AWSServiceName": ["guardduty.amazonaws.com"]})
    status, _, body = create({"AWSServiceName": ["guardduty.amazonaws.com"]})
    assert (status, body.decode()) == (
        400,
        "InvalidInput: Service role name AWSServiceRoleForAmazonGuardDuty has been taken in this account, please try a "
        "different suffix.",
    )


def test_other_services_are_left_to_ministack(create: Any, roles: Roles) -> None:
    create({"AWSServiceName": ["autoscaling.amazonaws.com"]})
    assert list(roles) == ["AWSServiceRoleForAutoscaling"]
