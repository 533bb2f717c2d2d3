"""What a watched call means: in words, and how bad it is."""

from typing import NamedTuple

from notifier.items.severity import Severity, severity_of
from notifier.items.wire import Block

_HIGH, _MEDIUM = 8.0, 5.0

_PAST = {
    "accept": "accepted",
    "add": "added",
    "cancel": "cancelled",
    "change": "changed",
    "continue": "continued",
    "create": "created",
    "delete": "deleted",
    "detach": "detached",
    "disable": "disabled",
    "empty": "emptied",
    "end": "ended",
    "execute": "executed",
    "leave": "left",
    "limit": "limited",
    "move": "moved",
    "mute": "muted",
    "remove": "removed",
    "roll": "rolled",
    "schedule": "scheduled",
    "send": "sent",
    "set": "set",
    "stop": "stopped",
    "store": "stored",
    "take": "took",
    "write": "wrote",
}


class Words(NamedTuple):
    """What somebody does with a call.

    Attributes:
        does: As after "tried to": `delete a suppression filter`.
        means: What comes of it, a sentence; empty where that goes without saying. See `means_of`.
        number: Severity on GuardDuty's scale.
    """

    does: str
    means: str = ""
    number: float = _MEDIUM

    @property
    def did(self) -> str:
        """As after a name: `deleted a suppression filter`."""
        verb, _, rest = self.does.partition(" ")
        return f"{_PAST[verb]} {rest}"


_UNSEEN = "Unless another trail logs it, nobody is told any longer of calls that blind this stack; findings still come."
_MAY_BE_UNSEEN = "If it no longer logs changes in this Region, nobody is told of calls that blind this stack."
_HIDES = "Findings that it matches reach nobody: no event, no Security Hub, no Detective."
_MAY_HIDE = "If it archives, findings that it matches reach nobody: no event, no Security Hub, no Detective."
_TRUSTS = "GuardDuty makes no finding of any type for the addresses on it, and leaves no trace."
_WILL_TRUST = (
    "GuardDuty reads it when the list is activated again; from then on it makes no finding of any type for the "
    "addresses in it, and leaves no trace."
)
_MANAGES = "That account then manages GuardDuty here: its filters decide what reaches anybody."
_BLIND = "GuardDuty sees nothing in this Region any more."
_SILENT = "What it carried reaches nobody."

