"""What is allowed and still deserves a word: ends that come near, choices without effect."""

from collections.abc import Iterator, Sequence
from datetime import date

from infra.config.deployment import Deployment
from infra.config.destinations import SnsDestination
from infra.config.egress import EgressEntry
from infra.config.errors import Found
from infra.config.fields import ipv6
from infra.config.fields.addresses import DOCUMENTATION, written
from infra.config.fields.finding_types import doubt
from infra.config.trusted_list import TrustedEntry
from infra.config.wording import words

RENEW_DAYS = 30
"""An entry that ends within so many days is announced."""


RANGES_LISTED = 3
"""More ranges than that are counted."""

RESERVED_DOMAINS = (".example.com", ".example.net", ".example.org", ".example", ".invalid", ".test", ".localhost")
"""How domains end in which no mail is read (RFC 2606), with a dot before the first part."""


def has_ended(entry: EgressEntry | TrustedEntry, today: date) -> bool:
    """Tell whether an entry counts no more; its last day is the one in `expires`."""
    return entry.expires < today


def notices(deployment: Deployment, *, today: date) -> Found:
    """Find what a person should know before deploying, with the place of each."""
    yield from _suppression_ends(deployment, today)
    yield from _blind_spots(deployment, today)
    yield from _documentation_ranges("egress", deployment.egress, today)
    yield from _documentation_ranges("trusted_list", deployment.trusted_list, today)
    yield from _scopes_by_function(deployment, today)
    yield from _missing_features(deployment)
    yield from _doubtful_types(deployment)
    yield from _mails_to_nobody(deployment)
    yield from _unused_destinations(deployment)
    yield from _chat_without_its_service(deployment)
    yield from _accounts_of_nobody(deployment)


def _suppression_ends(deployment: Deployment, today: date) -> Found:
    for position, entry in enumerate(deployment.egress):
        enforces = entry.mode == "enforce"
        for text in _ends(
            entry,
            today,
            no_longer="suppressed" if enforces else "observed",
            then="sends its findings again" if enforces else "stops observing it",
        ):
            yield ("egress", position), text


def _blind_spots(deployment: Deployment, today: date) -> Found:
    """Say of every trusted entry what it costs, each time, and not only once it is about to end."""
    for position, entry in enumerate(deployment.trusted_list):
        if not has_ended(entry, today):
            count = sum(cidr.num_addresses for cidr in entry.cidrs)
            ticket = f" (ticket {entry.ticket})" if entry.ticket else ""
            yield (
                ("trusted_list", position),
                f"{entry.name}: GuardDuty is blind to {count:,} address{'' if count == 1 else 'es'} ({_ranges(entry)})"
                f" until {entry.expires}: it makes no finding of any type for them and leaves no trace, no archived"
                f" finding and no metric; {entry.owner} answers for that{ticket}; egress would hide only the types it"
                " names, and keep them for 90 days",
            )
        for text in _ends(entry, today, no_longer="trusted", then="takes it off the trusted list"):
            yield ("trusted_list", position), text


def _ends(entry: EgressEntry | TrustedEntry, today: date, *, no_longer: str, then: str) -> Iterator[str]:
    """Announce an end that has come, or comes near.

    Args:
        entry: The entry.
        today: The day of the build.
        no_longer: What is no longer done for the entry once it has ended.
        then: What the first deployment after the end does.
    """
    name = f"{entry.name} ({_ranges(entry)})"
    ask = f"ask {entry.owner} to renew it" + (f" (ticket {entry.ticket})" if entry.ticket else "")
    if has_ended(entry, today):
        yield (
            f"{name} expired on {entry.expires} and is no longer {no_longer} once this is deployed; {ask}, or delete"
            " the entry"
        )
    elif (days := (entry.expires - today).days) <= RENEW_DAYS:
        when = f"in {days} day{'' if days == 1 else 's'}, on {entry.expires}" if days else f"today, {entry.expires}"
        yield f"{name} expires {when}, and the first deployment after that {then}; {ask}"


def _ranges(entry: EgressEntry | TrustedEntry) -> str:
    """List the ranges of an entry, or count them where nobody would read the list."""
    count = len(entry.addresses)
    return words(entry.addresses) if count <= RANGES_LISTED else f"{count} ranges"


def _documentation_ranges(key: str, entries: Sequence[EgressEntry | TrustedEntry], today: date) -> Found:
    for position, entry in enumerate(entries):
        found = [
            (written(cidr), "RFC 5737") for cidr in entry.cidrs if any(cidr.overlaps(block) for block in DOCUMENTATION)
        ]
        if isinstance(entry, EgressEntry):
            found += [
                (str(address), source)
                for address in entry.ipv6_addresses
                for block, source in ipv6.DOCUMENTATION.items()
                if address in block
            ]
        ranges = [text for text, _ in found]
        if ranges and not has_ended(entry, today):
            shown = words(ranges[:RANGES_LISTED]) + (", …" if ranges[RANGES_LISTED:] else "")
            kind = "is a documentation range" if len(ranges) == 1 else "are documentation ranges"
            source = words(sorted({rfc for _, rfc in found}))
            yield (
                (key, position),
                f"{entry.name}: {shown} {kind} ({source}), and findings never come from there; write your own"
                f" addresses, or {key}: [] if you have none",
            )


