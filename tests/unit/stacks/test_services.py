"""docs/permissions.md names the services whose resources each kind of stack makes: all of them, and no others."""

import re
from pathlib import Path

import pytest

from tests.synthesis import Templates

SERVICES = {
    "CloudFormation": "CloudFormation",
    "CloudWatch": "CloudWatch",
    "Detective": "Detective",
    "DynamoDB": "DynamoDB",
    "Events": "EventBridge",
    "GuardDuty": "GuardDuty",
    "IAM": "IAM",
    "KMS": "KMS",
    "Lambda": "Lambda",
    "Logs": "CloudWatch Logs",
    "SNS": "SNS",
    "SQS": "SQS",
    "Scheduler": "EventBridge Scheduler",
    "StepFunctions": "Step Functions",
}
"""The words of the page for CloudFormation's."""


def said(project: Path) -> set[tuple[str, str]]:
    """Stack and service of each row of the table."""
    page = (project / "docs" / "permissions.md").read_text(encoding="utf-8")
    table = page.partition("\n### What is made\n")[2].partition("\n\nThe first detector")[0]
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \|$", table, re.MULTILINE)
    return {
        (stack, service)
        for services, stacks in rows
        if services not in {"Service", "---"}
        for stack in re.findall(r"[A-Z]\w+", stacks)
        for service in services.split(", ")
    }


@pytest.fixture
def made(sandbox: Templates, everything: Templates, govcloud: Templates) -> set[tuple[str, str]]:
    """The same by the templates; custom resources are calls of a function of ours."""
    return {
        (name.split("-")[1], SERVICES[resource["Type"].split("::")[1]])
        for templates in (sandbox, everything, govcloud)
        for name, template in templates.items()
        for resource in template["Resources"].values()
        if not resource["Type"].startswith("Custom::")
    }


def test_the_page_names_the_services_of_each_stack(project: Path, made: set[tuple[str, str]]) -> None:
    assert said(project) == made
