"""Which egress entries may share an address: one owner, and a reason to say it twice."""

import pytest
import yaml
from pydantic import ValidationError

from infra.config import Deployment
from tests.unit.config.examples import GOOD, ConfigFile

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


def test_fails_when_two_owners_claim_an_ipv6_address(config_file: ConfigFile) -> None:
    both = (
        '    expires: 2027-06-30\n    ipv6_addresses: ["2600:2000::1", "2600:2000::2"]\n'
        "  - {name: milan, owner: net-it, reason: Milan data centre, expires: 2027-06-30,"
        ' ipv6_addresses: ["2600:2000:0::2"]}\n'
    )
    assert config_file.refusal((ENDS, both)) == (
        "stack.yaml:11: egress[1].ipv6_addresses[0]: 2600:2000::2 is in 'frankfurt-dc' too; an address needs one owner,"
        " and these are net-it, network-ops; agree on one, and take it out of the other's entry"
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


LEAKED, LOGIN, TOR_CALLER = (
    f"UnauthorizedAccess:IAMUser/{one}"
    for one in ("ResourceCredentialExfiltration.OutsideAWS", "ConsoleLoginSuccess.B", "TorIPCaller")
)


def typed(first: str, cidr: str, milan: str, *, mode: str = "enforce", ends: str = "2027-06-30") -> tuple[str, str]:
    """Give the first entry, 8.8.4.0/28, finding types, and add `milan` with others."""
    entry = second(cidr, mode=mode, ends=ends, more=f", finding_types: [{milan}]").replace("203.0.113.1, ", "")
    return (ENDS, f"    finding_types: [{first}]\n{entry}")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(
            typed(f"{LEAKED}, {TOR_CALLER}", "8.8.4.7", TOR_CALLER),
            "'frankfurt-dc' says the same for it already; delete it from 'milan'",
            id="fewer-types-for-a-part-of-the-range-are-spare",
        ),
        pytest.param(
            typed(TOR_CALLER, "8.8.4.0/28", f"{LEAKED}, {TOR_CALLER}", ends="2027-05-01"),
            "'milan' says the same for it already; delete it from 'frankfurt-dc'",
            id="of-one-range-fewer-types-are-spare-even-if-they-last-longer",
        ),
        pytest.param(
            typed(LEAKED, "8.8.4.7", f"{LEAKED}, {TOR_CALLER}"),
            f"both say the same for it of {LEAKED}; take that type out of one of the two",
            id="more-types-for-a-part-of-the-range",
        ),
        pytest.param(
            typed(f"{LEAKED}, {LOGIN}", "8.8.4.0/28", f"{TOR_CALLER}, {LEAKED}"),
            f"both say the same for it of {LEAKED}; take that type out of one of the two",
            id="one-type-in-common",
        ),
        pytest.param(
            typed(f"{TOR_CALLER}, {LEAKED}", "8.8.4.7", f"{LOGIN}, {LEAKED}, {TOR_CALLER}"),
            f"both say the same for it of {LEAKED}, {TOR_CALLER}; take those types out of one of the two",
            id="two-types-in-common",
        ),
        pytest.param(
            typed(f"{LEAKED}, {TOR_CALLER}", "8.8.4.7", TOR_CALLER, mode="observe"),
            "'frankfurt-dc' hides it already, so observing it tells nothing; delete it from 'milan'",
            id="observes-some-of-the-types-that-are-hidden",
        ),
        pytest.param(
            typed(TOR_CALLER, "8.8.4.7", f"{LEAKED}, {TOR_CALLER}", mode="observe"),
            f"'frankfurt-dc' hides {TOR_CALLER} already, so observing that type tells nothing; take that type out of"
            " one of the two",
            id="observes-one-type-that-is-hidden-and-one-that-is-not",
        ),
        pytest.param(
            typed(f"{TOR_CALLER}, {LEAKED}", "8.8.4.7", f"{LOGIN}, {LEAKED}, {TOR_CALLER}", mode="observe"),
            f"'frankfurt-dc' hides {LEAKED}, {TOR_CALLER} already, so observing those types tells nothing; take those"
            " types out of one of the two",
            id="observes-two-types-that-are-hidden-and-one-that-is-not",
        ),
    ],
)
def test_fails_for_a_finding_type_with_two_answers(config_file: ConfigFile, change: tuple[str, str], says: str) -> None:
    assert config_file.refusal(change).endswith(f"; {says}")


