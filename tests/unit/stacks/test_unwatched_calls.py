"""Of every call that changes something of a service that is watched, it is decided whether it is watched."""

from collections.abc import Iterator

import botocore.session
import pytest

from infra.constructs.watched_calls import ALL
from tests.watched import BOTOCORE

READING = (
    "BatchGet", "Describe", "Detect", "Filter", "Get", "Head", "List", "Query", "Scan", "Search", "Select", "Test",
    "Validate",
)  # fmt: skip

NAMES_OURS = {
    "cloudformation": {"StackName", "StackSetName"},
    "dynamodb": {"GlobalTableName", "RequestItems", "ResourceArn", "Statement", "TableArn", "TableName"}
    | {"TransactItems", "Statements", "TransactStatements"},
    "iam": {"PolicyArn", "RoleName"},
    "kms": {"KeyId"},
    "lambda": {"EventSourceArn", "FunctionName", "Resource", "ResourceArn", "UUID"},
    "logs": {"logGroupArnList", "logGroupIdentifier", "logGroupIdentifiers", "logGroupName", "resourceArn"},
    "monitoring": {"AlarmName", "AlarmNames", "MuteTargets", "Namespace", "ResourceARN"},
    "s3": {"Key"},
    "secretsmanager": {"SecretId"},
    "sns": {"ResourceArn", "SubscriptionArn", "TopicArn"},
    "sqs": {"QueueUrl", "SourceArn"},
    "states": {"executionArn", "resourceArn", "stateMachineArn"},
}
"""The members by which a request names what the stack has; of a service that is not here, every call counts."""

TAGS = "no tag of these decides anything"
MORE = "adds something, or gives back, and takes nothing away"
DATA = "a data event, or not logged; the stack makes them itself, for each finding"
READS = "only reads"

