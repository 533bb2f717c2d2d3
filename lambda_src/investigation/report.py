"""The report: what is known of a case after everything was looked at, and what is not. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from investigation.documents import Fact, History, Permissions, Plan, Probe, Subject
from investigation.entity import kind_of
from investigation.people import Crowd, Visitor, crowd_of, visitors
from investigation.permissions import POLICIES, SERVICES
from investigation.subject import is_of_workload
from investigation.unknowns import WORDS, not_enabled, unknowns, unread
from investigation.whose import judged, own, owner
from investigation.words import at, counted, done, gained, least, listed, named_calls

OUTSIDERS, OTHERS = 6, 12
"""Addresses told in full, and in one line."""

_APIS, _RESOURCES, _AGENTS, _TOOK, _KEYS = 8, 6, 2, 8, 4


@dataclass(frozen=True, slots=True)
class Section:
    """Labelled lines that belong together."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What is left to read by hand; the notifier makes a command of it (contract test).

    Attributes:
        step: The number of the step that says so, from 0.
        since: From when on; empty if that is not known.
        regions: All of them.
    """

    step: int
    since: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is told.

    Attributes:
        subject: A few words.
        headline: The verdict, in one sentence.
        notes: What a reader must not miss, whatever else a destination has room for.
        steps: What to do, one sentence each.
        regions: Where the key was used from outside.
        unread: What was not read in full.
    """

    subject: str
    headline: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    steps: tuple[str, ...]
    regions: tuple[str, ...] = ()
    unread: Unread | None = None


def report(
    subject: Subject,
    plan: Plan,
    *,
    detective: Probe,
    history: History,
    permissions: Permissions,
    guardduty: Probe | None = None,
) -> Report:
    """Put everything that was seen into words; silence where nobody could look is never called quiet."""
    seen = visitors(history)
    outside, unclear = crowd_of(history, "outside"), crowd_of(history, "unclear")
    missing = unknowns(plan, detective=detective, history=history, permissions=permissions, guardduty=guardduty)
    unseen = unread(plan, history)
    blind = bool(unseen)
    headline, short = _verdict(
        subject, outside, unclear=unclear, blind=blind, asked=len(plan["regions"]) - len(not_enabled(plan, history))
    )
    sections = (
        Section("What the key did", tuple(_did(plan, outside, history, unclear=unclear, blind=blind))),
        *(_outsider(one, blind=blind) for one in outside.visitors[:OUTSIDERS]),
        # Those from outside come first.
        Section(
            "Other callers",
            tuple(_in_a_line(one, blind=blind) for one in seen[min(len(outside.visitors), OUTSIDERS) :][:OTHERS]),
        ),
        Section("Not known", tuple(missing)),
        Section(f"What the {kind_of(plan['entity'])} may do", tuple(_may(permissions))),
        Section("Detective", tuple(_probed(detective))),
        *([Section("GuardDuty investigation (preview)", tuple(_probed(guardduty)))] if guardduty else []),
        Section("Looked at", tuple(_looked(plan, history))),
    )
    steps = tuple(_steps(outside, permissions, subject=subject, plan=plan, unclear=unclear, unseen=unseen))
    return Report(
        subject=f"Investigated: {short}",
        headline=headline,
        notes=tuple(_notes(subject, unseen, detective)),
        sections=tuple(section for section in sections if section.facts),
        steps=steps,
        unread=_unread(plan, unseen, steps) if unseen else None,
        regions=tuple(dict.fromkeys(region for one in outside.visitors for region in one.regions)),
    )


def failed(error: str) -> Report:
    """What is told when the investigation itself broke; the finding stands all the same.

    Args:
        error: The name of the error, by Step Functions.
    """
    return Report(
        subject="The investigation failed",
        headline="The investigation of this finding failed, so nothing is known beyond the finding itself.",
        notes=("Nothing was looked at in full. That nothing is reported here does not mean that nothing happened.",),
        sections=(Section("Not known", (Fact(label="Everything", value=f"the workflow ended with {error}"),)),),
        steps=(
            "Work the case by the steps of the first message about this finding.",
            "Whoever runs the detection stack finds the reason in the execution of the state machine.",
        ),
    )


