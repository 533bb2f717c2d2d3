"""An investigation that a service makes for us: how one begins, goes on and ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from investigation.documents import Fact, Outcome, Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service says of an investigation.

    Attributes:
        status: Its word.
        severity: How bad it says it is.
        complete: Whether the facts are all that it found.
        error: Why it failed, where it says so.
    """

    status: str
    severity: str = ""
    facts: Sequence[Fact] = ()
    complete: bool = True
    error: str = ""


_NOTHING = Answer(status="")


def probe(
    outcome: Outcome,
    reason: str = "",
    *,
    about: str = "",
    id_: str = "",
    checks: int = 0,
    answer: Answer = _NOTHING,
) -> Probe:
    """One that is over, or `running` from now on."""
    return Probe(
        progress="waiting" if outcome == "running" else "done",
        outcome=outcome,
        reason=reason,
        about=about,
        id=id_,
        checks=checks,
        severity=answer.severity,
        facts=list(answer.facts),
        complete=answer.complete,
    )


def after(state: Probe, answer: Answer, *, service: str, over: str, most_checks: int) -> Probe:
    """The probe after one more question.

    Args:
        state: As it was.
        answer: What the service said.
        service: Its name, for people.
        over: Its word for an investigation that is over.
        most_checks: Questions after which nobody waits any longer.
    """
    checks = state["checks"] + 1
    said = answer.status or "nothing"
    outcome: Outcome = "running"
    reason = ""
    if answer.status == over:
        outcome = "successful"
    elif answer.status == "FAILED":
        outcome, reason = "failed", f"{service} says FAILED{f': {answer.error}' if answer.error else ', and not why'}"
    elif checks >= most_checks:
        outcome, reason = "timed-out", f"{service} still says {said} after {checks} questions"
    return probe(outcome, reason, about=state["about"], id_=state["id"], checks=checks, answer=answer)
