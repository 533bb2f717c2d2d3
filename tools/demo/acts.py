"""The three findings of the demo, and what is promised of each."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from notifier.brief import Brief
from notifier.destinations import slack_card
from notifier.items.event import read
from tools.demo.findings import caller_of, example
from tools.demo.setting import Setting
from tools.demo.stage import Arrived, Stage
from tools.matching.guardduty_filters import FilterVerdict
from tools.messages.deployment import brief_for
from tools.messages.html import render_html


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One finding, and who is expected to hear of it.

    Attributes:
        word: What becomes of the finding, in one word.
        short: The finding in a word or two.
        archived: GuardDuty is expected to archive it.
        mails: Mails that are expected.
        slack: Slack messages that are expected.
    """

    word: str
    short: str
    title: str
    file: str
    region: str
    caller: str | None
    archived: bool
    mails: int
    slack: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What really became of it.

    Attributes:
        differences: What is not as promised; empty if all went well.
        entry: The egress entry whose filter archived it, with its owner and end date.
    """

    act: Act
    event: dict[str, Any]
    brief: Brief
    verdict: FilterVerdict
    arrived: Arrived
    entry: str | None
    page: Path | None
    differences: tuple[str, ...]


def acts_of(setting: Setting) -> tuple[Act, Act, Act]:
    """The demo's three acts for a configuration."""
    home, other = setting.deployment.home_region, setting.other_region
    leaked = "leaked-lambda-credentials"
    return (
        Act(
            word="notified",
            short="leaked credentials",
            title="Credentials of a Lambda function, used from the internet",
            file=leaked,
            # Not the home Region, so that the way there is part of the demo.
            region=other,
            caller=None,
            archived=False,
            mails=1,
            slack=1,
        ),
        Act(
            word="suppressed",
            short="leaked credentials",
            title="The same credentials, used from our own egress",
            file=leaked,
            region=other,
            caller=setting.egress_address,
            archived=True,
            mails=0,
            slack=0,
        ),
        Act(
            word="low",
            short="port probe",
            title="A port probe, severity Low",
            file="low",
            region=home,
            caller=None,
            archived=False,
            mails=1,
            slack=0,
        ),
    )


def play(act: Act, stage: Stage, setting: Setting, *, folder: Path) -> Outcome:
    """Let GuardDuty find it, and see who hears of it."""
    event = example(
        act.file,
        account=setting.account,
        region=act.region,
        detector_id=stage.detector_id(act.region),
        now=datetime.now(UTC),
        caller=act.caller,
    )
    verdict = stage.judge(act.region, event)
    if verdict.archived:
        stage.keep(act.region, event)
    # An archived finding leaves GuardDuty for nowhere: there is no event (GuardDuty user guide, suppression rules).
    arrived = stage.deliver(act.region, None if verdict.archived else event, mails=act.mails, slack=act.slack)
    brief = _brief(event, setting)
    return Outcome(
        act=act,
        event=event,
        brief=brief,
        verdict=verdict,
        arrived=arrived,
        entry=_entry(verdict, stage, act.region),
        page=None if verdict.archived else _keep(act, brief, arrived, folder),
        differences=tuple(differences(act, brief, verdict, arrived)),
    )


def caller(outcome: Outcome) -> str | None:
    """The address that the credentials were used from, if the finding is about credentials."""
    action = outcome.event["detail"]["service"]["action"]
    return caller_of(outcome.event) if "awsApiCallAction" in action else None


def _brief(event: dict[str, Any], setting: Setting) -> Brief:
    (item,) = read(json.dumps(event))
    return brief_for(item, setting.deployment)


def _entry(verdict: FilterVerdict, stage: Stage, region: str) -> str | None:
    archiving = next((f for f in stage.filters[region] if f.name == verdict.archived_by), None)
    if archiving is None:
        return None
    tags = archiving.tags
    return (
        f"egress entry {tags.get('egress-entry', 'unknown')}, owner {tags.get('owner', 'unknown')}, "
        f"until {tags.get('expires', 'unknown')}"
    )


def _keep(act: Act, brief: Brief, arrived: Arrived, folder: Path) -> Path:
    """Write what was sent, and a page that shows it; returns the page."""
    page = folder / f"{act.word}.html"
    page.write_text(render_html(brief, kinds=("slack", "sns")), encoding="utf-8")
    for number, payload in enumerate(arrived.slack, start=1):
        (folder / f"{act.word}-slack-{number}.json").write_text(json.dumps(payload, indent=2), encoding="utf-8")
    for number, mail in enumerate(arrived.mails, start=1):
        text = f"Subject: {mail.subject}\n\n{mail.body}\n"
        (folder / f"{act.word}-mail-{number}.txt").write_text(text, encoding="utf-8")
    return page


def differences(act: Act, brief: Brief, verdict: FilterVerdict, arrived: Arrived) -> list[str]:
    """What is not as promised, each as a clause."""
    found = []
    if verdict.archived != act.archived:
        found.append(f"archived by {verdict.archived_by}" if verdict.archived else "no deployed filter archives it")
    if len(arrived.slack) != act.slack:
        found.append(f"{len(arrived.slack)} Slack messages instead of {act.slack}")
    if len(arrived.mails) != act.mails:
        found.append(f"{len(arrived.mails)} mails instead of {act.mails}")
    found += [f"Slack refused a message: {reason}" for reason in arrived.refused]
    # The brief is rendered here and now; the message came from the deployed function.
    if any(payload != json.loads(slack_card.message(brief)) for payload in arrived.slack):
        found.append("the Slack message that was sent is not the one that is shown here")
    for mail in arrived.mails:
        found += [
            f"the mail does not name {what}: {mail.subject}"
            for what in (brief.account, brief.region)
            if what not in mail.subject + mail.body
        ]
    return found
