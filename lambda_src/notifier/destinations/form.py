"""How much of a brief goes into a message that would else be too long: what is needed least goes first."""

from typing import NamedTuple

from notifier.brief import Brief

_ALL = 99


class Form(NamedTuple):
    """One way to shorten.

    Attributes:
        sections: So many sections of facts, from the first.
        description: With GuardDuty's own words.
        snippets: With the text to paste; never a part of it.
    """

    sections: int = _ALL
    description: bool = False
    snippets: bool = False

    def shortens(self, brief: Brief) -> bool:
        """Whether the message then says less than the brief."""
        pasted = any(step.snippets for step in brief.steps)
        return (
            self.sections < len(brief.sections)
            or (bool(brief.description) and not self.description)
            or (pasted and not self.snippets)
        )


# Somebody who has to act needs the commands more than the last sections.
_WITH_SNIPPETS = (
    Form(description=True, snippets=True),
    Form(snippets=True),
    Form(5, snippets=True),
    Form(2, snippets=True),
)
_WITHOUT = (Form(description=True), *(Form(sections) for sections in (_ALL, 40, 20, 10, 5, 4, 3, 1, 0)))


def forms(brief: Brief) -> tuple[Form, ...]:
    """From the whole message down; the first that fits is sent."""
    if any(step.snippets for step in brief.steps):
        return (*_WITH_SNIPPETS, *_WITHOUT[1:])
    return _WITHOUT
