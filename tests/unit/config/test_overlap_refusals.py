"""Which egress entries may share an address: one owner, and a reason to say it twice."""

import pytest

from tests.unit.config.examples import ConfigFile

TOR = "finding_types: [UnauthorizedAccess:IAMUser/TorIPCaller]"


def second(
    cidr: str, *, owner: str = "network-ops", mode: str = "enforce", ends: str = "2027-06-30", more: str = ""
) -> str:
    """Add an entry `milan` after the first, whose addresses are 8.8.4.0/28."""
    return (
        "    expires: 2027-06-30\n"
        f"  - {{name: milan, cidrs: [203.0.113.1, {cidr}], owner: {owner}, reason: Milan data centre,"
        f" mode: {mode}, expires: {ends}{more}}}\n"
    )


ENDS = "    expires: 2027-06-30\n"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        pytest.param(
            second("8.8.4.0/24", owner="net-it"),
            "8.8.4.0/24 of 'milan' overlaps 8.8.4.0/28 of 'frankfurt-dc' in 8.8.4.0/28; an address needs one owner, and"
            " these are net-it, network-ops; agree on one, and take it out of the other's entry",
            id="two-owners",
        ),
        pytest.param(
            second("8.8.4.7", owner="net-it", more=f", {TOR}"),
            "8.8.4.7 of 'milan' overlaps 8.8.4.0/28 of 'frankfurt-dc' in 8.8.4.7; an address needs one owner, and these"
            " are net-it, network-ops; agree on one, and take it out of the other's entry",
            id="two-owners-whatever-the-types",
        ),
        pytest.param(
            second("8.8.4.7"),
            "8.8.4.7 of 'milan' overlaps 8.8.4.0/28 of 'frankfurt-dc' in 8.8.4.7; 'frankfurt-dc' says the same for it"
            " already; delete it from 'milan'",
            id="narrower-is-spare",
        ),
        pytest.param(
            second("8.8.4.0/24"),
            "8.8.4.0/24 of 'milan' overlaps 8.8.4.0/28 of 'frankfurt-dc' in 8.8.4.0/28; 'milan' says the same for it"
            " already; delete it from 'frankfurt-dc'",
            id="earlier-one-is-spare-if-narrower",
        ),
        pytest.param(
            second("8.8.4.0/28", ends="2027-07-01"),
            "8.8.4.0/28 of 'milan' overlaps 8.8.4.0/28 of 'frankfurt-dc' in 8.8.4.0/28; 'milan' says the same for it"
            " already; delete it from 'frankfurt-dc'",
            id="the-same-range-is-kept-where-it-lasts-longer",
        ),
        pytest.param(
            second("8.8.4.0/28", ends="2027-05-01"),
            "8.8.4.0/28 of 'milan' overlaps 8.8.4.0/28 of 'frankfurt-dc' in 8.8.4.0/28; 'frankfurt-dc' says the same"
            " for it already; delete it from 'milan'",
            id="the-same-range-twice",
        ),
        pytest.param(
            second("8.8.4.7", mode="observe"),
            "8.8.4.7 of 'milan' overlaps 8.8.4.0/28 of 'frankfurt-dc' in 8.8.4.7; 'frankfurt-dc' hides it already, so"
            " observing it tells nothing; delete it from 'milan'",
            id="observes-what-is-hidden",
        ),
    ],
)
def test_fails_for_an_address_with_two_answers(config_file: ConfigFile, entry: str, says: str) -> None:
    assert config_file.refusal((ENDS, entry)) == f"stack.yaml:10: egress[1].cidrs[1]: {says}"


def test_fails_for_each_of_several_entries_around_one(config_file: ConfigFile) -> None:
    """The nearest range around an address may be fine while the one around that is not."""
    wider = second("8.8.4.0/27", more=f", {TOR}") + second("8.8.0.0/20").replace(ENDS, "").replace("milan", "rome")
    assert config_file.refusal((ENDS, wider.replace("[203.0.113.1, 8.8.0.0/20]", "[8.8.0.0/20]"))) == (
        "stack.yaml:11: egress[2].cidrs[0]: 8.8.0.0/20 of 'rome' overlaps 8.8.4.0/28 of 'frankfurt-dc' in 8.8.4.0/28;"
        " 'rome' says the same for it already; delete it from 'frankfurt-dc'"
    )


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(second("8.8.4.0/24", mode="observe"), id="wider-range-observes-first"),
        pytest.param(second("8.8.4.0/28", more=f", {TOR}"), id="other-finding-types"),
        pytest.param(second("8.8.5.0/28"), id="other-addresses"),
    ],
)
def test_one_owner_may_say_two_things_of_an_address(config_file: ConfigFile, entry: str) -> None:
    loaded = config_file.load((ENDS, entry.replace("203.0.113.1, ", "")))
    assert [egress.name for egress in loaded.deployment.egress] == ["frankfurt-dc", "milan"]
    assert loaded.warnings == ()
