"""Whatever shape a finding has, something readable goes out, within every limit."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifier.briefs import brief_of, plain_brief
from notifier.briefs.surroundings import Surroundings
from notifier.items.event import read
from notifier.items.finding import Finding
from tests.finding_shapes import altered, complete, generated, required_only
from tests.findings import event, leaked_lambda_credentials
from tests.public_samples import BESIDE, SAMPLES, VARIABLE, folder_of, texts_of
from tests.surroundings import AROUND
from tests.unit.notifier.briefs import EGRESS
from tests.unit.notifier.limits import check, check_plain

public = pytest.mark.skipif(SAMPLES is None, reason=f"no public findings in {BESIDE}; {VARIABLE} names another folder")


def check_all(document: object) -> None:
    """Every brief in a document, full and plain, renders everywhere within the limits."""
    for item in read(document if isinstance(document, str) else json.dumps(document)):
        check(brief_of(item, Surroundings(deployment="sandbox", egress=EGRESS)))
        check_plain(plain_brief(item, AROUND))


def test_the_complete_finding_of_the_model_is_read() -> None:
    check_all(event(complete()))
    check_all(complete())


def test_a_finding_with_the_required_members_alone_is_read() -> None:
    check_all(event(required_only()))


@pytest.mark.parametrize("how", ["removed", "null", "[]", "{}", "wrong-type"])
def test_c2_no_member_of_the_model_can_stop_a_message(how: str) -> None:
    paths = 0
    for path, detail in altered(how):
        paths += 1
        try:
            check(brief_of(Finding.from_detail(detail), Surroundings(deployment="sandbox", egress=EGRESS)))
        except Exception as error:
            raise AssertionError(f"{path} {how}") from error
    assert paths > 700, "botocore's model has hundreds of members; did the walker break?"


# The suite takes a part of them; all 5,000 with GENERATED_FINDINGS=5000.
GENERATED = int(os.environ.get("GENERATED_FINDINGS", "300"))


def test_c2_findings_with_many_odd_members_are_shown_by_every_destination() -> None:
    for seed in range(GENERATED):
        try:
            check(brief_of(Finding.from_detail(generated(seed)), Surroundings(deployment="sandbox", egress=EGRESS)))
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


def test_the_generated_findings_are_the_same_in_every_run_and_of_many_kinds() -> None:
    made = [generated(seed) for seed in range(60)]
    assert generated(7) == made[7] != made[8]
    kinds = {member for one in made for member in ("resource", "service", "severity", "title") if member not in one}
    assert len(kinds) > 2
    assert len({json.dumps(one.get("type")) for one in made}) > 4


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.sampled_from(
    ["severity", "type", "title", "description", "resource", "service", "accountId", "region", "id", "arn", "partition"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(MEMBERS | st.text(max_size=10), JSON, max_size=8))
def test_c2_any_json_as_detail_can_be_shown(detail: dict[str, object]) -> None:
    check_all(event(detail))
    check_all(detail)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_any_json_as_message_can_be_shown(document: object) -> None:
    check_all(document)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_as_message_can_be_shown(body: str) -> None:
    check_all(body)


@pytest.mark.parametrize(
    "filler",
    [
        pytest.param("x", id="ascii"), pytest.param("&", id="ampersand"), pytest.param("\u202e", id="bidi"),
        pytest.param("\U000e0041", id="tag"), pytest.param("🔴", id="emoji"), pytest.param("\ud800", id="surrogate"),
        pytest.param("\n", id="line-end"), pytest.param("e\u0301", id="combining"), pytest.param('"', id="quote"),
    ],
)  # fmt: skip
def test_a_finding_of_huge_texts_stays_within_the_limits(filler: str) -> None:
    def filled(value: object) -> object:
        if isinstance(value, dict):
            return {key: filled(item) for key, item in value.items()}
        return [filled(item) for item in value] if isinstance(value, list) else filler * 2000

    check_all(event(filled(complete())))


def test_a_finding_of_a_megabyte_is_shown() -> None:
    check_all(leaked_lambda_credentials(description="long " * 200_000))


@public
def test_every_public_sample_can_be_shown() -> None:
    for text in texts_of(SAMPLES, "*").values():
        check_all(text)


@public
@pytest.mark.parametrize("form", ["eventbridge", "api", "export"])
def test_every_public_finding_is_recognised(form: str) -> None:
    for name, text in texts_of(SAMPLES, form).items():
        (item,) = read(text)
        brief = brief_of(item, Surroundings(deployment="sandbox", egress=EGRESS))
        assert brief.recognised or "empty_detail" in name, name


def test_public_samples_are_read_where_the_environment_says(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "one.json").write_text("{}", encoding="utf-8")
    assert texts_of(folder_of({VARIABLE: str(tmp_path)}), "api") == {"one.json": "{}"}
    assert folder_of({VARIABLE: ""}) == folder_of({}) == (BESIDE if BESIDE.is_dir() else None)


def test_public_samples_that_are_named_and_not_there_are_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match=r"PUBLIC_SAMPLES: no folder '\S+/nowhere'; it must hold eventbridge"):
        folder_of({VARIABLE: str(tmp_path / "nowhere")})
    with pytest.raises(AssertionError, match=r"no findings in \S+/export"):
        texts_of(folder_of({VARIABLE: str(tmp_path)}), "export")
