"""Which API calls could blind GuardDuty, Detective or this stack, and where their events name what they change.

The names are those of CloudTrail's `eventName`; a test compares them with the operations of botocore, and decides of
every operation that changes something, of each of these services, whether it is here. What each of them means in words
is the notifier's (lambda_src/notifier/items/watched_words.py); a contract test holds the two together.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Calls of one service that name what they change in the same place.

    Attributes:
        service: The first part of `eventSource`, before `.amazonaws.com`.
        names: The calls.
        field: Path under `detail` that holds the name, ARN or URL; empty where every call in the Region counts.
        dated: Whether CloudTrail adds the API's date, as in `DeleteFunction20150331` (Lambda developer guide, logging
            with CloudTrail); None where nobody knows for certain.
    """

    service: str
    names: tuple[str, ...]
    field: str = ""
    dated: bool | None = False


GUARDDUTY = Calls(
    service="guardduty",
    names=(
        "AcceptAdministratorInvitation",
        "AcceptInvitation",
        "CreateFilter",
        "CreateIPSet",
        "CreatePublishingDestination",
        "CreateThreatEntitySet",
        "CreateThreatIntelSet",
        "CreateTrustedEntitySet",
        "DeleteCustomDetectionRuleAssociation",
        "DeleteCustomDetectionRuleOrgConfiguration",
        "DeleteDetector",
        "DeleteFilter",
        "DeleteIPSet",
        "DeleteMalwareProtectionPlan",
        "DeleteMembers",
        "DeletePublishingDestination",
        "DeleteThreatEntitySet",
        "DeleteThreatIntelSet",
        "DeleteTrustedEntitySet",
        "DisableOrganizationAdminAccount",
        "DisassociateFromAdministratorAccount",
        "DisassociateFromMasterAccount",
        "DisassociateMembers",
        "EnableOrganizationAdminAccount",
        "StopMonitoringMembers",
        "TagResource",
        "UntagResource",
        "UpdateCustomDetectionRuleAssociation",
        "UpdateCustomDetectionRuleOrgConfiguration",
        "UpdateDetector",
        "UpdateFilter",
        "UpdateIPSet",
        "UpdateMalwareProtectionPlan",
        "UpdateMalwareScanSettings",
        "UpdateMemberDetectors",
        "UpdateOrganizationConfiguration",
        "UpdatePublishingDestination",
        "UpdateThreatEntitySet",
        "UpdateThreatIntelSet",
        "UpdateTrustedEntitySet",
    ),
)
"""An account has one detector in a Region, so each of these is about ours."""

DETECTIVE = Calls(
    service="detective",
    names=(
        "DeleteGraph",
        "DeleteMembers",
        "DisableOrganizationAdminAccount",
        "DisassociateMembership",
        "EnableOrganizationAdminAccount",
        "UpdateDatasourcePackages",
        "UpdateOrganizationConfiguration",
    ),
)

RULES = Calls(service="events", names=("DeleteRule", "DisableRule", "PutRule"), field="requestParameters.name")
TARGETS = Calls(service="events", names=("PutTargets", "RemoveTargets"), field="requestParameters.rule")
ON_THE_BUS = Calls(
    service="events",
    names=(*RULES.names, *TARGETS.names, "PutPermission", "RemovePermission"),
    field="requestParameters.eventBusName",
)
BUS = Calls(service="events", names=("DeleteEventBus", "UpdateEventBus"), field="requestParameters.name")
ARCHIVE = Calls(service="events", names=("DeleteArchive", "UpdateArchive"), field="requestParameters.archiveName")
SCHEDULE = Calls(service="scheduler", names=("DeleteSchedule", "UpdateSchedule"), field="requestParameters.name")

QUEUES = Calls(
    service="sqs",
    names=("AddPermission", "DeleteQueue", "PurgeQueue", "RemovePermission", "SetQueueAttributes"),
    field="requestParameters.queueUrl",
)
MOVED = Calls(service="sqs", names=("StartMessageMoveTask",), field="requestParameters.sourceArn")
TOPICS = Calls(
    service="sns",
    names=("AddPermission", "DeleteTopic", "RemovePermission", "SetTopicAttributes", "Subscribe"),
    field="requestParameters.topicArn",
)
SUBSCRIPTIONS = Calls(
    service="sns", names=("SetSubscriptionAttributes", "Unsubscribe"), field="requestParameters.subscriptionArn"
)
DATA_PROTECTION = Calls(service="sns", names=("PutDataProtectionPolicy",), field="requestParameters.resourceArn")