ENDED = "    expires: 2026-11-22\n"


def after(first: str, entry: str) -> tuple[str, str]:
    """Let the first entry end on another day, and add one."""
    return (ENDS, first + entry.replace(ENDS, ""))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(
            after(ENDED, second("8.8.4.7")),
            "'frankfurt-dc' ended on 2026-11-22 and says nothing any more; delete that entry",
            id="around-one-that-is-needed",
        ),
        pytest.param(
            after(ENDED, second("8.8.4.7", mode="observe")),
            "'frankfurt-dc' ended on 2026-11-22 and says nothing any more; delete that entry",
            id="hides-nothing-that-is-observed",
        ),
        pytest.param(
            after(ENDED, second("8.8.4.7", owner="net-it")),
            "'frankfurt-dc' ended on 2026-11-22 and says nothing any more; delete that entry",
            id="of-another-owner",
        ),
        pytest.param(
            after(ENDS, second("8.8.4.0/24", ends="2026-11-22")),
            "'milan' ended on 2026-11-22 and says nothing any more; delete that entry",
            id="the-later",
        ),
        pytest.param(
            after(ENDED, second("8.8.4.0/24", ends="2026-01-01")),
            "'milan' ended on 2026-01-01 and says nothing any more; delete that entry",
            id="both",
        ),
        pytest.param(
            after(ENDED.replace("22", "23"), second("8.8.4.7")),
            "'frankfurt-dc' says the same for it already; delete it from 'milan'",
            id="on-its-last-day-it-still-counts",
        ),
    ],
)
def test_an_entry_that_has_ended_is_the_one_to_delete(
    config_file: ConfigFile, change: tuple[str, str], says: str
) -> None:
    assert config_file.refusal(change).endswith(f"; {says}")


def test_an_entry_that_has_ended_is_told_where_another_key_is_wrong_too(config_file: ConfigFile) -> None:
    wrong = ("minimum_severity: 7", "minimum_severity: 11")
    assert "'frankfurt-dc' ended on 2026-11-22 and says nothing any more; delete that entry" in config_file.refusal(
        after(ENDED, second("8.8.4.7")), wrong
    )


def test_without_a_day_nothing_has_ended(config_file: ConfigFile) -> None:
    data = yaml.safe_load(GOOD.replace(*after(ENDED, second("8.8.4.7"))))
    with pytest.raises(ValidationError, match="'frankfurt-dc' says the same for it already; delete it from 'milan'"):
        Deployment.model_validate(data)


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


ONE = "accounts: ['111122223333']"
OTHER = "accounts: ['444455556666']"
BOTH = "accounts: ['111122223333', '444455556666']"
NARROWED = ", or give both a scope such that no finding fits the two: other accounts, functions or vpc_ids"


def scoped(
    first: str, cidr: str, milan: str, *, owner: str = "network-ops", mode: str = "enforce", ends: str = "2027-06-30"
) -> tuple[str, str]:
    """Give the first entry, 8.8.4.0/28, a scope, and add `milan` with another; empty for none."""
    more = f", scope: {{{milan}}}" if milan else ""
    entry = second(cidr, owner=owner, mode=mode, ends=ends, more=more).replace("203.0.113.1, ", "")
    return (ENDS, (f"    scope: {{{first}}}\n" if first else "") + entry)


