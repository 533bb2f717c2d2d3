"""An API call that could blind GuardDuty, Detective or this stack, as CloudTrail tells of it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, NamedTuple

from notifier.items.finding import Envelope, arn_part
from notifier.items.severity import Severity
from notifier.items.watched_words import means_of, severity_of_call, takes_away
from notifier.items.wire import Block, block, moment, text
from shared.refusals import is_refusal

# Lambda's events end with the date of the API: DeleteFunction20150331, AddPermission20150331v2.
_DATE = re.compile(r"20\d{6}(v\d)?$")
_SERVICE_ROLE = ":role/aws-service-role/"
_ASSUMED = "assumed-role/"


class Caller(NamedTuple):
    """Who made the call (CloudTrail user guide, userIdentity element); anything may be absent.

    Attributes:
        kind: `AssumedRole`, `IAMUser`, `Root`, `AWSService`, ….
        role: Name of the role, without its path.
        session: Name of its session: whoever assumed the role chose it.
        user: Name of a user.
        source_identity: What the identity provider said of the person; no role on the way can change it.
        through: The AWS service that made the call in the caller's name.
        service_linked: A role that only an AWS service can take.
    """

    kind: str | None
    arn: str | None
    account: str | None
    role: str | None
    session: str | None
    user: str | None
    access_key: str | None
    source_identity: str | None
    through: str | None
    service_linked: bool

    @classmethod
    def of(cls, identity: Block) -> "Caller":
        """The caller in `userIdentity`."""
        issuer = block(identity, "sessionContext", "sessionIssuer")
        arn = text(identity.get("arn"))
        role, session = _assumed(arn)
        return cls(
            kind=text(identity.get("type")),
            arn=arn,
            account=text(identity.get("accountId")) or arn_part(arn, 4),
            role=role,
            session=session,
            user=text(identity.get("userName")),
            access_key=text(identity.get("accessKeyId")),
            source_identity=text(block(identity, "sessionContext").get("sourceIdentity")),
            through=text(identity.get("invokedBy")),
            service_linked=_SERVICE_ROLE in (text(issuer.get("arn")) or ""),
        )

    @property
    def is_service(self) -> bool:
        """Whether an AWS service acts for itself, and not for a caller."""
        return self.kind == "AWSService" or self.service_linked


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedCall:
    """One call; text in it was chosen by whoever called, and is not inert yet.

    Attributes:
        service: `guardduty`, `events`, ….
        name: The call, without a date.
        account: Whose resources.
        error: Why it failed; None if it did not.
        request: What was asked for.
    """

    kind: ClassVar[Literal["watched_call"]] = "watched_call"

    event_id: str | None
    time: datetime | None
    service: str
    name: str
    account: str | None
    region: str | None
    caller: Caller
    address: str | None
    user_agent: str | None
    error: str | None
    error_message: str | None
    request: Block
    resources: tuple[str, ...]

    @classmethod
    def from_detail(cls, detail: Block, *, envelope: Envelope) -> "WatchedCall":
        """The call in an event's detail; never raises, whatever is missing."""
        source = text(detail.get("eventSource")) or ""
        listed = detail.get("resources")
        return cls(
            event_id=text(detail.get("eventID")),
            time=moment(detail.get("eventTime")) or envelope.time,
            service=source.partition(".")[0],
            name=_DATE.sub("", text(detail.get("eventName")) or "unknown"),
            account=text(detail.get("recipientAccountId")) or envelope.account,
            region=text(detail.get("awsRegion")) or envelope.region,
            caller=Caller.of(block(detail, "userIdentity")),
            address=text(detail.get("sourceIPAddress")),
            user_agent=text(detail.get("userAgent")),
            error=text(detail.get("errorCode")),
            error_message=text(detail.get("errorMessage")),
            request=block(detail, "requestParameters"),
            resources=tuple(
                arn for one in (listed if isinstance(listed, list) else ()) if (arn := text(block(one).get("ARN")))
            ),
        )

    @property
    def api(self) -> str:
        """`guardduty:DeleteFilter`."""
        return f"{self.service or 'unknown'}:{self.name}"

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return severity_of_call(self.service, self.name)

    @property
    def refused(self) -> bool:
        """Whether AWS did not allow it; what failed for another reason may be repeated with success."""
        return is_refusal(self.error or "")

    @property
    def means(self) -> str:
        """What comes of it, a sentence; empty where that goes without saying."""
        return means_of(self.service, self.name, self.request)

    @property
    def takes_away(self) -> bool:
        """Whether detection, or the way of findings, ends with it."""
        return takes_away(self.service, self.name)


def from_event(detail: Block, envelope: Envelope) -> WatchedCall:
    """The call in an event."""
    return WatchedCall.from_detail(detail, envelope=envelope)


def _assumed(arn: str | None) -> tuple[str | None, str | None]:
    """Role and session of `arn:aws:sts::111122223333:assumed-role/deploy/ci`."""
    _, found, rest = (arn or "").partition(f":{_ASSUMED}")
    role, slash, session = rest.partition("/")
    return (role, session) if found and slash else (None, None)
