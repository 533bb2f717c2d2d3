"""One stack as it is deployed: its resources' real names, and the services of its Region."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.cloud_assembly import Resource, Stack
from tools.verify.verdict import Check, State

ClientOf = Callable[[str, str], Any]
"""A boto3 client by service and Region."""


class NotDeployedError(Exception):
    """A resource of the template that CloudFormation has not made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What the checks of one stack need.

    Attributes:
        names: Logical id to physical id, as CloudFormation lists them.
    """

    stack: Stack
    account: str
    client_of: ClientOf
    names: Mapping[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:  # noqa: ANN401  the type depends on the service's name
        """A client in the stack's Region."""
        return self.client_of(service, self.stack.region)

    def declared(self, type_: str) -> Iterator[Resource]:
        """The resources of a type."""
        return (resource for resource in self.stack.resources.values() if resource.type == type_)

    def physical(self, logical_id: str) -> str:
        """The real name of a resource.

        Raises:
            NotDeployedError: CloudFormation has none of that logical id.
        """
        if logical_id not in self.names:
            raise NotDeployedError(f"{logical_id} is not deployed; deploy {self.stack.name}")
        return self.names[logical_id]

    def text(self, value: object) -> str | None:
        """A text of the template with its references resolved; None where one is of a kind not known here."""
        match value:
            case str():
                return value
            case {"Ref": "AWS::AccountId"}:
                return self.account
            case {"Ref": "AWS::Region"}:
                return self.stack.region
            case {"Ref": str(logical_id)}:
                return self.physical(logical_id)
            case {"Fn::Join": [str(between), list(parts)]}:
                texts = [self.text(part) for part in parts]
                return None if None in texts else between.join(text for text in texts if text is not None)
        return None

    def unknown(self, area: str, subject: str, why: str) -> Check:
        """A check that could not be made."""
        return Check(
            stack=self.stack.name,
            region=self.stack.region,
            area=area,
            subject=subject,
            state=State.UNKNOWN,
            detail=f"could not be looked at: {why}",
        )

    def check(self, area: str, subject: str, problems: list[str], *, fine: str) -> Check:
        """A check that is ok unless there are problems."""
        return Check(
            stack=self.stack.name,
            region=self.stack.region,
            area=area,
            subject=subject,
            state=State.WRONG if problems else State.OK,
            detail="; ".join(problems) or fine,
        )