WORDS: dict[str, dict[str, Words]] = {
    "guardduty": {
        "AcceptAdministratorInvitation": Words("accept another account as GuardDuty's administrator", _MANAGES, _HIGH),
        "AcceptInvitation": Words("accept another account as GuardDuty's administrator", _MANAGES, _HIGH),
        "CreateFilter": Words("create a GuardDuty filter", _HIDES, _HIGH),
        "CreateIPSet": Words("create a trusted IP list", _TRUSTS, _HIGH),
        "CreatePublishingDestination": Words("create an export of findings", "Findings also go there."),
        "CreateThreatEntitySet": Words("create a threat entity list"),
        "CreateThreatIntelSet": Words("create a threat IP list"),
        "CreateTrustedEntitySet": Words("create a trusted entity list", _TRUSTS, _HIGH),
        "DeleteCustomDetectionRuleAssociation": Words("remove a custom detection rule", "", _HIGH),
        "DeleteCustomDetectionRuleOrgConfiguration": Words("remove a custom detection rule of all accounts", "", _HIGH),
        "DeleteDetector": Words("delete the GuardDuty detector", _BLIND, 9.0),
        "DeleteFilter": Words("delete a GuardDuty filter", "What it hid, if it hid anything, is sent again."),
        "DeleteIPSet": Words("delete a trusted IP list", "Its addresses make findings again."),
        "DeleteMalwareProtectionPlan": Words("delete a malware protection plan", "", _HIGH),
        "DeleteMembers": Words("remove member accounts from GuardDuty", "", _HIGH),
        "DeletePublishingDestination": Words("delete an export of findings", "", _HIGH),
        "DeleteThreatEntitySet": Words("delete a threat entity list", "", _HIGH),
        "DeleteThreatIntelSet": Words("delete a threat IP list", "", _HIGH),
        "DeleteTrustedEntitySet": Words("delete a trusted entity list", "Its addresses make findings again."),
        "DisableOrganizationAdminAccount": Words("take GuardDuty's administration away from an account", "", 9.0),
        "DisassociateFromAdministratorAccount": Words("leave GuardDuty's administrator account", "", 9.0),
        "DisassociateFromMasterAccount": Words("leave GuardDuty's administrator account", "", 9.0),
        "DisassociateMembers": Words("remove member accounts from GuardDuty", "", _HIGH),
        "EnableOrganizationAdminAccount": Words("set an account as GuardDuty's administrator", "", _HIGH),
        "StopMonitoringMembers": Words("stop watching member accounts", "", 9.0),
        "TagResource": Words("change tags in GuardDuty", "A filter's tags say whose it is and who is told."),
        "UntagResource": Words("remove tags in GuardDuty", "A filter's tags say whose it is and who is told."),
        "UpdateCustomDetectionRuleAssociation": Words("change a custom detection rule"),
        "UpdateCustomDetectionRuleOrgConfiguration": Words("change a custom detection rule of all accounts"),
        "UpdateDetector": Words("change the GuardDuty detector", "What is asked for below is what it is now.", _HIGH),
        "UpdateFilter": Words("change a GuardDuty filter", _HIDES, _HIGH),
        "UpdateIPSet": Words("change a trusted IP list", _TRUSTS, _HIGH),
        "UpdateMalwareProtectionPlan": Words("change a malware protection plan"),
        "UpdateMalwareScanSettings": Words("change what malware scans look at", "", _HIGH),
        "UpdateMemberDetectors": Words("change what GuardDuty watches in member accounts", "", _HIGH),
        "UpdateOrganizationConfiguration": Words("change which accounts GuardDuty enrols", "", _HIGH),
        "UpdatePublishingDestination": Words("change where findings are exported to"),
        "UpdateThreatEntitySet": Words("change a threat entity list"),
        "UpdateThreatIntelSet": Words("change a threat IP list"),
        "UpdateTrustedEntitySet": Words("change a trusted entity list", _TRUSTS, _HIGH),
    },
    "detective": {
        "DeleteGraph": Words("delete the Detective graph", "Up to a year of history is gone for good.", 9.0),
        "DeleteMembers": Words("remove member accounts from Detective", "", _HIGH),
        "DisableOrganizationAdminAccount": Words(
            "take Detective's administration away", "The organization's graph is deleted.", 9.0
        ),
        "DisassociateMembership": Words("leave a Detective graph", "", _HIGH),
        "EnableOrganizationAdminAccount": Words("set an account as Detective's administrator", "", _HIGH),
        "UpdateDatasourcePackages": Words("change what Detective takes in"),
        "UpdateOrganizationConfiguration": Words("change which accounts Detective enrols"),
    },
    "events": {
        "DeleteArchive": Words("delete an archive of findings", "They cannot be replayed.", _HIGH),
        "DeleteEventBus": Words("delete the findings bus", "No finding of any Region arrives.", 9.0),
        "DeleteRule": Words("delete an EventBridge rule", _SILENT, 9.0),
        "DisableRule": Words("disable an EventBridge rule", _SILENT, 9.0),
        "PutPermission": Words("change who may put events on the findings bus", "", _HIGH),
        "PutRule": Words("change an EventBridge rule", "It may match less, or be disabled.", _HIGH),
        "PutTargets": Words("change where an EventBridge rule leads", "", _HIGH),
        "RemovePermission": Words("remove a permission of the findings bus", "", _HIGH),
        "RemoveTargets": Words("remove targets of an EventBridge rule", _SILENT, 9.0),
        "UpdateArchive": Words("change an archive of findings"),
        "UpdateEventBus": Words("change the findings bus", "", _HIGH),
    },
    "scheduler": {
        "DeleteSchedule": Words("delete the heartbeat's schedule", "An alarm will ring within two hours.", _HIGH),
        "UpdateSchedule": Words("change the heartbeat's schedule", "", _HIGH),
    },
    "sqs": {
        "AddPermission": Words("change who may use a queue", "", _HIGH),
        "DeleteQueue": Words("delete a queue", "What waited in it is lost.", 9.0),
        "PurgeQueue": Words("empty a queue", "What waited in it is lost.", 9.0),
        "RemovePermission": Words("remove a permission of a queue", _SILENT, _HIGH),
        "StartMessageMoveTask": Words("move the messages of a queue elsewhere", "", _HIGH),
        "SetQueueAttributes": Words("change a queue", "Its policy says which rules may deliver.", _HIGH),
    },
    "sns": {
        "AddPermission": Words("change who may use a topic", "", _HIGH),
        "DeleteTopic": Words("delete a topic", "Nobody who subscribed to it is told.", 9.0),
        "PutDataProtectionPolicy": Words("change what a topic lets through", "", _HIGH),
        "RemovePermission": Words("remove a permission of a topic", "", _HIGH),
        "SetSubscriptionAttributes": Words("change a subscription", "A filter policy can hold messages back.", _HIGH),
        "SetTopicAttributes": Words("change a topic", "", _HIGH),
        "Subscribe": Words("add a subscriber to a topic", "Whoever it is reads what the topic carries.", _HIGH),
        "Unsubscribe": Words("end a subscription", "That subscriber is told nothing any more."),
    },
    "lambda": {
        "AddPermission": Words("change who may invoke a function"),
        "CreateEventSourceMapping": Words(
            "add a reader to a queue", "It takes a share of the messages: nobody is told of those.", 9.0
        ),
        "CreateFunctionUrlConfig": Words("create a web address for a function", "", _HIGH),
        "DeleteEventSourceMapping": Words("delete the link from a queue to its function", "Nothing is sent.", 9.0),
        "DeleteFunction": Words("delete a function", "Nothing is sent.", 9.0),
        "DeleteResourcePolicy": Words("delete the policy of a function", "Nothing may invoke it any more.", _HIGH),
        "PutFunctionConcurrency": Words("limit how often a function runs", "At 0 it does not run at all.", _HIGH),
        "PutResourcePolicy": Words("change who may invoke a function", "", _HIGH),
        "RemovePermission": Words("remove a permission of a function", "", _HIGH),
        "UpdateEventSourceMapping": Words("change the link from a queue to its function", "", _HIGH),
        "UpdateFunctionCode": Words("change a function's code", "It does what somebody else wrote.", 9.0),
        "UpdateFunctionConfiguration": Words("change a function's settings", "", _HIGH),
        "UpdateFunctionUrlConfig": Words("change a function's web address", "", _HIGH),
    },
    "states": {
        "DeleteStateMachine": Words("delete the investigation workflow", "", _HIGH),
        "StopExecution": Words("stop an investigation"),
        "UpdateStateMachine": Words("change the investigation workflow", "", _HIGH),
    },
    "dynamodb": {
        "DeleteResourcePolicy": Words("delete the policy of a table"),
        "DeleteTable": Words("delete a table", "What was told is forgotten; findings are sent, perhaps again.", _HIGH),
        "PutResourcePolicy": Words("change the policy of a table", "", _HIGH),
        "UpdateContinuousBackups": Words("change the backups of a table"),
        "UpdateTable": Words("change a table"),
        "UpdateTimeToLive": Words("change how long a table remembers"),
    },
    "monitoring": {
        "DeleteAlarms": Words("delete alarms", "Nobody hears of what they watched.", _HIGH),
        "DisableAlarmActions": Words("disable what alarms do", "They turn red and tell nobody.", _HIGH),
        "PutAlarmMuteRule": Words("mute alarms", "They turn red and tell nobody.", _HIGH),
        "PutCompositeAlarm": Words("change an alarm", "", _HIGH),
        "PutLogAlarm": Words("change an alarm", "", _HIGH),
        "PutMetricAlarm": Words("change an alarm", "", _HIGH),
        "SetAlarmState": Words("set the state of an alarm by hand"),
    },
    "logs": {
        "AssociateKmsKey": Words("change the key of a log", "Nothing is logged by a key that cannot be used.", _HIGH),
        "DeleteLogGroup": Words("delete a log", "What the function did cannot be read any more.", _HIGH),
        "DeleteLogStream": Words("delete a part of a log", "What the function did cannot be read any more.", _HIGH),
        "DeleteMetricFilter": Words("delete a metric of a log", "The alarms on it see nothing.", _HIGH),
        "PutMetricFilter": Words("change a metric of a log"),
        "PutRetentionPolicy": Words("change how long a log is kept"),
        "PutSubscriptionFilter": Words("send a copy of a log elsewhere"),
    },
    "secretsmanager": {
        "DeleteResourcePolicy": Words("delete the policy of a destination's secret"),
        "DeleteSecret": Words("delete a destination's secret", "Nothing can be sent there.", 9.0),
        "PutResourcePolicy": Words("change the policy of a destination's secret", "", _HIGH),
        "PutSecretValue": Words("store another value in a destination's secret", "Messages go where it says.", _HIGH),
        "RotateSecret": Words("set a destination's secret to be rotated", "", _HIGH),
        "UpdateSecret": Words("change a destination's secret", "Messages go where it says.", _HIGH),
        "UpdateSecretVersionStage": Words("change which value of a destination's secret is used", "", _HIGH),
    },
    "kms": {
        "DeleteImportedKeyMaterial": Words(
            "delete the material of the key of queues and topics", "Nothing can be delivered.", 9.0
        ),
        "DisableKey": Words("disable the key of queues and topics", "Nothing can be delivered.", 9.0),
        "PutKeyPolicy": Words("change who may use the key of queues and topics", "", _HIGH),
        "ScheduleKeyDeletion": Words(
            "schedule the deletion of the key of queues and topics", "Nothing can be delivered from now on.", 9.0
        ),
    },
    "iam": {
        "AttachRolePolicy": Words("change what a role of the stack may do", "", _HIGH),
        "CreatePolicyVersion": Words(
            "change the permissions boundary of the stack's roles", "They can do no more than it allows.", _HIGH
        ),
        "DeleteRole": Words("delete a role of the stack", "Whoever worked with it cannot.", 9.0),
        "DeleteRolePermissionsBoundary": Words("remove the permissions boundary of a role of the stack", "", _HIGH),
        "DeleteRolePolicy": Words("take permissions from a role of the stack", "", 9.0),
        "DetachRolePolicy": Words("detach a policy from a role of the stack", "", _HIGH),
        "PutRolePermissionsBoundary": Words("limit what a role of the stack may do", "", _HIGH),
        "PutRolePolicy": Words("change what a role of the stack may do", "", _HIGH),
        "SetDefaultPolicyVersion": Words(
            "set another version of the permissions boundary of the stack's roles",
            "They can do no more than it allows.",
            _HIGH,
        ),
        "UpdateAssumeRolePolicy": Words("change who may take a role of the stack", "", _HIGH),
    },
    "cloudformation": {
        "CancelUpdateStack": Words("cancel the update of a stack", "CloudFormation rolls it back.", _HIGH),
        "ContinueUpdateRollback": Words(
            "continue the rollback of a stack", "Resources that it skips stay as they are.", _HIGH
        ),
        "DeleteStack": Words("delete a stack", "CloudFormation takes its resources away.", 9.0),
        "ExecuteChangeSet": Words("execute a change set", "CloudFormation changes the stack as it says.", _HIGH),
        "RollbackStack": Words("roll a stack back", "CloudFormation changes it.", _HIGH),
        "SetStackPolicy": Words("change what of a stack may be changed"),
        "UpdateStack": Words("change a stack", "CloudFormation changes its resources.", _HIGH),
        "UpdateTerminationProtection": Words("change whether a stack can be deleted"),
    },
    "cloudtrail": {
        "DeleteTrail": Words("delete a trail", _UNSEEN, _HIGH),
        "PutEventSelectors": Words("change which events a trail logs", _MAY_BE_UNSEEN, _HIGH),
        "StopLogging": Words("stop a trail", _UNSEEN, _HIGH),
        "UpdateTrail": Words("change a trail", _MAY_BE_UNSEEN, _HIGH),
    },
    "s3": {
        "CompleteMultipartUpload": Words("write the file of a trusted list", _WILL_TRUST, _HIGH),
        "CopyObject": Words("write the file of a trusted list", _WILL_TRUST, _HIGH),
        "PutObject": Words("write the file of a trusted list", _WILL_TRUST, _HIGH),
    },
}
"""By service and call; the rules watch for exactly these (contract test)."""

