"""One embedded AWS for the whole session, with the unmodified app deployed once by the real CDK CLI."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from tests.deployments import deployment
from tests.e2e.everyone import EVERYONE_DATA, MAIL, NAME, REGION, Everyone
from tests.synthesis import synthesize
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
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Next to the folders of all processes of this run: the second to deploy fails, and the sharing is amended.
        (tmp_path_factory.getbasetemp().parent / "deployed").mkdir()
    chosen = setting(today=datetime.now(UTC).date())
    sandbox = chosen.deployment
    with Emulator(account=chosen.account, log=folder / "emulator.log") as aws:
        cdk = CdkCli(
            environment=aws.environment(), log=folder / "cdk.log", outdir=folder / "cdk.out", context=chosen.context
        )
        cdk.run("bootstrap", *(f"aws://{chosen.account}/{region}" for region in sandbox.regions), "--app", "")
        cdk.run("deploy", "--all", "--require-approval", "never", "--concurrency", "2")
        for destination in sandbox.destinations:
            if destination.kind == "slack":
                aws.client("secretsmanager", sandbox.home_region).create_secret(
                    Name=destination.webhook_secret, SecretString=aws.slack.secret
                )
        (topic,) = (
            route.environment["SNS_TOPIC_ARN"]
            for route in deployed_routes(aws, sandbox.home_region).values()
            if route.kind == "sns"
        )
        mailbox = Mailbox(aws, sandbox.home_region, topic_arn=topic)
        aws.enforce_iam()
        yield DeployedStack(aws=aws, cdk=cdk, setting=chosen, templates=folder / "cdk.out", mailbox=mailbox)


@pytest.fixture
def stack(deployed: DeployedStack) -> DeployedStack:
    """The deployed stack with nothing sent yet."""
    deployed.forget()
    return deployed


@pytest.fixture(scope="session")
def deployed_to_everyone(deployed: DeployedStack, tmp_path_factory: pytest.TempPathFactory) -> Everyone:
    """A destination of every kind, beside the sandbox in another Region of the same account."""
    aws, outdir = deployed.aws, tmp_path_factory.mktemp("everyone")
    synthesize(deployment(EVERYONE_DATA | {"account": aws.account}), outdir=outdir, checked=False)
    for kind, stand_in in aws.stand_ins.items():
        # Of its own, so that the sandbox does not notice when it is replaced.
        stand_in.add_secret()
        aws.client("secretsmanager", REGION).create_secret(Name=f"{NAME}/{kind}", SecretString=stand_in.secret)
    deployed.cdk.run("bootstrap", f"aws://{aws.account}/{REGION}", "--app", "")
    deployed.cdk.run("deploy", "--all", "--require-approval", "never", "--concurrency", "2", "--app", str(outdir))
    (response,) = aws.client("cloudformation", REGION).describe_stacks(StackName=f"{NAME}-Response")["Stacks"]
    routes = deployed_routes(aws, REGION)
    return Everyone(
        aws=aws,
        routes=routes,
        mailbox=Mailbox(aws, REGION, topic_arn=routes[MAIL].environment["SNS_TOPIC_ARN"], name="everyone"),
        outputs={
            output["Description"]: output["OutputValue"]
            for output in response["Outputs"]
            if output["OutputValue"].startswith("arn:")
        },
    )


@pytest.fixture
def everyone(deployed_to_everyone: Everyone) -> Iterator[Everyone]:
    """Every service well, every secret as its service knows it; and nothing left over afterwards."""
    yield deployed_to_everyone
    for stand_in in deployed_to_everyone.aws.stand_ins.values():
        stand_in.answer_normally()
    # What a test that failed has left put off must not make the next one fail.
    deployed_to_everyone.let_time_pass()
    assert wait_until(deployed_to_everyone.is_idle, within=20)
    assert deployed_to_everyone.take_dead_letters() == {}
