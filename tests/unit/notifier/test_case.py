"""What makes two messages one case."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.items.case import LIMIT, case_of
from notifier.items.event import read
from notifier.items.unrecognised import Unrecognised
from tests.findings import OUTSIDE_AWS, event, leaked_lambda_credentials, low_finding
from tests.unit.notifier.briefs import finding_in

KEY = "ASIAIOSFODNN7EXAMPLE"


def case(document: object) -> str:
    return case_of(finding_in(document))


def test_a_leaked_key_is_one_case_in_every_region_and_under_every_finding_id() -> None:
    seen = {
        case(leaked_lambda_credentials(region=region, finding_id=finding_id, severity=severity))
        for region, finding_id, severity in (("eu-west-1", "1" * 32, 8.0), ("us-east-1", "2" * 32, 5))
    }
    assert seen == {f"111122223333|{OUTSIDE_AWS}|{KEY}"}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(leaked_lambda_credentials(account="444455556666"), id="another-account"),
        pytest.param(leaked_lambda_credentials(type="Recon:IAMUser/TorIPCaller"), id="another-type"),
    ],
)
def test_another_account_or_type_is_another_case(other: object) -> None:
    assert case(other) != case(leaked_lambda_credentials())


def test_a_finding_without_a_key_is_a_case_by_itself() -> None:
    assert case(low_finding()) == "111122223333|4de5f60718293a4b5c6d7e8f901a2b3c"
    assert case(low_finding(severity=8)) == case(low_finding())


def test_a_key_that_no_key_looks_like_does_not_make_a_case() -> None:
    document = leaked_lambda_credentials()
    document["detail"]["resource"]["accessKeyDetails"]["accessKeyId"] = "A|B"
    assert case(document) == "111122223333|1ab2c3d4e5f60718293a4b5c6d7e8f90"


def test_what_names_nothing_is_told_apart_by_its_content() -> None:
    empty = case(event({"severity": 8, "type": "x"}))
    assert empty.startswith("sha256|")
    assert empty == case(event({"severity": 5, "type": "x"}))
    assert empty != case(event({"severity": 8, "type": "y"}))
    assert case_of(Unrecognised(reason="a", raw="one")) == case_of(Unrecognised(reason="b", raw="one"))
    assert case_of(Unrecognised(reason="a", raw="one")) != case_of(Unrecognised(reason="a", raw="two"))


def test_a_type_that_is_a_web_address_is_not_part_of_the_key() -> None:
    assert (
        case(leaked_lambda_credentials(type="https://evil.example/")) == "111122223333|1ab2c3d4e5f60718293a4b5c6d7e8f90"
    )


LEAKED = {
    "CredentialAccess:IAMUser/CompromisedCredentials",
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration",
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.InsideAWS",
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
    "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.InsideAWS",
    "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS",
}


def test_of_all_types_only_those_about_leaked_keys_make_a_case_of_the_key() -> None:
    catalogue = json.loads((Path(__file__).parents[3] / "infra/suppression/finding_types.json").read_text("utf-8"))
    names = set(re.findall(r'"([A-Za-z]+:[^"]+)"', json.dumps(catalogue)))
    assert {name for name in names if KEY in case(leaked_lambda_credentials(type=name))} == LEAKED
    for name in LEAKED:
        assert case(leaked_lambda_credentials(type=name)) == f"111122223333|{name}|{KEY}"


def test_what_one_key_did_to_three_buckets_is_three_cases() -> None:
    """The key is what did it; the bucket is what somebody has to close."""
    opened = "Policy:S3/BucketAnonymousAccessGranted"
    cases = [case(leaked_lambda_credentials(type=opened, finding_id=str(number) * 32)) for number in (1, 2, 3)]
    assert cases == [f"111122223333|{str(number) * 32}" for number in (1, 2, 3)]


ODD = st.text(st.characters(codec=None), max_size=300)


@given(ODD, ODD, ODD, ODD)
def test_a_case_is_ascii_and_bounded_whatever_the_finding_says(account: str, kind: str, key: str, id_: str) -> None:
    document = leaked_lambda_credentials(accountId=account, type=kind, id=id_)
    document["detail"]["resource"]["accessKeyDetails"]["accessKeyId"] = key
    found = case(document)
    assert found.isascii()
    assert found.isprintable()
    assert 0 < len(found) <= LIMIT


def test_notices_about_different_entries_are_different_cases() -> None:
    def notice(subject: str) -> str:
        detail = {"kind": "ending", "subject": subject, "headline": "x"}
        event = {"source": "detection-stack", "detail-type": "Suppression Notice", "detail": detail}
        (item,) = read(json.dumps(event))
        return case_of(item)

    assert notice("Egress entry tokyo-dc ends today") != notice("Egress entry osaka-dc ends today")
    assert notice("Egress entry tokyo-dc ends today") == notice("Egress entry tokyo-dc ends today")
