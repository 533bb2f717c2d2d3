"""Accounts as people call them."""

from typing import Annotated

from pydantic import Field

from infra.config.entry import Owner
from infra.config.fields.aws_text import Name
from infra.config.fields.distinct import Distinct
from infra.config.fields.shape import Shape
from infra.config.model import Model

AccountName = Annotated[str, Shape(r"\S(.{0,62}\S)?", "must be one line of 1 to 64 characters, such as payments-prod")]


class KnownAccount(Model):
    """An account as people call it."""

    name: AccountName
    """What people call the account."""

    owner: Owner
    """Team or person who answers for it. A route can take the accounts of an owner."""

    groups: Annotated[tuple[Name, ...], Field(max_length=10), Distinct()] = ()
    """Words of your own that it shares with others, at most 10, such as its organizational unit or production. A route
    can take the accounts of a group."""
