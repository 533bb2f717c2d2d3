"""The function's settings: the only reader of the environment."""

import json
import re
import time
from collections.abc import Mapping
from typing import NamedTuple

from notifier.briefs.surroundings import Surroundings
from notifier.destinations import SENDERS, sender_of
from notifier.destinations.base import Sender
from notifier.items.expected import Expected
from notifier.ledger.table import DynamoTable
from notifier.ledger.told import Told
from notifier.links import Portal
from notifier.queue.queues import Queues, SqsQueues
from shared.known import Known
from shared.settings import matching, number, refuse, regions, text_of

_DEPLOYMENT = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,27}")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
# Plain http is what an emulator has; what AWS puts into a template is https.
_QUEUE_URL = re.compile(r"https?://[A-Za-z0-9.:-]{1,253}/\d{12}/[A-Za-z0-9_-]{1,80}", re.ASCII)
_QUEUE_FORM = "the URL of a queue, such as https://sqs.eu-west-1.amazonaws.com/111122223333/findings"
# A table of DynamoDB (DynamoDB API reference, CreateTable).
_TABLE = re.compile(r"[A-Za-z0-9_.-]{3,255}", re.ASCII)
_PORTAL_URL = re.compile(
    r"https://[a-z0-9.-]{1,128}\."
    r"(?:awsapps\.(?:com|cn)/(?:start|directory/[a-z0-9-]{1,63})|portal\.[a-z0-9-]{1,32}\.app\.aws)"
)
_RUNBOOKS = re.compile(r"docs/runbooks|https://[!-~]{3,200}")
_PORTAL_ROLE = re.compile(r"[\w+=,.@-]{1,32}", re.ASCII)
_EXPECTED_FORM = 'a JSON list of roles and sessions such as [["cdk-hnb659fds-deploy-role-*", "detection-stack-*"]]'


class Settings(NamedTuple):
    """What the template tells the function.

    Attributes:
        around: What goes into every brief.
    """

    around: Surroundings
    destination_name: str
    destination_kind: str
    values: Mapping[str, str]
    queue_url: str
    dead_letters_url: str
    ledger_table: str
    quiet_hours: int
    messages_per_minute: int
    expected: Expected

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, known: Known) -> "Settings":
        """The settings in `environment`.

        Args:
            environment: All variables.
            known: What the file beside the code says.

        Raises:
            InvalidSettings: names the variable, what it holds and what is allowed.
        """
        deployment = matching(environment, "DEPLOYMENT", _DEPLOYMENT, "the deployment's name, such as sandbox")
        name = matching(environment, "DESTINATION_NAME", _NAME, "the destination's name, such as security-slack")
        kind = environment.get("DESTINATION_KIND", "")
        if kind not in SENDERS:
            refuse("DESTINATION_KIND", environment.get("DESTINATION_KIND"), f"one of {', '.join(sorted(SENDERS))}")
        return cls(
            around=Surroundings(
                deployment=deployment,
                accounts=known.accounts,
                egress=known.egress,
                detective=frozenset(regions(environment, "DETECTIVE_REGIONS")),
                portal=_portal(environment),
                runbooks=matching(environment, "RUNBOOKS_URL", _RUNBOOKS, "docs/runbooks, or an https:// address"),
            ),
            destination_name=name,
            destination_kind=kind,
            values={v.name: matching(environment, v.name, v.pattern, v.allowed) for v in sender_of(kind).variables},
            queue_url=matching(environment, "QUEUE_URL", _QUEUE_URL, _QUEUE_FORM),
            dead_letters_url=matching(environment, "DEAD_LETTER_QUEUE_URL", _QUEUE_URL, _QUEUE_FORM),
            ledger_table=matching(environment, "LEDGER_TABLE", _TABLE, "the name of a DynamoDB table"),
            quiet_hours=number(environment, "NOTIFY_AGAIN_AFTER_HOURS"),
            messages_per_minute=number(environment, "MESSAGES_PER_MINUTE"),
            expected=_expected(environment),
        )

    def sender(self) -> Sender:
        """The sender of this function's destination."""
        return sender_of(self.destination_kind).configured(self.values)

    def queues(self) -> SqsQueues:
        """The queue of this function's destination, and its dead-letter queue."""
        return SqsQueues(queue_url=self.queue_url, dead_letters_url=self.dead_letters_url)

    def told(self, queues: Queues) -> Told:
        """What this function's destination was told, and how much it gets in a minute."""
        return Told.by(
            DynamoTable(self.ledger_table),
            deployment=self.around.deployment,
            destination=self.destination_name,
            queues=queues,
            quiet_hours=self.quiet_hours,
            messages_per_minute=self.messages_per_minute,
            clock=time.time,
        )


def _portal(environment: Mapping[str, str]) -> Portal | None:
    if not environment.get("PORTAL_URL"):
        return None
    return Portal(
        matching(environment, "PORTAL_URL", _PORTAL_URL, "a start URL, such as https://example.awsapps.com/start"),
        matching(environment, "PORTAL_ROLE", _PORTAL_ROLE, "the name of a permission set, such as SecurityAudit"),
    )


def _expected(environment: Mapping[str, str]) -> Expected:
    value = environment.get("WATCH_EXPECTED", "")
    roles = environment.get("WATCH_CLOUDFORMATION_ROLES", "")
    try:
        callers = tuple((text_of(role), text_of(session)) for role, session in json.loads(value or "[]"))
    except (ValueError, TypeError) as error:
        refuse("WATCH_EXPECTED", value, f"{_EXPECTED_FORM} ({error})")
    return Expected(
        callers=callers,
        cloudformation_roles=tuple(role for role in roles.split(",") if role),
        filters=environment.get("WATCH_FILTERS", ""),
    )
