"""Links into the AWS console: into the right partition and Region, or none."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from shared.forms import ACCOUNT

# The partitions whose console is known (facts of the GuardDuty, Detective and CloudTrail user guides, 2026-11).
_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-us-gov": "console.amazonaws-us-gov.com",
    "aws-cn": "console.amazonaws.cn",
}
_COMPASS = r"(?:(?:north|south)(?:east|west)?|east|west|central)-[1-9]"
_REGIONS = {
    "aws": re.compile(rf"(?:af|ap|ca|eu|il|me|mx|sa|us)-{_COMPASS}"),
    "aws-us-gov": re.compile(r"us-gov-(?:east|west)-[1-9]"),
    "aws-cn": re.compile(r"cn-(?:north|northwest)-[1-9]"),
}

_ZONE = re.compile(r"([a-z]{2}(?:-gov)?-[a-z]+-[0-9])(?:[a-z]|-[a-z0-9-]+)")

# Where events of IAM, and of STS's global endpoint, are kept (IAM user guide, logging with CloudTrail).
_GLOBAL = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}

_ROLE_ID = re.compile(r"AROA[A-Z0-9]{1,124}")
_ACCESS_KEY = re.compile(r"[A-Z0-9]{16,128}")
_LONGEST_REGION = 40
_DAY = timedelta(days=1)
# Detective keeps a year (Detective user guide, navigating to an entity profile).
_REACH = timedelta(days=365)


class Link(NamedTuple):
    """A link that we made: the only kind a message may hold."""

    label: str
    url: str


class Portal(NamedTuple):
    """The access portal of IAM Identity Center, which signs people in and then opens a page of the console.

    Attributes:
        start_url: Its address, without a slash at the end.
        role_name: Name of the permission set to open the page with.
    """

    start_url: str
    role_name: str

    def to(self, url: str, *, account: str) -> str:
        """The address that opens `url` in `account` (IAM Identity Center user guide, shortcut links to the console)."""
        role, page = quote(self.role_name, safe=""), quote(url, safe="")
        return f"{self.start_url}/#/console?account_id={account}&role_name={role}&destination={page}"


class Console(NamedTuple):
    """The console of one Region.

    Attributes:
        detective: The deployment keeps a Detective graph there; without one a link to it leads nowhere.
        account: Whose console; None if not known.
        portal: The way there, for those who sign in by IAM Identity Center.
    """

    region: str
    domain: str
    detective: bool = False
    account: str | None = None
    portal: Portal | None = None

    @classmethod
    def of(
        cls,
        region: str | None,
        *,
        partition: str | None = None,
        detective: Collection[str] = (),
        account: str | None = None,
        portal: Portal | None = None,
    ) -> "Console | None":
        """The console of `region`; None when it is no Region we know, or contradicts the partition."""
        name = _partition_of(region) if region and len(region) <= _LONGEST_REGION else None
        if region is None or name is None or partition not in {None, name}:
            return None
        known = account if account and ACCOUNT.fullmatch(account) else None
        return cls(region, _CONSOLES[name], region in detective, known, portal)

    def guardduty_finding(self, finding_id: str) -> Link:
        """The finding in the GuardDuty console (GuardDuty user guide, findings with EventBridge)."""
        return self._link(
            "Finding in GuardDuty",
            f"https://{self.domain}/guardduty/home?region={self.region}#/findings?search=id%3D{_encode(finding_id)}",
        )

    def detective_finding(self, finding_id: str, *, first: datetime | None, last: datetime | None) -> Link | None:
        """The finding in Detective, from first to last seen; None where there is no Detective."""
        return self._detective("Finding in Detective", f"findings/{_encode(finding_id)}", _scope(first, last))

    def detective_role(self, principal_id: str, *, last: datetime | None) -> Link | None:
        """The role in Detective by the `AROA…` part of the principal id; the 24 hours up to the last call."""
        role_id = principal_id.partition(":")[0]
        if not _ROLE_ID.fullmatch(role_id):
            return None
        return self._detective("Role in Detective", f"entities/AwsRole/{role_id}", _day_before(last))

    def detective_role_session(self, principal_id: str, *, last: datetime | None) -> Link | None:
        """The role session in Detective: principal id and session name."""
        role_id, _, session = principal_id.partition(":")
        if not session or not _ROLE_ID.fullmatch(role_id):
            return None
        entity = f"entities/AwsRoleSession/{role_id}:{_encode(session)}"
        return self._detective("Role session in Detective", entity, _day_before(last))

    def detective_investigations(self) -> Link | None:
        """The list of investigations, where one of a role can be started (Detective user guide, investigations)."""
        return self._detective("Investigations in Detective", "investigations", "")

    def cloudtrail_events(self, access_key_id: str) -> Link | None:
        """CloudTrail's event history of this Region, by access key."""
        if not _ACCESS_KEY.fullmatch(access_key_id):
            return None
        return self._link(
            f"CloudTrail event history of the key in {self.region}",
            f"https://{self.region}.{self.domain}/cloudtrail/home?region={self.region}"
            f"#/events?AccessKeyId={access_key_id}",
        )

    def lambda_function(self, name: str) -> Link:
        """The function in the Lambda console."""
        return self._link(
            "Function in Lambda",
            f"https://{self.region}.{self.domain}/lambda/home?region={self.region}#/functions/{_encode(name)}",
        )

    def _detective(self, label: str, target: str, scope: str) -> Link | None:
        if not self.detective:
            return None
        return self._link(label, f"https://{self.domain}/detective/home?region={self.region}#{target}{scope}")

    def _link(self, label: str, url: str) -> Link:
        # Without an account the portal cannot open anything; the page itself asks to sign in.
        return Link(label, self.portal.to(url, account=self.account) if self.portal and self.account else url)