def observing(change: tuple[str, str]) -> tuple[str, str]:
    """Let the first entry observe, too."""
    return (change[0], f"    mode: observe\n{change[1]}")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(
            scoped(ONE, "8.8.4.7", BOTH, owner="net-it"),
            "an address needs one owner, and these are net-it, network-ops; agree on one, and take it out of the"
            f" other's entry{NARROWED}",
            id="two-owners-with-an-account-in-common",
        ),
        pytest.param(
            scoped(ONE, "8.8.4.7", "", owner="net-it"),
            "an address needs one owner, and these are net-it, network-ops; agree on one, and take it out of the"
            f" other's entry{NARROWED}",
            id="two-owners-one-of-everything",
        ),
        pytest.param(
            scoped(
                "function_tag: {key: team, value: a}",
                "8.8.4.0/28",
                "function_tag: {key: team, value: b}",
                owner="net-it",
            ),
            "an address needs one owner, and these are net-it, network-ops; agree on one, and take it out of the"
            f" other's entry{NARROWED}",
            id="two-owners-with-tags-that-one-function-may-have",
        ),
        pytest.param(
            scoped("", "8.8.4.7", ONE),
            "'frankfurt-dc' says the same for it already; delete it from 'milan'",
            id="narrower-range-and-scope-is-spare",
        ),
        pytest.param(
            scoped(ONE, "8.8.4.0/28", ""),
            "'milan' says the same for it already; delete it from 'frankfurt-dc'",
            id="of-one-range-the-narrower-scope-is-spare-even-if-it-is-the-earlier",
        ),
        pytest.param(
            scoped(ONE, "8.8.4.0/28", BOTH, ends="2027-05-01"),
            "'milan' says the same for it already; delete it from 'frankfurt-dc'",
            id="the-wider-scope-is-kept-although-it-ends-sooner",
        ),
        pytest.param(
            scoped(ONE, "8.8.4.0/28", ONE, ends="2027-07-01"),
            "'milan' says the same for it already; delete it from 'frankfurt-dc'",
            id="the-same-scope-is-kept-where-it-lasts-longer",
        ),
        pytest.param(
            scoped(BOTH, "8.8.4.7", ONE, mode="observe"),
            "'frankfurt-dc' hides it already, so observing it tells nothing; delete it from 'milan'",
            id="observes-a-part-of-the-scope-that-is-hidden",
        ),
        pytest.param(
            observing(scoped(ONE, "8.8.4.0/28", "")),
            "'milan' hides it already, so observing it tells nothing; delete it from 'frankfurt-dc'",
            id="observes-a-part-of-all-that-is-hidden",
        ),
    ],
)
def test_fails_for_a_finding_with_two_answers(config_file: ConfigFile, change: tuple[str, str], says: str) -> None:
    assert config_file.refusal(change).endswith(f"; {says}")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(scoped(ONE, "8.8.4.0/28", OTHER, owner="net-it"), id="two-owners-of-other-accounts"),
        pytest.param(scoped(ONE, "8.8.4.0/28", OTHER), id="other-accounts"),
        pytest.param(scoped(ONE, "8.8.4.0/28", OTHER, mode="observe"), id="other-accounts-observe"),
        pytest.param(scoped(BOTH, "8.8.4.0/28", "accounts: ['777788889999', '111122223333']"), id="a-part-each"),
        pytest.param(scoped(ONE, "8.8.4.7", ""), id="wider-scope-for-a-part-of-the-range"),
        pytest.param(scoped("", "8.8.4.0/24", ONE), id="wider-range-for-a-part-of-the-scope"),
        pytest.param(scoped(ONE, "8.8.4.0/28", "", mode="observe"), id="wider-scope-observes-first"),
        pytest.param(observing(scoped("", "8.8.4.0/28", ONE)), id="a-scope-is-in-force-while-all-is-observed"),
    ],
)
def test_scopes_may_say_different_things_of_an_address(config_file: ConfigFile, change: tuple[str, str]) -> None:
    loaded = config_file.load(change)
    assert [egress.name for egress in loaded.deployment.egress] == ["frankfurt-dc", "milan"]
    assert loaded.warnings == ()


@pytest.mark.parametrize(
    ("first", "other"),
    [
        pytest.param("functions: [api]", "functions: [refunds]", id="functions"),
        pytest.param("vpc_ids: [vpc-00000001]", "vpc_ids: [vpc-00000002]", id="vpcs"),
    ],
)
def test_two_owners_may_have_other_functions_or_vpcs(config_file: ConfigFile, first: str, other: str) -> None:
    loaded = config_file.load(scoped(first, "8.8.4.0/28", other, owner="net-it"))
    assert [egress.owner for egress in loaded.deployment.egress] == ["network-ops", "net-it"]
