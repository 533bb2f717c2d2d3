"""What must agree about findings on their way: what goes where, and only once."""

import json
from collections.abc import Mapping

from infra.config.account_choice import choices_of, chosen
from infra.config.destinations import AnyDestination, PagerDutyDestination, secrets_of
from infra.config.egress import EgressEntry
from infra.config.errors import Found, Path
from infra.config.known_accounts import KnownAccount
from infra.config.routes import CATCH_ALL_RULE, INVESTIGATION_RULE, NOTICE_RULES, WATCH_RULE, Route
from infra.config.suppression_review import SuppressionReview
from infra.config.watch import Watch
from infra.config.wording import near, sentence, words

PATTERN_BUDGET = 1800
"""Characters for types and accounts in one event pattern; EventBridge allows 2,048 and the rest needs its share."""

SECRET_CHARACTERS = 390
"""The longest name of a secret that an event pattern of the watch holds in its three forms, wherever the secret is."""

WILDCARD_RULES = 30
"""Most rules with a wildcard on one bus (EventBridge quotas)."""


def routes_leave_our_names(*, routes: tuple[Route, ...]) -> Found:
    """Rules on the bus are named after routes, and some names are taken."""
    for position, route in enumerate(routes):
        if route.name.startswith(NOTICE_RULES):
            yield (
                ("routes", position, "name"),
                f"must not begin with {NOTICE_RULES!r}, which is how the rules for notices about suppression are named;"
                " choose another name",
            )
        if route.name == INVESTIGATION_RULE:
            yield (
                ("routes", position, "name"),
                f"must not be {INVESTIGATION_RULE!r}, which is the rule that starts investigations; choose another"
                " name",
            )
        if route.name == CATCH_ALL_RULE:
            yield (
                ("routes", position, "name"),
                f"must not be {CATCH_ALL_RULE!r}, which is the rule that carries every finding to the destinations in"
                " catch_all; choose another name",
            )
        if route.name == WATCH_RULE:
            yield (
                ("routes", position, "name"),
                f"must not be {WATCH_RULE!r}, which is the rule for changes to the stack; choose another name",
            )


def routes_name_destinations(*, routes: tuple[Route, ...], destinations: tuple[AnyDestination, ...]) -> Found:
    """A route can only send to what exists."""
    names = tuple(destination.name for destination in destinations)
    for position, route in enumerate(routes):
        yield from _known(("routes", position, "to"), route.to, names)


def catch_all_names_destinations(*, catch_all: tuple[str, ...], destinations: tuple[AnyDestination, ...]) -> Found:
    """The catch-all can only send to what exists."""
    yield from _known(("catch_all",), catch_all, tuple(destination.name for destination in destinations))


def watch_names_destinations(*, watch: Watch, destinations: tuple[AnyDestination, ...]) -> Found:
    """A change can only be told to what exists."""
    yield from _known(("watch", "to"), watch.to, tuple(destination.name for destination in destinations))


def notices_name_destinations(
    *,
    suppression_review: SuppressionReview,
    egress: tuple[EgressEntry, ...],
    destinations: tuple[AnyDestination, ...],
) -> Found:
    """A notice can only be sent to what exists."""
    names = tuple(destination.name for destination in destinations)
    yield from _known(("suppression_review", "to"), suppression_review.to, names)
    for position, entry in enumerate(egress):
        yield from _known(("egress", position, "notify"), entry.notify, names)


def _known(path: Path, given: tuple[str, ...], names: tuple[str, ...]) -> Found:
    for place, name in enumerate(given):
        if name not in names:
            text = sentence(f"unknown destination {name!r}", near(name, names), f"known: {words(names)}")
            yield (*path, place), text


def notices_and_samples_reach_somebody(
    *,
    suppression_review: SuppressionReview,
    egress: tuple[EgressEntry, ...],
    catch_all: tuple[str, ...],
    destinations: tuple[AnyDestination, ...],
) -> Found:
    """A pager takes neither notices nor samples, so they must not be sent to pagers only."""
    pagers = {destination.name for destination in destinations if isinstance(destination, PagerDutyDestination)}
    named: tuple[tuple[Path, tuple[str, ...]], ...] = (
        (("catch_all",), catch_all),
        (("suppression_review", "to"), suppression_review.to),
        *((("egress", position, "notify"), entry.notify) for position, entry in enumerate(egress)),
    )
    for path, names in named:
        if names and pagers.issuperset(names):
            yield (
                path,
                f"must name a destination beside {words(names)}: PagerDuty is sent no samples and no notices about"
                " suppression, which would then reach nobody; add one that is read by day",
            )


