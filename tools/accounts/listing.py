"""What the list of accounts would be, if it said what the organization says."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml
from pydantic import ValidationError

from infra.config.entry import PLACEHOLDER
from infra.config.known_accounts import KnownAccount
from infra.config.wording import words
from tools.accounts.live import LiveAccount

_LONGEST_GROUP = 31
_MOST_GROUPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the organization is taken over.

    Attributes:
        owner_tag: Tag whose value is the owner; empty for none.
        group_tags: Tags whose values are groups.
        units: Whether the names of organizational units are groups.
    """

    owner_tag: str = "owner"
    group_tags: tuple[str, ...] = ()
    units: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One account as the list would have it."""

    id: str
    name: str
    owner: str
    groups: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the configuration takes it as it is."""
        return self.owner != PLACEHOLDER

    def __str__(self) -> str:
        """The line to paste."""
        said: dict[str, object] = {"name": self.name, "owner": self.owner}
        if self.groups:
            said["groups"] = list(self.groups)
        flow = yaml.safe_dump(said, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000)
        return f'  "{self.id}": {flow.strip()}'


def lines(live: Sequence[LiveAccount], known: Mapping[str, KnownAccount], asked: Asked) -> list[Line]:
    """The list, by account id: names stay as they were written, and so does what the organization does not say."""
    return [_line(one, known.get(one.id), asked) for one in sorted(live, key=lambda account: account.id)]


def differences(made: Sequence[Line], known: Mapping[str, KnownAccount]) -> Iterator[str]:
    """What the list says otherwise, one sentence each."""
    for line in made:
        if (before := known.get(line.id)) is None:
            yield f"{line.id} {line.name}: is not in the list"
            continue
        if line.complete and before.owner != line.owner:
            yield f"{line.id} {line.name}: owner {before.owner!r} in the list, {line.owner!r} in the organization"
        if before.groups != line.groups:
            was, is_ = words(before.groups), words(line.groups)
            yield f"{line.id} {line.name}: groups {was} in the list, {is_} in the organization"
    for id_ in sorted({*known} - {line.id for line in made}):
        yield f"{id_} {known[id_].name}: is no active account of the organization"


def _line(live: LiveAccount, known: KnownAccount | None, asked: Asked) -> Line:
    tagged = live.tags.get(asked.owner_tag, "").strip()
    name = known.name if known else live.name.strip()[:64] or live.id
    owner = next(one for one in (tagged, known.owner if known else "", PLACEHOLDER) if _may_own(one))
    groups = tuple(_groups(live, asked)) if asked.group_tags or asked.units else known.groups if known else ()
    return Line(id=live.id, name=name, owner=owner, groups=groups)


def _may_own(owner: str) -> bool:
    """Whether it is one for the configuration, or stands for one."""
    if owner == PLACEHOLDER:
        return True
    try:
        KnownAccount(name="any", owner=owner)
    except ValidationError:
        return False
    return True


def _groups(live: LiveAccount, asked: Asked) -> Collection[str]:
    named = (*(live.tags.get(tag, "") for tag in asked.group_tags), *(live.units if asked.units else ()))
    return list(dict.fromkeys(filter(None, map(_group, named))))[:_MOST_GROUPS]


def _group(text: str) -> str:
    """`Workloads / Prod` as a group is called: `workloads-prod`."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    lettered = plain if plain[:1].isalpha() else f"unit-{plain}" if plain else ""
    return lettered[:_LONGEST_GROUP].rstrip("-")
