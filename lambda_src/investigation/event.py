"""The report as an event of ours on the findings bus: it takes the routes that the finding took."""

import json
from dataclasses import asdict

from investigation.aws import Service
from investigation.documents import Subject
from investigation.refused import Throttled, passes
from investigation.report import Report
from investigation.wire import blocks

SOURCE = "detection-stack"
DETAIL_TYPE = "Investigation Report"
"""Who sends it and what it is; routes of the template and the notifier know the same words (contract test)."""

VERSION = "1"


class ReportRefused(Exception):
    """EventBridge did not take a report."""


def detail_of(report: Report, subject: Subject, *, report_id: str) -> str:
    """The event's detail, JSON. `type`, `accountId` and `severity` are the finding's, at the finding's paths."""
    return json.dumps(
        {
            "version": VERSION,
            "reportId": report_id,
            "type": subject["type"],
            "accountId": subject["account"],
            "severity": subject["severity"],
            "region": subject["region"],
            "partition": subject["partition"],
            "findingId": subject["finding_id"],
            "accessKeyId": subject["access_key"],
            "principalId": subject["principal_id"],
            "regions": list(report.regions),
            "lastSeen": subject["last_seen"],
            "subject": report.subject,
            "headline": report.headline,
            "notes": list(report.notes),
            "sections": [{"title": one.title, "facts": list(one.facts)} for one in report.sections],
            "steps": list(report.steps),
            "unread": asdict(report.unread) if report.unread else None,
        }
    )


def put(detail: str, *, events: Service, bus_name: str) -> None:
    """Put the report on the findings bus.

    Raises:
        ReportRefused: The bus does not take it.
        Throttled: Another attempt may succeed.
        Refusal: EventBridge refused the call.
    """
    entry = {"Source": SOURCE, "DetailType": DETAIL_TYPE, "Detail": detail, "EventBusName": bus_name}
    answer = events.call("put_events", Entries=[entry])
    if answer.get("FailedEntryCount"):
        code = next((one.get("ErrorCode") for one in blocks(answer.get("Entries"))), None)
        # Which of them pass: EventBridge API reference, PutEventsResultEntry.
        raise (Throttled if passes(code) else ReportRefused)(f"the bus {bus_name} did not take a report: {code}")
