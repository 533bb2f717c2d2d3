"""Whose history Detective keeps in one Region, set by the administrator."""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from organization.accounts import Account, active_accounts
from organization.aws import Aws, AwsRefused
from organization.enrolment import NOT_YET_ENABLED, Members, enrol, report_left_out
from organization.properties import Properties
from organization.refused import Refused, TooLate
from organization.resource import Ensured, Told

logger = logging.getLogger(__name__)

SERVICE = "detective"

MOST_MEMBERS = 1200
"""Members of one graph (Detective administration guide, quotas)."""

NOT_YET = frozenset({"AccessDeniedException", "ValidationException"})
"""What an account gets for an organization call before its appointment has arrived."""

OUR_ROLE_MAY_NOT = "is not authorized to perform"
"""In IAM's own refusals (IAM user guide, access denied error messages): there the service was not even asked."""

JOINED = frozenset({"ENABLED", "ACCEPTED_BUT_DISABLED"})
"""A member, also one whose volume Detective does not take (`VOLUME_TOO_HIGH`) or know (`VOLUME_UNKNOWN`)."""

FULL = "the graph takes no more members"

QUOTA = "ServiceQuotaExceededException"
"""What CreateMembers ends with if there would be more members than a graph takes, or if the graph takes in more than
10 TB a day (botocore detective 1.44.5)."""

UNVERIFIED = "verification failed: is the address the one of its root user?"


