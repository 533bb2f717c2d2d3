"""An exception in words that are safe to log."""

import traceback
from pathlib import PurePath

_FRAMES = 4


def where(error: BaseException) -> str:
    """Type and place of an exception, without its message: that may hold a secret or the text of an attacker."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    return f"{type(error).__name__} at {places}" if places else type(error).__name__
