"""Names of members as people write them: good enough for those that no table knows yet."""

import re

_LONGEST = 80
_SHORT = frozenset(
    {"ami", "api", "arn", "asn", "db", "dns", "ebs", "ec2", "ecs", "eks", "iam", "id", "ip", "rds", "s3", "uri"}
)
"""Words that are written in capitals."""

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def spaced(name: str, *, first: bool = True) -> str:
    """`rdsDbInstance` as `RDS DB instance`, `sourceIPs` as `source IPs`; with `first` it begins a line."""
    shown = " ".join(map(_word, _BOUNDARY.sub(" ", name[:_LONGEST]).split()))
    return shown[:1].upper() + shown[1:] if first else shown


def _word(word: str) -> str:
    if word.lower() in _SHORT:
        return word.upper()
    # What begins with two capitals is an abbreviation of theirs.
    return word if len(word) > 1 and word[:2].isupper() else word.lower()
