"""At the desk: tools for people, nothing that is deployed."""

import sys
from pathlib import Path

# The notifier is a root of its own, as in the Lambda function; the tools show what it would say.
_NOTIFIER_ROOT = str(Path(__file__).resolve().parents[1] / "lambda_src")
if _NOTIFIER_ROOT not in sys.path:
    sys.path.append(_NOTIFIER_ROOT)
