"""Clients for the account of a finding: our own, or a member's through its read-only role."""

from dataclasses import dataclass, field
from typing import Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from investigation.refused import Refusal, Throttled, raised
from investigation.settings import Settings
from investigation.wire import Block

_CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 4, "mode": "standard"})
_ONCE = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 1})
"""For CloudTrail, whose pace and patience are our own."""

_SESSION = "detection-investigation"


class Service(Protocol):
    """One service in one Region and account."""

    def call(self, operation: str, /, **parameters: object) -> Block:
        """Call an operation by its name in boto3.

        Raises:
            Throttled: It may succeed later.
            Refusal: It will not.
        """


class Accounts(Protocol):
    """Where clients come from."""

    def own(self, service: str, region: str | None = None) -> Service:
        """A service of our own account; in the function's Region, if none is given."""

    def of(self, account: str, service: str, region: str | None = None) -> Service:
        """A service of the account of a finding.

        Of one thread at a time: boto3 shares its clients among threads, and not the session that makes them (boto3
        guide, multithreading).

        Raises:
            Throttled: It may succeed later.
            Refusal: Nobody lets us read there.
        """


@dataclass(frozen=True, slots=True)
class _Client:
    client: object

    def call(self, operation: str, /, **parameters: object) -> Block:
        method = getattr(self.client, operation, None)
        if method is None:
            # The runtime brings its own boto3, which may be older than a preview.
            raise Refusal(f"this boto3 does not know {operation}", code="UnknownOperation")
        try:
            answer: Block = method(**parameters)
        except (ClientError, BotoCoreError) as error:
            raise raised(error) from error
        return answer


@dataclass(frozen=True)
class Aws:
    """AWS itself; one session for each account, made when it is first needed."""

    settings: Settings
    _sessions: dict[str, boto3.Session] = field(default_factory=dict)

    def own(self, service: str, region: str | None = None) -> Service:
        """See `Accounts`."""
        return self.of(self.settings.account, service, region)

    def of(self, account: str, service: str, region: str | None = None) -> Service:
        """See `Accounts`."""
        if account not in self._sessions:
            self._sessions[account] = boto3.Session() if account == self.settings.account else self._member(account)
        config = _ONCE if service == "cloudtrail" else _CONFIG
        try:
            # The name of a service is known at run time only, and no stub knows all of them.
            client: object = self._sessions[account].client(service, region_name=region, config=config)  # type: ignore[call-overload]
        except BotoCoreError as error:
            raise raised(error) from error
        return _Client(client)

    def _member(self, account: str) -> boto3.Session:
        if not self.settings.member_role:
            raise Refusal(f"{account} is another account, and investigation.member_role is not configured")
        own = boto3.Session()
        # An organization does not reach beyond its partition, so ours is the member's.
        partition = own.get_partition_for_region(own.region_name or "us-east-1")
        try:
            given = own.client("sts", config=_CONFIG).assume_role(
                RoleArn=f"arn:{partition}:iam::{account}:role/{self.settings.member_role}",
                RoleSessionName=_SESSION,
                ExternalId=self.settings.external_id,
            )["Credentials"]
        except (ClientError, BotoCoreError) as error:
            reason = raised(error)
            if isinstance(reason, Throttled):
                raise reason from error
            raise Refusal(f"the role {self.settings.member_role} of {account} cannot be assumed: {reason}") from error
        return boto3.Session(
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )
