"""One Region of an account behind botocore's own clients, each answering what a test has put into it, in order."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.stub import Stubber

from tools.templates.assembly import Assembly, Resource, Stack
from tools.verify.check import Check
from tools.verify.run import verify

REGION = "eu-west-1"
ACCOUNT = "111122223333"
DEPLOYED = datetime(2026, 11, 23, tzinfo=UTC)


class Account:
    """botocore's own clients, each answering what a test has put into it, in order."""

    def __init__(self, *, account: str = ACCOUNT) -> None:
        self.clients = {
            name: boto3.client(name, REGION) for name in ("sts", "cloudformation", "guardduty", "detective")
        }
        self.stubs = {name: Stubber(client) for name, client in self.clients.items()}
        self.stubs["sts"].add_response("get_caller_identity", {"Account": account})

    def client_of(self, service: str, _region: str) -> Any:
        # Of the other services nothing is declared here, so nothing is asked of them.
        return self.clients.get(service) or boto3.client(service, REGION)  # type: ignore[call-overload]

    def lists(self, names: dict[str, str]) -> None:
        """Let CloudFormation have these resources, and a stack that is complete."""
        summaries = [
            {
                "LogicalResourceId": logical_id,
                "PhysicalResourceId": name,
                "ResourceType": "AWS::GuardDuty::Filter",
                "LastUpdatedTimestamp": DEPLOYED,
                "ResourceStatus": "CREATE_COMPLETE",
            }
            for logical_id, name in names.items()
        ]
        self.stubs["cloudformation"].add_response("list_stack_resources", {"StackResourceSummaries": summaries})
        found = {"StackName": "prod", "CreationTime": DEPLOYED, "StackStatus": "UPDATE_COMPLETE"}
        self.stubs["cloudformation"].add_response("describe_stacks", {"Stacks": [found]})


def assembly(
    *resources: tuple[str, str, dict[str, Any]], account: str = ACCOUNT, sections: dict[str, Any] | None = None
) -> Assembly:
    made = {
        id_: Resource(logical_id=id_, type=type_, label=id_, properties=properties, attributes={})
        for id_, type_, properties in resources
    }
    stack = Stack(name="prod", account=account, region=REGION, resources=made, sections=sections or {})
    return Assembly(folder=Path("cdk.out"), stacks={"prod": stack})


def delivering(
    account: Account, *resources: tuple[str, str, dict[str, Any]], not_yet_heard: bool = False
) -> list[Check]:
    """The checks of a stack of these resources whose physical ids are `q-…` and the like."""
    for stub in account.stubs.values():
        stub.activate()
    found = verify(assembly(*resources), client_of=account.client_of, not_yet_heard=not_yet_heard)
    return [one for one in found if one.area != "stack"]


def home(*, services: tuple[str, ...], names: dict[str, str]) -> Account:
    account = Account()
    for service in services:
        account.clients[service] = boto3.client(service, REGION)  # type: ignore[call-overload]
        account.stubs[service] = Stubber(account.clients[service])
    account.lists(names)
    return account
