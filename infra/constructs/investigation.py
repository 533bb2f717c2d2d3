"""Leaked credentials, looked into before a person does: the workflow, what starts it, and what it may read."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.dead_letter_queue import DeadLetterQueue
from infra.constructs.event_rule import add_rule_alarms, from_rules
from infra.constructs.findings_bus import FindingsBus
from infra.constructs.investigation_machine import investigation_machine
from infra.constructs.investigation_rights import InvestigationRights
from infra.constructs.investigation_settings import InvestigationSettings, investigated
from infra.constructs.operations import Metric, Operations
from infra.constructs.python_function import PythonFunction, package_code

PACKAGE = "investigation"

_ACCEPTED = {
    "NIST.800.53.R5-LambdaConcurrency": "Runs for a few cases at once, one step at a time; reserved concurrency would "
    "take from the account's pool.",
    "Serverless-LambdaTracing": "The execution of the state machine keeps the time of every step; the log names the "
    "case.",
}
_ANSWERED = (
    "Invoked by the state machine and answered at once; a dead-letter queue serves asynchronous invocations only."
)

_ENDINGS = ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted")


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
        machine_name: str,
        settings: InvestigationSettings,
        bus: FindingsBus,
        key: kms.IKey,
        operations: Operations,
    ) -> None:
        super().__init__(scope, id_)
        code = package_code(PACKAGE, known=settings.known)
        role_name, external_id = settings.member_role or ("", "")
        self.worker = PythonFunction(
            self,
            "Worker",
            package=PACKAGE,
            description="Reads what a leaked key did, and what its role may do",
            environment={
                "ACCOUNT": Aws.ACCOUNT_ID,
                "BUS_NAME": bus.name,
                "REGIONS": ",".join(settings.history_regions),
                "DETECTIVE_REGIONS": ",".join(settings.detective_regions),
                "PROBE_CHECKS": str(settings.timeout_minutes),
                "GUARDDUTY_REGIONS": ",".join(settings.guardduty_regions),
                "MEMBER_ROLE": role_name,
                "EXTERNAL_ID": external_id,
            },
            code=code,
            key=key,
            timeout=Duration.minutes(15),
            accepted=_ACCEPTED | {"NIST.800.53.R5-LambdaDLQ": _ANSWERED, "Serverless-LambdaDLQ": _ANSWERED},
            role_name=settings.role_name,
        )
        InvestigationRights(self, "Rights", role=self.worker.role, settings=settings, bus=bus)
        self.machine = investigation_machine(self, name=machine_name, settings=settings, worker=self.worker)
        dead_letters = DeadLetterQueue(
            self,
            "DeadLetters",
            label=PACKAGE,
            says="An investigation could not be started three times in a row. The finding itself was sent as ever; the "
            "log of the function says why, and the queue holds the finding.",
            runbook=f"{PACKAGE}-deadletters",
            operations=operations,
            senders=[from_rules([bus.rule_arn(rule_name)], account=bus.place.account)],
        )
        starter = PythonFunction(
            self,
            "Starter",
            package=PACKAGE,
            module="starter",
            description="Starts one investigation for each case",
            environment={
                "STATE_MACHINE_ARN": self.machine.attr_arn,
                "REPEAT_AFTER_HOURS": str(settings.repeat_after_hours),
            },
            code=code,
            key=key,
            timeout=Duration.minutes(3),
            accepted=_ACCEPTED,
            dead_letters=dead_letters,
        )
        starter.role.add_to_policy(
            iam.PolicyStatement(actions=["states:StartExecution"], resources=[self.machine.attr_arn])
        )
        self._rule(rule_name, settings, bus=bus, starter=starter, dead_letters=dead_letters)
        self._watch(rule_name, bus=bus, starter=starter, operations=operations)

    def _rule(
        self,
        name: str,
        settings: InvestigationSettings,
        *,
        bus: FindingsBus,
        starter: PythonFunction,
        dead_letters: DeadLetterQueue,
    ) -> None:
        rule = events.CfnRule(
            self,
            "Rule",
            name=name,
            description="Starts an investigation of leaked credentials",
            event_bus_name=bus.bus.event_bus_name,
            event_pattern=investigated(settings.finding_types),
            state="ENABLED",
            targets=[
                events.CfnRule.TargetProperty(
                    id="investigation",
                    arn=starter.arn,
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=dead_letters.queue_arn),
                )
            ],
        )
        rule.add_resource_dependency(dead_letters.policy)
        starter.let_in(self, "Permission", rule=rule, account=bus.place.account)

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
                dimensions={"FunctionName": starter.name},
            ),
            limit=0,
            says="The function that starts investigations fails; its log says why. Findings are sent as ever, but "
            "nobody looks into them.",
            runbook="investigation-errors",
        )
        add_rule_alarms(
            rule_name=rule_name,
            bus_name=bus.name,
            label="Investigation",
            remedy="The finding itself was sent as ever. Compare the permission of the starting function with the "
            "template (cdk drift), then work the case by hand.",
            operations=operations,
        )
