"""An in-memory GuardDuty that keeps the service's rules, for an emulator that has none."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import unquote
from uuid import uuid4

from tools.emulator.account_region import AccountRegion
from tools.emulator.administration import Administration
from tools.emulator.guardduty_detectors import OFF_UNLESS_NAMED, OPTIONAL_FEATURES, Detector, configure, status
from tools.emulator.guardduty_documents import detector_document, features, filter_document, page
from tools.emulator.guardduty_filters import Filters
from tools.emulator.guardduty_findings import Findings
from tools.emulator.guardduty_lists import KINDS, ListKind, ReadObject, TrustedLists
from tools.emulator.guardduty_organization import PRINCIPAL, GuardDutyOrganization
from tools.emulator.guardduty_rules import GuardDutyError, text_of
from tools.emulator.organizations import Organizations

_NOT_OURS = "The request is rejected because the input detectorId is not owned by the current account."


class Answer(NamedTuple):
    """What the REST API says: an HTTP status and a JSON document."""

    status: int
    body: Mapping[str, object]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _no_object(_account: str, _bucket: str, _key: str) -> None:
    """An account without objects."""


def _no_role(_account: str, _name: str) -> bool:
    """An account without roles."""
    return False


class GuardDuty:
    """The detectors, filters and trusted lists of any number of accounts and Regions.

    Properties come as CloudFormation gives them (PascalCase); `answer` speaks the REST API (camelCase).
    """

    def __init__(
        self,
        *,
        read_object: ReadObject = _no_object,
        now: Callable[[], str] = _now,
        administration: Administration | None = None,
        has_role: Callable[[str, str], bool] = _no_role,
    ) -> None:
        self._now = now
        self._lists = TrustedLists(read_object=read_object)
        self._detectors: dict[AccountRegion, Detector] = {}
        self._filters: dict[AccountRegion, Filters] = {}
        self._findings: dict[AccountRegion, Findings] = {}
        self._organization = GuardDutyOrganization(
            administration or Administration(PRINCIPAL, Organizations()), self, has_role=has_role
        )

    def create_detector(self, place: AccountRegion, properties: Mapping[str, object]) -> str:
        """Switch GuardDuty on; returns the detector's id.

        Raises:
            GuardDutyError: There is one already, or a property is not as the service takes it.
        """
        if place in self._detectors:
            # AWS's own text (hashicorp/terraform-provider-aws#11780)
            raise GuardDutyError("The request is rejected because a detector already exists for the current account.")
        now = self._now()
        detector = Detector(
            id=uuid4().hex,
            created_at=now,
            updated_at=now,
            enable=True,
            frequency="SIX_HOURS",
            features={name: status(on=name not in OFF_UNLESS_NAMED) for name in OPTIONAL_FEATURES},
            additional={},
            tags={},
        )
        configure(detector, properties)
        self._detectors[place] = detector
        self._filters[place] = Filters()
        return detector.id

    def update_detector(self, place: AccountRegion, detector_id: str, properties: Mapping[str, object]) -> None:
        """Change what is named; features that are not named stay as they are."""
        detector = self._detector(place, detector_id)
        configure(detector, properties)
        detector.updated_at = self._now()

    def delete_detector(self, place: AccountRegion, detector_id: str) -> None:
        """Switch GuardDuty off; its filters and lists go with it.

        Raises:
            GuardDutyError: There is no such detector, or its account has members.
        """
        self._detector(place, detector_id)
        self._organization.may_go(place)
        self._lists.forget(detector_id)
        del self._detectors[place], self._filters[place]
        self._findings.pop(place, None)

    def id_at(self, place: AccountRegion) -> str | None:
        """The detector there, if there is one."""
        known = self._detectors.get(place)
        return known.id if known else None

    def switch_on(self, place: AccountRegion) -> None:
        """Make a detector where there is none, as GuardDuty does for its administrator and for members."""
        if place not in self._detectors:
            off = [{"Name": name, "Status": "DISABLED"} for name in OPTIONAL_FEATURES]
            self.create_detector(place, {"Enable": True, "Features": off})

    def add_features(self, place: AccountRegion, names: Sequence[str]) -> None:
        """Switch features of a detector on; what is on already stays."""
        detector = self._detectors[place]
        detector.features.update(dict.fromkeys(names, status(on=True)))

    def features_at(self, place: AccountRegion) -> list[dict[str, object]]:
        """What is on and off there, in the words of the API."""
        return features(self._detectors[place])

    def create_filter(self, place: AccountRegion, properties: Mapping[str, object]) -> str:
        """Add a filter; returns its name.

        Raises:
            GuardDutyError: The name is taken, 100 exist, or the service would refuse a property.
        """
        self._detector(place, text_of(properties, "DetectorId"))
        return self._filters[place].create(properties, place=place, now=self._now())

    def update_filter(self, place: AccountRegion, properties: Mapping[str, object]) -> None:
        """Replace everything about a filter except its name."""
        self._detector(place, text_of(properties, "DetectorId"))
        self._filters[place].update(properties, place=place)

    def delete_filter(self, place: AccountRegion, detector_id: str, name: str) -> None:
        """Remove a filter."""
        self._detector(place, detector_id)
        self._filters[place].delete(name)

    def create_list(self, place: AccountRegion, kind: ListKind, properties: Mapping[str, object]) -> str:
        """Add a trusted list; returns its id.

        Raises:
            GuardDutyError: There is one of this kind, or the service would refuse a property or the file.
        """
        self._detector(place, text_of(properties, "DetectorId"))
        return self._lists.create(place, kind, properties)

    def update_list(self, place: AccountRegion, kind: ListKind, list_id: str, properties: Mapping[str, object]) -> None:
        """Change a trusted list, and activate it again."""
        self._detector(place, text_of(properties, "DetectorId"))
        self._lists.update(place, kind, list_id, properties)

    def delete_list(self, place: AccountRegion, kind: ListKind, detector_id: str, list_id: str) -> None:
        """Remove a trusted list."""
        self._detector(place, detector_id)
        self._lists.delete(detector_id, kind, list_id)

    def keep_finding(self, place: AccountRegion, finding: Mapping[str, Any]) -> None:
        """Keep a finding in its wire form, as GuardDuty keeps each for 90 days, archived or not.

        Raises:
            GuardDutyError: The Region has no detector.
        """
        if place not in self._detectors:
            raise GuardDutyError(_NOT_OURS)
        self._findings.setdefault(place, Findings()).keep(finding)

    def answer(
        self,
        place: AccountRegion,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Answer a request of the GuardDuty REST API; what is not offered is refused by name."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        try:
            document = self._asked(place, method, parts, query, body or {})
        except GuardDutyError as refusal:
            return Answer(400, {"__type": refusal.code, "message": str(refusal)})
        if document is not None:
            return Answer(200, document)
        return Answer(
            501,
            {
                "__type": "InternalServerErrorException",
                "message": f"{method} {path} is not offered by this emulator's GuardDuty; "
                "it lists and gets detectors, filters, findings, IP sets and trusted entity sets",
            },
        )

    def _asked(  # noqa: PLR0911  one for each call of the API
        self, place: AccountRegion, method: str, parts: list[str], query: Mapping[str, str], body: Mapping[str, Any]
    ) -> Mapping[str, object] | None:
        """What the API answers; None for what it does not offer here."""
        match method, parts:
            case "GET", ["detector"]:
                known = self.id_at(place)
                return page("detectorIds", [known] if known else [], query)
            case _, ["detector", detector_id, *_]:
                detector = self._detector(place, detector_id)
            case _:
                return self._organization.appointing(place, method, parts, body)
        match method, parts[2:]:
            case "GET", []:
                return detector_document(detector)
            case "DELETE", []:
                self.delete_detector(place, detector.id)
                return {}
            case "GET", ["filter"]:
                return page("filterNames", self._filters[place].names(), query)
            case "GET", ["filter", name]:
                return filter_document(self._filters[place].get(name))
            case "GET", [path, *list_id] if path in KINDS and len(list_id) <= 1:
                return self._list_document(detector, KINDS[path], list_id, query)
            case "POST", ["findings"]:
                return self._findings.get(place, Findings()).listed(body)
            case "POST", ["findings", "get"]:
                return self._findings.get(place, Findings()).got(body)
        return self._organization.administering(place, method, parts[2:], body)

    def _list_document(
        self, detector: Detector, kind: ListKind, list_id: list[str], query: Mapping[str, str]
    ) -> Mapping[str, object]:
        if list_id:
            return self._lists.get(detector.id, kind, list_id[0]).document
        return page(kind.ids, self._lists.ids(detector.id, kind), query)

    def _detector(self, place: AccountRegion, detector_id: str) -> Detector:
        detector = self._detectors.get(place)
        if detector is None or detector.id != detector_id:
            raise GuardDutyError(_NOT_OURS)
        return detector
