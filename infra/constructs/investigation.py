"""Leaked credentials, looked into before a person does: the workflow, what starts it, and what it may read."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.dead_letter_queue import dead_letter_queue
from infra.constructs.event_rule import allow_rules, watch_rule
from infra.constructs.findings_bus import GUARDDUTY_FINDINGS, FindingsBus
from infra.constructs.investigation_machine import definition
from infra.constructs.investigation_rights import InvestigationRights
from infra.constructs.operations import Metric, Operations
from infra.constructs.python_function import PythonFunction, package_code

PACKAGE = "investigation"

LEAKED_CREDENTIALS = (
    "CredentialAccess:IAMUser/CompromisedCredentials",
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration",
    "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration",
)
"""Beginnings of the finding types that are always investigated. By prefix: AWS has renamed one of them before, and
rules that asked for the exact name went silent (mozilla/MozDef#1723)."""

_ENDINGS = ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What is asked, of whom, and for how long.

    Attributes:
        finding_types: Types beside those about leaked credentials, exact or with `*` at the end.
        history_regions: Where CloudTrail's event history is read.
        detective_regions: Where the deployment keeps a graph.
        guardduty_regions: Where GuardDuty itself is asked; none unless that is switched on.
        history_wait_minutes: Between the two looks at the event history.
        timeout_minutes: For Detective and GuardDuty.
        repeat_after_hours: Within which a case is investigated once.
        egress_ranges: Our own addresses as JSON; empty where there are too many.
        member_role: Name of the role in member accounts, and what it asks for; None for none.
        role_name: Name of the role that other accounts know; None if none does.
    """

    finding_types: Sequence[str]
    history_regions: Sequence[str]
    detective_regions: Sequence[str]
    guardduty_regions: Sequence[str]
    history_wait_minutes: int
    timeout_minutes: int
    repeat_after_hours: int
    egress_ranges: str
    member_role: tuple[str, str] | None
    role_name: str | None


def investigated(finding_types: Sequence[str]) -> dict[str, object]:
    """The event pattern of findings to investigate; what is replayed from the archive was investigated then."""
    named: list[str | dict[str, str]] = [{"prefix": name} for name in LEAKED_CREDENTIALS]
    named += [{"prefix": name[:-1]} if name.endswith("*") else name for name in finding_types]
    return {**GUARDDUTY_FINDINGS, "replay-name": [{"exists": False}], "detail": {"type": named}}


class Investigation(Construct):
    """A state machine that waits without cost, a function that does its steps, and one that starts it once for a case.

    Two functions, because what starts an investigation may do that and nothing else, and what investigates may read
    and nothing else (docs/decisions/0026).

    Attributes:
        machine: The state machine.
        worker: The function that does the steps.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        rule_name: str,
        inquiry: Inquiry,
        bus: FindingsBus,
        key: kms.IKey,
        operations: Operations,
    ) -> None:
        super().__init__(scope, id_)
        code = package_code(PACKAGE)
        role_name, external_id = inquiry.member_role or ("", "")
        self.worker = PythonFunction(
            self,
            "Worker",
            package=PACKAGE,
            description="Reads what a leaked key did, and what its role may do",
            environment={
                "ACCOUNT": Aws.ACCOUNT_ID,
                "BUS_NAME": bus.name,
                "REGIONS": ",".join(inquiry.history_regions),
                "DETECTIVE_REGIONS": ",".join(inquiry.detective_regions),
                "DETECTIVE_CHECKS": str(inquiry.timeout_minutes),
                "GUARDDUTY_REGIONS": ",".join(inquiry.guardduty_regions),
                "EGRESS_RANGES": inquiry.egress_ranges,
                "MEMBER_ROLE": role_name,
                "EXTERNAL_ID": external_id,
            },
            code=code,
            key=key,
            timeout=Duration.minutes(15),
            role_name=inquiry.role_name,
        )
        InvestigationRights(self, "Rights", role=self.worker.role, inquiry=inquiry, bus=bus)
        self.machine = self._machine(inquiry)
        dead_letters = dead_letter_queue(
            self,
            "DeadLetters",
            label=PACKAGE,
            says="An investigation could not be started three times in a row. The finding itself was sent as ever; the "
            "log of the function says why, and the queue holds the finding.",
            runbook=f"{PACKAGE}-deadletters",
            operations=operations,
        )
        starter = PythonFunction(
            self,
            "Starter",
            package=PACKAGE,
            module="starter",
            description="Starts one investigation for each case",
            environment={
                "STATE_MACHINE_ARN": self.machine.attr_arn,
                "REPEAT_AFTER_HOURS": str(inquiry.repeat_after_hours),
            },
            code=code,
            key=key,
            timeout=Duration.minutes(3),
            dead_letters=dead_letters,
        )
        starter.role.add_to_policy(
            iam.PolicyStatement(actions=["states:StartExecution"], resources=[self.machine.attr_arn])
        )
        self._rule(rule_name, inquiry, bus=bus, starter=starter, dead_letters=dead_letters)
        self._acknowledge(starter)
        self._watch(rule_name, bus=bus, starter=starter, operations=operations)

    def _machine(self, inquiry: Inquiry) -> stepfunctions.CfnStateMachine:
        log_group = logs.LogGroup(
            self,
            "Log",
            retention=logs.RetentionDays.THREE_MONTHS,
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        acknowledge(
            log_group,
            rule="NIST.800.53.R5-CloudWatchLogGroupEncrypted",
            reason="Holds names of states and errors, and no data of an execution; CloudWatch Logs encrypts it with a "
            "key of its own, and its delivery service needs no place in ours.",
        )
        role = iam.Role(
            self,
            "MachineRole",
            assumed_by=iam.ServicePrincipal(
                "states.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
            ),
            description="Runs the steps of investigations, and writes their log",
        )
        role.add_to_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[self.worker.function.function_arn])
        )
        role.add_to_policy(
            iam.PolicyStatement(
                # What Step Functions needs to log; none of these knows a resource (Step Functions developer guide,
                # logging using CloudWatch Logs).
                actions=[
                    "logs:CreateLogDelivery",
                    "logs:DeleteLogDelivery",
                    "logs:DescribeLogGroups",
                    "logs:DescribeResourcePolicies",
                    "logs:GetLogDelivery",
                    "logs:ListLogDeliveries",
                    "logs:PutResourcePolicy",
                    "logs:UpdateLogDelivery",
                ],
                resources=["*"],
            )
        )
        acknowledge(
            role,
            rule="NIST.800.53.R5-IAMNoInlinePolicy",
            reason="Permissions of one state machine on its own function; a managed policy could be used elsewhere.",
        )
        acknowledge(
            role,
            rule="AwsSolutions-IAM5[Resource::*]",
            reason="Step Functions sets up the delivery of its log with calls that know no resources.",
        )
        machine = stepfunctions.CfnStateMachine(
            self,
            "Machine",
            state_machine_type="STANDARD",
            role_arn=role.role_arn,
            definition_string=Stack.of(self).to_json_string(
                definition(
                    function_arn=self.worker.function.function_arn,
                    history_wait_seconds=60 * inquiry.history_wait_minutes,
                    timeout_minutes=inquiry.timeout_minutes,
                    ask_guardduty=bool(inquiry.guardduty_regions),
                )
            ),
            logging_configuration=stepfunctions.CfnStateMachine.LoggingConfigurationProperty(
                level="ALL",
                # The history of each execution holds its data for 90 days; a second copy would only be found later.
                include_execution_data=False,
                destinations=[
                    stepfunctions.CfnStateMachine.LogDestinationProperty(
                        cloud_watch_logs_log_group=stepfunctions.CfnStateMachine.CloudWatchLogsLogGroupProperty(
                            log_group_arn=log_group.log_group_arn
                        )
                    )
                ],
            ),
        )
        # Step Functions tries the log when the machine is made.
        machine.node.add_dependency(role)
        for rule in ("AwsSolutions-SF2", "Serverless-StepFunctionStateMachineXray"):
            acknowledge(
                machine,
                rule=rule,
                reason="Each execution keeps the time of every step; tracing would need permissions on every resource.",
            )
        return machine

    def _rule(
        self, name: str, inquiry: Inquiry, *, bus: FindingsBus, starter: PythonFunction, dead_letters: sqs.Queue
    ) -> None:
        rule = events.CfnRule(
            self,
            "Rule",
            name=name,
            description="Starts an investigation of leaked credentials",
            event_bus_name=bus.bus.event_bus_name,
            event_pattern=investigated(inquiry.finding_types),
            state="ENABLED",
            targets=[
                events.CfnRule.TargetProperty(
                    id="investigation",
                    arn=starter.function.function_arn,
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=dead_letters.queue_arn),
                )
            ],
        )
        allow_rules(dead_letters, [bus.rule_arn(name)])
        rule.node.add_dependency(dead_letters.node.find_child("Policy"))
        lambda_.CfnPermission(
            self,
            "Permission",
            action="lambda:InvokeFunction",
            function_name=starter.function.function_name,
            principal="events.amazonaws.com",
            source_arn=rule.attr_arn,
            source_account=Stack.of(self).account,
        )

    def _acknowledge(self, starter: PythonFunction) -> None:
        for function in (self.worker.function, starter.function):
            acknowledge(
                function,
                rule="NIST.800.53.R5-LambdaConcurrency",
                reason="Runs for a few cases at once, one step at a time; reserved concurrency would take from the "
                "account's pool.",
            )
            acknowledge(
                function,
                rule="Serverless-LambdaTracing",
                reason="The execution of the state machine keeps the time of every step; the log names the case.",
            )
        for rule in ("NIST.800.53.R5-LambdaDLQ", "Serverless-LambdaDLQ"):
            acknowledge(
                self.worker.function,
                rule=rule,
                reason="Invoked by the state machine and answered at once; a dead-letter queue serves asynchronous "
                "invocations only.",
            )

    def _watch(self, rule_name: str, *, bus: FindingsBus, starter: PythonFunction, operations: Operations) -> None:
        operations.alarm_if_any_is_above(
            "Investigation-Failed",
            metrics=[
                Metric(namespace="AWS/States", name=name, dimensions={"StateMachineArn": self.machine.attr_arn})
                for name in _ENDINGS
            ],
            limit=0,
            says="An investigation of leaked credentials broke, so people know no more than the finding says. The "
            "events of the execution name the step and the error; work the case by hand meanwhile.",
            runbook="investigation-failed",
        )
        operations.alarm_above(
            "Investigation-Errors",
            metric=Metric(
                namespace="AWS/Lambda",
                name="Errors",
                dimensions={"FunctionName": starter.function.function_name},
            ),
            limit=0,
            says="The function that starts investigations fails; its log says why. Findings are sent as ever, but "
            "nobody looks into them.",
            runbook="investigation-errors",
        )
        watch_rule(
            rule_name=rule_name,
            bus_name=bus.name,
            label="Investigation",
            remedy="The finding itself was sent as ever. Compare the permission of the starting function with the "
            "template (cdk drift), then work the case by hand.",
            operations=operations,
        )
