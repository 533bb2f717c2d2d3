"""Whether one pattern with wildcards takes in all that another one does."""

from functools import lru_cache


@lru_cache(maxsize=65536)
def covers(wide: str, narrow: str) -> bool:
    """Whether everything that `narrow` stands for, `wide` stands for too: `*` is any run, `?` one character.

    Only certain answers are yes: a wildcard of the narrow one is taken in by a wildcard of the wide one alone, `*` by
    `*` and `?` by either.
    """
    reached = {0}
    for character in narrow:
        reached = _skipped(wide, reached)
        reached = {
            state if wide[state] == "*" else state + 1
            for state in reached
            if state < len(wide) and (wide[state] in {"*", character} or (wide[state] == "?" and character != "*"))
        }
    return len(wide) in _skipped(wide, reached)


def _skipped(wide: str, reached: set[int]) -> set[int]:
    """With what a star that stands for nothing lets one reach."""
    found = set(reached)
    for state in reached:
        following = state
        while following < len(wide) and wide[following] == "*":
            following += 1
            found.add(following)
    return found
