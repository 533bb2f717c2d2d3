"""The function's entry point: a request of CloudFormation in, an answer out, whatever happens between."""

import logging
import os
from collections.abc import Mapping
from typing import Protocol

import boto3
from botocore.config import Config

from organization.answer import body, send
from organization.aws import Aws
from organization.on_event import on_event, physical_id
from organization.patience import Patience
from organization.refused import Refused
from organization.request import NOT_MADE, Request
from shared.json_lines import write_json_lines

logger = logging.getLogger()

FOR_THE_ANSWER = 60.0
"""Seconds of an invocation that are kept for the answer."""

write_json_lines(os.environ)

_CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=5, read_timeout=30)


class Context(Protocol):
    """What Lambda says of an invocation."""

    invoked_function_arn: str

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is stopped."""


def handler(event: Mapping[str, object], context: Context) -> None:
    """Do what CloudFormation asks, and tell it what came of it."""
    request = Request.from_event(event)
    left = context.get_remaining_time_in_millis() / 1000
    aws = Aws(
        account=context.invoked_function_arn.split(":")[4],
        home=os.environ["AWS_REGION"],
        client=_client,
        patience=Patience(left - FOR_THE_ANSWER),
    )
    send(request.answer_to, answer_to(request, aws), patience=Patience(FOR_THE_ANSWER / 2))


def answer_to(request: Request, aws: Aws) -> dict[str, object]:
    """The answer to a request; a failure of any kind is one too, or CloudFormation would wait for an hour."""
    try:
        outcome = on_event(request, aws)
    except Refused as refused:
        logger.error("refused", extra={"reason": str(refused), "resource": request.resource})  # noqa: TRY400  the reason says it
        return body(request, physical_id=_failed_id(request), reason=str(refused))
    except Exception as error:
        logger.exception("failed", extra={"resource": request.resource})
        reason = f"{type(error).__name__}: {error}; this is a mistake in the function: its log has the traceback"
        return body(request, physical_id=_failed_id(request), reason=reason)
    logger.info("done", extra={"resource": outcome.physical_id, "request": request.kind, "told": dict(outcome.told)})
    return body(request, physical_id=outcome.physical_id, told=outcome.told)


def _failed_id(request: Request) -> str:
    if request.kind != "Create":
        return request.physical_id
    try:
        return physical_id(request) + NOT_MADE
    except Refused:
        return request.resource + NOT_MADE


def _client(service: str, region: str) -> object:
    # boto3's endpoints are those of the Region, which an opt-in Region asks for; no role is assumed, so no STS.
    return boto3.client(service, region_name=region, config=_CONFIG)  # type: ignore[call-overload]  # by name
