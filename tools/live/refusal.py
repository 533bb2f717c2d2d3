"""Why AWS did not answer, in one line."""

from botocore.exceptions import BotoCoreError, ClientError


def said(error: ClientError | BotoCoreError) -> str:
    """The call and AWS's own words; what botocore says where there was no answer at all."""
    if isinstance(error, ClientError):
        failure = error.response.get("Error", {})
        return f"{error.operation_name}: {failure.get('Code')}: {failure.get('Message')}"
    return str(error)
