"""What GuardDuty saw beside the action: a sequence, malware, a process, an anomaly, an entry of a threat list."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeAlias

from notifier.items.hidden import without_secrets
from notifier.items.mark import Mark
from notifier.items.wire import Block, block, blocks, leaves, text

_FACTS = 28
_EACH = 6
MORE = ("And more", "the finding has more than is shown here; open it in GuardDuty")

Group: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]


def observed_of(service: Block) -> tuple[Group, ...]:
    """Each part of `service` with something to say: its title, and lines. The usual finding has none of them."""
    parts = (
        ("Attack sequence", _sequence, block(service, "detection", "sequence")),
        ("Malware", _volume_scan, block(service, "ebsVolumeScanDetails")),
        ("Malware", _object_scan, block(service, "malwareScanDetails")),
        ("Process", _process, block(service, "runtimeDetails")),
        ("Unusual", _anomaly, block(service, "detection", "anomaly")),
        ("Known threat", _evidence, block(service, "evidence")),
    )
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


def _bounded(lines: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield from islice(lines, _FACTS)
    if next(lines, None):
        yield MORE


# What most findings never hold is read with the first that does.


def _sequence(part: Block) -> Iterator[tuple[str, str]]:
    from notifier.items.sequence import sequence_of  # noqa: PLC0415

    return sequence_of(part)


def _marks(part: Block) -> Iterator[Mark]:
    from notifier.items.sequence import marks_of  # noqa: PLC0415

    return marks_of(part)


def _volume_scan(part: Block) -> Iterator[tuple[str, str]]:
    from notifier.items.malware import volume_scan  # noqa: PLC0415

    return volume_scan(part)


def _object_scan(part: Block) -> Iterator[tuple[str, str]]:
    from notifier.items.malware import object_scan  # noqa: PLC0415

    return object_scan(part)


def _process(details: Block) -> Iterator[tuple[str, str]]:
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
    parents = [name for one in blocks(process.get("lineage"))[:_EACH] if (name := text(one.get("name")))]
    if parents:
        yield "Started by", " / ".join(parents)
    context = block(details, "context")
    seen = {"modifyingProcess", "targetProcess"}
    yield from islice(((_words(name), shown) for name, shown in leaves(context, skip=tuple(seen))), _EACH)
    for label, member in (("Modified by", "modifyingProcess"), ("Target", "targetProcess")):
        other = block(context, member)
        if shown := text(other.get("executablePath")) or text(other.get("name")):
            yield label, shown


def _anomaly(anomaly: Block) -> Iterator[tuple[str, str]]:
    """The unusual behaviour; the profiles beside it say what is usual, at a length that nobody reads in a message."""
    for who, behaviour in islice(block(anomaly, "unusual", "behavior").items(), _EACH):
        for what, observed in islice(block(behaviour).items(), _EACH):
            said = [shown for _, shown in islice(leaves(block(observed), depth=3), _EACH)]
            yield _words(who), f"{_words(what).lower()}: {', '.join(said)}" if said else _words(what).lower()


def _evidence(evidence: Block) -> Iterator[tuple[str, str]]:
    for entry in blocks(evidence.get("threatIntelligenceDetails"))[:_EACH]:
        names = entry.get("threatNames")
        threats = [shown for name in (names[:_EACH] if isinstance(names, list) else ()) if (shown := text(name))]
        if named := text(entry.get("threatListName")):
            yield "Threat list", f"{named}: {', '.join(threats)}" if threats else named
        elif threats:
            yield "Threat", ", ".join(threats)
        if sha := text(entry.get("threatFileSha256")):
            yield "SHA-256", sha


def _words(name: str) -> str:
    """`releaseAgentPath` as `Release agent path`."""
    words = "".join(f" {c.lower()}" if c.isupper() and not name.isupper() else c for c in name[:60]).strip()
    return words[:1].upper() + words[1:]
