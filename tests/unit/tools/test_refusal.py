"""What is said where AWS did not answer: whose fault it is, and what to do."""

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)

from tools.live.clients import clients
from tools.live.refusal import InvalidEndpointError, advised


def refusing(code: str, *, call: str = "GetTemplate") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "Not so"}}, call)


@pytest.mark.parametrize(
    "error",
    [
        *map(
            refusing,
            (
                "ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId", "AuthFailure",
                "UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch", "IncompleteSignature",
                "InvalidSignatureException", "MissingAuthenticationToken",
            ),
        ),
        NoCredentialsError(),
        ProfileNotFound(profile="nobody"),
    ],
    ids=str,
)  # fmt: skip
def test_credentials_are_blamed_where_they_are_at_fault(error: BotoCoreError | ClientError) -> None:
    assert advised(error).startswith("no usable credentials: ")
    assert advised(error).endswith("; set AWS_PROFILE, or give --profile")


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])
def test_credentials_that_may_not_do_it_are_told_from_ones_of_no_use(code: str) -> None:
    assert advised(refusing(code)) == (
        f"not allowed: GetTemplate: {code}: Not so; docs/permissions.md has what each step needs"
    )


@pytest.mark.parametrize("code", ["Throttling", "ThrottlingException", "ServiceUnavailable", "InternalFailure"])
def test_nobody_is_sent_to_the_credentials_where_aws_was_busy(code: str) -> None:
    assert advised(refusing(code)) == f"AWS did not do it: GetTemplate: {code}: Not so; try again in a few minutes"


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://sts.eu-west-1.amazonaws.com/"),
        ReadTimeoutError(endpoint_url="https://sts.eu-west-1.amazonaws.com/"),
        ProxyConnectionError(proxy_url="http://proxy.example:3128"),
        SSLError(endpoint_url="https://sts.eu-west-1.amazonaws.com/", error=OSError("self-signed certificate")),
    ],
    ids=lambda one: type(one).__name__,
)
def test_the_network_is_blamed_where_nobody_answered(error: BotoCoreError) -> None:
    assert advised(error).startswith("AWS cannot be reached: ")
    assert "credentials" not in advised(error)
    assert advised(error).endswith("; look at the network, the proxy (HTTPS_PROXY) and AWS_ENDPOINT_URL")


def test_an_endpoint_that_is_no_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "localhost")
    with pytest.raises(InvalidEndpointError) as raised:
        clients(None)("sts", "eu-west-1")
    assert advised(raised.value) == (
        "Invalid endpoint: localhost; AWS_ENDPOINT_URL, its likes for one service and the profile's endpoint_url take "
        "http(s)://host"
    )
