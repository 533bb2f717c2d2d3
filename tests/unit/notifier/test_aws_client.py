"""A client is the one that boto3 would have made."""

from typing import Any, Literal

import boto3
import pytest
from botocore.config import Config

from notifier.aws_client import aws_client

CONFIG = Config(connect_timeout=1.5, read_timeout=2.5, retries={"total_max_attempts": 2, "mode": "standard"})


@pytest.fixture(autouse=True)
def lambda_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Lambda gives a function."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "an example, no key")


@pytest.mark.parametrize("service", ["dynamodb", "secretsmanager", "sqs"])
def test_a_client_asks_where_and_as_boto3s_does(service: Literal["dynamodb", "secretsmanager", "sqs"]) -> None:
    ours, theirs = aws_client(service, config=CONFIG), boto3.client(service, config=CONFIG)
    assert ours.meta.endpoint_url == theirs.meta.endpoint_url == f"https://{service}.eu-west-1.amazonaws.com"
    assert ours.meta.method_to_api_mapping == theirs.meta.method_to_api_mapping
    settings: Any = ours.meta.config  # the stubs know its arguments, not what it keeps
    assert (settings.connect_timeout, settings.read_timeout) == (1.5, 2.5)
    assert settings.retries == {"total_max_attempts": 2, "mode": "standard"}


def test_a_client_may_be_of_another_region_than_the_functions() -> None:
    assert aws_client("sns", config=CONFIG, region="cn-north-1").meta.endpoint_url == (
        "https://sns.cn-north-1.amazonaws.com.cn"
    )


def test_an_endpoint_of_ones_own_is_taken_as_boto3_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:4566")
    assert aws_client("sqs", config=CONFIG).meta.endpoint_url == "http://127.0.0.1:4566"
