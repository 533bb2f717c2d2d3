"""The steps of an investigation, one for each invocation; the state machine says which, and waits between them."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from investigation import detective, guardduty
from investigation.aws import Accounts, Service
from investigation.aws_networks import AwsNetworks, Unsorted, read_networks
from investigation.documents import History, Permissions, Plan, Probe, Subject
from investigation.entity import entity_of
from investigation.event import detail_of, put
from investigation.history import Reader
from investigation.joined import joined
from investigation.look import bounded, look
from investigation.origin import Origins, addresses_of
from investigation.permissions import permissions_of
from investigation.report import failed, report
from investigation.scope import history_start, investigation_scope
from investigation.settings import Settings
from investigation.subject import is_inside_aws, is_of_workload
from investigation.wire import iso
from shared.forms import REGION

logger = logging.getLogger(__name__)

_ERROR = 80

Input = Mapping[str, Any]
"""What the state machine hands over: documents that an earlier step of ours has made (`documents`)."""


class UnknownStep(ValueError):
    """The function was asked for something it does not do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Does one step.

    Attributes:
        accounts: Where clients come from.
        now: The time of the invocation.
        reader: How an event history is read.
        networks: Which addresses are AWS's.
    """

    settings: Settings
    accounts: Accounts
    now: datetime
    reader: Reader
    networks: Callable[[], AwsNetworks] = field(default=read_networks)

    def run(self, given: Input) -> object:
        """Do the step that the state machine names.

        Raises:
            UnknownStep: There is none of that name.
            Throttled: A service asks for patience.
        """
        steps: Mapping[str, Callable[[Input], object]] = {
            "plan": lambda given: self.plan(given["subject"]),
            "detective-start": lambda given: self.start_detective(given["subject"], given["plan"]),
            "detective-check": lambda given: self.check_detective(given["subject"], given["probe"]),
            "guardduty-start": lambda given: self.start_guardduty(given["subject"]),
            "guardduty-check": lambda given: self.check_guardduty(given["subject"], given["probe"]),
            "look": lambda given: self.look(given["subject"], given["plan"]),
            "look-again": lambda given: self.look_again(given["subject"], given["plan"], given["history"]),
            "permissions": lambda given: self.permissions(given["subject"], given["plan"]),
            "report": lambda given: self.report(
                given["subject"], given["plan"], given["looks"], report_id=given["report_id"]
            ),
            "failed": lambda given: self.failed(given["subject"], given["error"], report_id=given["report_id"]),
        }
        name = given.get("step")
        if not isinstance(name, str) or name not in steps:
            raise UnknownStep(f"step: got {name!r}; known: {', '.join(steps)}; the state machine names one")
        return steps[name](given)

    def plan(self, subject: Subject) -> Plan:
        """What to look at: the role or the user, the window of time, the Regions."""
        start, end = investigation_scope(subject, now=self.now)
        named = (subject["call_region"], subject["region"], *self.settings.regions)
        return Plan(
            entity=entity_of(subject, iam=lambda: self._iam(subject)),
            scope_start=iso(start),
            scope_end=iso(end),
            history_start=iso(history_start(subject, now=self.now)),
            regions=list(dict.fromkeys(region for region in named if REGION.fullmatch(region))),
        )

    def start_detective(self, subject: Subject, plan: Plan) -> Probe:
        """Have Detective look at the role or the user."""
        region = subject["region"]
        return detective.start(
            subject,
            plan,
            client=self.accounts.own("detective", region or None),
            account=self.settings.account,
            has_graph=region in self.settings.detective_regions,
        )

    def check_detective(self, subject: Subject, probe: Probe) -> Probe:
        """Ask whether it is over."""
        client = self.accounts.own("detective", subject["region"])
        return detective.check(probe, client=client, most_checks=self.settings.probe_checks)

    def start_guardduty(self, subject: Subject) -> Probe:
        """Have GuardDuty look at the finding."""
        region = subject["region"]
        client = self.accounts.own("guardduty", region or None)
        return guardduty.start(subject, client=client, is_on=region in self.settings.guardduty_regions, now=self.now)

    def check_guardduty(self, subject: Subject, probe: Probe) -> Probe:
        """Ask whether it is over."""
        client = self.accounts.own("guardduty", subject["region"])
        return guardduty.check(probe, client=client, most_checks=self.settings.probe_checks)

    def look(self, subject: Subject, plan: Plan) -> History:
        """Read what the key did, in every Region of the plan."""
        return bounded(self._seen(subject, plan))

    def look_again(self, subject: Subject, plan: Plan, history: History) -> History:
        """Read it once more, after the lag; what the first look saw is kept."""
        return bounded(joined(history, self._seen(subject, plan)))

    def _seen(self, subject: Subject, plan: Plan) -> History:
        networks, unsorted = self._networks()
        return look(
            subject,
            plan,
            origins=Origins(
                named=addresses_of(subject["addresses"]),
                account=subject["account"],
                remote_account=subject.get("remote_account", ""),
                of_workload=is_of_workload(subject),
                inside_aws=is_inside_aws(subject),
                egress=self.settings.egress,
                aws=networks,
            ),
            unsorted=unsorted,
            client=lambda region: self.accounts.of(subject["account"], "cloudtrail", region),
            account=lambda: self.accounts.of(subject["account"], "account"),
            reader=self.reader,
            now=self.now,
        )

    def permissions(self, subject: Subject, plan: Plan) -> Permissions:
        """Read what the policies of the role or the user allow."""
        return permissions_of(plan["entity"], iam=lambda: self._iam(subject))

    def report(self, subject: Subject, plan: Plan, looks: list[Any], *, report_id: str) -> dict[str, str]:
        """Put everything into words and onto the bus."""
        of_detective, history, permissions, *rest = looks
        made = report(
            subject,
            plan,
            detective=of_detective,
            history=history,
            permissions=permissions,
            guardduty=rest[0] if rest else None,
        )
        self._put(detail_of(made, subject, report_id=report_id))
        logger.info("reported", extra={"report": report_id, "detective": of_detective["outcome"]})
        return {"report": report_id}

    def failed(self, subject: Subject, error: str, *, report_id: str) -> dict[str, str]:
        """Say that the investigation broke, rather than nothing."""
        # A name of its own: the report may have been put before something broke behind it.
        name = f"{report_id}-failed"
        self._put(detail_of(failed(str(error)[:_ERROR]), subject, report_id=name))
        logger.error("the investigation failed", extra={"report": name, "cause": str(error)[:_ERROR]})
        return {"report": name}

    def _put(self, detail: str) -> None:
        put(detail, events=self.accounts.own("events"), bus_name=self.settings.bus_name)

    def _iam(self, subject: Subject) -> Service:
        return self.accounts.of(subject["account"], "iam")

    def _networks(self) -> tuple[AwsNetworks | None, str]:
        try:
            return self.networks(), ""
        except Unsorted as error:
            logger.warning("addresses of AWS cannot be told", extra={"cause": str(error)})
            return None, str(error)
