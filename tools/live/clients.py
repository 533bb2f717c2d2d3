"""Clients for commands that look at live accounts: patient, but never for long, and safe to share between threads."""

from collections.abc import Callable
from threading import Lock
from typing import Any

import boto3
from botocore.config import Config

from tools.live.refusal import InvalidEndpointError

ClientOf = Callable[[str, str], Any]
"""A boto3 client by service and Region."""

_CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 5, "mode": "adaptive"})


class WrongAccountError(Exception):
    """The credentials are of another account than the one that is asked about."""


def clients(profile: str | None) -> ClientOf:
    """Clients with the credentials of a profile; None as boto3 finds them.

    Raises:
        botocore.exceptions.ProfileNotFound: There is no such profile.
        InvalidEndpointError: When a client is made: a setting names an endpoint that is no address.
    """
    session = boto3.session.Session(profile_name=profile)
    made: dict[tuple[str, str], Any] = {}
    # Clients may be shared between threads, the session that makes them may not (boto3 guide, multithreading).
    lock = Lock()

    def client_of(service: str, region: str) -> Any:  # noqa: ANN401  the type depends on the service's name
        with lock:
            if (service, region) not in made:
                made[service, region] = _client(session, service, region)
            return made[service, region]

    return client_of


def _client(session: boto3.session.Session, service: str, region: str) -> Any:  # noqa: ANN401  as `client_of`
    try:
        return session.client(service, region_name=region, config=_CONFIG)  # type: ignore[call-overload]
    except ValueError as error:  # botocore's own for an endpoint, and of no class of its own
        raise InvalidEndpointError(error=error) from None
