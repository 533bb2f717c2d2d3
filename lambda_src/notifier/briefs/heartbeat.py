"""The brief of a heartbeat: for whoever looks at one at the desk; it is never sent."""

from notifier.brief import UNKNOWN, Brief
from notifier.briefs.lengths import ID
from notifier.briefs.surroundings import Surroundings
from notifier.inert import inert
from notifier.items.case import case_of
from notifier.items.heartbeat import Heartbeat
from notifier.items.severity import NOTICE


def brief_of(beat: Heartbeat, around: Surroundings) -> Brief:
    """There is no more to say than the plain one does."""
    return plain_brief(beat, around)


def plain_brief(beat: Heartbeat, around: Surroundings) -> Brief:
    """That it came, and from where."""
    return Brief(
        deployment=around.deployment,
        headline="A heartbeat of the detection stack; nobody is sent it.",
        subject="Heartbeat",
        severity=NOTICE,
        severity_label=NOTICE.word,
        case=case_of(beat),
        notice=True,
        sample=True,
        finding_type="Heartbeat",
        finding_id=inert(beat.beat or "none", limit=ID),
        account="none",
        region=beat.region or UNKNOWN,
    )
