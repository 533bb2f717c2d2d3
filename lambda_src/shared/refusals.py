"""Which errors that CloudTrail records say that the caller may not do it."""

_WORDS = ("AccessDenied", "Unauthorized", "NotAuthorized", "Forbidden", "AuthorizationError")
"""In codes of errors: each service has its own."""


def is_refusal(code: str) -> bool:
    """Whether an `errorCode` says that AWS did not allow the call; what failed for another reason may work next time.

    Args:
        code: Empty if the call did not fail.
    """
    return any(word in code for word in _WORDS)
