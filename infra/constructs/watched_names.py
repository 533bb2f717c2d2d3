"""How a watched call names what is ours, as parts of an event pattern: by name, ARN or URL."""

from collections.abc import Mapping, Sequence

from infra.constructs.finding_pattern import characters
from infra.constructs.stack_location import StackLocation

STACK_CHARACTERS = 24
"""How much of a stack's name is looked for: CloudFormation shortens it in a physical name that would be too long. How
far is not documented; a shorter text watches more rather than less."""

SECRETS_CHARACTERS = 1000
"""About half of a pattern: what is left is for the calls, and for the rules that look after each other."""


def of_secrets(secrets: Sequence[str], place: StackLocation) -> list[list[object]]:
    """The names of secrets as few clauses take them, and each name in all of its forms.

    By name, by ARN, or by what Secrets Manager calls a partial ARN: without the six characters at its end (Secrets
    Manager API reference, GetSecretValue). None of them has a wildcard, or three secrets would be too many (see
    `containing`).
    """
    clauses: list[list[object]] = []
    for name in secrets:
        whole = place.arn("secretsmanager", f"secret:{name}-")
        forms: list[object] = [name, {"suffix": f":secret:{name}"}, {"prefix": whole}]
        if clauses and characters([*clauses[-1], *forms]) <= SECRETS_CHARACTERS:
            clauses[-1] += forms
        else:
            clauses.append(forms)
    return clauses


def containing(stack: str) -> Mapping[str, str]:
    """A name, ARN or URL that holds the stack's name.

    For two stacks at most: EventBridge refuses a rule as too complex in which many wildcards stand side by side in one
    field, and the stack that makes it fails. How many is not published: four like these were refused, three with a
    separator before the name were not (vals-ai/Valkyrie#278 and #279).
    """
    return {"wildcard": f"*{stack[:STACK_CHARACTERS]}*"}


def beginning(stack: str) -> Mapping[str, str]:
    """A name that CloudFormation made for something in the stack: it begins with the stack's."""
    return {"prefix": stack[:STACK_CHARACTERS]}


def of_stacks(stacks: Sequence[str]) -> list[Mapping[str, str]]:
    """The stacks themselves, by name or ARN."""
    arns = [{"wildcard": f"*:stack/{stack[:STACK_CHARACTERS]}*"} for stack in stacks]
    return [*(beginning(stack) for stack in stacks), *arns]
