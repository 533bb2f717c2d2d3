"""The brief of a message that is no finding: what came, cut to a readable length."""

from notifier.accounts import shown_account
from notifier.brief import UNKNOWN, Brief
from notifier.briefs.lengths import ID, NAME, RAW
from notifier.briefs.surroundings import Surroundings
from notifier.inert import inert, inert_lines
from notifier.items.case import case_of
from notifier.items.hidden import without_secrets
from notifier.items.severity import Severity
from notifier.items.unrecognised import Unrecognised


def brief_of(item: Unrecognised, around: Surroundings) -> Brief:
    """There is no more to say than the plain one does."""
    return plain_brief(item, around)


def plain_brief(item: Unrecognised, around: Surroundings) -> Brief:
    """Why it is none, and the text as it came."""
    envelope = item.envelope
    account = inert((envelope and envelope.account) or UNKNOWN, limit=NAME)
    called = f" of type {inert(item.detail_type, limit=ID)}" if item.detail_type else ""
    return Brief(
        deployment=around.deployment,
        headline=f"Unrecognised GuardDuty event{called}: {item.reason}.",
        subject=f"Unrecognised GuardDuty event{called}",
        severity=Severity("Unknown", None),
        severity_label="Unrecognised",
        case=case_of(item),
        recognised=False,
        account=account,
        named_account=shown_account(account, around.accounts),
        region=inert((envelope and envelope.region) or UNKNOWN, limit=NAME),
        notes=("It was not lost: what came stands below, cut to a readable length; the bus's archive has the whole.",),
        raw=inert_lines(without_secrets(item.raw), limit=RAW),
    )
