"""Values shared out among filters, so that a change of one value touches few filters."""

from collections.abc import Sequence
from hashlib import blake2b


def shared_out(values: Sequence[str], *, room: int) -> tuple[tuple[str, ...], ...]:
    """Distribute distinct values over as few filters as hold them, whatever their order was.

    Every value has its own order of preference among the filters, and a full filter keeps the values of its own
    preference: the matching of colleges and applicants, which has one outcome. A value that comes or goes changes its
    filter, and with luck no other; cutting a sorted list into pieces would shift every later piece. Only when one
    filter more or less is needed do values move out of all of them.

    Returns:
        The filters' values, each filter in the order of `values`.
    """
    filters = -(-len(values) // room)
    if filters <= 1:
        return (tuple(values),) if values else ()
    held: list[dict[str, int]] = [{} for _ in range(filters)]
    for newcomer in values:
        value, preferences = newcomer, _preferences(newcomer, filters)
        place = 0
        while True:
            number = preferences[place]
            held[number][value] = place
            if len(held[number]) <= room:
                break
            value = min(held[number], key=_weight)
            place = held[number].pop(value) + 1
            preferences = _preferences(value, filters)
    return tuple(tuple(value for value in values if value in own) for own in held)


def _preferences(value: str, filters: int) -> list[int]:
    return sorted(range(filters), key=lambda number: _digest(f"{number} {value}"))


def _weight(value: str) -> bytes:
    """Who stays in a full filter; the same for all filters."""
    return _digest(value)


def _digest(text: str) -> bytes:
    """A number that looks random and is the same on every machine, as `hash()` is not."""
    return blake2b(text.encode(), digest_size=8).digest()