def _scopes_by_function(deployment: Deployment, today: date) -> Found:
    """Nobody outside AWS can tell whether such a filter matches; the danger is a false sense of quiet, not a leak."""
    for position, entry in enumerate(deployment.egress):
        if entry.scope and (keys := entry.scope.about_functions) and not has_ended(entry, today):
            yield (
                ("egress", position, "scope"),
                f"{entry.name}: AWS does not document whether these findings name the function, which the scope"
                f" ({words(keys)}) asks for; those that do not, and those of EC2 instances and ECS tasks, are still"
                " sent: see on the dashboard what the filters match before you count on them",
            )


def _doubtful_types(deployment: Deployment) -> Found:
    for position, route in enumerate(deployment.routes):
        for place, pattern in enumerate(route.finding_types):
            if text := doubt(pattern):
                yield ("routes", position, "finding_types", place), text


def _missing_features(deployment: Deployment) -> Found:
    for position, feature in enumerate(deployment.guardduty.features):
        without = [
            region
            for region in deployment.regions
            if deployment.guardduty_ownership(region) == "create" and feature not in deployment.region(region).features
        ]
        if without:
            text = f"{feature} is not offered in {words(without)} and is left out there"
            yield ("guardduty", "features", position), text


def _mails_to_nobody(deployment: Deployment) -> Found:
    """Addresses that a copied example still has: SNS would take them, and nobody would ever confirm."""
    places = [
        (("destinations", position, "emails"), destination.emails)
        for position, destination in enumerate(deployment.destinations)
        if isinstance(destination, SnsDestination)
    ]
    for path, emails in (*places, (("operations", "emails"), deployment.operations.emails)):
        domains = sorted({email.rpartition("@")[2].lower() for email in emails})
        if reserved := [domain for domain in domains if f".{domain}".endswith(RESERVED_DOMAINS)]:
            kind = "is a reserved domain" if len(reserved) == 1 else "are reserved domains"
            yield path, f"{words(reserved)} {kind}: nobody reads mail there (RFC 2606); write your own addresses"


def _unused_destinations(deployment: Deployment) -> Found:
    used = {*deployment.catch_all, *(name for route in deployment.routes for name in route.to)}
    if deployment.suppresses:
        used |= {*deployment.suppression_review.to, *(name for entry in deployment.egress for name in entry.notify)}
    used |= set(deployment.watchers)
    for position, destination in enumerate(deployment.destinations):
        if destination.name not in used:
            yield (
                ("destinations", position),
                f"{destination.name} is in no route and not in catch_all, so nothing is sent there; name it in one of"
                " them, or delete it",
            )


_WITHOUT_CHAT = ("aws-cn", "aws-us-gov")
"""Partitions whose CloudFormation knows no AWS::Chatbot (cfn-lint's resource schemas)."""


def _chat_without_its_service(deployment: Deployment) -> Found:
    if deployment.region(deployment.home_region).partition not in _WITHOUT_CHAT:
        return
    if deployment.operations.chat:
        yield (
            ("operations", "chat"),
            "Amazon Q Developer in chat applications is not offered in GovCloud and China, so that nobody reads the"
            " alarms there; leave it out",
        )
    for position, destination in enumerate(deployment.destinations):
        if isinstance(destination, SnsDestination) and destination.message_format == "custom_notification":
            yield (
                ("destinations", position, "message_format"),
                f"{destination.name}: Amazon Q Developer in chat applications is not offered in GovCloud and China, so"
                " that nobody reads what is published there; use kind: slack or teams",
            )


def _accounts_of_nobody(deployment: Deployment) -> Found:
    """Without an organization findings are of one account, and what asks for another one stays silent."""
    own = deployment.account
    if deployment.organization is not None or own is None:
        return
    asked = [
        (("routes", n, "accounts"), one.name, deployment.accounts_of(one)) for n, one in enumerate(deployment.routes)
    ]
    asked += [
        (("egress", n, "scope"), one.name, one.scope.accounts) for n, one in enumerate(deployment.egress) if one.scope
    ]
    for path, name, accounts in asked:
        if others := [account for account in accounts if account != own]:
            yield (
                path,
                f"{name}: {words(others)} {'is' if len(others) == 1 else 'are'} not the account {own}, and without"
                " organization its findings arrive only if it is a member by invitation",
            )
