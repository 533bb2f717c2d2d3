"""What is deployed beside the Detection stacks: their stacks, and a bus that an earlier one has left."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from infra.config.stack_names import delegation_stack, organization_stack
from infra.constructs.fixed_names import findings_bus_name
from tools.doctor.check import Check
from tools.doctor.deployable import deployable
from tools.doctor.live_region import LiveRegion


def stacks(place: LiveRegion) -> Iterator[Check]:
    """Each other stack of the security account in this Region can be deployed as it stands."""
    deployment = place.deployment
    if place.region in deployment.hubs:
        yield deployable(place, place.response)
    if deployment.organization is not None and place.region == deployment.home_region:
        yield deployable(place, organization_stack(deployment))


def bus(place: LiveRegion) -> Iterator[Check]:
    """The findings bus has a fixed name, and stays when its stack goes: then a new stack cannot make one."""
    if place.region not in place.deployment.hubs:
        return
    name = findings_bus_name(place.deployment.name_prefix)
    try:
        place.client("events").describe_event_bus(Name=name)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != "ResourceNotFoundException":
            raise
        yield place.ok("bus", name, "will be created")
        return
    if name in place.deployed_in(place.response).values():
        yield place.ok("bus", name, "already is this stack's")
        return
    yield place.wrong(
        "bus",
        name,
        f"will fail: a bus of that name is there already, and it is not of {place.response}: import it, or delete it "
        "and its archive (docs/teardown.md, deploy again)",
        fix=f"npx cdk import {place.response} -c config={place.name}",
    )


def delegation(place: LiveRegion) -> Iterator[Check]:
    """The stack of the management account can be deployed as it stands."""
    yield deployable(place, delegation_stack(place.deployment))
