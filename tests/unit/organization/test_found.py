"""What was there before the stack is never taken away with it, in whatever order CloudFormation asks."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from tests.unit.organization.world import SECURITY, World, accounts, delegated

EU = "eu-west-1"
KEY = (SECURITY, EU)
PROPERTIES: dict[str, dict[str, Any]] = {
    "GuardDutyDelegation": {},
    "GuardDutyOrganization": {"Enroll": "new", "MemberFeatures": ["S3_DATA_EVENTS"]},
    "DetectiveOrganization": {"Enroll": "new"},
}
"""The resources that take something away."""

resources = pytest.mark.parametrize("resource", PROPERTIES)
rollbacks = pytest.mark.parametrize("rollback", ["deletes-the-new-id", "updates-the-new-id", "updates-the-old-id"])
"""What CloudFormation does with a new id when the update that gave it is rolled back is not documented."""


class Stack:
    """One custom resource in a stack, and what CloudFormation asks of it."""

    def __init__(self, resource: str, *, found: bool) -> None:
        self.world = World(states=accounts(1))
        self.resource = resource
        self.physical_id = ""
        self.properties: dict[str, Any] = {}
        if resource.endswith("Organization"):
            delegated(self.world, EU)
        if found:
            self.ask("Create", remove=False)
        assert self.there == found

    @property
    def there(self) -> bool:
        """Whether there is what a deletion would take away."""
        if self.resource == "GuardDutyDelegation":
            return EU in self.world.guardduty.administrators
        if self.resource == "DetectiveOrganization":
            return KEY in self.world.detective.enabled
        configured = self.world.guardduty.configured.get(KEY, {})
        return bool(configured.get("AutoEnableOrganizationMembers", "NONE") != "NONE")

    def ask(self, kind: str, *, remove: bool, physical_id: str = "", old: dict[str, Any] | None = None) -> str:
        """Let CloudFormation ask; returns the id."""
        given = {**PROPERTIES[self.resource], "RemoveOnDelete": str(remove).lower()}
        answer = self.world.ask(kind, self.resource, EU, physical_id=physical_id, old=old, **given)
        assert answer["Status"] == "SUCCESS", answer["Reason"]
        return str(answer["PhysicalResourceId"])

    def create(self, *, remove: bool) -> None:
        self.physical_id = self.ask("Create", remove=remove)
        self.removes = remove

    def delete(self) -> None:
        """The stack, or the resource alone, goes; or its creation is rolled back, which is the same request."""
        self.ask("Delete", remove=self.removes, physical_id=self.physical_id)

    def update(self, *, remove: bool) -> None:
        """An update of the whole stack that succeeds."""
        new = self._updated(self.physical_id, remove=remove)
        if new != self.physical_id:
            self.ask("Delete", remove=self.removes, physical_id=self.physical_id)
        self.physical_id, self.removes = new, remove

    def fail_to_update(self, *, remove: bool, rollback: str) -> None:
        """An update of this resource that succeeds, while another one of the stack fails."""
        new = self._updated(self.physical_id, remove=remove)
        if new == self.physical_id or rollback != "deletes-the-new-id":
            asked_of = self.physical_id if rollback == "updates-the-old-id" else new
            back = self._updated(asked_of, remove=self.removes, before=remove)
            for other in {new, self.physical_id} - {back}:
                self.ask("Delete", remove=remove if other == new else self.removes, physical_id=other)
            self.physical_id = back
        else:
            self.ask("Delete", remove=remove, physical_id=new)

    def _updated(self, physical_id: str, *, remove: bool, before: bool | None = None) -> str:
        was = self.removes if before is None else before
        return self.ask("Update", remove=remove, physical_id=physical_id, old={"RemoveOnDelete": str(was).lower()})


@resources
def test_a_creation_that_is_rolled_back_takes_away_what_it_set(resource: str) -> None:
    stack = Stack(resource, found=False)
    stack.create(remove=True)
    assert (stack.physical_id, stack.there) == (f"{resource}-{EU}", True)
    stack.delete()
    assert not stack.there


@resources
def test_a_creation_that_is_rolled_back_takes_nothing_away_that_it_found(resource: str) -> None:
    stack = Stack(resource, found=True)
    stack.create(remove=True)
    assert stack.physical_id == f"{resource}-{EU}/found"
    stack.delete()
    assert stack.there


@resources
@pytest.mark.parametrize(
    "made_up",
    [
        pytest.param("prod-Delegation-ResourceA1B2C3D4-1QX7ZP0K3M9TV", id="from-its-names"),
        pytest.param("{resource}-eu-west-2", id="of-another-region"),
        pytest.param("GuardDuty-eu-west-1", id="of-another-type"),
    ],
)
def test_a_creation_that_is_cancelled_takes_nothing_away(resource: str, made_up: str) -> None:
    """Nobody knows yet what was found.

    Where another resource fails while this one is being made, CloudFormation sends the deletion with an id that it made
    up itself (aws/aws-cdk#36951).
    """
    stack = Stack(resource, found=True)
    assert stack.ask("Create", remove=True) == f"{resource}-{EU}/found"
    made_up = made_up.format(resource=resource)
    assert stack.ask("Delete", remove=True, physical_id=made_up) == made_up
    assert stack.there


def test_what_somebody_had_switched_on_for_some_is_found_too() -> None:
    """To end it would leave fewer covered than before the stack."""
    stack = Stack("GuardDutyOrganization", found=False)
    plan = {"Name": "EKS_AUDIT_LOGS", "AutoEnable": "NEW"}
    stack.world.guardduty.configured[KEY] = {"AutoEnableOrganizationMembers": "NONE", "Features": [plan]}
    stack.create(remove=True)
    stack.delete()
    assert stack.there


@resources
def test_what_was_found_is_taken_away_once_two_deployments_have_said_so(resource: str) -> None:
    stack = Stack(resource, found=True)
    stack.create(remove=True)
    stack.update(remove=True)
    assert stack.physical_id.endswith("/found")
    stack.update(remove=False)
    assert (stack.physical_id, stack.there) == (f"{resource}-{EU}", True)
    stack.update(remove=True)
    assert (stack.physical_id, stack.there) == (f"{resource}-{EU}", True)
    stack.delete()
    assert not stack.there


@resources
def test_a_deployment_that_keeps_at_first_removes_once_it_says_so(resource: str) -> None:
    """The usual way: docs/operations.md, stop covering an organization."""
    stack = Stack(resource, found=True)
    stack.create(remove=False)
    stack.update(remove=True)
    assert stack.physical_id == f"{resource}-{EU}"
    stack.delete()
    assert not stack.there


def histories() -> Iterator[tuple[bool, tuple[tuple[bool, bool], ...]]]:
    """How a resource was made, and up to two updates: what each says, and whether the stack's update succeeds."""
    update = [(remove, succeeds) for remove in (True, False) for succeeds in (True, False)]
    return ((made, updates) for made in (True, False) for many in range(3) for updates in product(update, repeat=many))


@resources
@rollbacks
def test_no_update_takes_anything_away_whatever_becomes_of_it(resource: str, rollback: str) -> None:
    for made, updates in histories():
        stack = Stack(resource, found=True)
        stack.create(remove=made)
        for remove, succeeds in updates:
            if succeeds:
                stack.update(remove=remove)
            else:
                stack.fail_to_update(remove=remove, rollback=rollback)
            assert stack.there, (made, updates)
        removes = stack.removes and not stack.physical_id.endswith("/found")
        stack.delete()
        assert stack.there != removes, (made, updates)
