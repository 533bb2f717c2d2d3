"""Starts an investigation: one for each case, however often the finding is told."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from botocore.exceptions import ClientError

from investigation.settings import StarterSettings
from investigation.subject import execution_name, is_sample, subject_of

logger = logging.getLogger(__name__)


class StepFunctions(Protocol):
    """What is needed of Step Functions."""

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> object:  # noqa: N803, A002  AWS's names
        """Start, or refuse a name that was used."""


def start(event: Mapping[str, object], *, settings: StarterSettings, client: StepFunctions, now: datetime) -> str:
    """Start an investigation unless the case has one already; what became of it, in a word for the log.

    Raises:
        ClientError: Step Functions refused; the event comes again, and then to the dead-letter queue.
    """
    subject = subject_of(event)
    name = execution_name(subject, now=now, window=settings.window)
    about = {"execution": name, "finding_id": subject["finding_id"]}
    if is_sample(event):
        logger.info("a sample; nothing happened, nothing to look into", extra=about)
        return "sample"
    try:
        client.start_execution(stateMachineArn=settings.machine, name=name, input=json.dumps({"subject": subject}))
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != "ExecutionAlreadyExists":
            raise
        logger.info("the case is being investigated, or was a short time ago", extra=about)
        return "known"
    logger.info("investigation started", extra=about)
    return "started"