def region_of_zone(zone: str) -> str | None:
    """The Region of an Availability Zone, `eu-west-1a`, a Local Zone, `us-west-2-lax-1a`, or a Wavelength Zone."""
    found = _ZONE.fullmatch(zone[:_LONGEST_REGION])
    return found[1] if found and is_region(found[1]) else None


def is_account(name: str) -> bool:
    """Whether this is written like an account id, and so harmless in a command."""
    return bool(ACCOUNT.fullmatch(name))


def is_region(name: str) -> bool:
    """Whether `name` looks like a Region of a partition that we know."""
    return len(name) <= _LONGEST_REGION and _partition_of(name) is not None


def global_region(name: str) -> str | None:
    """The Region in which the history of IAM's calls is kept in the partition of a Region; None if we know neither."""
    return _GLOBAL.get(_partition_of(name) or "")


def needs_saying(name: str) -> bool:
    """Whether a service without Regions, such as IAM, is asked elsewhere unless a command names this one."""
    return global_region(name) not in {None, _GLOBAL["aws"]}


@lru_cache(maxsize=128)
def _partition_of(region: str) -> str | None:
    """The partition that a Region is in, by its name; None if it is none we know."""
    return next((name for name, pattern in _REGIONS.items() if pattern.fullmatch(region)), None)


def present(links: Iterable[Link | None]) -> tuple[Link, ...]:
    """Those that exist."""
    return tuple(link for link in links if link is not None)


def _encode(value: str) -> str:
    # A lone surrogate cannot be encoded; the link then leads to nothing, which is better than no message.
    # Longer than any id or name of AWS's; encoded twice, for the portal, it still fits Slack's 3,000 for an address.
    short = value[:120]
    return short if short.isascii() and short.isalnum() else quote(short, safe="", errors="replace")


def _day_before(last: datetime | None) -> str:
    return _scope(last - _DAY, last) if last and last.year > 1 else ""


def _scope(first: datetime | None, last: datetime | None) -> str:
    """Detective's scope time, epoch seconds; empty (Detective's own default) when a time is unknown."""
    if first is None or last is None or first > last:
        return ""
    start = max(first.timestamp(), last.timestamp() - _REACH.total_seconds())
    return f"?scopeStart={int(start)}&scopeEnd={int(last.timestamp())}"
