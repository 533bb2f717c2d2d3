"""Why AWS did not do what it was asked: by its code, since its messages may repeat what they were asked."""

from botocore.exceptions import BotoCoreError, ClientError


def code_of(error: ClientError | BotoCoreError) -> str:
    """AWS's own code, or botocore's word where there was no answer."""
    code = error.response.get("Error", {}).get("Code") if isinstance(error, ClientError) else None
    return str(code or type(error).__name__)