NOT_WATCHED: dict[str, dict[str, set[str]]] = {
    "guardduty": {
        "adds to what is seen": {
            "CreateCustomDetectionRuleAssociation", "CreateCustomDetectionRuleOrgConfiguration", "CreateDetector",
            "CreateInvestigation", "CreateMalwareProtectionPlan", "CreateMembers", "InviteMembers",
            "StartMonitoringMembers", "SendObjectMalwareScan", "StartMalwareScan",
        },
        "daily work with findings, which stay where they are": {
            "ArchiveFindings", "CreateSampleFindings", "UnarchiveFindings", "UpdateFindingsFeedback",
        },
        "an invitation that nobody has accepted": {"DeclineInvitations", "DeleteInvitations"},
    },
    "cloudtrail": {
        MORE: {"CreateTrail", "RestoreEventDataStore", "StartEventDataStoreIngestion", "StartLogging"},
        "of CloudTrail Lake, channels and dashboards, which bring no event here": {
            "CancelQuery", "CreateChannel", "CreateDashboard", "CreateEventDataStore", "DeleteChannel",
            "DeleteDashboard", "DeleteEventDataStore", "DeleteResourcePolicy", "DisableFederation", "EnableFederation",
            "GenerateQuery", "PutEventConfiguration", "PutResourcePolicy", "StartDashboardRefresh", "StartImport",
            "StartQuery", "StopEventDataStoreIngestion", "StopImport", "UpdateChannel", "UpdateDashboard",
            "UpdateEventDataStore",
        },
        "what is unusual is no event of a call": {"PutInsightSelectors"},
        "of the management account": {
            "DeregisterOrganizationDelegatedAdmin", "RegisterOrganizationDelegatedAdmin",
        },
        READS: {"LookupEvents"},
        TAGS: {"AddTags", "RemoveTags"},
    },
    "detective": {
        MORE: {"AcceptInvitation", "CreateGraph", "CreateMembers", "StartInvestigation", "StartMonitoringMember"},
        "an invitation that nobody has accepted": {"RejectInvitation"},
        "daily work with investigations": {"UpdateInvestigationState"},
        TAGS: {"TagResource", "UntagResource"},
    },
    "events": {
        MORE: {
            "CreateApiDestination", "CreateArchive", "CreateConnection", "CreateEndpoint", "CreateEventBus",
            "CreatePartnerEventSource", "EnableRule", "StartReplay",
        },
        "the stack has none": {
            "ActivateEventSource", "DeactivateEventSource", "DeauthorizeConnection", "DeleteApiDestination",
            "DeleteConnection", "DeleteEndpoint", "DeletePartnerEventSource", "PutPartnerEvents",
            "UpdateApiDestination", "UpdateConnection", "UpdateEndpoint",
        },
        "what was replayed can be replayed again": {"CancelReplay"},
        DATA: {"PutEvents"},
        TAGS: {"TagResource", "UntagResource"},
    },
    "scheduler": {
        MORE: {"CreateSchedule", "CreateScheduleGroup"},
        "the heartbeat is in the default group, which cannot be deleted": {"DeleteScheduleGroup"},
        TAGS: {"TagResource", "UntagResource"},
    },
    "sqs": {
        DATA: {
            "ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "DeleteMessage", "DeleteMessageBatch",
            "ReceiveMessage", "SendMessage", "SendMessageBatch",
        },
        TAGS: {"TagQueue", "UntagQueue"},
    },
    "sns": {
        DATA: {"Publish", "PublishBatch"},
        "Subscribe, before it, is watched": {"ConfirmSubscription"},
        TAGS: {"TagResource", "UntagResource"},
    },
    "lambda": {
        MORE: {
            "DeleteFunctionCodeSigningConfig", "DeleteFunctionConcurrency", "DeleteFunctionUrlConfig", "PublishVersion",
            "PutProvisionedConcurrencyConfig",
        },
        "another function, by another name": {"CreateFunction"},
        "nothing of ours goes by a version or an alias": {
            "CreateAlias", "DeleteAlias", "DeleteProvisionedConcurrencyConfig", "UpdateAlias",
        },
        "of functions on machines that somebody manages; the stack has none": {"PutFunctionScalingConfig"},
        "stops the next deployment, which tells": {"PutFunctionCodeSigningConfig"},
        "of functions that call themselves, which none does": {"PutFunctionRecursionConfig"},
        "which patch of the same runtime": {"PutRuntimeManagementConfig"},
        "what becomes of a call that nobody waits for: findings come by queues": {
            "DeleteFunctionEventInvokeConfig", "PutFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig",
        },
        DATA: {"Invoke", "InvokeAsync", "InvokeWithResponseStream"},
        TAGS: {"TagResource", "UntagResource"},
    },
    "states": {
        MORE: {"PublishStateMachineVersion", "RedriveExecution", "StartExecution", "StartSyncExecution"},
        TAGS: {"TagResource", "UntagResource"},
    },
    "dynamodb": {
        # docs/security.md says what somebody could do with them.
        DATA: {
            "BatchExecuteStatement", "BatchWriteItem", "DeleteItem", "ExecuteStatement", "ExecuteTransaction",
            "PutItem", "StartBulkPutItems", "TransactWriteItems", "UpdateItem",
        },
        READS: {"ExportTableToPointInTime", "TransactGetItems"},
        "a copy: what the ledger holds is no secret from whoever may make one": {
            "CreateBackup", "DisableKinesisStreamingDestination", "EnableKinesisStreamingDestination",
            "UpdateKinesisStreamingDestination",
        },
        "another table, by another name": {"CreateTable"},
        "of global tables; the stack has none": {
            "CreateGlobalTable", "UpdateGlobalTable", "UpdateGlobalTableSettings", "UpdateTableReplicaAutoScaling",
        },
        "counts what is asked for, and changes nothing": {"UpdateContributorInsights"},
        TAGS: {"TagResource", "UntagResource"},
    },
    "monitoring": {
        MORE: {"EnableAlarmActions"},
        # docs/security.md says so of the heartbeat, which is counted like that.
        DATA: {"PutMetricData"},
        "finds what is unusual; no alarm of ours asks it": {"DeleteAnomalyDetector", "PutAnomalyDetector"},
        TAGS: {"TagResource", "UntagResource"},
    },
    "logs": {
        DATA: {"PutLogEvents"},
        READS: {"CreateScheduledQuery", "StartLiveTail", "StartQuery", "UpdateScheduledQuery"},
        MORE: {"CreateLogGroup", "CreateLogStream", "DeleteRetentionPolicy"},
        "a copy of a log, as whoever may read it can make": {"CreateExportTask", "PutDeliverySource"},
        "a copy that is not ours ends": {"DeleteSubscriptionFilter", "DeleteSyslogConfiguration"},
        "another form of the same lines; the stack's filters are on them as they were written": {
            "DeleteDataProtectionPolicy", "DeleteIndexPolicy", "DeleteTransformer", "PutDataProtectionPolicy",
            "PutIndexPolicy", "PutTransformer",
        },
        "of logs that come from outside": {"PutBearerTokenAuthentication", "PutSyslogConfiguration"},
        "the lines stay readable, without our key": {"DisassociateKmsKey"},
        "DeleteLogGroup, after it, is watched": {"PutLogGroupDeletionProtection"},
        "finds what is unusual, and changes nothing": {"CreateLogAnomalyDetector"},
        "of who may deliver logs to a group; Lambda needs none": {"DeleteResourcePolicy", "PutResourcePolicy"},
        TAGS: {"TagLogGroup", "TagResource", "UntagLogGroup", "UntagResource"},
    },
    "secretsmanager": {
        MORE: {"CancelRotateSecret", "RestoreSecret", "ReplicateSecretToRegions"},
        "the copy keeps its value": {"StopReplicationToReplica"},
        "called in the Region of the secret that is copied, where this stack may keep no rules": {
            "AssociateCrossAccountReplica", "DisassociateCrossAccountReplica", "RemoveRegionsFromReplication",
        },
        TAGS: {"TagResource", "UntagResource"},
    },
    "kms": {
        MORE: {"CancelKeyDeletion", "CreateGrant", "EnableKey", "EnableKeyRotation", "ImportKeyMaterial"},
        "uses the key": {
            "Decapsulate", "Decrypt", "DeriveSharedSecret", "Encapsulate", "Encrypt", "GenerateDataKey",
            "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext",
            "GenerateMac", "Sign", "Verify", "VerifyMac",
        },
        "nothing of ours has the key by a grant": {"RetireGrant", "RevokeGrant"},
        "what is encrypted stays readable": {
            "DisableKeyRotation", "ReplicateKey", "RotateKeyOnDemand", "UpdateKeyDescription", "UpdatePrimaryRegion",
        },
        TAGS: {"TagResource", "UntagResource"},
    },
    "iam": {
        "another role, by another name": {"CreateRole"},
        "of AWS's own roles, which it keeps while they are used": {"DeleteServiceLinkedRole"},
        "of users, groups and machines, which the stack has none of": {
            "AddRoleToInstanceProfile", "AttachGroupPolicy", "AttachUserPolicy", "DetachGroupPolicy",
            "DetachUserPolicy", "RemoveRoleFromInstanceProfile",
        },
        "refused for a version, or a policy, that is in use": {"DeletePolicy", "DeletePolicyVersion"},
        "how long a session may be, and what is said of the role": {"UpdateRole", "UpdateRoleDescription"},
        TAGS: {"TagPolicy", "TagRole", "UntagPolicy", "UntagRole"},
    },
    "cloudformation": {
        "changes nothing before it is executed, which is watched": {"CreateChangeSet", "DeleteChangeSet"},
        "another stack, by another name": {"CreateGeneratedTemplate", "CreateStack"},
        "called in the management account, where this stack keeps no rules": {
            "CreateStackInstances", "CreateStackSet", "DeleteStackInstances", "DeleteStackSet",
            "ImportStacksToStackSet", "StopStackSetOperation", "UpdateStackInstances", "UpdateStackSet",
        },
        "another name for the same stack": {"SetAlias"},
        "speaks for a resource that a stack waits for; ours wait for none": {"SignalResource"},
    },
    "s3": {
        "only a whole object is read, and its writing is watched": {
            "AbortMultipartUpload", "CreateMultipartUpload", "UploadPart", "UploadPartCopy",
        },
        "GuardDuty keeps the list that it has read": {"DeleteObject"},
        "of directory buckets, which GuardDuty reads no list from": {"RenameObject"},
        "changes nothing that is in the file": {
            "DeleteObjectAnnotation", "DeleteObjectTagging", "PutObjectAcl", "PutObjectAnnotation",
            "PutObjectLegalHold", "PutObjectRetention", "PutObjectTagging", "RestoreObject", "UpdateObjectEncryption",
        },
    },
}  # fmt: skip
"""By service and reason."""


def changing(service: str) -> Iterator[str]:
    """The operations of a service that change something which the stack may have."""
    model = botocore.session.get_session().get_service_model(BOTOCORE.get(service, service))
    for name in model.operation_names:
        members = set(getattr(model.operation_model(name).input_shape, "members", ()))
        if not name.startswith(READING) and (service not in NAMES_OURS or members & NAMES_OURS[service]):
            yield name


@pytest.mark.parametrize("service", sorted({calls.service for calls in ALL}))
def test_of_every_call_that_changes_something_it_is_decided_whether_it_is_watched(service: str) -> None:
    watched = {name for calls in ALL if calls.service == service for name in calls.names}
    decided = [name for names in NOT_WATCHED[service].values() for name in names]
    assert len(decided) == len(set(decided))
    assert not watched & set(decided)
    assert set(changing(service)) - watched == set(decided)
