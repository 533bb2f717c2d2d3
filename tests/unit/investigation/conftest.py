"""What the tests of investigations share."""

import pytest

from tests.unit.investigation.world import World, busy_case


@pytest.fixture
def world() -> World:
    """An account whose key leaked, and in which nobody has called yet."""
    return World()


@pytest.fixture
def case(world: World) -> World:
    """The same with the calls of a thief among the workload's own."""
    return busy_case(world)
