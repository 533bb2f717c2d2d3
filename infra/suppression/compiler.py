"""Egress entries compiled into GuardDuty filters that match exactly their addresses."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from infra.suppression.address_plan import plan_for
from infra.suppression.budget import DEFAULT_BUDGET, check_budget
from infra.suppression.entry import EgressSource
from infra.suppression.ipv6 import CALLER_IPV6_ADDRESS, ipv6_filters
from infra.suppression.narrowing import narrowing

CALLER_ADDRESS = "service.action.awsApiCallAction.remoteIpDetails.ipAddressV4"
"""The attribute that holds the API caller's IPv4 address (GuardDuty user guide, filter findings)."""

FINDING_TYPE = "type"
"""The attribute that holds the finding type (same page)."""

FIRST_IPV6_NUMBER = 601
"""Beyond what the 100 filters of a Region can number for IPv4, and three digits are what a name has room for."""

MAX_DESCRIPTION_LENGTH = 512
"""Characters of a filter's description (botocore guardduty 1.44.5, FilterDescription)."""

_NOT_IN_DESCRIPTIONS = re.compile(r"[^a-zA-Z0-9\s\-.:_{}\[\]()/]")
_NOT_IN_TAGS = re.compile(r"[^\w\s.:/=+\-@]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledFilter:
    """One GuardDuty filter, ready for a template.

    Attributes:
        name: Unique in the Region. Odd numbers hold exact values, even ones patterns, and those from 601 IPv6, so that
            one more of either renames no other: a name cannot be changed, the filter would be made anew.
        entry: Name of the egress entry it belongs to.
        criterion: Attribute to condition, in the words of the GuardDuty API.
        tags: Who answers for it, until when, and which destinations reach the owner.
    """

    name: str
    entry: str
    description: str
    criterion: Mapping[str, Mapping[str, Sequence[str]]]
    tags: Mapping[str, str]


def compile_filters(
    entries: Sequence[EgressSource], *, finding_types: Sequence[str], name_prefix: str, budget: int = DEFAULT_BUDGET
) -> tuple[CompiledFilter, ...]:
    """Filters that together match the given finding types from exactly the given addresses, within the entry's scope.

    A CIDR is never passed on: AWS's pages disagree whether a filter takes one, and a filter that silently matches
    nothing looks like one that works. So addresses become exact values and wildcard patterns. No filter serves two
    entries: each has its own owner and end date.

    Args:
        entries: With distinct names; their order does not matter.
        finding_types: What is hidden from these addresses.
        name_prefix: First part of the filters' names.
        budget: Most filters for all entries together, 1 to 100.

    Raises:
        TooManyFiltersError: More filters would be needed than the budget.
        UnsupportedNetworkError: A network is not IPv4 or wider than a /16.
        UnsupportedScopeError: What an entry is narrowed by fits in no filter.
    """
    check_budget(entries, budget=budget)
    return tuple(compiled for entry in entries for compiled in _filters_of(entry, finding_types, name_prefix))


def _filters_of(entry: EgressSource, finding_types: Sequence[str], name_prefix: str) -> Iterator[CompiledFilter]:
    plan = plan_for(entry.cidrs)
    # `Equals` and `Matches` on one attribute in one filter: how they combine is not documented, so never both.
    conditions = [
        *((n, CALLER_ADDRESS, {"Equals": list(values)}) for n, values in zip(count(1, 2), plan.equals, strict=False)),
        *((n, CALLER_ADDRESS, {"Matches": list(values)}) for n, values in zip(count(2, 2), plan.matches, strict=False)),
        *(
            (n, CALLER_IPV6_ADDRESS, {"Equals": list(values)})
            for n, values in enumerate(ipv6_filters(entry.ipv6_addresses), start=FIRST_IPV6_NUMBER)
        ),
    ]
    for number, attribute, condition in sorted(conditions, key=lambda numbered: numbered[0]):
        yield CompiledFilter(
            name=f"{name_prefix}-{entry.name}-{number:02}",
            entry=entry.name,
            description=_description(entry),
            criterion={
                FINDING_TYPE: {"Equals": list(finding_types)},
                attribute: condition,
                **narrowing(entry, beside=(FINDING_TYPE, attribute)),
            },
            tags={
                "egress-entry": entry.name,
                "owner": _NOT_IN_TAGS.sub("", entry.owner),
                "expires": entry.expires.isoformat(),
                # CloudFormation takes no empty value; without the tag the default destinations are told.
                **({"notify": " ".join(entry.notify)} if entry.notify else {}),
            },
        )


def _description(entry: EgressSource) -> str:
    """What the console shows; GuardDuty takes letters, digits, blanks and `- . : _ { } [ ] ( ) /` only.

    It does not count the entry's filters: one more would change all of them.
    """
    text = f"Own egress {entry.name}: {entry.reason}. Owner: {entry.owner}. Until {entry.expires.isoformat()}."
    plain_letters = unicodedata.normalize("NFKD", text)
    return _NOT_IN_DESCRIPTIONS.sub("", plain_letters)[:MAX_DESCRIPTION_LENGTH]