def _verdict(subject: Subject, outside: Crowd, *, unclear: Crowd, blind: bool, asked: int) -> tuple[str, str]:
    key = f"the key {subject['access_key']}" if subject["access_key"] else "the credentials"
    said = "GuardDuty saw a use from outside"
    if outside.addresses:
        calls = counted(outside.sums["calls"], "call")
        addresses = counted(outside.addresses, "outside address", "outside addresses")
        theirs = ", ".join(gained(unclear.sums))
        others = f"{least(blind)}{counted(unclear.sums['calls'], 'call')} that cannot be told from {own(subject)}"
        return (
            f"{key[:1].upper()}{key[1:]} was used from {least(blind or outside.others)}{addresses}: "
            f"{done(outside.sums, at_least=blind)}." + (f" Of {others}, {theirs}." if theirs else ""),
            f"{least(blind)}{calls} from outside, {_in_short(outside, theirs, blind=blind)}",
        )
    if unclear.addresses:
        return (
            f"{said}, and of the calls with {key} some cannot be told from {own(subject)}; none is certainly from "
            "outside.",
            "calls that cannot be told apart",
        )
    if blind:
        return (
            f"{said}, and it could not be told what else was done with {key}: not every Region could be read.",
            "it could not be told what was done",
        )
    return (
        f"{said}, and CloudTrail's event history of {counted(asked, 'Region')} shows none: either the "
        "calls were data events, or they are not there yet, or they went to another Region.",
        "the calls from outside are not in the event history",
    )


def _in_short(outside: Crowd, theirs: str, *, blind: bool) -> str:
    """What those from outside did; that they changed nothing is said only where nobody else may have been one of them.

    Args:
        outside: Those from outside.
        theirs: What was changed or taken by calls of which it is unclear whose they are.
        blind: Whether not everything could be read.
    """
    if ours := gained(outside.sums):
        return ", ".join(ours)
    if blind:
        return "what they did is not known in full"
    return f"and of the unclear ones {theirs}" if theirs else "none changed anything"


def _notes(subject: Subject, unseen: dict[str, list[str]], detective: Probe) -> Iterator[str]:
    if unseen:
        regions = listed((region for some in unseen.values() for region in some), most=6)
        yield f"Not everything could be looked at ({regions}): what is missing there is not known, and not quiet."
    yield judged(subject)
    if detective["outcome"] != "successful":
        yield f"An investigation by Detective {WORDS[detective['outcome']]}; the reason stands below."


def _steps(
    outside: Crowd,
    permissions: Permissions,
    *,
    subject: Subject,
    plan: Plan,
    unclear: Crowd,
    unseen: dict[str, list[str]],
) -> Iterator[str]:
    stop = (
        f"Unless {owner(subject)} knows this use as their own, stop the leak by the commands of the first message "
        "about this finding"
    )
    if outside.sums["writes"]:
        yield f"{stop}, then undo what was changed from outside: each address below has its calls and resources."
    elif outside.addresses:
        seen_all = not unseen and not gained(outside.sums) and not gained(unclear.sums)
        yield f"{stop}; nothing was seen to be changed from outside." if seen_all else f"{stop}."
    else:
        yield f"Ask {owner(subject)} about the address in the finding before you call it a false alarm."
    if outside.sums.get("taken", 0):
        which = listed((name for one in outside.visitors for name in one.took), most=_TOOK)
        yield (
            "Stop the other credentials that were taken, which revoking these does not: read what each did by its own "
            f"key, then revoke its role too, or deactivate it: {which or 'they are not named'}."
        )
    if others := [one for one in permissions.get("keys", []) if not one.startswith(subject["access_key"] or " ")]:
        yield (
            "Ask the owner whether the user's other keys are known, and deactivate each that is not: "
            f"{listed(others, most=_KEYS)}."
        )
    if outside.sums.get("secrets", 0):
        yield "Change the secrets that were read from outside."
    if theirs := gained(unclear.sums):
        yield (
            f"Find out who made the calls that cannot be told from {own(subject)}, of which {', '.join(theirs)}: "
            + ("its owner knows which of them it makes." if is_of_workload(subject) else "they know which they made.")
        )
    if unseen:
        yield _read_on(plan, unseen)
    yield "Look into the data events of S3 and DynamoDB, if a trail keeps them: they do not show here."


def _read_on(plan: Plan, unseen: dict[str, list[str]]) -> str:
    """Which Regions to read by hand: all of them, also where a destination shows no command."""
    since = at(plan["history_start"])
    return (
        "Read the event history of the Regions that were not read in full"
        f"{f', since {since}' if since else ''}: {', '.join(_left(unseen))}."
    )


