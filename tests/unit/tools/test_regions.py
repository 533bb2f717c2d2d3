"""The table of Regions against the installed packages."""

from dataclasses import replace

import botocore
import pytest

from infra.config.regions import GUARDDUTY_REGIONS, region_facts
from tools import regions
from tools.regions import main


def test_the_table_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out == f"45 Regions, table of 2026-11: as botocore {botocore.__version__} has them\n"


def test_every_difference_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    table = tuple(name for name in GUARDDUTY_REGIONS if name != "us-west-2")
    monkeypatch.setattr(regions, "GUARDDUTY_REGIONS", (*table, "eu-nord-1"))
    wrong = {"eu-west-1": replace(region_facts("eu-west-1"), detective=False, opt_in=True)}
    monkeypatch.setattr(regions, "region_facts", lambda name: wrong.get(name) or region_facts(name))
    assert main([]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "eu-west-1: detective is False in the table, True in the installed packages",
        "eu-west-1: opt_in is True in the table, False in the installed packages",
        "us-west-2: has GuardDuty (partition aws) and is not in the table",
        "eu-nord-1: in the table, and botocore knows no GuardDuty there",
        "table of 2026-11: change infra/config/regions.py, its date and its sources",
    ]
