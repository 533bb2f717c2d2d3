"""A message in a channel or chat of Microsoft Teams, by a Workflows webhook."""

import json
import re
from collections.abc import Mapping
from typing import ClassVar, Self

from notifier.brief import Brief
from notifier.destinations import secret
from notifier.destinations.base import Sender, Variable, names_a_secret, rendered
from notifier.destinations.secret import Secret, post_with
from notifier.destinations.teams_card import message, plain_message
from notifier.https import Address, Answer, Https, raise_unless

# Where Workflows (Power Automate) receives webhooks: Power Platform's own hosts, and those of Logic Apps, which came
# before (the two hosts of databrickslabs/dqx, Teams destination; `.us` and `.cn` are their names in the clouds of the
# US government and of China). The retired connectors (webhook.office.com) are not among them.
HOSTS = (
    ".environment.api.powerplatform.com",
    ".environment.api.powerplatform.us",
    ".logic.azure.com",
    ".logic.azure.us",
    ".logic.azure.cn",
)
POST_SECONDS = 8.0
# Accepted: Workflows posts it later, and whether it did can be seen in the history of its runs alone.
_DELIVERED = {200, 202}
_UNREADABLE = {400, 413}
_CODE = re.compile(r"[A-Za-z]{1,60}")


def webhook(stored: str) -> Address:
    """The webhook's address, from what the secret holds.

    Raises:
        ValueError: it is not the address of a Workflows webhook.
    """
    address = Address.parse(stored)
    if not address.host.endswith(HOSTS):
        raise ValueError(
            "must be the address of a Workflows webhook of Teams, on a host that ends in "
            f"{' or '.join(HOSTS)}; the connectors at webhook.office.com are retired"
        )
    if "/workflows/" not in address.path:
        raise ValueError("is not the whole address of the webhook; copy all of it")
    return address


class TeamsSender(Sender):
    """Posts to one Workflows webhook; delivered means status 200 or 202."""

    kind: ClassVar[str] = "teams"
    variables: ClassVar[tuple[Variable, ...]] = (names_a_secret("TEAMS_WEBHOOK_SECRET"),)
    # The card, the card again by a webhook that has been replaced, and the plain text.
    seconds: ClassVar[float] = secret.SECONDS + 3 * POST_SECONDS
    # Teams throttles above four a second (learn.microsoft.com, incoming webhooks), Workflows' own limits are lower
    # and depend on the plan; two functions send at once.
    seconds_between: ClassVar[float] = 1.0

    def __init__(
        self, *, webhook_secret: str, secret: Secret[Address] | None = None, https: Https | None = None
    ) -> None:
        self._secret = secret or Secret(webhook_secret, parse=webhook)
        self._https = https or Https()

    @classmethod
    def configured(cls, values: Mapping[str, str]) -> Self:
        """See `Sender`."""
        return cls(webhook_secret=values["TEAMS_WEBHOOK_SECRET"])

    def send(self, brief: Brief) -> None:
        """See `Sender`."""
        card = rendered(brief, full=message, plain=plain_message)
        answer, address = post_with(self._secret, lambda address: self._post(address, card))
        if answer.status in _UNREADABLE:
            # The card is not to its liking; the same again as plain text rather than a dead letter.
            answer = self._post(address, plain_message(brief))
        raise_unless(_DELIVERED, answer, who="Teams", said=_said(answer.body))

    def _post(self, address: Address, payload: str) -> Answer:
        return self._https.post(
            address,
            body=payload.encode("ascii"),
            headers={"Content-Type": "application/json; charset=utf-8"},
            deadline=POST_SECONDS,
        )


def _said(body: str) -> str:
    """The code of the error, such as `WorkflowTriggerIsNotEnabled`; the text beside it may repeat the address."""
    try:
        code = json.loads(body)["error"]["code"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""
