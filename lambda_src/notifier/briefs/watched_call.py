"""The brief of an API call that could blind the stack."""

from dataclasses import replace

from notifier.accounts import shown_account
from notifier.brief import UNKNOWN, Brief
from notifier.briefs import watched_call_parts as parts
from notifier.briefs.lengths import ID, NAME
from notifier.briefs.surroundings import Surroundings
from notifier.inert import inert
from notifier.items.case import case_of
from notifier.items.watched_call import WatchedCall
from notifier.links import Console


def brief_of(call: WatchedCall, around: Surroundings) -> Brief:
    """Who did what to which resource, what it means, and what to do."""
    console = Console.of(call.region, account=call.account, portal=around.portal)
    return replace(
        plain_brief(call, around),
        headline=parts.headline_of(call),
        subject=parts.short_subject(call),
        notes=tuple(parts.notes_of(call)),
        steps=parts.steps_of(call, console, deployment=around.deployment),
        sections=parts.sections_of(call),
    )


def plain_brief(call: WatchedCall, around: Surroundings) -> Brief:
    """That it was called, in which account and Region."""
    account = inert(call.account or UNKNOWN, limit=NAME)
    api = inert(call.api, limit=NAME)
    return Brief(
        deployment=around.deployment,
        headline=f"Somebody {'tried to call' if call.error else 'called'} {api}, which can blind this stack.",
        subject=f"{parts.ended(call).capitalize()} call of {api}" if call.error else f"Call of {api}",
        severity=call.severity,
        severity_label=call.severity.label,
        case=case_of(call),
        call=True,
        finding_type=f"Change that no deployment made ({api})",
        finding_id=inert(call.event_id or "none", limit=ID),
        account=account,
        named_account=shown_account(account, around.accounts),
        region=inert(call.region or UNKNOWN, limit=NAME),
        updated=call.time,
    )
