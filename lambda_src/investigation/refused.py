"""What an AWS service said instead of an answer, sorted into what may pass and what will not."""

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError  # noqa: A004

_BUSY = frozenset(
    {
        "InternalException",
        "InternalFailure",
        "InternalServerErrorException",
        "InternalServerException",
        "LimitExceededException",
        "RequestLimitExceeded",
        "ServiceFailure",
        "ServiceUnavailableException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""Errors that pass (botocore 1.44.5: detective, guardduty, cloudtrail, iam, events)."""

_SERVER_ERROR = 500


class Refusal(Exception):
    """There is no answer, and asking again would not help; the message says why, as a clause.

    Attributes:
        code: The service's name for the error; empty where it said nothing.
    """

    def __init__(self, reason: str, *, code: str = "") -> None:
        super().__init__(reason)
        self.code = code


class Throttled(Exception):
    """The service is busy, or asks for patience: the state machine tries again, later and at another moment.

    Attributes:
        answered: Whether it said anything at all.
    """

    def __init__(self, reason: str = "", *, answered: bool = True) -> None:
        super().__init__(reason)
        self.answered = answered


def passes(code: object) -> bool:
    """Whether an error of that name passes."""
    return code in _BUSY


def raised(error: ClientError | BotoCoreError) -> Refusal | Throttled:
    """The same in our words; without the service's message, which may repeat what an attacker has written."""
    if isinstance(error, (ConnectionError, HTTPClientError)):
        return Throttled(f"no answer ({type(error).__name__})", answered=False)
    if isinstance(error, BotoCoreError):
        return Refusal(f"no answer ({type(error).__name__})")
    code = str(error.response.get("Error", {}).get("Code", "")) or "unknown error"
    reason = f"{error.operation_name} was refused ({code})"
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return Throttled(reason) if passes(code) or status >= _SERVER_ERROR else Refusal(reason, code=code)
