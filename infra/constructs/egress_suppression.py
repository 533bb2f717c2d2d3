"""The suppression rules that keep our own egress quiet in one Region."""

from collections.abc import Collection, Sequence

from aws_cdk import CfnTag
from aws_cdk import aws_guardduty as guardduty
from constructs import Construct

from infra.constructs.operations import Metric, Operations, in_alarms
from infra.suppression import CompiledFilter

_HOUR = 3600


class EgressSuppression(Construct):
    """One GuardDuty filter for each compiled filter: it archives, or only counts for the entries that observe.

    A filter with action NOOP counts what it matches (`FindingsMatchedByFilter`) and hides nothing: GuardDuty's own
    dry run (GuardDuty user guide, suppression rule metrics). An archived finding reaches nothing: no event, no
    Security Hub, no S3, no Detective. That is why a filter names finding types *and* addresses, and why a trusted
    list, which hides every finding type and keeps nothing, is made only where `trusted_list` asks for it by name.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        detector_id: str,
        filters: Sequence[CompiledFilter],
        observing: Collection[str],
        hidden_per_hour: int,
        operations: Operations,
    ) -> None:
        super().__init__(scope, id_)
        for compiled in filters:
            guardduty.CfnFilter(
                self,
                # The filter's own name: adding an entry must not replace the others' filters.
                compiled.name,
                detector_id=detector_id,
                name=compiled.name,
                description=compiled.description,
                action="NOOP" if compiled.entry in observing else "ARCHIVE",
                finding_criteria=guardduty.CfnFilter.FindingCriteriaProperty(
                    # A plain dict: `ConditionProperty` inside this map renders `equalTo`, which CloudFormation refuses.
                    criterion=dict(compiled.criterion)
                ),
                tags=[CfnTag(key=key, value=value) for key, value in compiled.tags.items()],
            )
        _watch(
            [compiled.name for compiled in filters if compiled.entry not in observing],
            hidden_per_hour=hidden_per_hour,
            operations=operations,
        )


def _watch(names: Sequence[str], *, hidden_per_hour: int, operations: Operations) -> None:
    """Alarm on a runaway: a filter that suddenly hides a flood."""
    for number, some in enumerate(in_alarms(names), start=1):
        operations.alarm_if_any_is_above(
            f"Runaway-{number:02}",
            metrics=[
                Metric(namespace="AWS/GuardDuty", name="FindingsSuppressedByFilter", dimensions={"FilterName": name})
                for name in some
            ],
            limit=hidden_per_hour,
            period_seconds=_HOUR,
            says=f"A suppression filter hid more than {hidden_per_hour} findings within an hour (one of {some[0]} to "
            f"{some[-1]}; the dashboard shows which). Nobody was told of them: look at the archived findings of this "
            "Region now, and set the egress entry to observe until you know why.",
            runbook="runaway",
        )
