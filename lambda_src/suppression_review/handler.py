"""The function's entry point: one of three reviews, by schedule."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from shared.json_lines import write_json_lines
from suppression_review.review import Review
from suppression_review.settings import Settings

# At init, so that a wrong environment is an error of the function (alarm) rather than a review of nothing.
write_json_lines(os.environ)
_SETTINGS = Settings.from_environment(os.environ)


def handler(event: Mapping[str, object], context: object) -> None:
    """Run the review that the schedule asks for; the clock is read here and nowhere below."""
    Review.on_aws(_SETTINGS, now=datetime.now(UTC)).run(event.get("review"))
