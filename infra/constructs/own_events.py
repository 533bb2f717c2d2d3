"""The permission to put events of ours on a bus: those of one kind, and nothing else."""

from aws_cdk import aws_iam as iam

from infra.constructs.finding_pattern import OUR_SOURCE

_SOURCE, _DETAIL_TYPE = "events:source", "events:detail-type"


def put_own_events(*bus_arns: str, detail_type: str) -> iam.PolicyStatement:
    """A statement for whoever reads what an attacker may have written.

    Whatever it is talked into, it forges no finding, and no event of another kind. `Null` because a set operator is
    met by a key that is not there (IAM user guide, multivalued context keys; EventBridge user guide, IAM policy
    conditions).

    Args:
        bus_arns: The buses.
        detail_type: What the events are.
    """
    return iam.PolicyStatement(
        actions=["events:PutEvents"],
        resources=list(bus_arns),
        conditions={
            "ForAllValues:StringEquals": {_SOURCE: OUR_SOURCE, _DETAIL_TYPE: detail_type},
            "Null": {_SOURCE: "false", _DETAIL_TYPE: "false"},
        },
    )
