"""What an investigation could not see, and why: said as loudly as what it saw."""

from collections.abc import Iterator, Mapping

from investigation.documents import Fact, History, Outcome, Permissions, Plan, Probe
from investigation.entity import kind_of
from investigation.permissions import POLICIES
from investigation.rest import together
from investigation.words import listed

LAG_MINUTES = 15
"""How late CloudTrail's event history may be (CloudTrail user guide, event history)."""

_REGIONS = 12

WORDS: Mapping[Outcome, str] = {
    "running": "is not over",
    "successful": "is over",
    "failed": "failed",
    "timed-out": "was not over in time",
    "no-graph": "was not possible",
    "not-a-member": "was not possible",
    "no-entity": "was not possible",
    "refused": "was refused",
    "not-started": "was not started",
    "unknown": "came to no result",
}


def unknowns(
    plan: Plan, *, detective: Probe, history: History, permissions: Permissions, guardduty: Probe | None
) -> list[Fact]:
    """Each with its reason; the first are those that a reader must not miss."""
    return [
        *_history(plan, history),
        *_probe("Detective", detective),
        *(_probe("GuardDuty's investigation", guardduty) if guardduty else ()),
        *_entity(plan, permissions),
        Fact(
            label="Data events",
            value="CloudTrail's event history holds management events only: reading or writing objects of S3, items of "
            "DynamoDB and invoking functions does not show here",
        ),
    ]


def not_enabled(plan: Plan, history: History) -> list[str]:
    """Regions that the account had not enabled: there was nothing to read."""
    return [
        name for name in plan["regions"] if name in history["regions"] and history["regions"][name]["read"] == "off"
    ]


def unread(plan: Plan, history: History) -> dict[str, list[str]]:
    """Regions that were not read in full, by the reason."""
    found: dict[str, list[str]] = {}
    for region in plan["regions"]:
        one = history["regions"].get(region)
        if one is None:
            found.setdefault("the look failed as a whole", []).append(region)
        elif one["read"] not in {"all", "off"}:
            part = "read in part: " if one["read"] == "part" else ""
            found.setdefault(f"{part}{one['reason']}", []).append(region)
    return found


def _history(plan: Plan, history: History) -> Iterator[Fact]:
    for reason, regions in unread(plan, history).items():
        yield Fact(label="Event history", value=f"{listed(regions, most=_REGIONS)}: {reason}")
    if history["looks"] < 2:  # noqa: PLR2004
        yield Fact(
            label="Second look",
            value=f"did not take place; the history can be {LAG_MINUTES} minutes late, so the newest calls are missing",
        )
    else:
        yield Fact(
            label="Newest calls",
            value=f"the history can be {LAG_MINUTES} minutes late: what was done shortly before this report may be "
            "missing",
        )
    if history["unsorted"]:
        yield Fact(label="Whose address", value=f"{history['unsorted']}; public addresses stand under unclear")
    if more := together(*(one.get("rest", {}) for one in history["regions"].values())):
        some = " and ".join(f"{one['addresses']:,} {side}" for side, one in more.items())
        yield Fact(
            label="More addresses",
            value=f"{some} are in the sums and not told apart; one that called in several Regions counts in each",
        )
    asked = len(plan["regions"]) - len(not_enabled(plan, history))
    yield Fact(label="Other Regions", value=f"only {asked} Regions were looked at; they are named below")


def _probe(service: str, probe: Probe) -> Iterator[Fact]:
    if probe["outcome"] != "successful":
        because = f": {probe['reason']}" if probe["reason"] else ""
        yield Fact(label=service, value=f"an investigation {WORDS[probe['outcome']]}{because}")
    elif not probe["complete"]:
        yield Fact(label=service, value="it found more than is shown here")


def _entity(plan: Plan, permissions: Permissions) -> Iterator[Fact]:
    kind = kind_of(plan["entity"])
    if reason := plan["entity"]["reason"]:
        yield Fact(label=kind.title(), value=reason)
    if not permissions["read"]:
        yield Fact(label="Permissions", value=permissions["reason"])
        return
    if permissions["unread"]:
        yield Fact(label="Policies", value=f"not read: {listed(permissions['unread'], most=POLICIES + 1)}")
    own = "the policies of the user and its groups" if kind == "user" else "the role's own policies"
    yield Fact(
        label="Permissions",
        value=f"only {own} were read: boundaries, service control policies, denials and policies of resources were not "
        "weighed",
    )
