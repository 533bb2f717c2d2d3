"""The document that any other tool gets, its schema, its signature, and the page that describes them."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from notifier.briefs import brief_of
from notifier.briefs.surroundings import Surroundings
from notifier.destinations.webhook_document import SIZE_LIMIT, message, plain_message, signature
from notifier.items.event import read
from shared.known import Account
from tests.finding_shapes import complete
from tests.findings import OUTSIDE_AWS, event, leaked_lambda_credentials
from tests.json_schema import problems
from tests.surroundings import AROUND
from tests.unit.notifier.attacks import ATTACKS, attacked
from tests.unit.notifier.briefs import EGRESS, brief_in, finding_in
from tests.unit.notifier.limits import SCHEMA, check_webhook, elements, texts

PAGE = Path(__file__).parents[3] / "docs" / "webhook.md"
BRIEF = brief_in(leaked_lambda_credentials())
KEY = b"0123456789abcdef0123456789abcdef"
NOW = 1_795_406_525


def document(content: object = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(message(BRIEF if content is None else brief_in(content)))
    return found


def test_the_document_says_what_is_known() -> None:
    sent = document()
    assert sent["version"] == "1"
    assert sent["case"] == f"111122223333|{OUTSIDE_AWS}|ASIAIOSFODNN7EXAMPLE"
    assert sent["state"] == "active"
    assert sent["severity"] == {"word": "High", "number": 8.0, "label": "High 8.0"}
    assert sent["finding"] == {
        "id": "1ab2c3d4e5f60718293a4b5c6d7e8f90",
        "type": OUTSIDE_AWS,
        "account": "111122223333",
        "account_in_words": "111122223333",
        "region": "eu-west-1",
        "updated_at": "2026-11-23T04:14:58.402000+00:00",
    }
    assert sent["egress"]["ranges"] == []
    assert sent["notice"] is False
    assert [section["title"] for section in sent["sections"]][:2] == ["Workload", "Credentials"]


def test_the_document_names_the_egress_entries_that_hold_the_address() -> None:
    sent = document(leaked_lambda_credentials(address="198.51.100.3"))
    assert sent["egress"]["ranges"] == [{"name": "frankfurt-dc", "owner": "network-ops"}]


@pytest.mark.parametrize(
    ("address", "ranges"),
    [
        pytest.param("203.0.113.9", None, id="of-others"),
        pytest.param("198.51.100.3", [{"name": "frankfurt-dc", "owner": "network-ops"}], id="of-ours"),
    ],
)
def test_of_what_is_no_leaked_credential_only_an_address_of_ours_is_told(address: str, ranges: object) -> None:
    found = leaked_lambda_credentials(address=address, type="Discovery:S3/MaliciousIPCaller")
    assert (document(found)["egress"] or {}).get("ranges") == ranges


def test_every_member_of_the_schema_is_sent() -> None:
    def members(schema: Any) -> set[str]:
        return {name for part in elements(schema) for name in part.get("properties", {})}

    whole = [document(leaked_lambda_credentials(address="198.51.100.3")), document(event(complete()))]
    assert members(SCHEMA) == {name for one in whole for part in elements(one) for name in part}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param({"version": "2"}, '$.version: "2" is not const 1', id="another-version"),
        pytest.param({"extra": 1}, "$.extra: is not in the schema", id="a-member-that-is-not-described"),
        pytest.param({"severity": 8}, "$.severity: 8 is not type object", id="another-type"),
        pytest.param({"case": ""}, '$.case: "" is not minLength 1', id="empty"),
        pytest.param(
            {"link": {"label": "x", "url": "http://x"}}, '$.link.url: "http://x" is not pattern ^https://', id="inside"
        ),
    ],
)
def test_our_check_of_the_schema_finds_what_is_wrong(change: dict[str, object], problem: str) -> None:
    assert problem in problems(document() | change, SCHEMA)


def test_our_check_of_the_schema_finds_what_is_missing() -> None:
    sent = document()
    del sent["case"]
    assert any("is not required" in problem for problem in problems(sent, SCHEMA))


@pytest.mark.parametrize("attack", ATTACKS)
def test_c9_nothing_but_our_links_is_a_link_in_the_document(attack: str) -> None:
    brief = brief_in(attacked(attack))
    for made in (message(brief), plain_message(brief)):
        check_webhook(made)
        sent = json.loads(made)
        for text in texts(sent):
            assert "://evil" not in text
            assert all(char.isprintable() or char == "\n" for char in text)


def test_a_document_that_is_too_long_goes_without_its_sections() -> None:
    fact = BRIEF.sections[0].facts[0]._replace(value="x" * SIZE_LIMIT)
    made = message(replace(BRIEF, sections=(BRIEF.sections[0]._replace(facts=(fact,)),)))
    check_webhook(made)
    sent = json.loads(made)
    assert (sent["form"], sent["sections"]) == ("short", [])
    assert sent["steps"]


def test_what_is_no_finding_is_sent_as_it_came() -> None:
    (item,) = read("{broken")
    sent = json.loads(message(brief_of(item, AROUND)))
    assert (sent["recognised"], sent["raw"], sent["severity"]["word"]) == (False, "{broken", "Unknown")


def test_a_signature_is_that_of_rfc_2104_over_time_and_body() -> None:
    # printf '1795406525.{}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
    expected = "v1=f652a322504152d2d1ed759a44695698ee0af4867e6de0656874f5df1ee532b7"
    assert signature(b"{}", timestamp=NOW, signing_key=KEY) == expected


@pytest.fixture(name="verify", scope="module")
def fixture_verify() -> Any:
    """The function that docs/webhook.md tells receivers to use, as it stands there."""
    (source,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(source, str(PAGE), "exec"), names)  # noqa: S102  our own page
    return names["is_ours"]


def headers(body: bytes, *, timestamp: int = NOW) -> dict[str, str]:
    return {
        "X-Detection-Timestamp": str(timestamp),
        "X-Detection-Signature": signature(body, timestamp=timestamp, signing_key=KEY),
    }


def test_the_page_s_code_accepts_what_we_send(verify: Any) -> None:
    body = message(BRIEF).encode()
    for seconds in (-300, 0, 300):
        assert verify(headers(body), body, KEY, now=NOW + seconds)


@pytest.mark.parametrize(
    ("changed", "seconds"),
    [
        pytest.param({}, 301, id="sent-again-later"),
        pytest.param({}, -301, id="from-the-future"),
        pytest.param({"X-Detection-Timestamp": str(NOW + 1)}, 0, id="another-time"),
        pytest.param({"X-Detection-Timestamp": "soon"}, 0, id="no-time"),
        pytest.param({"X-Detection-Timestamp": "9" * 5000}, 0, id="endless-time"),
        pytest.param({"X-Detection-Signature": "v1=" + "0" * 64}, 0, id="another-signature"),
        pytest.param({"X-Detection-Signature": ""}, 0, id="no-signature"),
        pytest.param({"X-Detection-Signature": "v1=é"}, 0, id="signature-that-is-not-ascii"),
        pytest.param({"X-Detection-Signature": "v2=" + "0" * 64}, 0, id="another-scheme"),
    ],
)
def test_the_page_s_code_refuses_everything_else(verify: Any, changed: dict[str, str], seconds: int) -> None:
    body = message(BRIEF).encode()
    assert not verify(headers(body) | changed, body, KEY, now=NOW + seconds)


def test_the_page_s_code_refuses_another_body_another_key_and_no_headers(verify: Any) -> None:
    body = message(BRIEF).encode()
    assert not verify(headers(body), body + b" ", KEY, now=NOW)
    assert not verify(headers(body), body, KEY[::-1], now=NOW)
    assert not verify({}, body, KEY, now=NOW)


def test_the_page_shows_a_document_as_it_is_sent() -> None:
    (shown,) = re.findall(r"```json\n(\{\n  \"version\".*?)\n```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    around = Surroundings(
        deployment="sandbox", egress=EGRESS, accounts={"111122223333": Account("payments-prod", "payments-team")}
    )
    sent = json.loads(message(brief_of(finding_in(leaked_lambda_credentials()), around)))
    # A step that has something to copy, as the page says.
    sent["steps"] = [step for step in sent["steps"] if step["snippets"]]
    assert json.dumps(shortened(sent), indent=2) == shown
    assert problems(json.loads(shown), SCHEMA) == []


def shortened(value: object) -> object:
    """The same document with the first of each list."""
    if isinstance(value, dict):
        return {name: shortened(one) for name, one in value.items()}
    return [shortened(one) for one in value[:1]] if isinstance(value, list) else value
