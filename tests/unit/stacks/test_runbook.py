"""Every alarm leads to a section of the runbook that is there, and every section is of an alarm."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from tests.deployments import EVERYTHING_DATA, deployment
from tests.synthesis import Templates, resources, synthesize

DEFAULT = "docs/operations.md"
DESCRIPTION = 1024
"""Characters of an alarm's description (CloudWatch API reference, PutMetricAlarm)."""


def anchor(heading: str) -> str:
    """What a heading of Markdown is linked by, as GitHub and GitLab make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.fixture(name="sections", scope="module")
def fixture_sections(project: Path) -> dict[str, str]:
    """The text of each section about an alarm, by its heading."""
    page = (project / DEFAULT).read_text(encoding="utf-8")
    (about_alarms,) = re.findall(r"^## What an alarm means$(.*?)^## ", page, re.MULTILINE | re.DOTALL)
    parts = re.split(r"^### (.+)$", about_alarms, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.fixture(name="alarms", scope="module")
def fixture_alarms(sandbox: Templates, everything: Templates, govcloud: Templates) -> dict[str, str]:
    """The description of every alarm, by stack and logical id."""
    return {
        f"{stack}/{id_}": alarm["Properties"]["AlarmDescription"]
        for stack, template in (sandbox | everything | govcloud).items()
        for id_, alarm in resources(template, "AWS::CloudWatch::Alarm").items()
    }


def test_every_alarm_ends_with_a_link_to_its_section(alarms: dict[str, str], sections: dict[str, str]) -> None:
    headings = {anchor(heading): heading for heading in sections}
    assert len(headings) == len(sections), "two sections with one anchor"
    for alarm, description in alarms.items():
        base = DEFAULT if alarm.startswith("sandbox-") else "https://wiki.example.com/detection/operations.md"
        link = re.fullmatch(rf".+[.?] Runbook: {re.escape(base)}#([a-z-]+)", description)
        assert link, (alarm, description)
        heading = headings[link[1]]
        assert heading.replace("-", "").lower() in alarm.lower().replace("-", ""), "the name does not hold the heading"
        assert sections[heading].strip()


def test_every_section_is_of_an_alarm(alarms: dict[str, str], sections: dict[str, str]) -> None:
    linked = {description.rpartition("#")[2] for description in alarms.values()}
    assert linked == {anchor(heading) for heading in sections}


def test_the_page_links_to_headings_that_are_there(project: Path) -> None:
    page = (project / DEFAULT).read_text(encoding="utf-8")
    headings = {anchor(heading) for heading in re.findall(r"^#+ (.+)$", page, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings


def test_the_longest_link_fits_the_description(tmp_path: Path) -> None:
    data: dict[str, Any] = copy.deepcopy(EVERYTHING_DATA)
    data["operations"]["runbook_url"] = "https://" + "w" * 200
    data["destinations"] += [
        {"name": f"slack-{number}-".ljust(31, "x"), "kind": "slack", "webhook_secret": f"s/{number}"}
        for number in range(9)
    ]
    for template in synthesize(deployment(data), outdir=tmp_path, checked=False).values():
        for alarm in resources(template, "AWS::CloudWatch::Alarm").values():
            assert len(alarm["Properties"]["AlarmDescription"]) <= DESCRIPTION
