"""Which findings go where."""

from typing import Annotated

from pydantic import Field

from infra.config.account_choice import AccountChoice
from infra.config.fields.aws_text import Name
from infra.config.fields.distinct import Distinct
from infra.config.fields.finding_types import FindingType
from infra.config.fields.severity import NO_LABEL
from infra.config.model import Model

TARGETS = 5
"""Most targets of one EventBridge rule (EventBridge quotas)."""

CATCH_ALL_RULE = "catch-all"
"""Name of the rule that carries every finding to the destinations in `catch_all`."""

INVESTIGATION_RULE = "investigation"
"""Name of the rule that starts investigations."""

NOTICE_RULES = "notices-"
"""Start of the names of the rules that carry notices about suppression, one for each destination."""

WATCH_RULE = "watch"
"""Name of the rule that carries changes that no deployment made."""

DestinationNames = Annotated[tuple[Name, ...], Field(min_length=1, max_length=TARGETS), Distinct()]


class Route(Model):
    """Findings of some types, accounts and severities go to some destinations."""

    name: Name
    """Short name, distinct; a change replaces the rule."""

    finding_types: Annotated[tuple[FindingType, ...], Distinct()] = ()
    """Finding types, exact or with `*` for any text; [] means all."""

    accounts: Annotated[tuple[AccountChoice, ...], Distinct()] = ()
    """Accounts in which the finding was made: 12 digits in quotes, or `owner:payments` or `group:production` for those
    that the list of accounts says to be such; [] means all."""

    except_accounts: Annotated[tuple[AccountChoice, ...], Distinct()] = ()
    """Accounts whose findings do not take this route, named in the same ways, such as those for tests: every other one
    does, also one that joins later. Not together with accounts."""

    minimum_severity: Annotated[float, Field(strict=True, ge=1, le=10, allow_inf_nan=False), NO_LABEL] | None = None
    """Lowest severity that takes this route, 1 to 10. Low begins at 1, Medium at 4, High at 7,
    Critical at 9. Left out: every severity."""

    below_severity: Annotated[float, Field(strict=True, ge=1.1, le=10, allow_inf_nan=False), NO_LABEL] | None = None
    """Severity from which on findings take this route no longer, 1.1 to 10, such as 7 for Low and Medium alone.
    What is as severe needs another route, or reaches the destinations of catch_all alone. Left out: no upper end."""

    to: DestinationNames
    """Names of destinations, 1 to 5, none of which is in catch_all: those receive every finding already."""