FUNCTIONS = Calls(
    service="lambda",
    names=(
        "AddPermission",
        "DeleteFunction",
        "PutFunctionConcurrency",
        "RemovePermission",
        "UpdateFunctionCode",
        "UpdateFunctionConfiguration",
    ),
    field="requestParameters.functionName",
    dated=True,
)
URLS = Calls(
    service="lambda",
    names=("CreateFunctionUrlConfig", "UpdateFunctionUrlConfig"),
    field="requestParameters.functionName",
    # AWS's page has the names alone (Lambda developer guide, monitoring function URLs), and all older calls of Lambda's
    # carry a date.
    dated=None,
)
FUNCTION_POLICIES = Calls(
    service="lambda", names=("DeleteResourcePolicy", "PutResourcePolicy"), field="requestParameters.resourceArn"
)
READERS = Calls(
    service="lambda",
    names=("CreateEventSourceMapping",),
    # Of the queue: a second reader, of whatever name, takes a share of its messages away.
    field="requestParameters.eventSourceArn",
    dated=True,
)
MAPPINGS = Calls(
    service="lambda",
    names=("DeleteEventSourceMapping", "UpdateEventSourceMapping"),
    # The request has the mapping's id alone; a refused one has no answer and is not seen.
    field="responseElements.functionArn",
    dated=True,
)
STATE_MACHINES = Calls(
    service="states", names=("DeleteStateMachine", "UpdateStateMachine"), field="requestParameters.stateMachineArn"
)
EXECUTIONS = Calls(service="states", names=("StopExecution",), field="requestParameters.executionArn")

TABLES = Calls(
    service="dynamodb",
    names=("DeleteTable", "UpdateContinuousBackups", "UpdateTable", "UpdateTimeToLive"),
    field="requestParameters.tableName",
)
TABLE_POLICIES = Calls(
    service="dynamodb", names=("DeleteResourcePolicy", "PutResourcePolicy"), field="requestParameters.resourceArn"
)

ALARM = Calls(
    service="monitoring",
    names=("PutCompositeAlarm", "PutLogAlarm", "PutMetricAlarm", "SetAlarmState"),
    field="requestParameters.alarmName",
)
ALARMS = Calls(
    service="monitoring", names=("DeleteAlarms", "DisableAlarmActions"), field="requestParameters.alarmNames"
)
MUTED = Calls(service="monitoring", names=("PutAlarmMuteRule",), field="requestParameters.muteTargets.alarmNames")
LOGS = Calls(
    service="logs",
    names=(
        "AssociateKmsKey",
        "DeleteLogGroup",
        "DeleteLogStream",
        "DeleteMetricFilter",
        "PutMetricFilter",
        "PutRetentionPolicy",
        "PutSubscriptionFilter",
    ),
    field="requestParameters.logGroupName",
)

SECRETS = Calls(
    service="secretsmanager",
    names=(
        "DeleteResourcePolicy",
        "DeleteSecret",
        "PutResourcePolicy",
        "PutSecretValue",
        "RotateSecret",
        "UpdateSecret",
        "UpdateSecretVersionStage",
    ),
    field="requestParameters.secretId",
)
# CloudTrail lists the key by its ARN here, however the caller named it (KMS developer guide, log entries).
KEYS = Calls(
    service="kms",
    names=("DeleteImportedKeyMaterial", "DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion"),
    field="resources.ARN",
)

ROLES = Calls(
    service="iam",
    names=(
        "AttachRolePolicy",
        "DeleteRole",
        "DeleteRolePermissionsBoundary",
        "DeleteRolePolicy",
        "DetachRolePolicy",
        "PutRolePermissionsBoundary",
        "PutRolePolicy",
        "UpdateAssumeRolePolicy",
    ),
    field="requestParameters.roleName",
)
"""IAM is global: its events are in one Region of a partition."""
BOUNDARY = Calls(
    service="iam", names=("CreatePolicyVersion", "SetDefaultPolicyVersion"), field="requestParameters.policyArn"
)
"""Of the policy that is the permissions boundary of every role: what it no longer allows, none of them can do."""

STACKS = Calls(
    service="cloudformation",
    names=(
        "CancelUpdateStack",
        "ContinueUpdateRollback",
        "DeleteStack",
        "ExecuteChangeSet",
        "RollbackStack",
        "SetStackPolicy",
        "UpdateStack",
        "UpdateTerminationProtection",
    ),
    field="requestParameters.stackName",
)

OBJECTS = Calls(
    service="s3", names=("CompleteMultipartUpload", "CopyObject", "PutObject"), field="requestParameters.key"
)
"""Data events: only a trail that logs them for the bucket brings these."""

TRAILS = Calls(service="cloudtrail", names=("DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"))
"""Of any trail: which one brings the events of this Region nobody here knows."""

ALL = (
    GUARDDUTY,
    DETECTIVE,
    TRAILS,
    RULES,
    TARGETS,
    ON_THE_BUS,
    BUS,
    ARCHIVE,
    SCHEDULE,
    QUEUES,
    MOVED,
    TOPICS,
    SUBSCRIPTIONS,
    DATA_PROTECTION,
    FUNCTIONS,
    URLS,
    FUNCTION_POLICIES,
    READERS,
    MAPPINGS,
    STATE_MACHINES,
    EXECUTIONS,
    TABLES,
    TABLE_POLICIES,
    ALARM,
    ALARMS,
    MUTED,
    LOGS,
    SECRETS,
    KEYS,
    ROLES,
    BOUNDARY,
    STACKS,
    OBJECTS,
)
"""Everything that is watched."""
