"""Who administers a service for the organization: the rules that GuardDuty and Detective share."""

import time
from collections.abc import Callable

from tools.emulator.account_region import AccountRegion
from tools.emulator.organizations import Organization, Organizations, OrganizationsError, email

SETTLING = 1.0
"""Seconds in which a service that is delegated for the first time refuses every other Region. How long it takes AWS is
not documented; that it refuses is known (aws-samples/aws-secure-environment-accelerator#778)."""


class NotManagementError(Exception):
    """Only the management account may appoint."""


class NotSettledError(Exception):
    """The service is being delegated for the first time, in another Region."""


class RefusedAppointmentError(Exception):
    """There is another administrator, or no trusted access."""


class Administration:
    """The administrator of one service in each Region.

    Args:
        principal: The service, as trusted access names it.
        organizations: Whose accounts they are.
        clock: Seconds, from any beginning.
    """

    def __init__(
        self, principal: str, organizations: Organizations, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.organizations = organizations
        self._principal = principal
        self._clock = clock
        self._administrators: dict[str, str] = {}
        self._first: tuple[str, float] | None = None

    def of(self, region: str) -> str | None:
        """The administrator in a Region, if there is one."""
        return self._administrators.get(region)

    def is_administrator(self, place: AccountRegion) -> bool:
        """Whether the account is the administrator there."""
        return self._administrators.get(place.region) == place.account

    def listed(self, place: AccountRegion) -> str | None:
        """The administrator as the management account may list it.

        Raises:
            NotManagementError: Another account asks.
        """
        self._only_management(place.account)
        return self.of(place.region)

    def appoint(self, place: AccountRegion, account: str) -> None:
        """EnableOrganizationAdminAccount: one account, the same in every Region, trusted access before.

        Raises:
            NotManagementError: Another account asks.
            RefusedAppointmentError: The service would refuse it for good.
            NotSettledError: It would refuse it for now.
        """
        ours = self._only_management(place.account)
        if self._principal not in ours.trusted:
            raise RefusedAppointmentError(f"trusted access for {self._principal} is not enabled in the organization")
        if others := set(self._administrators.values()) - {account}:
            raise RefusedAppointmentError(f"account {min(others)} is the delegated administrator already")
        if self._first is None:
            self._first = (place.region, self._clock() + SETTLING)
        elif place.region != self._first[0] and self._clock() < self._first[1]:
            raise NotSettledError("You specified an invalid value.")
        self._administrators[place.region] = account
        ours.administrators[self._principal] = account

    def dismiss(self, place: AccountRegion) -> None:
        """DisableOrganizationAdminAccount, in one Region.

        Raises:
            NotManagementError: Another account asks.
        """
        ours = self._only_management(place.account)
        self._administrators.pop(place.region, None)
        if not self._administrators:
            ours.administrators.pop(self._principal, None)

    def wrong_with(self, administrator: str, account: str, given: str) -> str:
        """What is wrong with an account that is to become a member; empty if nothing is."""
        if account == administrator or account not in self.organizations.of(administrator).accounts:
            return "The account is not another one of this organization."
        return "" if given == email(account) else "The email address is not the one of the account."

    def _only_management(self, account: str) -> Organization:
        try:
            ours = self.organizations.of(account)
        except OrganizationsError as none:
            raise NotManagementError(str(none)) from none
        if account != ours.management:
            raise NotManagementError("required AWS Organization master permission")
        return ours
