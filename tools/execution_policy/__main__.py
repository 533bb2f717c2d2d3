"""`python -m tools execution_policy`: the policies of CloudFormation's roles, printed, written or compared."""

import json
import sys
from collections.abc import Sequence
from functools import partial

from infra.config.generated_file import keep_current
from tools.execution_policy.places import PLACES, SECURITY, Place
from tools.execution_policy.policy import policy


def text(place: Place) -> str:
    """The policy as the text of its file."""
    return json.dumps(policy(place), indent=2) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Print the policy of `security` or `management`; write one or both, or tell whether they are current."""
    named = [place for place in PLACES if place.name in arguments[:1]]
    rest = arguments[1:] if named else arguments
    chosen = named or (PLACES if {"--write", "--check"} & set(rest) else [SECURITY])
    return max(
        keep_current(
            rest,
            command=f"python -m tools execution_policy {place.name}",
            about=main.__doc__,
            file=place.file,
            name=f"docs/{place.file.name}",
            text=partial(text, place),
        )
        for place in chosen
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
