"""Lists of GuardDuty: trusted ones, which blind every finding type, and threat lists, which add findings."""

import json
import re
from functools import reduce
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from operator import or_
from pathlib import Path

from tools.templates.addresses import NO_ADDRESS, Addresses, network
from tools.templates.assembly import Assembly, Resource

TRUSTED = frozenset({"AWS::GuardDuty::IPSet", "AWS::GuardDuty::TrustedEntitySet"})
THREATS = frozenset({"AWS::GuardDuty::ThreatIntelSet", "AWS::GuardDuty::ThreatEntitySet"})

_HASH = re.compile(r"[0-9a-f]{16,64}")
_COMMENT = re.compile(r"\s*(#.*)?$")


def active(resource: Resource) -> bool:
    """Whether GuardDuty uses a list."""
    return resource.properties.get("Activate") not in (False, "false")


def held_by(resource: Resource | None, assembly: Assembly) -> Addresses | None:
    """What a list holds, if its file is an asset of the assembly that the location names by its hash."""
    if resource is None:
        return None
    for found in _HASH.finditer(json.dumps(resource.properties.get("Location"))):
        for file in sorted(assembly.folder.glob(f"asset.{found[0]}*")):
            for one in [file] if file.is_file() else sorted(path for path in file.rglob("*") if path.is_file()):
                if (addresses := _read(one)) is not None:
                    return addresses
    return None


def _read(file: Path) -> Addresses | None:
    """The addresses of a plain list, one address or range a line; None if it is anything else."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        blocks = [IPv4Network(text, strict=False) for line in lines if (text := _COMMENT.sub("", line))]
    except (OSError, UnicodeDecodeError, AddressValueError, NetmaskValueError):
        return None
    return reduce(or_, map(network, blocks), NO_ADDRESS) if blocks else None
