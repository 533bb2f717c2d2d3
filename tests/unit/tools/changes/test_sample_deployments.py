"""The sentences about real deployments, synthesized before and after a change of their configuration."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.deployments import SANDBOX_DATA, deployment
from tests.synthesis import synthesize
from tests.unit.tools.changes.assemblies import sentences
from tools.changes.change import Kind, Topic
from tools.changes.report import Report, report
from tools.templates.assembly import Assembly, read_assembly

TYPES = "2 finding types in 2 Regions"

Synth = Callable[..., Path]


@pytest.fixture(scope="module")
def synth(tmp_path_factory: pytest.TempPathFactory) -> Synth:
    """The folder of the sandbox with other keys; each is synthesized once."""

    @cache
    def folder(changed: str) -> Path:
        outdir = tmp_path_factory.mktemp("cdk")
        synthesize(deployment({**SANDBOX_DATA, **VARIANTS[changed]}), outdir=outdir, checked=False)
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
    "scope": {
        "egress": [{**ENTRY, "scope": {"functions": ["payments-api"]}}],
        "trusted_list": [
            {
                "name": "scanner",
                "cidrs": ["192.0.2.16/31"],
                "owner": "red-team",
                "reason": "Scans us from outside",
                "expires": date(2027, 2, 28),
            }
        ],
    },
    "region": {"regions": ["eu-west-1", "us-east-1", "eu-central-1"]},
}


def between(synth: Synth, base: str, new: str) -> Report:
    return report(read_assembly(synth(base)), read_assembly(synth(new)))


def test_the_same_deployment_changes_nothing(synth: Synth) -> None:
    assert between(synth, "base", "base").empty


def test_entries_that_grow_and_appear(synth: Synth) -> None:
    found = between(synth, "base", "egress")
    assert sentences(found, topic=Topic.SUPPRESSION) == [
        f"blind: frankfurt-dc grows by 16 addresses to 32 for {TYPES}: 198.51.100.16/28; they are hidden at once, "
        "without having been observed",
        "blind: frankfurt-dc ends 2027-09-30 instead of 2027-06-30 in 2 Regions",
        f"tokyo-dc newly observes 4,096 addresses for {TYPES}: 203.0.112.0/20, owner network-ops, until 2027-06-30; "
        "it hides nothing yet",
    ]
    assert "AWS::GuardDuty::Filter" not in found.others


def test_entries_that_shrink_and_go_blind_nobody(synth: Synth) -> None:
    found = between(synth, "egress", "base")
    assert found.section(Topic.SUPPRESSION)
    assert found.failing(list(Kind)) == ()


def test_a_scope_and_a_trusted_list(synth: Synth) -> None:
    scope = "limited to resource.lambdaDetails.functionName payments-api in 2 Regions"
    trusted = "the trusted list sandbox-trusted-list"
    assert sentences(between(synth, "base", "scope"), topic=Topic.SUPPRESSION) == [
        f"blind: every finding type goes blind for 2 addresses of {trusted} in 2 Regions, owner red-team, until "
        "2027-02-28",
        f"frankfurt-dc is now {scope}",
    ]
    assert sentences(between(synth, "scope", "base"), topic=Topic.SUPPRESSION) == [
        f"blind: frankfurt-dc is no longer {scope}",
        f"{trusted} is no longer used: 2 addresses can be found again in 2 Regions",
    ]


def test_a_destination_and_features_that_go(synth: Synth) -> None:
    found = between(synth, "base", "routes")
    routes = sentences(found, topic=Topic.ROUTES)
    assert {
        "blind: the route high is gone: it notified security-slack of severity >= 7",
        "blind: no rule notifies security-slack any more",
        "blind: the function <To-security-slack/Notifier/Function> no longer reads <To-security-slack/Queue> in "
        "eu-west-1",
    } <= set(routes)
    # Its secret is no longer looked after, and what was in a rule of its own has room in its place; what that does to a
    # pattern of alternatives is not judged.
    watch = [one for one in routes if "the rule of the watch" in one]
    assert [one.partition(": ")[0] for one in watch] == ["blind", "blind", "blind?"]
    assert "also takes source aws.kms and no longer takes source aws.secretsmanager" in watch[0]
    assert "sandbox-watch-hub-5 is gone" in watch[1]
    # Without Detective nothing is investigated: no rule starts it, and the route that stays carries no report.
    reports = [one for one in routes if "security-slack" not in one and one not in watch]
    assert reports[0] == "blind: the catch-all route catch-all no longer takes detail-type Investigation Report"
    assert [one.partition(":")[2][:32] for one in reports[1:]] == [
        " the route investigation is gone",
        " no rule notifies investigation ",
    ]
    review = (
        "blind?: the function SuppressionReview/Worker/Function has DESTINATIONS security-mail instead of "
        "security-mail,security-slack in eu-west-1, and what that stops cannot be told"
    )
    assert review in routes
    assert all(one.startswith("blind: ") for one in routes if one not in {*watch, review})
    deleted = "replacement: To-security-slack/Queue (AWS::SQS::Queue) is deleted in eu-west-1, with what it holds"
    assert deleted in sentences(found, topic=Topic.RESOURCES)
    assert "blind: EKS_AUDIT_LOGS is switched off in 2 Regions" in sentences(found, topic=Topic.FEATURES)
    graph = "blind: the Detective graph leaves the stack in 2 Regions; it is kept, and stays on"
    assert graph in sentences(found, topic=Topic.FEATURES)
    assert found.failing([Kind.PERMISSION]) == ()


def test_a_destination_that_comes_tells_each_permission(synth: Synth) -> None:
    found = sentences(between(synth, "routes", "base"), topic=Topic.PERMISSIONS)
    arn = "arn:aws:secretsmanager:eu-west-1:<account>:secret:detection/slack-webhook-??????"
    role = "<To-security-slack/Notifier/Role>"
    assert f"permission: {role} may secretsmanager:GetSecretValue on {arn} in eu-west-1" in found
    assert all(one.startswith("permission: ") for one in found)


def test_a_region_that_comes_and_goes(synth: Synth) -> None:
    comes = between(synth, "base", "region")
    resources = sentences(comes, topic=Topic.RESOURCES)
    assert resources[0] == "the Region eu-central-1 is new, with one suppression from the start"
    assert resources[1].startswith("the stack sandbox-Detection-eu-central-1 is new in eu-central-1, with ")
    permissions = sentences(comes, topic=Topic.PERMISSIONS)
    assert (
        "permission: 11 permissions that other Regions have already in eu-central-1, for the new Region" in permissions
    )
    assert comes.section(Topic.SUPPRESSION) == comes.section(Topic.FEATURES) == ()
    assert comes.failing([Kind.BLIND, Kind.REPLACEMENT]) == ()
    goes = between(synth, "region", "base")
    assert [kind for kind in Kind if goes.failing([kind])] == [Kind.BLIND, Kind.REPLACEMENT]


_STATES_PERMISSIONS = ("Policy", "Permission")
"""How the types end of what is there for its permissions alone."""


def without_one_policy(whole: Assembly) -> Iterator[tuple[str, Assembly]]:
    """The assembly without each policy, or permission, that allows something, and what is without it."""
    for name, stack in whole.stacks.items():
        for id_, one in stack.resources.items():
            allows = one.type.endswith("Permission") or '"Allow"' in json.dumps(one.properties)
            if one.type.endswith(_STATES_PERMISSIONS) and allows:
                rest = {other: kept for other, kept in stack.resources.items() if other != id_}
                stacks = {**whole.stacks, name: replace(stack, resources=rest)}
                yield f"{one.type} {one.label}", replace(whole, stacks=stacks)


def test_a_policy_that_goes_while_everything_stays_may_blind(synth: Synth) -> None:
    """A queue without its policy takes nothing from its rule, a function without its permission is not called."""
    whole = read_assembly(synth("base"))
    found = {name: report(whole, new) for name, new in without_one_policy(whole)}
    silent = {
        name
        for name, one in found.items()
        if not any(Kind.BLIND in change.unknown for change in one.section(Topic.PERMISSIONS))
    }
    assert silent == set()
    kinds = {name.partition(" ")[0].removeprefix("AWS::") for name in found}
    assert kinds == {"IAM::Policy", "Lambda::Permission", "SNS::TopicPolicy", "SQS::QueuePolicy"}


def test_permissions_of_rules_that_go_blind_nobody_themselves(synth: Synth) -> None:
    """The rules are told as gone; what let them reach their queues adds nothing."""
    found = between(synth, "base", "routes")
    assert [one for one in sentences(found, topic=Topic.PERMISSIONS) if one.startswith("blind")] == []
