"""The entry point of the function that starts investigations; it decides nothing."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

import boto3
from botocore.config import Config

from investigation.settings import StarterSettings
from investigation.start import StepFunctions, start
from shared.json_lines import write_json_lines

# At init, so that a wrong environment is an error of the function and the event comes again.
write_json_lines(os.environ)
_SETTINGS = StarterSettings.from_environment(os.environ)
_CLIENT: StepFunctions = boto3.client(
    "stepfunctions",
    config=Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 6, "mode": "standard"}),
)


def handler(event: Mapping[str, object], context: object) -> None:
    """Start an investigation of the finding; the clock is read here and nowhere below."""
    start(event, settings=_SETTINGS, client=_CLIENT, now=datetime.now(UTC))
