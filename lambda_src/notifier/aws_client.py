"""Clients of AWS services."""

from functools import cache
from typing import TYPE_CHECKING, Literal, overload

from botocore.session import Session

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient


@overload
def aws_client(service: Literal["dynamodb"], *, config: "Config") -> "DynamoDBClient": ...
@overload
def aws_client(service: Literal["secretsmanager"], *, config: "Config") -> "SecretsManagerClient": ...
@overload
def aws_client(service: Literal["sns"], *, config: "Config", region: str) -> "SNSClient": ...
@overload
def aws_client(service: Literal["sqs"], *, config: "Config") -> "SQSClient": ...
def aws_client(service: str, *, config: "Config", region: str | None = None) -> object:
    """The very client that `boto3.client` makes, from botocore, which makes them for boto3.

    `import boto3` also reads its resources and its transfers to S3, a tenth of what the function's start takes, and
    we use neither.

    Args:
        service: As boto3 names it.
        config: Timeouts and attempts.
        region: Another Region than the function's own.
    """
    return _session().create_client(service, region_name=region, config=config)


@cache
def _session() -> Session:
    """One for all clients: each session reads the endpoints of AWS, and asks for credentials, anew."""
    return Session()
