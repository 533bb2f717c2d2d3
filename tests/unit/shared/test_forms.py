"""An account and a Region are told from other text in one way, in every function."""

import pytest

from infra.config.regions import GUARDDUTY_REGIONS
from infra.project import PROJECT
from shared.forms import ACCOUNT, REGION


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("012345678901", True),
        ("12345678901", False),
        ("0123456789012", False),
        ("01234567890a", False),
        ("012345678901\n", False),
        ("٠١٢٣٤٥٦٧٨٩٠١", False),
    ],
    ids=["account", "short", "long", "letter", "line-end", "other-digits"],
)
def test_an_account_is_twelve_ascii_digits(text: str, *, fits: bool) -> None:
    assert bool(ACCOUNT.fullmatch(text)) == fits


@pytest.mark.parametrize("region", GUARDDUTY_REGIONS)
def test_every_region_has_the_form_of_one(region: str) -> None:
    assert REGION.fullmatch(region)


@pytest.mark.parametrize(
    "text", ["", "eu", "eu-west", "eu-west-0", "eu-west-12", "eu-west-1a", "EU-WEST-1", "eu-west-1\n"]
)
def test_other_text_has_not(text: str) -> None:
    assert not REGION.fullmatch(text)


def test_no_function_has_a_form_of_its_own_for_either() -> None:
    code = PROJECT / "lambda_src"
    for form in (r'"\d{12}"', f'"{ACCOUNT.pattern}"', REGION.pattern):
        holding = {str(file.relative_to(code)) for file in code.rglob("*.py") if form in file.read_text("utf-8")}
        assert holding <= {"shared/forms.py"}, form