class DetectiveOrganization:
    """Enrolment of members, those that join and those there are."""

    def ensure(self, aws: Aws, wanted: Properties, *, before: Properties) -> Ensured:
        """Set whether accounts that join are enrolled, then enrol existing ones if all are wanted.

        Raises:
            Refused: There is no graph, this account is not the administrator, or nobody could be enrolled in a Region
                that nobody has to enable first.
        """
        region = wanted.region
        graph = self._graph(aws, region)
        found = self._auto_enables(aws, region, graph)
        self._configure(aws, region, graph, auto_enable=wanted.enroll != "none", found=found)
        enrolled, left_out = 0, dict[str, str]()
        if wanted.enroll == "all":
            enrolled, left_out = self._enrol_all(aws, region, graph, opt_in=wanted.opt_in)
        report_left_out(left_out, where=f"Detective in {region}")
        silent = self._silent(aws, region, graph)
        told = {"Enrolled": str(enrolled), "LeftOut": str(len(left_out)), "Silent": str(silent)}
        return Ensured(told=told, found=found)

    def remove(self, aws: Aws, wanted: Properties) -> Told:
        """Enrol nobody from now on; members stay members, and the graph stays.

        Where another account has become the administrator, its graph is none of ours.
        """
        for graph in self._graphs(aws, wanted.region):
            if self._administers(aws, wanted.region, graph):
                found = self._auto_enables(aws, wanted.region, graph)
                self._configure(aws, wanted.region, graph, auto_enable=False, found=found)
                return {"Changed": "yes"}
        return {"Changed": "no"}

    def _graphs(self, aws: Aws, region: str) -> list[str]:
        return [one["Arn"] for one in aws.pages(SERVICE, "list_graphs", "GraphList", region=region)]

    def _graph(self, aws: Aws, region: str) -> str:
        for graph in self._graphs(aws, region):
            return graph
        raise Refused(
            f"Detective in {region}: account {aws.account} has no graph; deploy the Detection stack of the Region first"
        )

    def _configure(self, aws: Aws, region: str, graph: str, *, auto_enable: bool, found: bool) -> None:
        if found == auto_enable:
            return
        aws.call(
            SERVICE, "update_organization_configuration", {"GraphArn": graph, "AutoEnable": auto_enable}, region=region
        )
        aws.patience.until(
            lambda: self._auto_enables(aws, region, graph) == auto_enable,
            says=lambda: f"Detective in {region}: automatic enrolment is still not {'on' if auto_enable else 'off'}",
        )

    def _administers(self, aws: Aws, region: str, graph: str) -> bool:
        """Whether the configuration is this account's, without waiting for an appointment."""
        try:
            aws.call(SERVICE, "describe_organization_configuration", {"GraphArn": graph}, region=region)
        except AwsRefused as refused:
            if refused.code not in NOT_YET or OUR_ROLE_MAY_NOT in str(refused):
                raise
            logger.warning("another account is the administrator now", extra={"reason": str(refused)})
            return False
        return True

    def _auto_enables(self, aws: Aws, region: str, graph: str) -> bool:
        try:
            answer = aws.call(
                SERVICE, "describe_organization_configuration", {"GraphArn": graph}, region=region, also_busy=NOT_YET
            )
        except AwsRefused as refused:
            # Of its own role: whoever deploys Delegation again is none the wiser.
            if refused.code not in NOT_YET or OUR_ROLE_MAY_NOT in str(refused):
                raise
            raise TooLate(
                f"{refused}; account {aws.account} is not Detective's administrator in {region}, or not yet: deploy the"
                " Delegation stack in the management account first"
            ) from refused
        return bool(answer.get("AutoEnable", False))

    def _enrol_all(self, aws: Aws, region: str, graph: str, *, opt_in: bool) -> tuple[int, dict[str, str]]:
        """How many were enrolled, and who was not; a place that an account cannot take goes to the next one."""
        new, waiting = self._places(aws, region, graph)
        enrolled, could_not = 0, dict[str, str]()
        while new:
            failed = self._enrol(aws, region, graph, new, opt_in=opt_in)
            enrolled += len(new) - len(failed)
            could_not |= failed
            if not waiting or FULL in failed.values():
                break
            on_their_way = {id_ for id_, reason in failed.items() if reason == NOT_YET_ENABLED}
            room = _room(on_their_way | self._status(aws, region, graph).keys())
            new, waiting = waiting[:room], waiting[room:]
        return enrolled, could_not | {account.id: FULL for account in waiting}

    def _places(self, aws: Aws, region: str, graph: str) -> tuple[list[Account], list[Account]]:
        """The accounts that have or find a place in the graph, by id, and those that do not.

        Whoever is listed takes a place, also one that could not be verified or has not answered.
        """
        status = self._status(aws, region, graph)
        missing = [one for one in active_accounts(aws, but=aws.account) if status.get(one.id) not in JOINED]
        seated = [account for account in missing if account.id in status]
        others = [account for account in missing if account.id not in status]
        room = _room(status)
        return seated + others[:room], others[room:]

    def _enrol(self, aws: Aws, region: str, graph: str, accounts: Sequence[Account], *, opt_in: bool) -> dict[str, str]:
        def create(page: Sequence[Account]) -> Mapping[str, str]:
            given = {
                "GraphArn": graph,
                # The guide calls the address optional, the API asks for it (botocore detective 1.44.5).
                "Accounts": [{"AccountId": account.id, "EmailAddress": account.email} for account in page],
                "DisableEmailNotification": True,
            }
            try:
                answer = aws.call(SERVICE, "create_members", given, region=region)
            except AwsRefused as refused:
                if refused.code != QUOTA:
                    raise
                # Which of its two limits it is, only Detective's words say.
                logger.warning("Detective takes no more members", extra={"reason": str(refused)})
                return {account.id: FULL for account in page}
            return {one["AccountId"]: one["Reason"] for one in answer.get("UnprocessedAccounts", ())}

        def known() -> Members:
            status = self._status(aws, region, graph)
            return Members(
                joined={id_ for id_, word in status.items() if word in JOINED},
                unable={id_: UNVERIFIED for id_, word in status.items() if word == "VERIFICATION_FAILED"},
            )

        return enrol(
            accounts,
            create=create,
            members=known,
            patience=aws.patience,
            where=f"Detective in {region}",
            opt_in=opt_in,
        )

    def _silent(self, aws: Aws, region: str, graph: str) -> int:
        """Say which members' data is not taken, and return how many."""
        silent = {
            one["AccountId"]: str(one.get("DisabledReason", "no reason given"))
            for one in self._members(aws, region, graph)
            if one.get("Status") == "ACCEPTED_BUT_DISABLED"
        }
        if silent:
            logger.warning(
                "members whose history Detective does not take",
                extra={"silent_accounts": len(silent), "accounts": silent, "graph_region": region},
            )
        return len(silent)

    def _status(self, aws: Aws, region: str, graph: str) -> dict[str, str | None]:
        return {one["AccountId"]: one.get("Status") for one in self._members(aws, region, graph)}

    def _members(self, aws: Aws, region: str, graph: str) -> list[Mapping[str, Any]]:
        return list(aws.pages(SERVICE, "list_members", "MemberDetails", {"GraphArn": graph}, region=region))


def _room(members: Collection[str]) -> int:
    return max(MOST_MEMBERS - len(members), 0)