_TAKES_AWAY = 9.0


class _Switch(NamedTuple):
    """The member of a request that says whether anything is hidden.

    Attributes:
        on: Its value if so, in small letters; CloudTrail writes true and false also as text.
        off: Its value if not.
        unclear: What is said where the request does not tell.
    """

    member: str
    on: str
    off: str
    unclear: str


_ARCHIVES = _Switch("action", "archive", "noop", _MAY_HIDE)
_IS_ACTIVE = _Switch("activate", "true", "false", f"If it is active, {_TRUSTS}")
_SWITCHES = {
    f"{verb}{kind}": switch
    for verb in ("Create", "Update")
    for kind, switch in (("Filter", _ARCHIVES), ("IPSet", _IS_ACTIVE), ("TrustedEntitySet", _IS_ACTIVE))
}


def words_of(service: str, name: str) -> Words:
    """The words for a call; of one that is not known, its name."""
    return WORDS.get(service, {}).get(name) or Words(f"change something by {service or 'unknown'}:{name}", "", _HIGH)


def means_of(service: str, name: str, request: Block) -> str:
    """What comes of a call as it was asked for, a sentence; empty where that goes without saying."""
    means = words_of(service, name).means
    switch = _SWITCHES.get(name) if service == "guardduty" else None
    if switch is None:
        return means
    asked = request.get(switch.member)
    # The default of a new filter (botocore guardduty 1.44.5, CreateFilter). Without a name the event left it all out.
    if asked is None and name == "CreateFilter" and "name" in request:
        asked = switch.off
    value = str(asked).lower()
    return {switch.on: means, switch.off: "It hides nothing as it is."}.get(value, switch.unclear)


def severity_of_call(service: str, name: str) -> Severity:
    """How bad it is."""
    return severity_of(words_of(service, name).number)


def takes_away(service: str, name: str) -> bool:
    """Whether detection, or the way of findings, ends with the call."""
    return words_of(service, name).number >= _TAKES_AWAY
