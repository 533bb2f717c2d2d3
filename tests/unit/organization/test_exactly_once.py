"""Whatever the pages and the faults: each account is enrolled once in each Region."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from organization.aws import BUSY
from organization.patience import ATTEMPTS
from tests.unit.organization.world import MANAGEMENT, SECURITY, World, accounts

REGIONS = ("eu-west-1", "us-east-1", "af-south-1")
STATES = ("ACTIVE", "ACTIVE", "ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION")


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Organizations of any size and mixture, with services in any mood."""
    states = draw(st.lists(st.sampled_from(STATES), max_size=130))
    pages = draw(st.lists(st.integers(0, 20), min_size=1, max_size=6).filter(any))
    # A call that is refused as often as it is tried is another matter: bounded, and tested for itself.
    fault = st.one_of(st.just(""), st.sampled_from(sorted(BUSY)))
    faults = draw(st.lists(fault, max_size=60))
    calm = [one if number % (ATTEMPTS - 1) else "" for number, one in enumerate(faults)]
    world = World(
        states=accounts(0) | {str(600000000000 + n): state for n, state in enumerate(states)},
        page_sizes=tuple(pages),
        faults=iter(calm),
        lag=draw(st.sampled_from([0, 3, 20])),
        settling=draw(st.sampled_from([0, 30])),
    )
    active = sorted(id_ for id_, state in world.states.items() if state == "ACTIVE" and id_ != SECURITY)
    for service in (world.guardduty, world.detective):
        once = draw(st.lists(st.sampled_from(active), max_size=5))
        service.unprocessed = dict.fromkeys(once, ("Internal error", 1))
    return world


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_each_account_is_touched_once_in_each_region(world: World) -> None:
    for region in REGIONS:
        world.guardduty.create_detector(SECURITY, region)
        world.detective.create_graph(SECURITY, region)
    for resource in ("GuardDutyDelegation", "DetectiveDelegation"):
        for region in REGIONS:
            answer = world.ask("Create", resource, region)
            assert answer["Status"] == "SUCCESS", answer["Reason"]
    plans: dict[str, Any] = {"MemberFeatures": ["S3_DATA_EVENTS"], "OtherFeatures": ["EKS_AUDIT_LOGS"]}
    for _ in range(2):
        for region in REGIONS:
            for resource in ("GuardDutyOrganization", "DetectiveOrganization"):
                answer = world.ask("Create", resource, region, Enroll="all", **plans)
                assert answer["Status"] == "SUCCESS", answer["Reason"]
    active = {id_ for id_, state in world.states.items() if state == "ACTIVE"} - {SECURITY}
    assert MANAGEMENT in active
    once = Counter({(account, region): 1 for account in active for region in REGIONS})
    assert world.guardduty.touched == once
    assert world.detective.touched == once
    for service in (world.guardduty, world.detective):
        assert {region: account for region, (account, _) in service.administrators.items()} == dict.fromkeys(
            REGIONS, SECURITY
        )
