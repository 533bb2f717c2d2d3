"""The list of accounts is what the organization says, and what was written by hand where it says nothing."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.config import load
from tests.deployments import SANDBOX_DATA
from tests.page_policies import actions
from tests.unit.tools.live_account import MANAGEMENT, LiveAccount, RefusedError
from tools.accounts.__main__ import main
from tools.accounts.listing import Asked, lines
from tools.accounts.live import LiveAccount as Listed

TODAY = date(2026, 11, 23)
PAYMENTS, SHOP, LAB, OLD = "222233334444", "333344445555", "444455556666", "555566667777"


def account(id_: str, name: str, state: str = "ACTIVE") -> dict[str, Any]:
    return {"Id": id_, "Name": name, "State": state}


@pytest.fixture
def live() -> LiveAccount:
    made = LiveAccount("eu-west-1", account=MANAGEMENT)
    made.accounts = [
        account(SHOP, "shop"), account(PAYMENTS, "aws-payments-01"), account(OLD, "old", "SUSPENDED"),
        account(MANAGEMENT, "management"), account(LAB, "Lab: a #1"),
    ]  # fmt: skip
    made.account_tags = {
        PAYMENTS: {"team": "x", "Environment": "Production", "owner": "payments"}, LAB: {"owner": "todo"},
        SHOP: {"owner": "shop-team", "Environment": "Test & Co."},
    }  # fmt: skip
    made.parents = {PAYMENTS: "ou-ab12-cards", "ou-ab12-cards": "ou-ab12-work", SHOP: "ou-ab12-work"}
    made.units = {"ou-ab12-cards": "Cards (PCI)", "ou-ab12-work": "Workloads"}
    return made


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    data: dict[str, Any] = json.loads(json.dumps(SANDBOX_DATA, default=str))
    data |= {"account": "111122223333", "organization": {"management_account": MANAGEMENT}, "egress": []}
    data["accounts"] = {
        PAYMENTS: {"name": "payments-prod", "owner": "payments", "groups": ["by-hand"]},
        SHOP: {"name": "shop", "owner": "somebody-else"},
        OLD: {"name": "old", "owner": "nobody-now"},
        MANAGEMENT: {"name": "management", "owner": "cloud-platform"},
    }
    (tmp_path / "stack.yaml").write_text(yaml.safe_dump(data))
    return tmp_path


def run(live: LiveAccount, folder: Path, *arguments: str) -> int:
    return main(["stack", "--folder", str(folder), *arguments], client_of=live.client_of, today=TODAY)


def test_owners_come_from_their_tag_and_names_stay_as_people_wrote_them(
    live: LiveAccount, configuration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(live, configuration) == 0
    out, err = capsys.readouterr()
    assert out == (
        "accounts:\n"
        f'  "{PAYMENTS}": {{name: payments-prod, owner: payments, groups: [by-hand]}}\n'
        f'  "{SHOP}": {{name: shop, owner: shop-team}}\n'
        f"  \"{LAB}\": {{name: 'Lab: a #1', owner: FILL-IN}}\n"
        f'  "{MANAGEMENT}": {{name: management, owner: cloud-platform}}\n'
    )
    assert err == (
        f"accounts: {SHOP} shop: owner 'somebody-else' in the list, 'shop-team' in the organization\n"
        f"accounts: {LAB} Lab: a #1: is not in the list\n"
        f"accounts: {OLD} old: is no active account of the organization\n"
        "accounts: one account without an owner: write one in place of FILL-IN\n"
    )


def test_groups_come_from_the_tags_and_the_units_that_are_asked_for(
    live: LiveAccount, configuration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(live, configuration, "--group-tag", "Environment", "--units") == 0
    listed = yaml.safe_load(capsys.readouterr().out)["accounts"]
    assert {id_: one.get("groups", []) for id_, one in listed.items()} == {
        PAYMENTS: ["production", "cards-pci", "workloads"], SHOP: ["test-co", "workloads"], LAB: [], MANAGEMENT: [],
    }  # fmt: skip
    asked = [operation for _, operation in live.asked]
    assert asked.count("DescribeOrganizationalUnit") == 2, "each unit once, however many accounts are in it"
    assert live.actions == actions("AccountsOfTheOrganization")


def test_the_configuration_takes_what_was_printed(
    live: LiveAccount, configuration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live.account_tags[LAB] = {"owner": "lab"}
    run(live, configuration, "--group-tag", "Environment", "--units")
    file = configuration / "stack.yaml"
    data = yaml.safe_load(file.read_text()) | yaml.safe_load(capsys.readouterr().out)
    file.write_text(yaml.safe_dump(data))
    known = load(file, today=TODAY).deployment.accounts
    assert (known[PAYMENTS].owner, known[PAYMENTS].groups) == ("payments", ("production", "cards-pci", "workloads"))
    assert run(live, configuration, "--group-tag", "Environment", "--units", "--check") == 0
    assert capsys.readouterr().out == "4 accounts, 0 differences\n"


def test_a_check_fails_and_says_what_differs(
    live: LiveAccount, configuration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(live, configuration, "--check", "--owner-tag", "", "--units") == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{PAYMENTS} payments-prod: groups by-hand in the list, cards-pci, workloads in the organization",
        f"{SHOP} shop: groups none in the list, workloads in the organization",
        f"{LAB} Lab: a #1: is not in the list",
        f"{OLD} old: is no active account of the organization",
        "4 accounts, 4 differences",
    ]
    assert "ListTagsForResource" not in {operation for _, operation in live.asked}


def test_who_may_not_ask_is_told_who_may(
    live: LiveAccount, configuration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live.regions["eu-west-1"].refusals["ListAccounts"] = RefusedError("AccessDeniedException", "no")
    assert run(live, configuration) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "accounts: ListAccounts: AccessDeniedException: no; it needs credentials of the management account, or of a "
        "delegated administrator (docs/permissions.md)\n"
    )


def test_without_an_organization_there_is_nothing_to_list(
    live: LiveAccount, configuration: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = yaml.safe_load((configuration / "stack.yaml").read_text())
    del data["organization"]
    (configuration / "stack.yaml").write_text(yaml.safe_dump(data))
    assert run(live, configuration) == 2
    assert capsys.readouterr().err == "accounts: stack has no organization, whose accounts could be listed\n"


@pytest.mark.parametrize(
    ("unit", "group"),
    [
        ("Production", ["production"]), ("2024 Projects", ["unit-2024-projects"]), ("---", []), ("", []),
        ("Ünits & Ärger", ["nits-rger"]), ("x" * 60, ["x" * 31]), (f"{'y' * 30} z", ["y" * 30]),
    ],
)  # fmt: skip
def test_a_unit_is_a_group_by_a_name_that_the_configuration_takes(unit: str, group: list[str]) -> None:
    (line,) = lines([Listed(id=LAB, name="lab", tags={}, units=(unit,))], {}, Asked(units=True))
    assert list(line.groups) == group


def test_an_account_is_in_ten_groups_at_most_and_once_in_each() -> None:
    units = ("same", "Same", *(f"unit {number}" for number in range(20)))
    (line,) = lines([Listed(id=LAB, name="", tags={}, units=units)], {}, Asked(units=True))
    assert line.groups == ("same", *(f"unit-{number}" for number in range(9)))
    assert line.name == LAB, "an account without a name is called by its number"
