"""A watched call in words: who did what to which resource, what it means, and what to do."""

import json
import re
from collections.abc import Iterator, Mapping

from notifier.briefs.commands import only_in
from notifier.inert import inert
from notifier.items.dates import shown_time
from notifier.items.hidden import HIDDEN, without_secrets
from notifier.items.user_agent import shown_agent
from notifier.items.watched_call import Caller, WatchedCall
from notifier.items.watched_words import words_of
from notifier.items.wire import Block, text
from notifier.links import Console, Link, is_account, is_region
from notifier.section import Fact, Section
from notifier.step import Snippet, Step

_NAME, _VALUE, _LABEL = 100, 200, 40
_TITLE, _SUBJECT = 400, 160
_ASKED = 14
_LISTED = 5
_CALLER_KINDS = {
    "Root": "The root user",
    "AWSService": "An AWS service",
    "AWSAccount": "Another account",
    "Unknown": "Somebody without credentials",
}

# Where a request names what it changes, the most telling first.
_NAMES = (
    "filterName", "alarmName", "roleName", "stackName", "functionName", "queueUrl", "topicArn", "subscriptionArn",
    "tableName", "logGroupName", "secretId", "stateMachineArn", "executionArn", "rule", "name", "archiveName",
    "eventBusName", "keyId", "ipSetId", "trustedEntitySetId", "threatIntelSetId", "threatEntitySetId", "destinationId",
    "adminAccountId", "trailName", "accountIds", "alarmNames", "key", "graphArn", "resourceArn", "detectorId",
)  # fmt: skip

# As GuardDuty writes and takes them (GuardDuty API reference), as far as they are harmless in a command.
_DETECTOR = re.compile(r"[0-9a-f]{32}", re.ASCII)
_FILTER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{2,63}", re.ASCII)

# The value of a secret is never in an event; what lies beside it would tell no more than its name.
_KEPT_BACK = ("secretstring", "secretbinary", "clientrequesttoken", "code", "zipfile", "environment", "x-amz-")


def headline_of(call: WatchedCall) -> str:
    """One sentence; what others chose in it is inert."""
    words, subject = words_of(call.service, call.name), subject_of(call)
    named = f" ({subject})" if subject else ""
    if call.error:
        how = "AWS refused it" if call.refused else "it failed"
        return inert(f"{who(call.caller)} tried to {words.does}{named}, and {how}: {call.error}.", limit=_TITLE)
    return inert(f"{who(call.caller)} {words.did}{named}. {call.means}".rstrip(), limit=_TITLE)


def short_subject(call: WatchedCall) -> str:
    """The same in a few words, with the resource rather than who did it."""
    words, subject = words_of(call.service, call.name), subject_of(call)
    said = f"{ended(call).capitalize()}: {words.does}" if call.error else f"Somebody {words.did}"
    return inert(f"{said} ({subject})" if subject else said, limit=_SUBJECT)


def ended(call: WatchedCall) -> str:
    """How a call ended that did nothing."""
    return "refused" if call.refused else "failed"


def who(caller: Caller) -> str:
    """Whoever made the call, as people name them."""
    through = f" through {caller.through}" if caller.through and not caller.is_service else ""
    if caller.service_linked or caller.kind == "AWSService":
        return f"The AWS service {caller.through or caller.role or 'that the event does not name'}"
    if caller.role:
        named = f" ({caller.source_identity})" if caller.source_identity else ""
        return f"{caller.session or 'A session'}{named} in the role {caller.role}{through}"
    if caller.user:
        return f"The user {caller.user}{through}"
    known = _CALLER_KINDS.get(caller.kind or "")
    return f"{known}{through}" if known else f"{caller.arn or 'Somebody whom the event does not name'}{through}"


def subject_of(call: WatchedCall) -> str:
    """What was changed, by the end of its name; empty where the request does not say."""
    for member in _NAMES:
        value = call.request.get(member)
        if isinstance(value, list):
            value = ", ".join(shown for one in value[:_LISTED] if (shown := text(one)))
        if shown := text(value):
            return inert(_last(shown), limit=_NAME)
    return inert(_last(call.resources[0]), limit=_NAME) if call.resources else ""


def notes_of(call: WatchedCall) -> Iterator[str]:
    """What a reader should know before judging."""
    if call.refused:
        yield (
            "Nothing was changed. Who tries this without being allowed to may try another way: read what else they did."
        )
    elif call.error:
        yield (
            "The call failed, so nothing was changed by it; it may have been repeated with success: look for the same "
            "call after it."
        )
    if call.caller.kind == "Root":
        yield "The root user needs no permission and is bound by no policy of this account."
    if call.caller.account and call.account and call.caller.account != call.account:
        yield inert(f"The caller is of another account, {call.caller.account}.", limit=_TITLE)


