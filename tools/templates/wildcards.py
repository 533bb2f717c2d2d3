"""How a pattern with wildcards is read: `*` is any run of characters, none included, and `?` exactly one."""

from collections.abc import Iterable


def past_stars(pattern: str, places: Iterable[int]) -> frozenset[int]:
    """Places of the pattern that can be reached from these, with what a star that stands for nothing lets one reach."""
    reached = set(places)
    for place in places:
        following = place
        while following < len(pattern) and pattern[following] == "*":
            following += 1
            reached.add(following)
    return frozenset(reached)
