"""What GuardDuty saw beside the action: a sequence, malware, a process, an anomaly, an entry of a threat list."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeAlias

from notifier.items.action import beside_action
from notifier.items.dates import dated
from notifier.items.hidden import without_secrets
from notifier.items.hosts import hosts_apart
from notifier.items.mark import Mark
from notifier.items.wire import Block, block, blocks, leaves, listed, text
from notifier.items.words import spaced

_FACTS = 28
_EACH = 6
_VALUES = 4
MORE = ("And more", "the finding has more than is shown here; open it in GuardDuty")

Pairs: TypeAlias = Iterator[tuple[str, str]]
Group: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]


def observed_of(service: Block, resource: Block, additional: Block) -> tuple[Group, ...]:
    """Each part of `service` with something to say: its title, and lines. The usual finding has none of them.

    Args:
        service: The finding's.
        resource: The finding's too.
        additional: What `service` says beyond the model (`additional_of`).
    """
    scan, objects = block(service, "malwareScanDetails"), _objects(resource)
    return _groups(
        (
            *((spaced(member.removesuffix("Details")), _beside(member), part) for member, part in _besides(service)),
            ("Attack sequence", _sequence, block(service, "detection", "sequence")),
            ("Malware", _volume_scan, block(service, "ebsVolumeScanDetails")),
            ("Malware" if scan else "Object", _object_scan, {**scan, "s3ObjectDetails": objects} if objects else scan),
            ("Process", _process, block(service, "runtimeDetails")),
            ("Unusual", _anomaly, block(service, "detection", "anomaly")),
            ("Also observed", _additional, additional),
            ("Known threat", _evidence, _threats(service, additional)),
        )
    )


def kubernetes_of(resource: Block) -> tuple[Group, ...]:
    """The workload of a cluster that the finding is about, and who called its API."""
    details = block(resource, "kubernetesDetails")
    return _groups(
        (
            ("Kubernetes workload", _kubernetes_workload, block(details, "kubernetesWorkloadDetails")),
            ("Kubernetes user", _kubernetes_user, block(details, "kubernetesUserDetails")),
        )
    )


def _groups(parts: Iterable[tuple[str, Callable[[Block], Pairs], Block]]) -> tuple[Group, ...]:
    groups = (
        (title, tuple((label, without_secrets(line)) for label, line in _bounded(lines(part))))
        for title, lines, part in parts
        if part
    )
    return tuple((title, lines) for title, lines in groups if lines)


def more_of(service: Block) -> Iterable[Mark]:
    """What a part of `service` names that an update may name more of."""
    sequence = block(service, "detection", "sequence")
    return _marks(sequence) if sequence else ()


def _bounded(lines: Pairs) -> Pairs:
    yield from islice(lines, _FACTS)
    if next(lines, None):
        yield MORE


def _objects(resource: Block) -> list[Block]:
    return [one for bucket in blocks(resource.get("s3BucketDetails")) for one in blocks(bucket.get("s3ObjectDetails"))]


def _besides(service: Block) -> Iterable[tuple[str, Block]]:
    return islice(beside_action(service).items(), _EACH)


def _beside(member: str) -> Callable[[Block], Pairs]:
    return _kubernetes_binding if member == "kubernetesRoleBindingDetails" else _plainly


def _plainly(part: Block) -> Pairs:
    return ((spaced(name), dated(name, shown)) for name, shown in leaves(part))


# What most findings never hold is read with the first that does.


def _sequence(part: Block) -> Pairs:
    from notifier.items.sequence import sequence_of  # noqa: PLC0415

    return sequence_of(part)


def _marks(part: Block) -> Iterator[Mark]:
    from notifier.items.sequence import marks_of  # noqa: PLC0415

    return marks_of(part)


def _volume_scan(part: Block) -> Pairs:
    from notifier.items.malware import volume_scan  # noqa: PLC0415

    return volume_scan(part)


def _object_scan(part: Block) -> Pairs:
    from notifier.items.malware import object_scan  # noqa: PLC0415

    return object_scan(part)


def _additional(part: Block) -> Pairs:
    from notifier.items.additional_lines import lines_of  # noqa: PLC0415

    return lines_of(part)


def _kubernetes_workload(part: Block) -> Pairs:
    from notifier.items.kubernetes import workload_of  # noqa: PLC0415

    return workload_of(part)


def _kubernetes_user(part: Block) -> Pairs:
    from notifier.items.kubernetes import user_of  # noqa: PLC0415

    return user_of(part)


def _kubernetes_binding(part: Block) -> Pairs:
    from notifier.items.kubernetes import binding_of  # noqa: PLC0415

    return binding_of(part)


def _process(details: Block) -> Pairs:
    process = block(details, "process")
    for label, member in (
        ("Name", "name"),
        ("Path", "executablePath"),
        ("SHA-256", "executableSha256"),
        ("User", "user"),
        ("Directory", "pwd"),
        ("Process id", "pid"),
    ):
        if shown := text(process.get(member)):
            yield label, shown
    parents = [one.get("name") for one in blocks(process.get("lineage"))]
    if started := listed(parents, most=_EACH, between=" / "):
        yield "Started by", started
    context = block(details, "context")
    for label, member in _OTHERS:
        other = block(context, member)
        if shown := text(other.get("executablePath")) or text(other.get("name")):
            yield label, shown
    # Whichever members there are, they are what the finding is about.
    told = leaves(context, skip=tuple(member for _, member in _OTHERS))
    yield from ((spaced(name), dated(name, shown)) for name, shown in told)


_OTHERS = (("Modified by", "modifyingProcess"), ("Target", "targetProcess"))


def _anomaly(anomaly: Block) -> Pairs:
    """The unusual behaviour; the profiles beside it say what is usual, at a length that nobody reads in a message."""
    behaviours = block(anomaly, "unusual", "behavior")
    for who, behaviour in islice(behaviours.items(), _EACH):
        features = block(behaviour)
        for what, feature in islice(features.items(), _EACH):
            yield spaced(who), _unusual(what, block(feature))
        if len(features) > _EACH:
            yield spaced(who), f"and {len(features) - _EACH} more"
    if len(behaviours) > _EACH:
        yield MORE


def _unusual(what: str, feature: Block) -> str:
    """`API: ListUsers, ListRoles (rare)`: what was seen, and behind it how seldom it is (AnomalyUnusual)."""
    seen = block(feature, "observations")
    values = [one for kind in ("text", "number") if isinstance(some := seen.get(kind), list) for one in some]
    named = spaced(what, first=False)
    # A user agent among them is the caller's own text.
    said = f"{named}: {hosts_apart(shown)}" if (shown := listed(values, most=_VALUES)) else named
    how = text(feature.get("profileSubtype"))
    return f"{said} ({how.lower()})" if how else said


def _threats(service: Block, additional: Block) -> Block:
    """The evidence; what older findings have in place of it, in its form."""
    evidence = block(service, "evidence")
    if any(blocks(evidence.get("threatIntelligenceDetails"))):
        return evidence
    named = additional.get("threatName")
    threat = {**additional, "threatNames": named if isinstance(named, list) else [named]}
    return {"threatIntelligenceDetails": threat}


def _evidence(evidence: Block) -> Pairs:
    entries = blocks(evidence.get("threatIntelligenceDetails"))
    for entry in entries[:_EACH]:
        threats = listed(entry.get("threatNames"), most=_EACH)
        if named := text(entry.get("threatListName")):
            yield "Threat list", f"{named}: {threats}" if threats else named
        elif threats:
            yield "Threat", threats
        if sha := text(entry.get("threatFileSha256")):
            yield "SHA-256", sha
    if len(entries) > _EACH:
        yield MORE
