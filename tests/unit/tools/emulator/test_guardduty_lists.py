"""The in-memory GuardDuty takes the trusted lists that the service would take, one of each kind, and no others."""

from typing import Any

import pytest

from tests.unit.tools.emulator.test_resource_types import Archives
from tools.emulator.account_region import AccountRegion
from tools.emulator.detective import Detective
from tools.emulator.guardduty import GuardDuty
from tools.emulator.guardduty_lists import IP_SET, KINDS, TRUSTED_ENTITY_SET, ListKind
from tools.emulator.guardduty_rules import GuardDutyError
from tools.emulator.resource_types import Handler, handlers

HOME = AccountRegion("123456789012", "eu-west-1")
GOVCLOUD = AccountRegion("123456789012", "us-gov-west-1")
OWNER = "123456789012"


class Store:
    """The objects of all accounts."""

    def __init__(self) -> None:
        self.objects = {
            (OWNER, "assets", "one.txt"): b"8.8.4.0/28\n8.8.8.8\n",
            (OWNER, "assets", "two.txt"): b"9.9.9.9",
        }

    def read(self, account: str, bucket: str, key: str) -> bytes | None:
        return self.objects.get((account, bucket, key))


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def guardduty(store: Store) -> GuardDuty:
    return GuardDuty(read_object=store.read)


@pytest.fixture
def detector(guardduty: GuardDuty) -> str:
    return guardduty.create_detector(HOME, {"Enable": True})


def trusted(detector: str, **changes: Any) -> dict[str, Any]:
    return {
        "DetectorId": detector,
        "Name": "sandbox-trusted-list",
        "Format": "TXT",
        "Location": "s3://assets/one.txt",
        "Activate": True,
        "ExpectedBucketOwner": OWNER,
        "Tags": [{"Key": "owner", "Value": "red-team"}],
        **changes,
    }


def listed(guardduty: GuardDuty, detector: str, kind: ListKind) -> Any:
    return guardduty.answer(HOME, "GET", f"/detector/{detector}/{kind.path}", {}).body[kind.ids]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_list_is_read_back_as_it_was_made(guardduty: GuardDuty, detector: str, kind: ListKind) -> None:
    list_id = guardduty.create_list(HOME, kind, trusted(detector))
    assert listed(guardduty, detector, kind) == [list_id]
    answer = guardduty.answer(HOME, "GET", f"/detector/{detector}/{kind.path}/{list_id}", {})
    assert answer == (
        200,
        {
            "name": "sandbox-trusted-list",
            "format": "TXT",
            "location": "s3://assets/one.txt",
            "status": "ACTIVE",
            "tags": {"owner": "red-team"},
            "expectedBucketOwner": OWNER,
        },
    )


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_an_account_has_one_list_of_a_kind_in_a_region(guardduty: GuardDuty, detector: str, kind: ListKind) -> None:
    list_id = guardduty.create_list(HOME, kind, trusted(detector))
    with pytest.raises(GuardDutyError, match=rf"reached its limit of 1 {kind.name}: another in eu-west-1"):
        guardduty.create_list(HOME, kind, trusted(detector, Name="another"))
    guardduty.delete_list(HOME, kind, detector, list_id)
    guardduty.create_list(HOME, kind, trusted(detector, Name="another"))


def test_the_two_kinds_do_not_count_for_each_other(guardduty: GuardDuty, detector: str) -> None:
    assert len({guardduty.create_list(HOME, kind, trusted(detector)) for kind in KINDS.values()}) == 2


def test_govcloud_takes_an_ip_set_only(guardduty: GuardDuty) -> None:
    detector = guardduty.create_detector(GOVCLOUD, {"Enable": True})
    with pytest.raises(GuardDutyError, match="TrustedEntitySet does not exist in us-gov-west-1; use an IPSet there"):
        guardduty.create_list(GOVCLOUD, TRUSTED_ENTITY_SET, trusted(detector))
    guardduty.create_list(GOVCLOUD, IP_SET, trusted(detector))


