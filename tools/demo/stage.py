"""The deployed stack on the embedded AWS, and what arrives where."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.config.stack_names import detection_stack, response_stack
from tools.demo.setting import Setting
from tools.emulator.cdk_cli import CdkCli
from tools.emulator.deployed import Mail, Mailbox, deployed_routes, review, wait_until
from tools.emulator.process import Emulator
from tools.matching.deployed_filters import deployed_filters
from tools.matching.guardduty_filters import DeployedFilter, FilterVerdict, archiving_filter
from tools.terminal.progress import Progress

ARRIVES_WITHIN = 20.0
"""Seconds after which a message is taken for lost; it usually takes less than one."""

SILENT_FOR = 1.5
"""Seconds without a message after which none is expected any more; a warm function takes a tenth of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What came of one finding.

    Attributes:
        seconds: From the event to the last message.
        mails: Messages of the topic that e-mail subscribers read.
        slack: Payloads that the Slack stand-in accepted.
        refused: Why it refused others.
    """

    seconds: float
    mails: tuple[Mail, ...]
    slack: tuple[Mapping[str, object], ...]
    refused: tuple[str, ...]


class Stage:
    """Where the demo takes place.

    Attributes:
        filters: What GuardDuty's API says is deployed, by Region.
    """

    def __init__(self, aws: Emulator, setting: Setting, progress: Progress, *, folder: Path) -> None:
        self._aws = aws
        self._setting = setting
        self._progress = progress
        self._folder = folder
        self.filters: dict[str, tuple[DeployedFilter, ...]] = {}

    def prepare(self) -> None:
        """Bootstrap, deploy the unmodified app, and do what a person does once by hand: secret and subscription."""
        deployment, home = self._setting.deployment, self._setting.deployment.home_region
        cdk = CdkCli(
            environment=self._aws.environment(),
            log=self._folder / "cdk.log",
            outdir=self._folder / "cdk.out",
            context=self._setting.context,
        )
        with self._progress.step(f"cdk bootstrap {' '.join(deployment.regions)}"):
            # Without an app: bootstrapping needs none, and synthesizing takes longer than the rest of it.
            cdk.run("bootstrap", *(f"aws://{self._setting.account}/{r}" for r in deployment.regions), "--app", "")
        with self._progress.step("cdk deploy --all") as notes:
            cdk.run("deploy", "--all", "--require-approval", "never", "--concurrency", "2")
            stacks = [response_stack(deployment, hub) for hub in deployment.hubs]
            stacks += [detection_stack(deployment, region) for region in deployment.regions]
            notes.append(", ".join(stacks))
        with self._progress.step("Slack webhook into Secrets Manager, mailbox subscribed, IAM enforced"):
            self._connect(home)
        with self._progress.step("filters read back from the GuardDuty API") as notes:
            self.filters = {r: deployed_filters(self._aws.client("guardduty", r)) for r in deployment.regions}
            notes.append(", ".join(f"{len(filters)} in {region}" for region, filters in self.filters.items()))

    def detector_id(self, region: str) -> str:
        """The detector of a Region."""
        (detector_id,) = self._aws.client("guardduty", region).list_detectors()["DetectorIds"]
        return detector_id

    def judge(self, region: str, event: Mapping[str, Any]) -> FilterVerdict:
        """What GuardDuty would do with a finding, given the filters that are deployed; played by our code."""
        return archiving_filter(event["detail"], self.filters[region])

    def keep(self, region: str, event: Mapping[str, Any]) -> None:
        """Let GuardDuty keep a finding that it archived: for 90 days it can be listed, and that is all."""
        finding = dict(event["detail"])
        finding["service"] = {**finding["service"], "archived": True}
        self._aws.keep_finding(region, finding)

    def look_back(self) -> Mail | None:
        """Run the hourly review of suppression, as its schedule does; the mail that it sends, if it does."""
        before = len(self._mailbox.mails())
        review(self._aws, self._setting.deployment.home_region, "hourly")
        wait_until(lambda: len(self._mailbox.mails()) > before, within=ARRIVES_WITHIN)
        return next(iter(self._mailbox.mails()[before:]), None)

    def deliver(self, region: str, event: Mapping[str, Any] | None, *, mails: int, slack: int) -> Arrived:
        """Put the finding on the Region's bus, as GuardDuty does, and see what arrives.

        Waits for as many messages as are expected, then for silence, so that one too many is seen too.

        Args:
            region: Where it is found.
            event: What GuardDuty sends; None if it sends nothing.
            mails: How many mails are expected.
            slack: How many Slack messages are expected.
        """
        mails_before, requests_before = len(self._mailbox.mails()), len(self._aws.slack.requests())
        started = time.monotonic()
        if event is not None:
            self._aws.emit(region, event)
        wait_until(
            lambda: (
                len(self._mailbox.mails()) - mails_before >= mails
                and len(self._aws.slack.requests()) - requests_before >= slack
            ),
            within=ARRIVES_WITHIN,
        )
        seconds = time.monotonic() - started
        time.sleep(SILENT_FOR)
        requests = self._aws.slack.requests()[requests_before:]
        return Arrived(
            seconds=seconds,
            mails=self._mailbox.mails()[mails_before:],
            slack=tuple(request.payload for request in requests if request.payload is not None),
            refused=tuple(request.answer.reason for request in requests if request.payload is None),
        )

    def _connect(self, home: str) -> None:
        for destination in self._setting.deployment.destinations:
            if destination.kind == "slack":
                self._aws.client("secretsmanager", home).create_secret(
                    Name=destination.webhook_secret, SecretString=self._aws.slack.secret
                )
        topic_arn = next(
            route.environment["SNS_TOPIC_ARN"]
            for route in deployed_routes(self._aws, home).values()
            if route.kind == "sns"
        )
        self._mailbox = Mailbox(self._aws, home, topic_arn=topic_arn)
        self._aws.enforce_iam()
