"""The world of the review, anew for each test."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from moto import mock_aws
from pytest_httpserver import HTTPServer

from suppression_review.settings import Settings
from tests.unit.suppression_review.world import BUS, HOME, TABLE, World


@pytest.fixture
def settings() -> Settings:
    return Settings(
        name_prefix="sandbox",
        regions=(HOME, "us-east-1"),
        bus_name=BUS,
        table_name=TABLE,
        destinations=("security-mail", "network-mail"),
        default_to=("security-mail",),
        stale_after=timedelta(days=90),
        trusted_entity_sets=(HOME,),
        ip_sets=("us-east-1",),
    )


@pytest.fixture
def world(httpserver: HTTPServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", HOME)
    with mock_aws():
        yield World(server=httpserver, settings=settings)
