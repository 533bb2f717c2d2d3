"""The sentences about real deployments, synthesized before and after a change of their configuration."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.deployments import SANDBOX_DATA, deployment
from tests.synthesis import synthesize
from tests.unit.tools.changes.assemblies import sentences
from tools.changes.assembly import read_assembly
from tools.changes.change import Kind, Topic
from tools.changes.report import Report, report

TYPES = "2 finding types in 2 Regions"

Synth = Callable[..., Path]


@pytest.fixture(scope="module")
def synth(tmp_path_factory: pytest.TempPathFactory) -> Synth:
    """The folder of the sandbox with other keys; each is synthesized once."""

    @cache
    def folder(changed: str) -> Path:
        outdir = tmp_path_factory.mktemp("cdk")
        synthesize(deployment({**SANDBOX_DATA, **VARIANTS[changed]}), outdir=outdir, rule_packs=False)
        return outdir

    return folder


ENTRY = SANDBOX_DATA["egress"][0]
VARIANTS: dict[str, dict[str, Any]] = {
    "base": {},
    "egress": {
        "egress": [
            {**ENTRY, "cidrs": ["198.51.100.0/27"], "expires": date(2027, 9, 30)},
            {**ENTRY, "name": "tokyo-dc", "cidrs": ["203.0.112.0/20"], "mode": "observe"},
        ]
    },
    "routes": {
        "destinations": SANDBOX_DATA["destinations"][:1],
        "routes": [],
        "guardduty": {"features": ["S3_DATA_EVENTS"]},
        "detective": {"enabled": False},
    },
    "region": {"regions": ["eu-west-1", "us-east-1", "eu-central-1"]},
}


def between(synth: Synth, base: str, new: str) -> Report:
    return report(read_assembly(synth(base)), read_assembly(synth(new)))


def test_the_same_deployment_changes_nothing(synth: Synth) -> None:
    assert between(synth, "base", "base").empty


def test_entries_that_grow_and_appear(synth: Synth) -> None:
    found = between(synth, "base", "egress")
    assert sentences(found) == [
        f"blind: frankfurt-dc grows by 16 addresses to 32 for {TYPES}",
        "blind: frankfurt-dc ends 2027-09-30 instead of 2027-06-30 in 2 Regions",
        f"tokyo-dc newly observes 4,096 addresses for {TYPES}, owner network-ops, until 2027-06-30; it hides nothing "
        "yet",
    ]
    assert found.others == {"AWS::Lambda::Function": 2}


def test_entries_that_shrink_and_go_blind_nobody(synth: Synth) -> None:
    found = between(synth, "egress", "base")
    assert found.section(Topic.SUPPRESSION)
    assert found.failing(list(Kind)) == ()


def test_a_destination_and_features_that_go(synth: Synth) -> None:
    found = between(synth, "base", "routes")
    assert sentences(found, topic=Topic.ROUTES) == [
        "blind: the route high is gone: it notified security-slack of severity >= 7",
        "blind: no rule notifies security-slack any more",
        "blind: the function <To-security-slack/Notifier/Function> no longer reads <To-security-slack/Queue> in "
        "eu-west-1",
    ]
    assert sentences(found, topic=Topic.RESOURCES)[0] == (
        "replacement: To-security-slack/Queue (AWS::SQS::Queue) is deleted in eu-west-1, with what it holds"
    )
    assert "blind: EKS_AUDIT_LOGS is switched off in 2 Regions" in sentences(found, topic=Topic.FEATURES)
    assert "blind: the Detective graph is gone in 2 Regions" in sentences(found, topic=Topic.FEATURES)
    assert found.failing([Kind.PERMISSION]) == ()


def test_a_destination_that_comes_tells_each_permission(synth: Synth) -> None:
    found = sentences(between(synth, "routes", "base"), topic=Topic.PERMISSIONS)
    arn = "arn:aws:secretsmanager:eu-west-1:<account>:secret:detection/slack-webhook-??????"
    role = "<To-security-slack/Notifier/Role>"
    assert f"permission: {role} may secretsmanager:GetSecretValue on {arn} in eu-west-1" in found
    assert all(one.startswith("permission: ") for one in found)


def test_a_region_that_comes_and_goes(synth: Synth) -> None:
    comes = between(synth, "base", "region")
    assert sentences(comes) == [
        "permission: 6 permissions that other Regions have already in eu-central-1, for the new Region",
        "the Region eu-central-1 is new, with one suppression from the start",
        "the stack sandbox-Detection-eu-central-1 is new in eu-central-1, with 13 resources",
    ]
    assert comes.failing([Kind.BLIND, Kind.REPLACEMENT]) == ()
    goes = between(synth, "region", "base")
    assert [kind for kind in Kind if goes.failing([kind])] == [Kind.BLIND, Kind.REPLACEMENT]