@pytest.mark.parametrize(
    ("kind", "most"),
    [pytest.param(TRUSTED_ENTITY_SET, 1000, id="entities"), pytest.param(IP_SET, 2000, id="addresses")],
)
def test_a_list_holds_so_many_entries_and_no_more(
    guardduty: GuardDuty, detector: str, store: Store, kind: ListKind, most: int
) -> None:
    place = OWNER, "assets", "one.txt"
    store.objects[place] = b"8.8.8.8\n" * (most + 1)
    with pytest.raises(GuardDutyError, match=rf"must hold 1 to {most:,} entries, got {most + 1:,}"):
        guardduty.create_list(HOME, kind, trusted(detector))
    store.objects[place] = b"8.8.8.8\n" * most
    guardduty.create_list(HOME, kind, trusted(detector))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"Name": "a,b"}, "Name 'a,b' must be 1 to 300 of", id="name"),
        pytest.param({"Name": None}, "Name must be a text, got None", id="no-name"),
        pytest.param({"Format": "STIX"}, "Format is 'STIX'; this emulator reads TXT only", id="format"),
        pytest.param({"Activate": None}, "Activate must be true or false, got None", id="activate"),
        pytest.param({"Location": "https://example.com/one.txt"}, "Location must be s3://", id="location"),
        pytest.param({"Location": "s3://assets/none.txt"}, "no such object in a bucket of 1234567", id="no-object"),
        pytest.param({"ExpectedBucketOwner": "210987654321"}, "in a bucket of 210987654321", id="bucket-of-another"),
        pytest.param({"ExpectedBucketOwner": "us"}, "must be 12 digits, got 'us'", id="no-account"),
        pytest.param({"DetectorId": "f" * 32}, "is not owned by the current account", id="unknown-detector"),
        pytest.param({"Addresses": []}, "unknown property Addresses; known: Activate", id="unknown-property"),
    ],
)
def test_fails_on_a_list_that_the_service_refuses(
    guardduty: GuardDuty, detector: str, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuardDutyError, match=message):
        guardduty.create_list(HOME, TRUSTED_ENTITY_SET, trusted(detector, **changes))
    assert listed(guardduty, detector, TRUSTED_ENTITY_SET) == []


def test_fails_on_a_file_that_holds_something_else(guardduty: GuardDuty, detector: str, store: Store) -> None:
    store.objects[OWNER, "assets", "one.txt"] = b"8.8.8.8\n8.8.4.7/28\n"
    with pytest.raises(GuardDutyError, match=r"one\.txt holds '8\.8\.4\.7/28', which is no IPv4 address or network"):
        guardduty.create_list(HOME, IP_SET, trusted(detector))


def test_a_list_that_is_not_active_is_not_read(guardduty: GuardDuty, detector: str) -> None:
    properties = trusted(detector, Location="s3://assets/none.txt", Activate=False)
    list_id = guardduty.create_list(HOME, IP_SET, properties)
    document = guardduty.answer(HOME, "GET", f"/detector/{detector}/ipset/{list_id}", {}).body
    assert document["status"] == "INACTIVE"


def test_a_deleted_detector_takes_its_lists_along(guardduty: GuardDuty, detector: str) -> None:
    guardduty.create_list(HOME, IP_SET, trusted(detector))
    guardduty.delete_detector(HOME, detector)
    again = guardduty.create_detector(HOME, {"Enable": True})
    assert listed(guardduty, again, IP_SET) == []


@pytest.mark.parametrize("path", ["ipset/gone", "trustedentityset/gone"])
def test_fails_to_get_a_list_that_is_not_there(guardduty: GuardDuty, detector: str, path: str) -> None:
    assert guardduty.answer(HOME, "GET", f"/detector/{detector}/{path}", {}).status == 400


@pytest.fixture
def types(guardduty: GuardDuty) -> dict[str, Handler]:
    return handlers(guardduty=guardduty, detective=Detective(), events=Archives(), place=lambda: HOME)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_list_is_made_moved_and_deleted_by_cloudformation(
    types: dict[str, Handler], guardduty: GuardDuty, detector: str, kind: ListKind
) -> None:
    handler = types[f"AWS::GuardDuty::{kind.name}"]
    before, after = trusted(detector), trusted(detector, Location="s3://assets/two.txt")
    reference, attributes = handler["create"]("L", before, "stack")
    assert attributes == {"Id": reference}
    assert handler["update"](reference, before, after, "stack") == (reference, {"Id": reference})
    document = guardduty.answer(HOME, "GET", f"/detector/{detector}/{kind.path}/{reference}", {}).body
    assert document["location"] == "s3://assets/two.txt"
    handler["delete"](reference, after)
    assert listed(guardduty, detector, kind) == []


def test_fails_to_replace_the_only_list_there_can_be(types: dict[str, Handler], detector: str) -> None:
    handler = types["AWS::GuardDuty::IPSet"]
    reference, _ = handler["create"]("L", trusted(detector), "stack")
    with pytest.raises(GuardDutyError, match="reached its limit of 1 IPSet"):
        handler["update"](reference, trusted(detector, Format="STIX"), trusted(detector), "stack")
