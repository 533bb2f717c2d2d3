"""An exception in words that are safe to log."""

import traceback
from pathlib import PurePath

from botocore.exceptions import BotoCoreError, ClientError

_FRAMES = 4


def where(error: BaseException) -> str:
    """Type and place of an exception, without its message: that may hold a secret or the text of an attacker."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    return f"{type(error).__name__} at {places}" if places else type(error).__name__


def code_of(error: ClientError | BotoCoreError) -> str:
    """AWS's own code, or botocore's word where there was no answer; a message may repeat what AWS was asked."""
    code = error.response.get("Error", {}).get("Code") if isinstance(error, ClientError) else None
    return str(code or type(error).__name__)
