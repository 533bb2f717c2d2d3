"""An in-memory Detective: one behaviour graph for an account and Region."""

from uuid import uuid4

from tools.emulator.guardduty_rules import Place

WITHOUT_DETECTIVE = frozenset(
    {
        "ap-east-2",
        "ap-northeast-3",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "cn-north-1",
        "cn-northwest-1",
        "eu-central-2",
        "eu-south-2",
        "me-central-1",
        "mx-central-1",
    }
)
"""Regions with GuardDuty and no Detective (endpoint data of botocore 1.44.5)."""


class DetectiveError(Exception):
    """A request that the service refuses."""


class Detective:
    """The graphs of any number of accounts and Regions."""

    def __init__(self) -> None:
        self._graphs: dict[Place, str] = {}

    def create_graph(self, place: Place) -> str:
        """Switch Detective on; returns the graph's ARN.

        Raises:
            DetectiveError: There is one already, or the Region has no Detective.
        """
        if place.region in WITHOUT_DETECTIVE:
            raise DetectiveError(f"Detective is not offered in {place.region}; leave AWS::Detective::Graph out there")
        if place in self._graphs:
            raise DetectiveError(f"account {place.account} already has the graph {self._graphs[place]}")
        arn = f"arn:aws:detective:{place.region}:{place.account}:graph:{uuid4().hex}"
        self._graphs[place] = arn
        return arn

    def graph(self, place: Place) -> str | None:
        """The ARN of the graph there; None if there is none."""
        return self._graphs.get(place)

    def delete_graph(self, place: Place, arn: str) -> None:
        """Switch Detective off."""
        if self._graphs.get(place) != arn:
            raise DetectiveError(f"{arn} is not a graph of account {place.account} in {place.region}")
        del self._graphs[place]
