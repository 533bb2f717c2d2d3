"""Whose a key is, in words: a workload's, or that of a user whom nobody expects on AWS."""

from investigation.documents import Subject
from investigation.subject import is_inside_aws, is_of_workload


def own(subject: Subject) -> str:
    """Whose the calls are that nobody has to fear."""
    return "the workload's own" if is_of_workload(subject) else "its owner's"


def owner(subject: Subject) -> str:
    """Whom to ask."""
    return "the workload's owner" if is_of_workload(subject) else "the key's owner"


def judged(subject: Subject) -> str:
    """By what calls are told apart, and what that cannot tell."""
    by = "Inside or outside is judged by the address alone: a thief who works from"
    if not is_of_workload(subject):
        return (
            f"The key's owner calls with it too. {by} your own network counts as inside, and nobody can tell whose an "
            "address of AWS is."
        )
    aws = "" if is_inside_aws(subject) else ", or from AWS,"
    return f"The workload's own calls use the same key. {by} the workload's own network{aws} counts as inside."