def steps_of(call: WatchedCall, console: Console | None, *, deployment: str) -> tuple[Step, ...]:
    """What to do; the first is a decision."""
    links: tuple[Link, ...] = ()
    if console and call.caller.access_key and (link := console.cloudtrail_events(call.caller.access_key)):
        links = (link,)
    return (
        Step(
            "Ask whoever is named here whether they did this, and why by hand. If nobody did, treat the credentials as "
            "stolen: look at everything else that they did.",
            links,
        ),
        *(
            ()
            if call.error
            else (
                Step(
                    "Have it put back by whoever runs this stack. A plain deployment changes nothing, because the "
                    "template is as it was; what was made beside the stack has to be deleted by hand.",
                    snippets=(*_undone(call), _reverted(deployment)),
                ),
            )
        ),
    )


def _undone(call: WatchedCall) -> Iterator[Snippet]:
    """A filter can hide every finding until somebody has read this far, so that it stops hiding first."""
    detector, name = text(call.request.get("detectorId")) or "", text(call.request.get("filterName")) or ""
    name = name or text(call.request.get("name")) or ""
    known = _DETECTOR.fullmatch(detector) and _FILTER.fullmatch(name) and is_region(call.region or "")
    if not known or call.service != "guardduty" or call.name not in {"CreateFilter", "UpdateFilter"}:
        return
    which = f"--region {call.region} --detector-id {detector} --filter-name {name}"
    commands = (
        (
            "CHANGES: the filter hides nothing more, and only counts. Then read what was archived since: GuardDuty, "
            "findings, filter Archived",
            f"aws guardduty update-filter {which} --action NOOP",
        ),
        # Some fields are for filters that archive alone (GuardDuty user guide, filtering findings).
        (
            "CHANGES, if that was refused because only a filter that archives may ask for one of its fields: keeps the "
            "filter in a file here, and deletes it",
            # Without a sign that Amazon Q's Markdown acts on; deleted only if it was read, and is kept.
            f"aws guardduty get-filter {which} --output json | tee {name}.json | grep '\"Name\"'"
            f" && grep -q '\"Name\"' {name}.json"
            f" && aws guardduty delete-filter {which}",
        ),
    )
    account = call.account if is_account(call.account or "") else None
    for label, command in commands:
        yield Snippet(label, only_in(account, command, region=call.region) if account else command, changes=True)


def _reverted(deployment: str) -> Snippet:
    # Names of deployments are checked by the configuration, and are harmless to a shell.
    return Snippet(
        "In the repository of the stack, with credentials that may deploy: says what differs, CHANGES it back, sees "
        "whether findings arrive; fill in STACK, which verify names",
        f"CONFIG={deployment} python app.py && python -m tools verify\n"
        f"npx cdk deploy STACK -c config={deployment} --exclusively --revert-drift\n"
        f"python -m tools selftest {deployment}",
        changes=True,
    )


def sections_of(call: WatchedCall) -> tuple[Section, ...]:
    """Who, what, and what was asked for; CloudTrail does not say what was there before."""
    caller = call.caller
    groups = (
        (
            "Who",
            (
                ("Identity", caller.arn),
                ("Kind", caller.kind),
                ("Source identity", caller.source_identity),
                ("Through", caller.through),
                ("Access key", caller.access_key),
                ("Address", call.address),
                ("User agent", call.user_agent and shown_agent(call.user_agent)),
            ),
        ),
        (
            "What",
            (
                ("Call", call.api),
                ("Time", shown_time(call.time)),
                ("Result", f"{ended(call)}: {call.error}" if call.error else "done"),
                ("AWS says", call.error_message and without_secrets(call.error_message)),
                ("Event", call.event_id),
            ),
        ),
        ("Asked for (what was there before is not in the event)", tuple(_asked(call.request))),
    )
    sections = (
        Section(
            title,
            tuple(Fact(inert(label, limit=_LABEL), inert(value, limit=_VALUE)) for label, value in facts if value),
        )
        for title, facts in groups
    )
    return tuple(section for section in sections if section.facts)


def _asked(request: Block) -> Iterator[tuple[str, str]]:
    for member in list(request)[:_ASKED]:
        value = request[member]
        if any(part in member.lower() for part in _KEPT_BACK):
            yield member, HIDDEN
        elif isinstance(value, (Mapping, list)):
            yield member, without_secrets(json.dumps(value, separators=(",", ":")))
        elif (shown := "yes" if value is True else "no" if value is False else text(value)) is not None:
            yield member, without_secrets(shown)


def _last(name: str) -> str:
    """The name at the end of an ARN or of a queue's URL."""
    if name.startswith("arn:"):
        # Of what follows the account the first word is the type; a name may hold either sign.
        resource = name.split(":", 5)[-1]
        return re.split("[:/]", resource, maxsplit=1)[-1].removesuffix(":*")
    return name.rpartition("/")[2] if "://" in name else name
