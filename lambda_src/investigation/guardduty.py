"""GuardDuty's own investigation (preview): asked for only where that is switched on, and within its quotas."""

from datetime import datetime, timedelta

from investigation.aws import Service
from investigation.documents import Fact, Probe, Subject
from investigation.pages import pages
from investigation.probe import Answer, after, probe
from investigation.refused import Refusal
from investigation.wire import block, blocks, moment, text

A_DAY, IN_ALL = 10, 100
"""Investigations of an account during the preview (botocore guardduty 1.44.5, CreateInvestigation)."""

_PAGES, _PAGE = 3, 50
_SUMMARY = 1200

_ERROR = 300
"""Characters of why one failed; GuardDuty gives up to 2,048 (botocore guardduty 1.44.5, Investigation)."""


def start(subject: Subject, *, client: Service, is_on: bool, now: datetime) -> Probe:
    """Ask GuardDuty to investigate the finding, unless its quota is used up.

    Raises:
        Throttled: Another attempt may succeed.
    """
    if not is_on:
        return probe("not-started", f"not switched on in {subject['region'] or 'an unknown Region'}")
    if not subject["finding_id"]:
        return probe("not-started", "the finding has no id")
    try:
        detectors = client.call("list_detectors").get("DetectorIds")
        detector = text(detectors[0]) if isinstance(detectors, list) and detectors else ""
        if not detector:
            return probe("not-started", "GuardDuty has no detector there")
        today, in_all = _used(client, detector, now=now)
        if today >= A_DAY or in_all >= IN_ALL:
            used = f"{today} of {A_DAY} within a day, {in_all} of {IN_ALL} in all"
            return probe("not-started", f"the quota of the preview is used up ({used})")
        # The id alone: whatever else the finding says may be an attacker's text, and this is read by a model.
        answer = client.call(
            "create_investigation",
            DetectorId=detector,
            TriggerPrompt=f"Investigate the GuardDuty finding {subject['finding_id']}",
        )
    except Refusal as error:
        return probe("not-started", str(error))
    return probe("running", about=detector, id_=text(answer.get("InvestigationId")))


def check(state: Probe, *, client: Service, most_checks: int) -> Probe:
    """Ask once whether it is over.

    Raises:
        Throttled: Another attempt may succeed.
    """
    try:
        found = block(
            client.call("get_investigation", DetectorId=state["about"], InvestigationId=state["id"]).get(
                "Investigation"
            )
        )
    except Refusal as error:
        return probe("refused", str(error), about=state["about"], id_=state["id"])
    lines = (
        ("Risk", text(found.get("Risk"), limit=_SUMMARY)),
        ("Confidence", text(found.get("Confidence"))),
        ("Summary", text(found.get("Summary"), limit=_SUMMARY)),
    )
    facts = [Fact(label=label, value=value) for label, value in lines if value]
    answer = Answer(
        status=text(found.get("Status")),
        severity=text(found.get("RiskLevel")),
        facts=facts,
        error=text(found.get("Error"), limit=_ERROR),
    )
    return after(state, answer, service="GuardDuty", over="COMPLETED", most_checks=most_checks)


def _used(client: Service, detector: str, *, now: datetime) -> tuple[int, int]:
    """How many investigations were started within a day, and in all."""
    today = in_all = 0
    for page in pages(client, "list_investigations", most=_PAGES, DetectorId=detector, MaxResults=_PAGE):
        for one in blocks(page.get("Investigations")):
            in_all += 1
            began = moment(one.get("StartTime"))
            # One without a time counts: better one too few than a refusal for somebody who asks by hand.
            today += began is None or began > now - timedelta(days=1)
    return today, in_all
