"""The function's settings: the only reader of the environment."""

import json
import re
import time
from collections.abc import Mapping
from ipaddress import ip_network
from typing import NamedTuple

from notifier.accounts import Account
from notifier.destinations import SENDERS, sender_of
from notifier.destinations.base import Sender
from notifier.egress import EgressRange
from notifier.items.expected import Expected
from notifier.ledger.table import DynamoTable
from notifier.ledger.told import Told
from notifier.links import Portal
from notifier.queue.queues import Queues, SqsQueues
from shared.settings import matching, number, refuse, regions

_DEPLOYMENT = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,27}")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
# Plain http is what an emulator has; what AWS puts into a template is https.
_QUEUE_URL = re.compile(r"https?://[A-Za-z0-9.:-]{1,253}/\d{12}/[A-Za-z0-9_-]{1,80}", re.ASCII)
_QUEUE_FORM = "the URL of a queue, such as https://sqs.eu-west-1.amazonaws.com/111122223333/findings"
# A table of DynamoDB (DynamoDB API reference, CreateTable).
_TABLE = re.compile(r"[A-Za-z0-9_.-]{3,255}", re.ASCII)
_ACCOUNTS_FORM = 'JSON such as {"111122223333": ["payments-prod", "payments-team"]}'
_PORTAL_URL = re.compile(
    r"https://[a-z0-9.-]{1,128}\."
    r"(?:awsapps\.(?:com|cn)/(?:start|directory/[a-z0-9-]{1,63})|portal\.[a-z0-9-]{1,32}\.app\.aws)"
)
_RUNBOOKS = re.compile(r"docs/runbooks|https://[!-~]{3,200}")
_PORTAL_ROLE = re.compile(r"[\w+=,.@-]{1,32}", re.ASCII)
_EXPECTED_FORM = 'a JSON list of roles and sessions such as [["cdk-hnb659fds-deploy-role-*", "detection-stack-*"]]'
_EGRESS_FORM = 'a JSON list such as [{"name": "frankfurt-dc", "cidrs": ["198.51.100.0/28"], "owner": "network-ops"}]'


class Settings(NamedTuple):
    """What the template tells the function."""

    deployment: str
    destination_name: str
    destination_kind: str
    values: Mapping[str, str]
    queue_url: str
    dead_letters_url: str
    ledger_table: str
    quiet_hours: int
    messages_per_minute: int
    egress: tuple[EgressRange, ...]
    detective: frozenset[str]
    accounts: Mapping[str, Account]
    portal: Portal | None
    runbooks: str
    expected: Expected

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings in `environment`.

        Raises:
            InvalidSettings: names the variable, what it holds and what is allowed.
        """
        deployment = matching(environment, "DEPLOYMENT", _DEPLOYMENT, "the deployment's name, such as sandbox")
        name = matching(environment, "DESTINATION_NAME", _NAME, "the destination's name, such as security-slack")
        kind = environment.get("DESTINATION_KIND", "")
        if kind not in SENDERS:
            refuse("DESTINATION_KIND", environment.get("DESTINATION_KIND"), f"one of {', '.join(sorted(SENDERS))}")
        return cls(
            deployment=deployment,
            destination_name=name,
            destination_kind=kind,
            values={v.name: matching(environment, v.name, v.pattern, v.allowed) for v in sender_of(kind).variables},
            queue_url=matching(environment, "QUEUE_URL", _QUEUE_URL, _QUEUE_FORM),
            dead_letters_url=matching(environment, "DEAD_LETTER_QUEUE_URL", _QUEUE_URL, _QUEUE_FORM),
            ledger_table=matching(environment, "LEDGER_TABLE", _TABLE, "the name of a DynamoDB table"),
            quiet_hours=number(environment, "NOTIFY_AGAIN_AFTER_HOURS"),
            messages_per_minute=number(environment, "MESSAGES_PER_MINUTE"),
            egress=_egress(environment.get("EGRESS_RANGES", "")),
            detective=frozenset(regions(environment, "DETECTIVE_REGIONS")),
            accounts=_accounts(environment.get("ACCOUNTS", "")),
            portal=_portal(environment),
            runbooks=matching(environment, "RUNBOOKS_URL", _RUNBOOKS, "docs/runbooks, or an https:// address"),
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
            deployment=self.deployment,
            destination=self.destination_name,
            queues=queues,
            quiet_hours=self.quiet_hours,
            messages_per_minute=self.messages_per_minute,
            clock=time.time,
        )


def _egress(value: str) -> tuple[EgressRange, ...]:
    if not value.strip():
        return ()
    try:
        entries = json.loads(value)
        return tuple(
            EgressRange(
                name=_text(entry["name"]),
                owner=_text(entry["owner"]),
                networks=tuple(ip_network(_text(cidr)) for cidr in entry["cidrs"]),
                observing=entry.get("mode") == "observe",
                scoped=entry.get("scoped") is True,
            )
            for entry in entries
        )
    except (ValueError, TypeError, KeyError) as error:
        reason = f"no {error}" if isinstance(error, KeyError) else str(error)
        refuse("EGRESS_RANGES", value, f"{_EGRESS_FORM} ({reason})")


def _accounts(value: str) -> Mapping[str, Account]:
    if not value.strip():
        return {}
    try:
        return {
            _text(number): Account(_text(name), _text(owner)) for number, (name, owner) in json.loads(value).items()
        }
    except (ValueError, TypeError, AttributeError) as error:
        refuse("ACCOUNTS", value, f"{_ACCOUNTS_FORM} ({error})")


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
        callers = tuple((_text(role), _text(session)) for role, session in json.loads(value or "[]"))
    except (ValueError, TypeError) as error:
        refuse("WATCH_EXPECTED", value, f"{_EXPECTED_FORM} ({error})")
    return Expected(callers=callers, cloudformation_roles=tuple(role for role in roles.split(",") if role))


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{value!r} is not text")
    return value
