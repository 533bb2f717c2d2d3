"""What is pictured: the headline finding for each kind of destination, and one of each other kind of message."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from infra.config import Deployment
from infra.project import PROJECT
from notifier.brief import Brief
from notifier.items.event import read
from suppression_review.digest import Week, digest
from suppression_review.entry import Entry
from suppression_review.filters import EgressFilter
from suppression_review.hidden import HiddenFinding
from suppression_review.notice import DETAIL_TYPE, SOURCE
from tools.messages.deployment import brief_for
from tools.messages.kinds import CUSTOM_NOTIFICATION, KINDS

_EXAMPLES = PROJECT / "docs" / "examples"
_NAMES: Mapping[str, str] = {"sns": "mail", CUSTOM_NOTIFICATION: "chat"}
_TODAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Subject:
    """A message in the form of one kind of destination."""

    kind: str
    brief: Brief


def subjects(deployment: Deployment) -> dict[str, Subject]:
    """What to picture, by the name of the file."""
    finding, report, change = (
        _brief((_EXAMPLES / example).read_text(encoding="utf-8"), deployment)
        for example in (
            "findings/leaked-lambda-credentials.json",
            "reports/leaked-lambda-credentials.json",
            "changes/archiving-filter.json",
        )
    )
    pictured = {f"{_NAMES.get(kind, kind)}-message": Subject(kind, finding) for kind in KINDS}
    return pictured | {
        "investigation-report": Subject("slack", report),
        "change-by-hand": Subject("slack", change),
        "suppression-digest": Subject("slack", _brief(_digest(), deployment)),
    }


def _brief(text: str, deployment: Deployment) -> Brief:
    (item,) = read(text)
    return brief_for(item, deployment)


def _digest() -> str:
    """The event of a digest, from the review's own code, for a week that we make up."""
    known, new = (
        _hidden("payments-api", account="111122223333", number=4),
        _hidden("orders-export", account="444455556666", number=11),
    )
    week = Week(
        entries=[_entry("frankfurt-dc", owner="network-ops"), _entry("osaka-dc", owner="network-apac", hides=False)],
        findings=[known, new],
        matches={"frankfurt-dc": 15},
        other_filters={},
        uncounted=frozenset(),
        stale=frozenset({"osaka-dc"}),
        new_pairs=frozenset({new.pair}),
        new_accounts=frozenset({new.pair[:2]}),
        unseen={},
        today=_TODAY,
    )
    notice = digest(week, to=("security-mail",))
    return json.dumps({"source": SOURCE, "detail-type": DETAIL_TYPE, "detail": json.loads(notice.detail())})


def _entry(name: str, *, owner: str, hides: bool = True) -> Entry:
    filters = tuple(
        EgressFilter(
            name=f"sandbox-{name}-01",
            region=region,
            entry=name,
            owner=owner,
            expires=date(2027, 6, 30),
            notify=(),
            hides=hides,
            criterion={},
            created=None,
        )
        for region in ("eu-west-1", "us-east-1")
    )
    return Entry(name=name, filters=filters)


def _hidden(function: str, *, account: str, number: int) -> HiddenFinding:
    return HiddenFinding(
        entry="frankfurt-dc",
        region="eu-west-1",
        finding_id=f"{number:032x}",
        type="UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS",
        account=account,
        role=f"{function}-role",
        role_id=f"{function}-role",
        function=function,
        access_key="ASIAIOSFODNN7EXAMPLE",
        address="192.0.2.7",
        first=datetime(2026, 11, 17, 8, 4, 11, tzinfo=UTC),
        last=datetime(2026, 11, 22, 21, 47, 30, tzinfo=UTC),
        count=number,
    )
