"""Whether CloudFormation takes an update of a stack as it stands."""

from tools.doctor.check import Check
from tools.doctor.live_region import NEVER_MADE, LiveRegion

_UNUSABLE = ("DELETE_FAILED",)
_STUCK = "UPDATE_ROLLBACK_FAILED"
"""It takes no update before the rollback is completed (CloudFormation user guide, ContinueUpdateRollback)."""


def deployable(place: LiveRegion, stack: str) -> Check:
    """One stack of ours in a Region."""
    status = place.status_of(stack)
    if status is None:
        return place.ok("stack", stack, "will be created")
    if status in NEVER_MADE:
        return place.ok("stack", stack, f"is {status}: the CDK CLI will delete it, and create it anew")
    if status in _UNUSABLE:
        return place.wrong(
            "stack",
            stack,
            f"will fail: is {status}, from which CloudFormation only deletes",
            fix=f"aws cloudformation delete-stack --region {place.region} --stack-name {stack}",
        )
    if status == _STUCK:
        return place.wrong(
            "stack",
            stack,
            f"will fail: is {status}, from which CloudFormation takes no update; its events say what could not be"
            " rolled back: mend that, then let it go on",
            fix=f"aws cloudformation continue-update-rollback --region {place.region} --stack-name {stack}",
        )
    if status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
        return place.wrong("stack", stack, f"will fail: is {status}; wait for it to end")
    return place.ok("stack", stack, f"already is ({status})")
