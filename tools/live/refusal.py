"""Why AWS did not answer, in one line, and what to do about it."""

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected

from shared.refusals import is_refusal

_OF_CREDENTIALS = (
    "Expired", "ClientToken", "AccessKeyId", "UnrecognizedClient", "Signature", "AuthenticationToken", "AuthFailure",
    "InvalidToken",
)  # fmt: skip
"""In codes of errors that say that AWS does not know who asks (common errors of the API references, EC2's and S3's)."""


class InvalidEndpointError(BotoCoreError):
    """`AWS_ENDPOINT_URL`, or one for a service, or `endpoint_url` of a profile, is no web address."""

    fmt = "{error}; AWS_ENDPOINT_URL, its likes for one service and the profile's endpoint_url take http(s)://host"


def is_no_stack(error: ClientError | BotoCoreError) -> bool:
    """Whether CloudFormation knows no stack of that name; it has no code of its own for that."""
    if not isinstance(error, ClientError):
        return False
    failure = error.response.get("Error", {})
    return failure.get("Code") == "ValidationError" and "does not exist" in str(failure.get("Message"))


def said(error: ClientError | BotoCoreError) -> str:
    """The call and AWS's own words; what botocore says where there was no answer at all."""
    if isinstance(error, ClientError):
        failure = error.response.get("Error", {})
        return f"{error.operation_name}: {failure.get('Code')}: {failure.get('Message')}"
    return str(error)


def advised(error: ClientError | BotoCoreError) -> str:
    """Whether credentials, their permissions, the network, a setting or AWS is at fault, and what to do."""
    if isinstance(error, InvalidEndpointError):
        return str(error)
    if isinstance(error, (NotConnected, HTTPClientError)):
        return (
            f"AWS cannot be reached: {said(error)}; look at the network, the proxy (HTTPS_PROXY) and AWS_ENDPOINT_URL"
        )
    code = str(error.response.get("Error", {}).get("Code")) if isinstance(error, ClientError) else ""
    if is_refusal(code):
        return f"not allowed: {said(error)}; docs/permissions.md has what each step needs"
    if code and not any(word in code for word in _OF_CREDENTIALS):
        return f"AWS did not do it: {said(error)}; try again in a few minutes"
    return f"no usable credentials: {said(error)}; set AWS_PROFILE, or give --profile"
