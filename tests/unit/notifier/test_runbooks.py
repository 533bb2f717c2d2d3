"""Every finding leads to the page of its family."""

from pathlib import Path

import pytest

from infra.suppression.finding_types import CATALOGUE
from notifier.briefs import brief_of, runbooks
from notifier.briefs.runbooks import OTHER, Runbook, runbook_of
from notifier.briefs.surroundings import Surroundings
from tests.findings import leaked_lambda_credentials, low_finding
from tests.surroundings import AROUND
from tests.unit.notifier import limits
from tests.unit.notifier.briefs import finding_in
from tests.unit.notifier.forms import FULL

PAGES = tuple(found for found in vars(runbooks).values() if isinstance(found, Runbook))
WIKI = "https://wiki.example.com/detection/runbooks"


@pytest.mark.parametrize(
    ("finding_type", "page"),
    [
        ("UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS", "leaked-credentials"),
        ("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.InsideAWS", "leaked-credentials"),
        ("CredentialAccess:IAMUser/CompromisedCredentials", "leaked-credentials"),
        ("CredentialAccess:IAMUser/AnomalousBehavior", "identity"),
        ("AttackSequence:IAM/CompromisedCredentials", "attack-sequence"),
        ("Execution:ECS/MaliciousFile", "malware"),
        ("Object:S3/MaliciousFile", "malware"),
        ("PrivilegeEscalation:Runtime/RuncContainerEscape", "runtime"),
        ("Backdoor:Lambda/C&CActivity.B", "function"),
        ("Recon:EC2/PortProbeUnprotectedPort", "instance"),
        ("Policy:S3/BucketBlockPublicAccessDisabled", "storage"),
        ("Discovery:Kubernetes/MaliciousIPCaller", "kubernetes"),
        ("CredentialAccess:RDS/AnomalousBehavior.SuccessfulBruteForce", "database"),
        ("Brand:New/Thing", "other"),
        ("", "other"),
        ("no type at all", "other"),
    ],
)
def test_a_finding_type_has_its_page(finding_type: str, page: str) -> None:
    assert runbook_of(finding_type).page == page


def test_every_type_that_there_is_has_a_page_of_its_family() -> None:
    assert [name for name in CATALOGUE.actions if runbook_of(name) is OTHER] == []


def test_every_page_is_there_listed_and_used(project: Path) -> None:
    folder = project / "docs" / "runbooks"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    assert {file.stem for file in folder.glob("*.md")} == {one.page for one in PAGES} | {"README"}
    assert [one.page for one in PAGES if f"({one.page}.md)" not in listed] == []
    assert {runbook_of(name).page for name in CATALOGUE.actions} == {one.page for one in PAGES} - {OTHER.page}


@pytest.mark.parametrize("kind", sorted(FULL))
def test_every_message_about_a_finding_links_to_its_page(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONSOLES", (*limits.CONSOLES, "https://wiki.example.com/"))
    made = brief_of(finding_in(leaked_lambda_credentials()), Surroundings(deployment="sandbox", runbooks=WIKI))
    link = made.steps[0].links[-1]
    assert (link.label, link.url) == ("Runbook: leaked credentials", f"{WIKI}/leaked-credentials.md")
    assert f"{WIKI}/leaked-credentials.md" in FULL[kind](made).replace("\\/", "/")


def test_without_an_address_the_page_is_named_in_words() -> None:
    made = brief_of(finding_in(low_finding()), AROUND)
    assert made.notes[-1] == "Runbook: docs/runbooks/instance.md in the repository of this stack"
    assert not any("Runbook" in link.label for link in made.links())
