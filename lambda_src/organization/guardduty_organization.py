"""Which accounts GuardDuty covers in one Region, and with which plans, set by the administrator."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from organization.accounts import Account, active_accounts
from organization.aws import Aws, AwsRefused
from organization.enrolment import Members, enrol, report_left_out
from organization.guardduty_configuration import Configuration, configuration_for_nobody, configuration_of
from organization.properties import Properties
from organization.refused import Refused, TooLate
from organization.resource import Ensured, Told

logger = logging.getLogger(__name__)

SERVICE = "guardduty"

NOT_YET = frozenset({"BadRequestException"})
"""What an account gets for an organization call before its appointment has arrived."""

REGION_DISABLED = "RegionDisabled"
"""GuardDuty's word for a member that has not enabled the Region. The API has no list of its words; Amazon Inspector's,
which names a detector of GuardDuty's in another of them, has this one (Inspector API reference: Member)."""

DISABLED = "Disabled"
"""Its word for a member whose GuardDuty was suspended, by the administrator (StopMonitoringMembers) or by itself."""

SUSPENDED = "its GuardDuty is suspended; switch it on again"

_UNABLE = {REGION_DISABLED: "has not enabled the Region", DISABLED: SUSPENDED}


class GuardDutyOrganization:
    """Enrolment of members, those that join and those there are."""

    def ensure(self, aws: Aws, wanted: Properties, *, before: Properties) -> Ensured:
        """Set the organization's configuration, then enrol existing accounts if all are wanted.

        Raises:
            Refused: There is no detector, this account is not the administrator, or nobody could be enrolled in a
                Region that nobody has to enable first.
        """
        region = wanted.region
        detector = self._detector(aws, region)
        self._refuse_if_full(aws, region, detector)
        found = self._configured(aws, region, detector)
        self._configure(aws, region, detector, configuration_of(wanted), found=found)
        if wanted.enroll != "all":
            return Ensured(told={"Enrolled": "0", "LeftOut": "0"}, found=found.enrols)
        known = self._members(aws, region, detector)
        missing = [account for account in active_accounts(aws, but=aws.account) if account.id not in known.joined]
        # Somebody stopped them: CreateMembers starts none again (StartMonitoringMembers does), and would be waited for.
        suspended = {one.id: SUSPENDED for one in missing if known.unable.get(one.id) == SUSPENDED}

        def create(page: Sequence[Account]) -> Mapping[str, str]:
            answer = aws.call(
                SERVICE,
                "create_members",
                {
                    "DetectorId": detector,
                    "AccountDetails": [{"AccountId": account.id, "Email": account.email} for account in page],
                },
                region=region,
            )
            return {one["AccountId"]: one["Result"] for one in answer["UnprocessedAccounts"]}

        left_out = suspended | enrol(
            [account for account in missing if account.id not in suspended],
            create=create,
            members=lambda: self._members(aws, region, detector),
            patience=aws.patience,
            where=f"GuardDuty in {region}",
            opt_in=wanted.opt_in,
        )
        report_left_out(left_out, where=f"GuardDuty in {region}")
        told = {"Enrolled": str(len(missing) - len(left_out)), "LeftOut": str(len(left_out))}
        return Ensured(told=told, found=found.enrols)

    def remove(self, aws: Aws, wanted: Properties) -> Told:
        """Switch nothing on for anybody from now on; members stay members, with the plans they have.

        Where another account has become the administrator, the configuration is that account's and stays.
        """
        region = wanted.region
        for detector in aws.pages(SERVICE, "list_detectors", "DetectorIds", region=region):
            if self._administers(aws, region, detector):
                found = self._configured(aws, region, detector)
                self._configure(aws, region, detector, configuration_for_nobody(wanted), found=found)
                return {"Changed": "yes"}
        return {"Changed": "no"}

    def _detector(self, aws: Aws, region: str) -> str:
        for detector in aws.pages(SERVICE, "list_detectors", "DetectorIds", region=region):
            return str(detector)
        raise Refused(
            f"GuardDuty in {region}: account {aws.account} has no detector; deploy the Detection stack of the Region"
            " first"
        )

    def _configure(self, aws: Aws, region: str, detector: str, wanted: Configuration, *, found: Configuration) -> None:
        """Write the configuration if another one was found, and look whether it is so then."""
        if wanted.is_in(found):
            return
        aws.call(
            SERVICE,
            "update_organization_configuration",
            {"DetectorId": detector, **wanted.parameters()},
            region=region,
        )
        aws.patience.until(
            lambda: wanted.is_in(self._configured(aws, region, detector)),
            says=lambda: f"GuardDuty in {region}: the organization's configuration is still another one than was set",
        )

    def _configured(self, aws: Aws, region: str, detector: str) -> Configuration:
        """The configuration as it is, as soon as the appointment has arrived here."""
        pages: list[Mapping[str, Any]] = []
        token = ""
        while not pages or token:
            pages.append(
                self._described(aws, region, {"DetectorId": detector} | ({"NextToken": token} if token else {}))
            )
            token = pages[-1].get("NextToken", "")
        return Configuration.described(pages)

    def _refuse_if_full(self, aws: Aws, region: str, detector: str) -> None:
        if self._described(aws, region, {"DetectorId": detector})["MemberAccountLimitReached"]:
            raise Refused(
                f"GuardDuty in {region}: the organization has as many members as GuardDuty takes (50,000), so further"
                " accounts are not covered; ask AWS Support for more"
            )

    def _administers(self, aws: Aws, region: str, detector: str) -> bool:
        """Whether the configuration is this account's, without waiting for an appointment."""
        try:
            aws.call(SERVICE, "describe_organization_configuration", {"DetectorId": detector}, region=region)
        except AwsRefused as refused:
            if refused.code not in NOT_YET:
                raise
            logger.warning("another account is the administrator now", extra={"reason": str(refused)})
            return False
        return True

    def _described(self, aws: Aws, region: str, given: Mapping[str, object]) -> Mapping[str, Any]:
        try:
            return aws.call(SERVICE, "describe_organization_configuration", given, region=region, also_busy=NOT_YET)
        except AwsRefused as refused:
            if refused.code not in NOT_YET:
                raise
            raise TooLate(
                f"{refused}; account {aws.account} is not GuardDuty's administrator in {region}, or not yet: deploy the"
                " Delegation stack in the management account first"
            ) from refused

    def _members(self, aws: Aws, region: str, detector: str) -> Members:
        status = {
            one["AccountId"]: one["RelationshipStatus"]
            # Also those that are not associated: one that has not enabled the Region may be among them.
            for one in aws.pages(
                SERVICE, "list_members", "Members", {"DetectorId": detector, "OnlyAssociated": "false"}, region=region
            )
        }
        return Members(
            joined={id_ for id_, word in status.items() if word == "Enabled"},
            unable={id_: _UNABLE[word] for id_, word in status.items() if word in _UNABLE},
        )
