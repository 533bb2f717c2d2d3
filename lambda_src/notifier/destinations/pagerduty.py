"""An alert in PagerDuty, by its Events API v2."""

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import ClassVar, Self

from notifier.brief import Brief
from notifier.destinations import secret
from notifier.destinations.base import Sender, Variable, names_a_secret, rendered
from notifier.destinations.pagerduty_event import message, plain_message, wakes
from notifier.destinations.secret import UNKNOWN, Secret, post_with
from notifier.https import Address, Answer, Https, raise_unless

# PagerDuty, service regions: an account is in one of them.
HOSTS = {"us": "events.pagerduty.com", "eu": "events.eu.pagerduty.com"}
_PATH = "/v2/enqueue"
POST_SECONDS = 8.0
_DELIVERED = {202}
_BAD_REQUEST = 400
_KEY = re.compile(r"[A-Za-z0-9]{32}")
_STATUS = re.compile(r"[A-Za-z ]{1,40}")


def routing_key(stored: str) -> str:
    """The integration key, from what the secret holds.

    Raises:
        ValueError: it does not look like one.
    """
    if not _KEY.fullmatch(stored):
        raise ValueError("must be the integration key of an Events API v2 integration, 32 letters and digits")
    return stored


class PagerDutySender(Sender):
    """Sends events to one integration; delivered means status 202.

    Messages about one case share a key, so that PagerDuty folds them into one alert; archiving the case resolves it.
    """

    kind: ClassVar[str] = "pagerduty"
    variables: ClassVar[tuple[Variable, ...]] = (
        names_a_secret("PAGERDUTY_ROUTING_KEY_SECRET"),
        Variable(
            name="PAGERDUTY_SERVICE_REGION", pattern=re.compile("|".join(HOSTS)), allowed=f"one of {', '.join(HOSTS)}"
        ),
    )
    # The event, the event again with a key that has been replaced, and the plain form.
    seconds: ClassVar[float] = secret.SECONDS + 3 * POST_SECONDS
    # PagerDuty gives no figure and throttles by what a service gets (Events API v2, limits); two functions send.
    seconds_between: ClassVar[float] = 1.0

    def __init__(
        self,
        *,
        routing_key_secret: str,
        service_region: str,
        secret: Secret[str] | None = None,
        https: Https | None = None,
    ) -> None:
        self._secret = secret or Secret(routing_key_secret, parse=routing_key)
        self._address = Address(HOSTS[service_region], _PATH)
        self._https = https or Https()

    @classmethod
    def configured(cls, values: Mapping[str, str]) -> Self:
        """See `Sender`."""
        return cls(
            routing_key_secret=values["PAGERDUTY_ROUTING_KEY_SECRET"],
            service_region=values["PAGERDUTY_SERVICE_REGION"],
        )

    def takes(self, brief: Brief) -> bool:
        """See `wakes`."""
        return wakes(brief)

    def send(self, brief: Brief) -> None:
        """See `Sender`."""
        # An unknown key is a bad request to PagerDuty, as a malformed event is.
        answer, key = post_with(
            self._secret, lambda key: self._post(_event(brief, key)), unknown={*UNKNOWN, _BAD_REQUEST}
        )
        if answer.status == _BAD_REQUEST:
            answer = self._post(plain_message(brief, routing_key=key))
        raise_unless(_DELIVERED, answer, who="PagerDuty", said=_said(answer.body))

    def _post(self, event: str) -> Answer:
        return self._https.post(
            self._address,
            body=event.encode("ascii"),
            headers={"Content-Type": "application/json"},
            deadline=POST_SECONDS,
        )


def _event(brief: Brief, key: str) -> str:
    return rendered(brief, full=partial(message, routing_key=key), plain=partial(plain_message, routing_key=key))


def _said(body: str) -> str:
    """PagerDuty's short word for it, such as `invalid event`; the errors beside it may repeat what was sent."""
    try:
        status = json.loads(body)["status"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return status if isinstance(status, str) and _STATUS.fullmatch(status) else ""
