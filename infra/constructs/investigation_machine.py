"""The state machine of investigations: what it may do, and where it keeps its log."""

from aws_cdk import Aws, Fn, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.investigation_definition import definition
from infra.constructs.investigation_settings import InvestigationSettings
from infra.constructs.python_function import PythonFunction


def investigation_machine(
    scope: Construct, *, name: str, settings: InvestigationSettings, worker: PythonFunction
) -> stepfunctions.CfnStateMachine:
    """The state machine with its role and its log.

    Args:
        scope: The investigation.
        name: Its name (see `fixed_names`).
        settings: How long it waits for answers, and of whom.
        worker: The function that does each step.
    """
    # Step Functions writes logs with another beginning into a policy of CloudWatch Logs that holds 5,120 characters for
    # the whole account (Step Functions developer guide, logging best practices). With the stack's id, because the
    # log outlives the stack.
    log_group = logs.LogGroup(
        scope,
        "Log",
        log_group_name=f"/aws/vendedlogs/states/{Aws.STACK_NAME}-{Fn.select(2, Fn.split('/', Aws.STACK_ID))}",
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
        scope,
        "MachineRole",
        assumed_by=iam.ServicePrincipal(
            "states.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}}
        ),
        description="Runs the steps of investigations, and writes their log",
    )
    role.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[worker.arn]))
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
        scope,
        "Machine",
        state_machine_name=name,
        state_machine_type="STANDARD",
        role_arn=role.role_arn,
        definition_string=Stack.of(scope).to_json_string(
            definition(
                function_arn=worker.arn,
                history_wait_seconds=60 * settings.history_wait_minutes,
                timeout_minutes=settings.timeout_minutes,
                ask_guardduty=bool(settings.guardduty_regions),
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
