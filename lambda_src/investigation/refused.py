"""What an AWS service said instead of an answer, sorted into what may pass and what will not."""

from botocore.exceptions import BotoCoreError, ClientError

_BUSY = frozenset(
    {
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
"""Errors that pass (botocore 1.44.5: detective, guardduty, cloudtrail, iam)."""


class Refusal(Exception):
    """There is no answer, and asking again would not help; the message says why, as a clause.

    Attributes:
        code: The service's name for the error; empty where it said nothing.
    """

    def __init__(self, reason: str, *, code: str = "") -> None:
        super().__init__(reason)
        self.code = code


class Throttled(Exception):
    """The service is busy, or asks for patience: the state machine tries again, later and at another moment."""


def raised(error: ClientError | BotoCoreError) -> Refusal | Throttled:
    """The same in our words; without the service's message, which may repeat what an attacker has written."""
    if isinstance(error, BotoCoreError):
        return Refusal(f"no answer ({type(error).__name__})")
    code = str(error.response.get("Error", {}).get("Code", "")) or "unknown error"
    reason = f"{error.operation_name} was refused ({code})"
    return Throttled(reason) if code in _BUSY else Refusal(reason, code=code)
