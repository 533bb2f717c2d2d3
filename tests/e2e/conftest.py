"""One embedded AWS for the whole session, with the unmodified app deployed once by the real CDK CLI."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from tools.demo.setting import Setting, setting
from tools.emulator.cdk_cli import CdkCli
from tools.emulator.deployed import Mail, Mailbox, Route, deployed_routes, wait_until
from tools.emulator.process import DEFAULT_PYTHON, Emulator

SILENT_FOR = 1.0
"""Seconds without a message after which none is expected any more; a warm function takes a tenth of that."""


@dataclass(kw_only=True)
class DeployedStack:
    """The deployed sandbox, and what it has sent since `forget`."""

    aws: Emulator
    cdk: CdkCli
    setting: Setting
    templates: Path
    mailbox: Mailbox
    mails_forgotten: int = 0

    @property
    def home(self) -> str:
        """The home Region."""
        return self.setting.deployment.home_region

    @property
    def mails(self) -> tuple[Mail, ...]:
        """Mails since the test began."""
        return self.mailbox.mails()[self.mails_forgotten :]

    @property
    def slack(self) -> tuple[dict[str, object], ...]:
        """Messages that Slack accepted since the test began."""
        return self.aws.slack.messages()

    @cached_property
    def routes(self) -> dict[str, Route]:
        """The deployed destinations by name."""
        return deployed_routes(self.aws, self.home)

    def route(self, kind: str) -> Route:
        """The one destination of a kind."""
        (found,) = (route for route in self.routes.values() if route.kind == kind)
        return found

    def forget(self) -> None:
        """Begin anew: what was sent so far does not count, and Slack is well."""
        self.aws.slack.answer_normally()
        self.aws.slack.forget()
        self.mails_forgotten = len(self.mailbox.mails())

    def arrived(self, *, mails: int, slack: int, within: float = 20.0) -> bool:
        """Whether exactly so many messages came: as many as expected, then none for a while."""
        came = self.arrived_at_least(mails=mails, slack=slack, within=within)
        one_too_many = wait_until(lambda: len(self.mails) > mails or len(self.slack) > slack, within=SILENT_FOR)
        return came and not one_too_many

    def arrived_at_least(self, *, mails: int, slack: int, within: float = 20.0) -> bool:
        """Whether so many messages came, or more."""
        return wait_until(lambda: len(self.mails) >= mails and len(self.slack) >= slack, within=within)

    def template(self, stack: str) -> dict[str, Any]:
        """The synthesized template of a stack."""
        document: dict[str, Any] = json.loads((self.templates / f"{stack}.template.json").read_text(encoding="utf-8"))
        return document

    def resources(self, stack: str, kind: str) -> list[dict[str, Any]]:
        """The properties of all resources of a type in a template."""
        return [
            resource["Properties"]
            for resource in self.template(stack)["Resources"].values()
            if resource["Type"] == kind
        ]


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedStack]:
    """The sandbox on the embedded AWS; deployed once, IAM enforced afterwards."""
    if not DEFAULT_PYTHON.exists():
        pytest.fail(f"{DEFAULT_PYTHON} is not there; `make setup` creates the emulator's environment")
    folder = tmp_path_factory.mktemp("deployed")
    chosen = setting(today=datetime.now(UTC).date())
    deployment = chosen.deployment
    with Emulator(account=chosen.account, log=folder / "emulator.log") as aws:
        cdk = CdkCli(
            environment=aws.environment(), log=folder / "cdk.log", outdir=folder / "cdk.out", context=chosen.context
        )
        cdk.run("bootstrap", *(f"aws://{chosen.account}/{region}" for region in deployment.regions), "--app", "")
        cdk.run("deploy", "--all", "--require-approval", "never", "--concurrency", "2")
        for destination in deployment.destinations:
            if destination.kind == "slack":
                aws.client("secretsmanager", deployment.home_region).create_secret(
                    Name=destination.webhook_secret, SecretString=aws.slack.webhook_url
                )
        (topic,) = (
            route.environment["SNS_TOPIC_ARN"]
            for route in deployed_routes(aws, deployment.home_region).values()
            if route.kind == "sns"
        )
        mailbox = Mailbox(aws, deployment.home_region, topic_arn=topic)
        aws.enforce_iam()
        yield DeployedStack(aws=aws, cdk=cdk, setting=chosen, templates=folder / "cdk.out", mailbox=mailbox)


@pytest.fixture
def stack(deployed: DeployedStack) -> DeployedStack:
    """The deployed stack with nothing sent yet."""
    deployed.forget()
    return deployed
