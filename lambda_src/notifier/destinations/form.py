"""How much of a brief goes into a message that would else be too long: what is needed least goes first."""

from typing import NamedTuple

from notifier.brief import Brief
from notifier.step import Step

_ALL = 99
_NONE, _CHANGING, _EVERY = 0, 1, 2


class Form(NamedTuple):
    """One way to shorten.

    Attributes:
        sections: So many sections of facts, from the first.
        description: With GuardDuty's own words.
        snippets: Which text to paste: none, what changes something, or every one; never a part of one.
        links: With the links of every step, and not of the first alone.
    """

    sections: int = _ALL
    description: bool = False
    snippets: int = _NONE
    links: bool = True

    def steps(self, brief: Brief) -> tuple[Step, ...]:
        """The steps with what is shown of each."""
        if self.snippets == _EVERY and self.links:
            return brief.steps
        return tuple(
            step._replace(
                links=step.links if self.links or not number else (),
                snippets=tuple(one for one in step.snippets if self.snippets >= (_CHANGING if one.changes else _EVERY)),
            )
            for number, step in enumerate(brief.steps)
        )

    def shortens(self, brief: Brief) -> str:
        """What a message says that shows less than the brief; empty for one that shows all of it."""
        shown = self.steps(brief)
        if (
            shown == brief.steps
            and self.sections >= len(brief.sections)
            and (self.description or not brief.description)
        ):
            return ""
        pasted = sum(len(step.snippets) for step in shown) < sum(len(step.snippets) for step in brief.steps)
        return f"{brief.shortened} Commands that are not here are in the runbook." if pasted else brief.shortened


# Somebody who has to act needs the commands more than the last sections, and what stops a thief more than all else.
_WITH_SNIPPETS = (
    Form(description=True, snippets=_EVERY), *(Form(sections, snippets=_EVERY) for sections in (_ALL, 5, 2)),
    *(Form(sections, snippets=_CHANGING) for sections in (5, 2, 0)), Form(2, snippets=_CHANGING, links=False),
    Form(0, snippets=_CHANGING, links=False),
)  # fmt: skip
_WITHOUT = (Form(description=True), *(Form(sections) for sections in (_ALL, 40, 20, 10, 5, 4, 3, 1, 0)))


def forms(brief: Brief) -> tuple[Form, ...]:
    """From the whole message down; the first that fits is sent."""
    if any(step.snippets for step in brief.steps):
        return (*_WITH_SNIPPETS, *_WITHOUT[1:])
    return _WITHOUT
