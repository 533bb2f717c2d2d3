"""What CloudFormation asks of a custom resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from organization.properties import Properties

Kind = Literal["Create", "Update", "Delete"]

NOT_MADE = "/not-made"
"""End of the physical id of a resource that could not be made. CloudFormation deletes such a resource at once, and
what somebody else had set before must not go with it."""

FOUND = "/found"
"""End of the physical id of a resource whose deletion takes something away, and that found this when it was made. If
another resource of the stack cannot be made, CloudFormation deletes this one too, and what somebody else had set before
must not go with it either."""


class NoRequest(ValueError):
    """The event is not from CloudFormation; there is nobody to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request (CloudFormation template reference, custom resource request objects).

    Attributes:
        kind: What is asked.
        resource: Type of the resource without `Custom::`.
        physical_id: Its id as we gave it; empty while it is being made.
        properties: As the template says now.
        old: As it said before; as `properties` unless this is an update.
        answer_to: Where the answer goes: a presigned address, which is a secret.
        answer: What every answer repeats.
    """

    kind: Kind
    resource: str
    physical_id: str
    properties: Properties
    old: Properties
    answer_to: str
    answer: Mapping[str, str]

    @classmethod
    def from_event(cls, event: Mapping[str, object]) -> "Request":
        """Read the event.

        Raises:
            NoRequest: It is none of CloudFormation's.
        """

        def text(name: str) -> str:
            if not isinstance(value := event.get(name), str) or not value:
                raise NoRequest(f"{name}: missing in the event, which only CloudFormation may send; nothing was done")
            return value

        def properties(name: str) -> Properties:
            if not isinstance(value := event.get(name), Mapping):
                raise NoRequest(f"{name}: missing in the event, which only CloudFormation may send; nothing was done")
            return Properties(value)

        kinds: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
        kind = kinds.get(text("RequestType"))
        if kind is None:
            raise NoRequest(f"RequestType: must be one of {', '.join(kinds)}, got {text('RequestType')[:80]!r}")
        return cls(
            kind=kind,
            resource=text("ResourceType").removeprefix("Custom::"),
            physical_id="" if kind == "Create" else text("PhysicalResourceId"),
            properties=properties("ResourceProperties"),
            old=properties("OldResourceProperties" if kind == "Update" else "ResourceProperties"),
            answer_to=text("ResponseURL"),
            answer={name: text(name) for name in ("StackId", "RequestId", "LogicalResourceId")},
        )
