"""Who runs the stack itself, and where people read on."""

from typing import Annotated

from pydantic import Field

from infra.config.fields.aws_text import Email
from infra.config.fields.distinct import Distinct
from infra.config.fields.shape import Shape
from infra.config.model import Model

# CloudFormation allows 500 resources in a stack, and each address is one.
Emails = Annotated[tuple[Email, ...], Field(min_length=1, max_length=20), Distinct()]

RunbookUrl = Annotated[
    str,
    Shape(
        r"docs/operations\.md|https://[A-Za-z0-9][!$-;=?-~]{2,199}",
        "must be an https:// address of at most 208 characters without '#' and spaces, to which #<section> is added, or"
        " docs/operations.md",
    ),
]

RunbooksUrl = Annotated[
    str,
    Shape(
        r"docs/runbooks|https://[A-Za-z0-9][!$-.0-;=?-~/]{1,190}[A-Za-z0-9_-]",
        "must be an https:// address of at most 200 characters without '#', spaces and a slash at its end, to which"
        " /<page>.md is added, or docs/runbooks",
    ),
]


class Operations(Model):
    """Who runs the stack itself."""

    emails: Emails
    """Addresses that receive the alarms of the stack itself (a delivery failed, a queue is stuck), 1 to 20."""

    chat: Annotated[bool, Field(strict=True)] = False
    """Whether a channel of Amazon Q Developer in chat applications may read the alarms as well: each stack then says
    its topic's ARN as an output, to choose in the channel's configuration (docs/operations.md)."""

    runbook_url: RunbookUrl = "docs/operations.md"
    """Where whoever gets an alarm reads on: the address under which you show `docs/operations.md`. Each alarm ends
    with it, `#` and the name of its section. Left out: the path in this project."""

    runbooks_url: RunbooksUrl = "docs/runbooks"
    """Where a responder reads on: the address under which you show the folder `docs/runbooks`. Each message about a
    finding links to the page of its family. Left out: the path in this project, in words."""
