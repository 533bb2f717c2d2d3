"""Calls of AWS: in the right Region, repeated where that helps, and refused in words where it does not."""

import logging
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from organization.patience import Patience
from organization.refused import Refused

logger = logging.getLogger(__name__)

BUSY = frozenset(
    {
        "ConcurrentModification",
        "ConcurrentModificationException",
        "InternalServerErrorException",
        "InternalServerException",
        "RequestLimitExceeded",
        "ServiceException",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""Errors that pass: the call was not carried out, and the same call may be (botocore 1.44.5; Organizations API
reference: ConcurrentModificationException)."""

NOTHING: Mapping[str, object] = MappingProxyType({})

_NOT_ENABLED = frozenset({"AuthFailure", "InvalidClientTokenId", "OptInRequired", "UnrecognizedClientException"})
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})

FRESH_ROLE = 5
"""Attempts at a call that is denied: a role that CloudFormation made a moment ago is not known everywhere yet (IAM user
guide, eventual consistency). With the pauses between them about 15 seconds."""


class AwsRefused(Refused):
    """AWS refused a call for good.

    Attributes:
        code: AWS's name for the error.
    """

    def __init__(self, text: str, *, code: str) -> None:
        super().__init__(text)
        self.code = code


class Aws:
    """One account, seen from its home Region, for as long as one invocation lasts.

    Args:
        account: The account whose role calls.
        home: Region of the function, where the services without Regions (Organizations, IAM) are called.
        client: Makes a client of a service for a Region.
        patience: The time there is.
    """

    def __init__(self, *, account: str, home: str, client: Callable[[str, str], object], patience: Patience) -> None:
        self.account = account
        self.home = home
        self.patience = patience
        self._client = client
        self._clients: dict[tuple[str, str], object] = {}

    def call(
        self,
        service: str,
        operation: str,
        given: Mapping[str, object] = NOTHING,
        *,
        region: str = "",
        also_busy: frozenset[str] = frozenset(),
    ) -> Mapping[str, Any]:
        """Call one operation and return its answer.

        Args:
            service: As boto3 names it.
            operation: As boto3 names it, such as `list_members`.
            given: The call's parameters.
            region: Where; the home Region for a service without Regions.
            also_busy: Further errors that pass, for this call.

        Raises:
            AwsRefused: It cannot be done; says where, what AWS said, and what to do.
        """
        where = region or self.home
        attempt = 0
        while True:
            attempt += 1
            try:
                answer: Mapping[str, Any] = getattr(self._in(service, where), operation)(**given)
            except ClientError as error:
                code = str(error.response.get("Error", {}).get("Code", "unknown"))
                passes = code in BUSY | also_busy or (code in _DENIED and attempt < FRESH_ROLE)
                if passes and self.patience.pause(attempt):
                    logger.info("again", extra={"operation": operation, "region": where, "code": code})
                    continue
                raise AwsRefused(
                    f"{service} {operation} in {where}, account {self.account}: {code}:"
                    f" {error.response.get('Error', {}).get('Message', '')}{self._advice(code, where, attempt)}",
                    code=code,
                ) from error
            except BotoCoreError as error:
                if self.patience.pause(attempt):
                    continue
                raise AwsRefused(
                    f"{service} {operation} in {where}, account {self.account}: {error}; is the service reached from"
                    " this Region, and does the Region have it? deploy again, or take the Region out of regions",
                    code=type(error).__name__,
                ) from error
            else:
                return answer

    def pages(
        self, service: str, operation: str, key: str, given: Mapping[str, object] = NOTHING, *, region: str = ""
    ) -> Iterator[Any]:
        """Yield the items of every page, in order.

        A page may be empty and still have a token for the next one (Organizations API reference, ListAccounts), so
        only the token says whether there is more.

        Raises:
            AwsRefused: As for `call`, or the service hands out a token twice and would never end.
        """
        token: str | None = None
        seen: set[str] = set()
        while True:
            page = self.call(service, operation, {**given, **({"NextToken": token} if token else {})}, region=region)
            yield from page.get(key) or ()
            token = page.get("NextToken")
            if not token:
                return
            if token in seen:
                raise AwsRefused(
                    f"{service} {operation} in {region or self.home}: the same page was announced twice, so the list"
                    " would never end; deploy again",
                    code="EndlessList",
                )
            seen.add(token)

    def _in(self, service: str, region: str) -> object:
        # By service AND Region: a client made for the first Region of a loop answers for that Region for ever.
        if (service, region) not in self._clients:
            self._clients[service, region] = self._client(service, region)
        return self._clients[service, region]

    def _advice(self, code: str, region: str, attempts: int) -> str:
        if code in _NOT_ENABLED:
            return (
                f"; the Region does not know this account's credentials: if {region} is an opt-in Region, enable it in"
                f" account {self.account} (aws account enable-region --region-name {region}), wait until it says"
                " ENABLED, and deploy again, or take it out of regions"
            )
        if code in _DENIED:
            return (
                "; the function's role, its permissions boundary or a service control policy does not allow it, or"
                f" account {self.account} has another part in the organization than the configuration says:"
                " docs/permissions.md lists what is needed"
            )
        return f"; tried {attempts} times, deploy again" if attempts > 1 else ""