def routes_add_something(*, routes: tuple[Route, ...], catch_all: tuple[str, ...]) -> Found:
    """A destination of the catch-all has every finding already."""
    for position, route in enumerate(routes):
        for place, name in enumerate(route.to):
            if name in catch_all:
                yield (
                    ("routes", position, "to", place),
                    f"{name!r} is in catch_all and already receives every finding, so that the route adds nothing;"
                    " take it out of this route or out of catch_all",
                )


def routes_ask_for_one_thing(*, routes: tuple[Route, ...]) -> Found:
    """Accounts are named, or those that are not meant; and the upper severity is above the lower one."""
    for position, route in enumerate(routes):
        if route.accounts and route.except_accounts:
            yield (
                ("routes", position, "except_accounts"),
                "must be left out beside accounts, which says already whose findings take the route; keep one of them",
            )
        low, high = route.minimum_severity, route.below_severity
        if low is not None and high is not None and high <= low:
            yield (
                ("routes", position, "below_severity"),
                f"must be above minimum_severity, got {high:g} with {low:g}: no finding would take the route; the upper"
                " end is the first severity that is not taken",
            )


def routes_choose_known_accounts(*, routes: tuple[Route, ...], accounts: Mapping[str, KnownAccount]) -> Found:
    """An owner, or a group, that no account has would make a route that nothing takes."""
    known = choices_of(accounts)
    for position, route in enumerate(routes):
        for key, choices in (("accounts", route.accounts), ("except_accounts", route.except_accounts)):
            for place, choice in enumerate(choices):
                if not chosen([choice], accounts):
                    text = sentence(f"no account has {choice!r}", near(choice, known), f"known: {words(known)}")
                    yield ("routes", position, key, place), text


def patterns_fit_a_rule(*, routes: tuple[Route, ...], accounts: Mapping[str, KnownAccount]) -> Found:
    """EventBridge limits the length of a pattern, and the number of rules with a wildcard."""
    for position, route in enumerate(routes):
        types = [{"wildcard": name} if "*" in name else name for name in route.finding_types]
        named = chosen((*route.accounts, *route.except_accounts), accounts)
        length = len(json.dumps([types, named], separators=(",", ":")))
        if length > PATTERN_BUDGET:
            key = "except_accounts" if route.except_accounts else "accounts"
            yield (
                ("routes", position),
                f"finding_types and {key} need {length:,} characters of an EventBridge pattern, at most"
                f" {PATTERN_BUDGET:,} fit; {_shorter(route, types=json.dumps(types), length=length)}",
            )
    # A star at the end becomes a prefix, of which there is no limit.
    wildcards = sum(any("*" in name[:-1] for name in route.finding_types) for route in routes)
    if wildcards > WILDCARD_RULES:
        yield (
            ("routes",),
            f"{wildcards} routes use a star before the end of a finding type,"
            f" EventBridge allows {WILDCARD_RULES} on one bus; write exact types",
        )


def secrets_fit_a_rule(*, destinations: tuple[AnyDestination, ...], watch: Watch) -> Found:
    """Secrets Manager takes longer names than the watch can tell by name, ARN and partial ARN in one pattern."""
    if not watch.enabled:
        return
    for position, destination in enumerate(destinations):
        for key, name in secrets_of(destination):
            if len(name) > SECRET_CHARACTERS:
                yield (
                    ("destinations", position, key),
                    f"must be at most {SECRET_CHARACTERS} characters with the watch, got {len(name)}: its event pattern"
                    " holds the name three times; call the secret otherwise, or write watch: {enabled: false}",
                )


def _shorter(route: Route, *, types: str, length: int) -> str:
    """What makes a pattern shorter, by what is long in it."""
    if len(types) > length / 2:
        return "use wildcards, or split the route in two"
    if route.accounts:
        return "name the others in except_accounts, if they are fewer, or split the route in two"
    return "name the others in accounts, if they are fewer"


RULES = (
    routes_leave_our_names,
    routes_name_destinations,
    catch_all_names_destinations,
    notices_name_destinations,
    watch_names_destinations,
    notices_and_samples_reach_somebody,
    routes_add_something,
    routes_ask_for_one_thing,
    routes_choose_known_accounts,
    patterns_fit_a_rule,
    secrets_fit_a_rule,
)
