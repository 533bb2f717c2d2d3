"""Whatever is sent to every destination in a test is sent to every destination that there is."""

from notifier.destinations import SENDERS
from tests.unit.notifier.forms import FULL, PLAIN
from tools.messages.kinds import CUSTOM_NOTIFICATION, KINDS


def test_every_kind_takes_part_in_the_matrix_of_hostile_text_and_has_limits() -> None:
    """A new kind that escapes nothing would else pass all of it."""
    assert set(FULL) == set(PLAIN) == set(KINDS) == {*SENDERS, CUSTOM_NOTIFICATION}
