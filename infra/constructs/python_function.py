"""A Lambda function of ours: one package of `lambda_src`, its role, its log group."""

import atexit
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.acknowledge import acknowledge, acknowledge_all
from infra.constructs.dead_letter_queue import DeadLetterQueue
from infra.project import PROJECT

PYTHON_RUNTIME = lambda_.Runtime.PYTHON_3_14
"""The newest that this aws-cdk-lib knows; cdk-nag's AwsSolutions-L1 asks for that. The one place that names it."""

_NO_VPC = (
    "Talks to AWS APIs and public webhooks and holds no credentials but its own; a VPC would add a NAT whose outage "
    "silences the alerts."
)

EVERYWHERE = "shared"
"""The package that every function has beside its own."""

KNOWN_FILE = "known.json"
"""What a function reads beside its code; a contract test holds the name to `shared.known`."""

_SOURCE = PROJECT / "lambda_src"


def package_code(package: str, *, known: str | None = None) -> lambda_.Code:
    """One package as it lies in the repository: no bundling, no package index, the same hash everywhere.

    Args:
        package: Its name.
        known: What lies beside it as `known.json`; None for a function that does not read that.
    """
    return lambda_.Code.from_asset(str(_laid_out(package, known)))


# Once for every stack, so that CDK looks through it once too.
@cache
def _laid_out(package: str, known: str | None) -> Path:
    """A folder with what goes into the archive; it is gone when the process ends."""
    folder = Path(mkdtemp(prefix=f"{package}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for part in (package, EVERYWHERE):
        shutil.copytree(_SOURCE / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    if known is not None:
        (folder / KNOWN_FILE).write_text(known, encoding="utf-8")
    return folder


class PythonFunction(Construct):
    """A function whose role can write its own log and nothing else, until something is added.

    Attributes:
        function: The function.
        arn: Token for its ARN.
        name: Token for its name, as its metrics know it.
        role: Its role, for the permissions of its work.
        log_group: Its log, kept for three months and longer than the stack.

    Args:
        module: Module of the package that has the entry point, `handler`.
        accepted: Findings of cdk-nag about it beside those that every function of ours has: each rule, and why it is
            wrong here.
        role_name: For a role that something else knows by its name: other accounts, or the watch.
        keeps_log: Whether the log stays even if the creation of its stack fails, because it says why.
        key: Encrypts the log; None where it holds nothing of a finding, and CloudWatch Logs' own encryption will do.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        package: str,
        description: str,
        environment: Mapping[str, str],
        code: lambda_.Code,
        key: kms.IKey | None,
        timeout: Duration,
        accepted: Mapping[str, str],
        dead_letters: DeadLetterQueue | None = None,
        module: str = "handler",
        role_name: str | None = None,
        keeps_log: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=key,
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.RETAIN if keeps_log else RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        if key is None:
            acknowledge(
                self.log_group,
                rule="NIST.800.53.R5-CloudWatchLogGroupEncrypted",
                reason="Holds account ids and Regions, no finding and no address; CloudWatch Logs encrypts it with a "
                "key of its own.",
            )
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=description,
            role_name=role_name,
        )
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                # The ARN of a log group ends in `:*`, which stands for its streams.
                resources=[self.log_group.log_group_arn],
            )
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description=description,
            runtime=PYTHON_RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"{package}.{module}.handler",
            code=code,
            role=self.role,
            environment=dict(environment),
            memory_size=256,
            timeout=timeout,
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            # Stated, because metrics are made of lines of this level.
            application_log_level_v2=lambda_.ApplicationLogLevel.INFO,
            dead_letter_queue=dead_letters.as_queue() if dead_letters else None,
        )
        self.arn = self.function.function_arn
        self.name = self.function.function_name
        acknowledge_all(self.function, {"NIST.800.53.R5-LambdaInsideVPC": _NO_VPC, **accepted})
        acknowledge(
            self.role,
            rule="NIST.800.53.R5-IAMNoInlinePolicy",
            reason="Permissions of one function on its own resources; a managed policy could be attached elsewhere.",
        )

    def let_in(self, scope: Construct, id_: str, *, rule: events.CfnRule, account: str) -> None:
        """Let a rule invoke it.

        Args:
            scope: Where the permission belongs.
            id_: Its id there.
            rule: The rule.
            account: The rule's account.
        """
        lambda_.CfnPermission(
            scope,
            id_,
            action="lambda:InvokeFunction",
            function_name=self.name,
            principal="events.amazonaws.com",
            source_arn=rule.attr_arn,
            source_account=account,
        )
