"""Why AWS did not answer, in one line, and what to do about it."""

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected


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
    """Of the first call of a command: whether credentials, the network or a setting is at fault, and what to do."""
    if isinstance(error, InvalidEndpointError):
        return str(error)
    if isinstance(error, (NotConnected, HTTPClientError)):
        return (
            f"AWS cannot be reached: {said(error)}; look at the network, the proxy (HTTPS_PROXY) and AWS_ENDPOINT_URL"
        )
    return f"no usable credentials: {said(error)}; set AWS_PROFILE, or give --profile"
