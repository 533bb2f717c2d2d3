"""Detective, switched on in one Region."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_detective as detective
from constructs import Construct

from infra.constructs.acknowledge import acknowledge_unlisted


class BehaviorGraph(Construct):
    """The behavior graph of this account and Region, where an investigation of a role starts.

    The graph outlives its stack: deleting one destroys up to a year of history for good (Detective administration
    guide, disabling). That holds for a stack whose first creation fails too, unlike for everything else that we keep:
    CreateGraph returns the graph that the account has already (botocore detective 1.44.5), so what looks made a moment
    ago may be years old.

    Args:
        unlisted: Whether it is the configuration alone that says that the Region has Detective.
    """

    def __init__(self, scope: Construct, id_: str, *, unlisted: bool = False) -> None:
        super().__init__(scope, id_)
        graph = detective.CfnGraph(self, "Resource")
        graph.apply_removal_policy(RemovalPolicy.RETAIN)
        if unlisted:
            acknowledge_unlisted(graph)
