"""Why a Region does not know the credentials: whether the account had not enabled it, by the account's own word."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from investigation.aws import Service
from investigation.history import Reader
from investigation.pages import pages
from investigation.refused import Refusal, Throttled
from investigation.wire import blocks, text

STRANGER = frozenset({"InvalidClientTokenId", "OptInRequired", "UnrecognizedClientException"})
"""Errors of a Region that does not know who asks. CloudTrail says the last one of an opt-in Region that an account has
not enabled (prowler-cloud/prowler#1808), the others are common to services (CloudTrail API reference, common errors).
The same is said to a session that is no longer valid, so an error alone proves nothing (decision 38)."""

DISABLED = "DISABLED"
_STATES = frozenset({DISABLED, "DISABLING", "ENABLED", "ENABLED_BY_DEFAULT", "ENABLING"})
"""botocore account 1.44.5, RegionOptStatus."""

HOME = "us-east-1"
"""Where the calls to Account Management are kept: its one endpoint is there (botocore account 1.44.5). Other partitions
have no Region to enable."""

_SWITCH = "DisableRegion"
_PAGE, _MOST_PAGES = 50, 10

Account = Callable[[], Service]


def doubts(
    regions: Sequence[str],
    *,
    account: Account,
    trail: Callable[[str], Service],
    reader: Reader,
    since: datetime,
    until: datetime,
) -> dict[str, str]:
    """Of each Region, why it may have been used all the same; empty where it was disabled all the time.

    That a Region is disabled now says nothing of before: whoever may enable one may also disable it again, and what was
    called in between can be read by nobody.

    Args:
        regions: Those that do not know the credentials.
        account: Account Management of the finding's account.
        trail: CloudTrail of the same account in a Region.
        reader: How to read it.
        since: From when on the key may have been used.
        until: The end of the look.
    """
    if not regions:
        return {}
    try:
        states = dict(_states(account()))
    except (Refusal, Throttled) as error:
        return dict.fromkeys(regions, f"{error}, so that it is not known whether the account has enabled the Region")
    found = {region: _doubt(states.get(region)) for region in regions}
    if all(found.values()):
        return found
    switched = _switched(trail, reader, since=since, until=until)
    return {region: doubt or switched for region, doubt in found.items()}


def _states(account: Service) -> Iterator[tuple[str, str]]:
    """The state of every Region of the account."""
    for page in pages(account, "list_regions", most=_MOST_PAGES, MaxResults=_PAGE):
        for one in blocks(page.get("Regions")):
            yield text(one.get("RegionName")), text(one.get("RegionOptStatus"))


def _doubt(state: str | None) -> str:
    if state == DISABLED:
        return ""
    return f"the account has it as {state}" if state in _STATES else "the account does not say that it is disabled"


def _switched(trail: Callable[[str], Service], reader: Reader, *, since: datetime, until: datetime) -> str:
    """Why a Region that is disabled may not always have been; the call is kept in the account that it is about.

    One that was refused counts too: it makes a report say less, never more (Account Management reference, monitoring
    with EventBridge).
    """
    unknown = "so that it is not known whether it was enabled before"
    try:
        found = reader.named(trail(HOME), _SWITCH, since=since, until=until)
    except (Refusal, Throttled) as error:
        return f"{error}, {unknown}"
    if found.events:
        return (
            f"somebody called {_SWITCH} in this time, and what was done before in a Region that is disabled now is lost"
        )
    return f"{found.reason}, {unknown}" if found.reason else ""