def _unread(plan: Plan, unseen: dict[str, list[str]], steps: Sequence[str]) -> Unread:
    return Unread(step=steps.index(_read_on(plan, unseen)), since=plan["history_start"], regions=_left(unseen))


def _left(unseen: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(region for some in unseen.values() for region in some)


def _did(plan: Plan, outside: Crowd, history: History, *, unclear: Crowd, blind: bool) -> Iterator[Fact]:
    calls = sum(one["calls"] for one in history["regions"].values())
    yield Fact(label="Calls seen", value=f"{least(blind)}{calls:,} since {at(plan['history_start'])}")
    yield Fact(label="From outside", value=done(outside.sums, at_least=blind))
    for label, crowd in (("From inside", crowd_of(history, "inside")), ("Not attributable", unclear)):
        if crowd.addresses:
            yield Fact(label=label, value=done(crowd.sums, at_least=blind))
    if first := outside.sums["first"]:
        yield Fact(label="First use outside", value=at(first))
    if last := outside.sums["last"]:
        yield Fact(label="Last use outside", value=at(last))
    if regions := [name for name, one in history["regions"].items() if one["calls"]]:
        yield Fact(label="Regions", value=listed(regions, most=12))
    services = {name.partition(":")[0] for one in outside.visitors for name, _ in one.apis}
    if services:
        yield Fact(label="Services, outside", value=listed(sorted(services), most=16))
    if history["late"]:
        yield Fact(
            label="Arrived late",
            value=f"{least(blind)}{counted(history['late'], 'call')} that only the second look saw",
        )


def _outsider(one: Visitor, *, blind: bool) -> Section:
    facts = (
        ("Outside, because of", one.how),
        ("Did", done(one.sums, at_least=blind)),
        ("Regions", listed(one.regions, most=8)),
        ("From", at(one.sums["first"])),
        ("To", at(one.sums["last"])),
        ("Calls", named_calls(one, most=_APIS)),
        ("On", listed(one.resources, most=_RESOURCES, at_least=one.more_resources)),
        ("Took", listed(one.took, most=_TOOK)),
        ("User agent", listed(one.agents, most=_AGENTS)),
    )
    return Section(f"Outside: {one.address}", tuple(Fact(label=label, value=value) for label, value in facts if value))


def _in_a_line(one: Visitor, *, blind: bool) -> Fact:
    took = f"; took {listed(one.took, most=_TOOK)}" if one.took else ""
    return Fact(
        label=one.address,
        value=f"{one.side} ({one.how}); {done(one.sums, at_least=blind)}; {named_calls(one, most=3)}{took}",
    )


def _may(permissions: Permissions) -> Iterator[Fact]:
    if not permissions["read"]:
        return
    if permissions["everything"]:
        yield Fact(label="Everything", value="a policy allows all actions of all services")
    if broad := permissions.get("broad", []):
        yield Fact(label="Nearly everything", value=f"policies allow {'; '.join(broad)}")
    more = f" and {permissions['more_policies']} more" if permissions["more_policies"] else ""
    yield Fact(label="Policies", value=(listed(permissions["policies"], most=POLICIES) or "none") + more)
    if permissions["services"]:
        yield Fact(label="Services", value=listed(permissions["services"], most=SERVICES + 1))
    if permissions["boundary"]:
        yield Fact(label="Boundary", value=permissions["boundary"])
    if keys := permissions.get("keys", []):
        yield Fact(label="Access keys", value=listed(keys, most=_KEYS))


def _probed(probe: Probe) -> Iterator[Fact]:
    if probe["outcome"] != "successful":
        return
    yield Fact(label="Severity", value=probe["severity"] or "not given")
    if not probe["facts"]:
        value = "it found none in the time that it looked at; what reached it after it was asked is not in it"
        yield Fact(label="Indicators", value=value)
    yield from probe["facts"]


def _looked(plan: Plan, history: History) -> Iterator[Fact]:
    regions = history["regions"]
    whole = [name for name in plan["regions"] if name in regions and regions[name]["read"] == "all"]
    yield Fact(label="Event history", value=listed(whole, most=40) or "no Region in full")
    if off := not_enabled(plan, history):
        yield Fact(
            label="Not enabled",
            value=f"{listed(off, most=40)}: the account has not enabled {'it' if len(off) == 1 else 'them'}, so no key "
            "of it can be used there",
        )
    yield Fact(label="Detective's window", value=f"{at(plan['scope_start'])} to {at(plan['scope_end'])}")
