"""What calls were about, and of it first what was changed or read, however much else was looked at."""

from collections import Counter
from collections.abc import Iterable, Iterator

from investigation.calls import OUTCOMES
from investigation.wire import Block, block, blocks, text

_LONGEST = 160
_APART = "|"
"""Between outcome and name: no outcome has it, and the first one counts, whatever a name holds."""

_NAMES = (
    "bucketName", "secretId", "roleArn", "roleName", "userName", "functionName", "tableName", "keyId", "queueUrl",
    "topicArn", "name", "instanceId", "dBInstanceIdentifier", "stackName", "logGroupName", "policyArn",
)  # fmt: skip


def resources_of(event: Block) -> Iterator[str]:
    """The resources that CloudTrail names, else what the request names by a usual word."""
    asked = block(event.get("requestParameters"))
    # A service that decrypts an object names only the key as the resource; the object is in what it asked with.
    if encrypted := text(block(asked.get("encryptionContext")).get("aws:s3:arn"), limit=_LONGEST):
        yield encrypted
        return
    arns = [arn for one in blocks(event.get("resources")) if (arn := text(one.get("ARN"), limit=_LONGEST))]
    if arns:
        yield from arns
        return
    for member in _NAMES:
        if value := text(asked.get(member), limit=_LONGEST):
            yield f"{member} {value}"[:_LONGEST]
            return


def kept(name: str, outcome: str) -> str:
    """The name under which a resource is counted, by how the call about it ended (`calls.OUTCOMES`)."""
    return f"{outcome}{_APART}{name}"


def foremost(counted: Iterable[tuple[str, int]], *, most: int | None = None) -> dict[str, int]:
    """Those that say most, each once: by the outcome that matters most of what was done to it."""
    best: dict[str, tuple[int, int, str]] = {}
    for one, number in counted:
        outcome, name = _parted(one)
        best[name] = min(best.get(name, _NOTHING), (OUTCOMES.index(outcome), -number, one))
    return {one: -number for _, number, one in sorted(best.values())[:most]}


def names(counted: Iterable[str]) -> tuple[str, ...]:
    """Their names, without the outcomes."""
    return tuple(_parted(one)[1] for one in counted)


def counter(counted: dict[str, int] | list[str]) -> Counter[str]:
    """What was kept, to be added to; an older version kept names alone."""
    return Counter(counted)


_NOTHING = (len(OUTCOMES), 0, "")


def _parted(counted: str) -> tuple[str, str]:
    outcome, apart, name = counted.partition(_APART)
    return (outcome, name) if apart and outcome in OUTCOMES else ("", counted)
