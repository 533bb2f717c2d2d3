"""A brief as an event of PagerDuty's Events API v2."""

import json
from collections.abc import Iterator
from typing import TypeAlias

from notifier.brief import Brief
from notifier.destinations import text
from notifier.inert import bounded
from notifier.step import Step

Event: TypeAlias = dict[str, object]

# PagerDuty Events API v2: summary 1,024 characters, dedup_key 255, the whole event 512 KB.
SUMMARY_LIMIT = 1024
SIZE_LIMIT = 512_000

# Total: what cannot be judged wakes somebody, because it must not be overlooked.
SEVERITIES = {"Critical": "critical", "High": "error", "Medium": "warning", "Low": "info"}
UNKNOWN_SEVERITY = "critical"


def wakes(brief: Brief) -> bool:
    """Whether it is for a pager: no sample finding, for which nothing happened, and no notice, for working hours."""
    return not brief.sample and not brief.notice


def message(brief: Brief, *, routing_key: str) -> str:
    """The JSON to post: the whole event, or as much of it as PagerDuty takes."""
    if brief.closes:
        return _resolve(brief, routing_key)
    for details in (_details(brief, whole=True), _details(brief, whole=False)):
        shown = _trigger(brief, routing_key, details)
        if len(shown) <= SIZE_LIMIT:
            return shown
    return plain_message(brief, routing_key=routing_key)


def plain_message(brief: Brief, *, routing_key: str) -> str:
    """Fixed keys alone: for when the event cannot be made or is refused."""
    if brief.closes:
        return _resolve(brief, routing_key)
    return _trigger(brief, routing_key, {"Plain form": text.plain_body(brief).splitlines()})


def severity(brief: Brief) -> str:
    """PagerDuty's word for the severity."""
    return SEVERITIES.get(brief.severity.word, UNKNOWN_SEVERITY)


def _resolve(brief: Brief, routing_key: str) -> str:
    return json.dumps({"routing_key": routing_key, "event_action": "resolve", "dedup_key": brief.case})


def _trigger(brief: Brief, routing_key: str, details: Event) -> str:
    payload: Event = {
        "summary": bounded(f"{brief.headline} Account {brief.account_in_words}, {brief.region}.", limit=SUMMARY_LIMIT),
        "source": f"{brief.account} {brief.region}",
        "severity": severity(brief),
        "group": brief.account,
        "class": brief.finding_type,
        "custom_details": details,
    }
    if brief.updated:
        payload["timestamp"] = brief.updated.isoformat()
    event: Event = {
        "routing_key": routing_key,
        "event_action": "trigger",
        # The same for every message about a case, so that PagerDuty folds them into one alert.
        "dedup_key": brief.case,
        "client": f"Detection stack {brief.deployment}",
        "payload": payload,
        # Ours are the only links; PagerDuty shows those of a finding's text as text.
        "links": [{"href": link.url, "text": link.label} for link in brief.links()],
    }
    if brief.link:
        event["client_url"] = brief.link.url
    return json.dumps(event)


def _step(number: int, step: Step) -> Iterator[str]:
    yield f"{number}. {step.text}"
    for snippet in step.snippets:
        yield f"{snippet.label}:"
        yield from snippet.text.splitlines()


def _details(brief: Brief, *, whole: bool) -> Event:
    details: Event = {"Severity": brief.severity_label}
    if brief.egress:
        details["Egress"] = brief.egress.sentence
    if brief.notes:
        details["Note"] = list(brief.notes)
    if brief.steps:
        details["What to do now"] = [line for number, step in enumerate(brief.steps, 1) for line in _step(number, step)]
    if not whole:
        return details | {"Shortened": f"All of it is in {'CloudTrail' if brief.call else 'GuardDuty'}."}
    for section in brief.sections:
        facts: dict[str, str] = {}
        for fact in section.facts:
            # Two resources of a kind have the same label.
            facts[fact.label] = f"{facts[fact.label]}; {fact.value}" if fact.label in facts else fact.value
        # A title may come twice, or be one of ours.
        title = section.title
        while title in details:
            title += " (more)"
        details[title] = facts
    if brief.description:
        details["GuardDuty says"] = brief.description.splitlines()
    if brief.raw:
        details["What came"] = brief.raw.splitlines()
    return details
