"""The facts of a finding as labelled lines, grouped; only those that exist."""

from collections.abc import Iterable, Iterator

from notifier.briefs.headline import last_part, unlinked
from notifier.briefs.identity import OF_USERS, identity_of
from notifier.inert import inert
from notifier.items.action import CONNECTION
from notifier.items.dates import dated, shown_time
from notifier.items.finding import Finding
from notifier.items.mark import ends_of
from notifier.items.resource import Resource
from notifier.items.words import spaced
from notifier.section import Fact, Section

_VALUE = 200
_LABEL = 40
_DIRECTIONS = {"OUTBOUND": "outbound: the workload connects to it", "INBOUND": "inbound: it connects to the workload"}


def sections_of(finding: Finding, *, account: str | None = None) -> tuple[Section, ...]:
    """All sections with at least one fact, most useful first; `account` is the account in words."""
    # At the other end of a connection may be a host that the workload called itself.
    connection = finding.action is not None and finding.action.kind == CONNECTION
    groups = (
        ("Workload", _workload(finding)),
        *finding.kubernetes,
        ("Credentials", _credentials(finding)),
        ("Remote host" if connection else "Caller", _caller(finding)),
        ("Connection" if connection else "Call", _call(finding)),
        *finding.observed,
        ("When", _when(finding)),
        ("Finding", _finding(finding, account=account)),
        ("Other resources", _others(finding.resources)),
    )
    sections = (Section(title, tuple(_facts(pairs))) for title, pairs in groups)
    return tuple(section for section in sections if section.facts)


def api_in_words(service: str | None, api: str | None) -> str | None:
    """`s3:GetObject` from `s3.amazonaws.com` and `GetObject`."""
    short = (service or "").removesuffix(".cn").removesuffix(".amazonaws.com")
    return ":".join(part for part in (short, api) if part) or None


def _facts(pairs: Iterable[tuple[str, str | None]]) -> Iterator[Fact]:
    return (Fact(inert(label, limit=_LABEL), inert(value, limit=_VALUE)) for label, value in pairs if value)


def _workload(finding: Finding) -> Iterator[tuple[str, str | None]]:
    if function := finding.lambda_function:
        yield "Function", _with(function.name or function.arn, "version", function.version)
        yield "Role", function.role
        yield "VPC", function.vpc_id
    if task := finding.ecs_task:
        yield "ECS task", last_part(task.arn)
        yield "Cluster", task.cluster or task.cluster_arn
        yield "Task definition", task.definition
        yield "Task group", task.group
        yield "Launch type", task.launch_type
        yield from (("Container", container) for container in task.containers)
    if instance := finding.instance:
        yield "EC2 instance", _with(instance.instance_id, "", instance.name)
        yield "Instance profile", instance.profile
        public = instance.public_ip and f"{instance.public_ip} (public)"
        yield "IP addresses", ", ".join(filter(None, (instance.private_ip, public)))
        yield "VPC", instance.vpc_id
        yield "Security groups", ", ".join(instance.groups)
        yield "Instance type", instance.type
        yield "Launched", shown_time(instance.launched)


def _credentials(finding: Finding) -> Iterator[tuple[str, str | None]]:
    if (key := finding.access_key) is None:
        return
    yield "Access key", _with(key.access_key_id, "", "temporary" if key.temporary else None)
    # The name has no path in it, so it is not turned into an ARN: that would be wrong for /service-role/….
    yield "User" if identity_of(finding) in OF_USERS else "Role name", key.user_name
    yield "Principal", key.principal_id


def _caller(finding: Finding) -> Iterator[tuple[str, str | None]]:
    caller, action = finding.caller, finding.action
    if action and action.direction:
        yield "Direction", _DIRECTIONS.get(action.direction.upper(), action.direction.lower())
    if caller:
        yield "Address", caller.address
        yield "Domain", caller.domain
        yield "Network", _with(caller.network, "", f"AS{caller.asn}" if caller.asn else None)
        yield "Place", ", ".join(part for part in (caller.city, caller.country) if part)
        affiliated = "affiliated with yours" if caller.account_affiliated else "not known to be affiliated with yours"
        yield "AWS account", _with(caller.account, "", affiliated) if caller.account else None
        yield "AWS service", caller.service
        yield from (("Further addresses", line) for line in _lines(_further(finding, caller.address), between=", "))
    yield "User agent", action.user_agent if action else None


def _further(finding: Finding, first: str | None) -> Iterator[str]:
    """The other remote addresses: of both families, and of every prober that counts as told."""
    named = tuple(dict.fromkeys(mark.name for mark in finding.marks if mark.kind in {"address", "host"}))
    counted = ends_of(named)
    yield from (name for name in counted if name != first)
    if len(named) > len(counted):
        yield f"and {len(named) - len(counted)} more"


def _call(finding: Finding) -> Iterator[tuple[str, str | None]]:
    if (action := finding.action) is None:
        return
    if called := api_in_words(action.service, action.api):
        yield "API", called
        yield "Result", f"failed: {action.error}" if action.error else "no error reported"
    else:
        said = (unlinked(f"{spaced(name, first=False)} {value}", finding) for name, value in action.facts)
        yield from ((spaced(action.kind), line) for line in _lines(said, between="; "))
    yield "On", "; ".join(f"{name} {value}" for name, value in action.affected)


def _when(finding: Finding) -> Iterator[tuple[str, str | None]]:
    yield "Count", None if finding.count is None else f"{finding.count:,}" if finding.count < 10**12 else "very large"
    yield "First seen", shown_time(finding.first_seen)
    yield "Last seen", shown_time(finding.last_seen)
    if finding.first_seen is None and finding.last_seen is None:
        yield "Updated", shown_time(finding.updated or finding.created or finding.envelope.time)


def _finding(finding: Finding, *, account: str | None) -> Iterator[tuple[str, str | None]]:
    yield "Type", finding.type or "unknown"
    yield "Account", finding.account and (account or finding.account)
    found_in = finding.envelope.region or finding.region
    other = finding.region if finding.region != found_in else None
    yield "Region", _with(found_in, "", f"the call was in {other}" if other else None)
    yield "Id", finding.finding_id
    yield "Part of the sequence", finding.sequence_arn
    yield "Detection rule", finding.detection_rule


def _others(resources: tuple[Resource, ...]) -> Iterator[tuple[str, str | None]]:
    for resource in resources:
        yield spaced(resource.kind.removesuffix("Details")), _described(resource)


def _described(resource: Resource) -> str:
    others = ((name, value) for name, value in resource.facts if value != resource.name)
    rest = [f"{spaced(name, first=False)} {dated(name, value)}" for name, value in others]
    return "; ".join([*([resource.name] if resource.name else []), *rest])


def _lines(pieces: Iterable[str], *, between: str) -> Iterator[str]:
    """The pieces in as few lines as hold them, so that none is cut off but by its own length."""
    line = ""
    for piece in pieces:
        shown = inert(piece, limit=_VALUE)
        if line and len(line) + len(between) + len(shown) > _VALUE:
            yield line
            line = ""
        line += between + shown if line else shown
    yield line


def _with(value: str | None, word: str, extra: str | None) -> str | None:
    return f"{value} ({' '.join(part for part in (word, extra) if part)})" if value and extra else value
