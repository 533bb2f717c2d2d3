"""Whether one pattern with wildcards takes in all that another one does."""

from functools import lru_cache

from tools.templates.wildcards import past_stars


@lru_cache(maxsize=65536)
def covers(wide: str, narrow: str) -> bool:
    """Whether everything that `narrow` stands for, `wide` stands for too: `*` is any run, `?` one character.

    Only certain answers are yes: a wildcard of the narrow one is taken in by a wildcard of the wide one alone, `*` by
    `*` and `?` by either.
    """
    reached = frozenset({0})
    for character in narrow:
        reached = frozenset(
            state if wide[state] == "*" else state + 1
            for state in past_stars(wide, reached)
            if state < len(wide) and (wide[state] in {"*", character} or (wide[state] == "?" and character != "*"))
        )
    return len(wide) in past_stars(wide, reached)
