"""A wrong environment stops the function, in words."""

import pytest

from shared.settings import InvalidSettings
from suppression_review.settings import Settings

RIGHT = {
    "NAME_PREFIX": "prod-eu",
    "REGIONS": "eu-west-1,us-gov-east-1",
    "BUS_NAME": "sandbox-findings",
    "TABLE_NAME": "memory",
    "DESTINATIONS": "security-mail,network-mail",
    "DEFAULT_TO": "security-mail",
    "STALE_DAYS": "90",
    "TRUSTED_ENTITY_SETS": "eu-west-1",
    "IP_SETS": "",
}


def test_a_right_environment_is_understood() -> None:
    found = Settings.from_environment(RIGHT)
    assert found.name_prefix == "prod-eu"
    assert found.regions == ("eu-west-1", "us-gov-east-1")
    assert found.destinations == ("security-mail", "network-mail")
    assert found.stale_after.days == 90
    assert (found.trusted_entity_sets, found.ip_sets) == (("eu-west-1",), ())


@pytest.mark.parametrize("name", RIGHT)
def test_fails_without_a_variable(name: str) -> None:
    with pytest.raises(
        InvalidSettings, match=rf"environment variable {name}: is not set; must be .*set the stack back"
    ):
        Settings.from_environment({key: value for key, value in RIGHT.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NAME_PREFIX", ""),
        ("NAME_PREFIX", "Prod"),
        ("NAME_PREFIX", "prod_eu"),
        ("REGIONS", ""),
        ("REGIONS", "eu-west-1,"),
        ("REGIONS", "Ireland"),
        ("STALE_DAYS", "0"),
        ("STALE_DAYS", "a week"),
        ("DEFAULT_TO", ""),
        ("DESTINATIONS", "Security Mail"),
        ("TABLE_NAME", ""),
        ("IP_SETS", "everywhere"),
    ],
)
def test_fails_on_what_it_cannot_mean(name: str, value: str) -> None:
    with pytest.raises(InvalidSettings, match=rf"environment variable {name}: got '{value}'; must be "):
        Settings.from_environment({**RIGHT, name: value})
