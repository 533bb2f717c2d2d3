"""GuardDuty's events that are no finding, each as a notice that says what it means.

The names of their detail-types and members are AWS's (GuardDuty user guide, Malware Protection for S3 with EventBridge,
and Runtime Monitoring coverage).
"""

from collections.abc import Callable, Iterator

from notifier.items.finding import Envelope
from notifier.items.notice import Notice
from notifier.items.wire import Block, block, blocks, text

ABOUT = "GuardDuty notice"

_PREFIX = "GuardDuty "
_FACTS = 10

Words = tuple[str, str, tuple[str, ...]]
"""Subject, headline and steps."""


def from_event(detail: Block, envelope: Envelope) -> Notice | None:
    """The notice for an event of GuardDuty; None for a type that is not known, which is then shown as it came."""
    topic = (envelope.detail_type or "").removeprefix(_PREFIX)
    words = next((words for prefix, words in _TOPICS if topic.startswith(prefix)), None)
    if words is None:
        return None
    subject, headline, steps = words(detail)
    return Notice(
        topic=topic,
        subject=subject,
        headline=headline,
        notes=("GuardDuty sent this beside its findings: it has no severity, and nobody is woken for it.",),
        sections=(("Event", tuple(_facts(detail))),),
        steps=steps,
        account=text(detail.get("resourceAccountId")) or envelope.account,
        region=envelope.region,
        finding_id=None,
        event_id=envelope.event_id,
        about=ABOUT,
        key=(_object(detail), _cluster(detail)),
    )


_RESULTS = {
    "NO_THREATS_FOUND": "found no threat in",
    "UNSUPPORTED": "does not support and did not scan",
    "ACCESS_DENIED": "may not read, and so did not scan,",
    "FAILED": "could not scan",
}
_MEND_ROLE = "Compare the role of the bucket's Malware Protection plan with what the GuardDuty user guide asks for."


def _scan_result(detail: Block) -> Words:
    where = _object(detail)
    result = text(block(detail, "scanResultDetails").get("scanResultStatus")) or text(detail.get("scanStatus")) or ""
    names = [
        name for one in blocks(block(detail, "scanResultDetails").get("threats")) if (name := text(one.get("name")))
    ]
    if result == "THREATS_FOUND" or names:
        said = ", ".join(names[:_FACTS]) or "a threat without a name"
        return (
            "Malware in an S3 object",
            f"Malware Protection found {said} in {where}.",
            (
                "Read the finding that GuardDuty makes of it (Object:S3/MaliciousFile); do not download the object.",
                "See who wrote the object and who has read it since, then remove or quarantine it.",
            ),
        )
    meaning = _RESULTS.get(result, f"reports {result or 'nothing readable'} for")
    steps = (_MEND_ROLE,) if result == "ACCESS_DENIED" else ()
    return (
        f"Malware scan: {result.replace('_', ' ').lower() or 'unknown'}",
        f"Malware Protection {meaning} {where}.",
        steps,
    )


def _action_failed(detail: Block) -> Words:
    return (
        "An S3 object was not tagged after its malware scan",
        f"Malware Protection scanned {_object(detail)}, and could not do what follows a scan, such as tagging it: "
        "whoever relies on the tag does not see the result.",
        (f"{_MEND_ROLE} An object holds ten tags at most.",),
    )


def _plan_status(detail: Block) -> Words:
    status = text(detail.get("resourceStatus")) or "unknown"
    bucket = text(block(detail, "s3BucketDetails").get("bucketName")) or "a bucket that the event does not name"
    if status.upper() == "ACTIVE":
        return "Malware Protection is on", f"Malware Protection scans new objects of the bucket {bucket}.", ()
    return (
        f"Malware Protection of a bucket: {status.lower()}",
        f"Malware Protection of the bucket {bucket} has the status {status}: new objects may not be scanned.",
        (_MEND_ROLE,),
    )


def _coverage(detail: Block) -> Words:
    status = text(detail.get("currentStatus")) or "unknown"
    where = _cluster(detail) or "a resource that the event does not name"
    if status.upper() == "HEALTHY":
        return "Runtime Monitoring works again", f"Runtime Monitoring sees what runs on {where}.", ()
    issue = text(detail.get("issue"))
    because = f" GuardDuty says: {issue}" if issue else ""
    return (
        "Runtime Monitoring is blind",
        f"Runtime Monitoring does not see what runs on {where} (status {status}).{because}",
        ("Look at the coverage of Runtime Monitoring in GuardDuty, and mend the agent.",),
    )


_TOPICS: tuple[tuple[str, Callable[[Block], Words]], ...] = (
    ("Malware Protection Object Scan Result", _scan_result),
    ("Malware Protection Post Scan Action Failed", _action_failed),
    ("Malware Protection Resource Status", _plan_status),
    ("Runtime Protection", _coverage),
)


def _object(detail: Block) -> str:
    found = block(detail, "s3ObjectDetails")
    bucket, key, version = (text(found.get(member)) for member in ("bucketName", "objectKey", "versionId"))
    if not bucket and not key:
        return text(block(detail, "s3BucketDetails").get("bucketName")) or "an object that the event does not name"
    return f"the object {key or '?'} of the bucket {bucket or '?'}{f' (version {version})' if version else ''}"


def _cluster(detail: Block) -> str:
    details = block(detail, "resourceDetails")
    for member in ("ec2InstanceDetails", "eksClusterDetails", "ecsClusterDetails"):
        found = block(details, member)
        for name in ("instanceId", "clusterName"):
            if shown := text(found.get(name)):
                return shown
    return ""


def _facts(detail: Block) -> Iterator[tuple[str, str]]:
    for label, path in (
        ("Scan", ("scanStatus",)),
        ("Result", ("scanResultDetails", "scanResultStatus")),
        ("Bucket", ("s3ObjectDetails", "bucketName")),
        ("Bucket", ("s3BucketDetails", "bucketName")),
        ("Object", ("s3ObjectDetails", "objectKey")),
        ("Version", ("s3ObjectDetails", "versionId")),
        ("ETag", ("s3ObjectDetails", "eTag")),
        ("Status", ("resourceStatus",)),
        ("Status", ("currentStatus",)),
        ("Before", ("previousStatus",)),
        ("Issue", ("issue",)),
    ):
        if shown := text(block(detail, *path[:-1]).get(path[-1])):
            yield label, shown
    for member, label in (("statusReasons", "Reason"), ("postScanActions", "Action")):
        for one in blocks(detail.get(member))[:_FACTS]:
            said = ", ".join(part for part in (text(value) for value in one.values()) if part)
            if said:
                yield label, said
