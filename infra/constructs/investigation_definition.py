"""The steps of an investigation as a definition in the Amazon States Language; plain data, so that tests can run it."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

State: TypeAlias = dict[str, Any]

POLL_SECONDS = 60
"""Between two questions whether a service is done; the time limit is counted in such questions."""

_TASK_SECONDS = 930
"""A little more than a function may run."""

_SPARE_HOURS = 6

RETRY = [
    {
        "ErrorEquals": [
            "Throttled",
            "Lambda.ClientExecutionTimeoutException",
            "Lambda.ServiceException",
            "Lambda.AWSLambdaException",
            "Lambda.SdkClientException",
            "Lambda.TooManyRequestsException",
        ],
        "IntervalSeconds": 10,
        "MaxAttempts": 6,
        "BackoffRate": 2,
        "MaxDelaySeconds": 180,
        # Whoever is refused at the same moment must not come back at the same moment.
        "JitterStrategy": "FULL",
    }
]
"""What may pass is tried again over about ten minutes; everything else is caught, and told."""

_PATHS = {
    # Always there: the execution's name is the report's, so that a step that is tried again tells nothing twice.
    "report_id": "$$.Execution.Name",
    # The name alone: the cause holds a traceback.
    "error": "$.error.Error",
}

_UNKNOWN_PROBE = {
    "progress": "done",
    "outcome": "unknown",
    "reason.$": "$.error.Error",
    "about": "",
    "id": "",
    "checks": 0,
    "severity": "",
    "facts": [],
    "complete": False,
}

_UNKNOWN_PERMISSIONS = {
    "read": False,
    "reason.$": "$.error.Error",
    "policies": [],
    "more_policies": 0,
    "unread": [],
    "services": [],
    "everything": False,
    "broad": [],
    "boundary": "",
}


def definition(
    *, function_arn: str, history_wait_seconds: int, timeout_minutes: int, ask_guardduty: bool
) -> dict[str, Any]:
    """The state machine's definition.

    Nothing is paid for while it waits. A branch that breaks ends in a document that says so, and everything else is
    reported all the same; if the report itself cannot be made, one that says only that goes out, and the execution
    fails so that an alarm rings.

    Args:
        function_arn: The function that does each step.
        history_wait_seconds: Between the two looks at the event history.
        timeout_minutes: Of Detective and GuardDuty.
        ask_guardduty: Whether GuardDuty itself is asked to investigate.
    """

    def task(step: str, *needs: str, then: State, result: str | None, on_error: str | None) -> State:
        state: State = {
            "Type": "Task",
            "Resource": function_arn,
            "Parameters": {"step": step} | {f"{need}.$": _PATHS.get(need, f"$.{need}") for need in needs},
            "ResultPath": f"$.{result}" if result else "$",
            "TimeoutSeconds": _TASK_SECONDS,
            "Retry": RETRY,
            **then,
        }
        if on_error:
            state["Catch"] = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": on_error}]
        return state

    def probe(name: str, step: str) -> State:
        return {
            "StartAt": f"Start{name}",
            "States": {
                f"Start{name}": task(
                    f"{step}-start",
                    "subject",
                    "plan",
                    result="probe",
                    then={"Next": f"{name}Over"},
                    on_error=f"{name}Unknown",
                ),
                f"{name}Over": {
                    "Type": "Choice",
                    "Choices": [
                        {"Variable": "$.probe.progress", "StringEquals": "waiting", "Next": f"WaitFor{name}"},
                    ],
                    "Default": f"{name}Known",
                },
                f"WaitFor{name}": {"Type": "Wait", "Seconds": POLL_SECONDS, "Next": f"Check{name}"},
                f"Check{name}": task(
                    f"{step}-check",
                    "subject",
                    "probe",
                    result="probe",
                    then={"Next": f"{name}Over"},
                    on_error=f"{name}Unknown",
                ),
                f"{name}Known": {"Type": "Pass", "OutputPath": "$.probe", "End": True},
                f"{name}Unknown": {"Type": "Pass", "Parameters": _UNKNOWN_PROBE, "End": True},
            },
        }

    history: State = {
        "StartAt": "FirstLook",
        "States": {
            "FirstLook": task(
                "look", "subject", "plan", result="history", then={"Next": "WaitForHistory"}, on_error="NoFirstLook"
            ),
            "NoFirstLook": {
                "Type": "Pass",
                "Result": {"regions": {}, "late": 0, "looks": 0, "unsorted": ""},
                "ResultPath": "$.history",
                "Next": "WaitForHistory",
            },
            "WaitForHistory": {"Type": "Wait", "Seconds": history_wait_seconds, "Next": "SecondLook"},
            "SecondLook": task(
                "look-again",
                "subject",
                "plan",
                "history",
                result="history",
                then={"Next": "HistoryKnown"},
                on_error="HistoryKnown",
            ),
            "HistoryKnown": {"Type": "Pass", "OutputPath": "$.history", "End": True},
        },
    }
    permissions: State = {
        "StartAt": "Permissions",
        "States": {
            "Permissions": task(
                "permissions",
                "subject",
                "plan",
                result="permissions",
                then={"Next": "PermissionsKnown"},
                on_error="PermissionsUnknown",
            ),
            "PermissionsKnown": {"Type": "Pass", "OutputPath": "$.permissions", "End": True},
            "PermissionsUnknown": {"Type": "Pass", "Parameters": _UNKNOWN_PERMISSIONS, "End": True},
        },
    }
    branches: Sequence[Mapping[str, Any]] = [
        probe("Detective", "detective"),
        history,
        permissions,
        *([probe("GuardDuty", "guardduty")] if ask_guardduty else []),
    ]
    waits = 60 * timeout_minutes + history_wait_seconds
    return {
        "Comment": "Works a case of leaked credentials up to a report; reads only",
        "StartAt": "Plan",
        "TimeoutSeconds": waits + _SPARE_HOURS * 3600,
        "States": {
            "Plan": task("plan", "subject", result="plan", then={"Next": "Look"}, on_error="SayItFailed"),
            "Look": {
                "Type": "Parallel",
                "Branches": branches,
                "ResultPath": "$.looks",
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "SayItFailed"}],
                "Next": "Report",
            },
            "Report": task(
                "report",
                "subject",
                "plan",
                "looks",
                "report_id",
                result=None,
                then={"End": True},
                on_error="SayItFailed",
            ),
            "SayItFailed": task(
                "failed", "subject", "error", "report_id", result=None, then={"Next": "Failed"}, on_error=None
            ),
            "Failed": {
                "Type": "Fail",
                "Error": "InvestigationFailed",
                "Cause": "People were told that nothing is known; the events of this execution say what broke",
            },
        },
    }
