"""No dead knob: every key of the configuration changes a template, or says why it does not."""

import copy
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from infra.config import Deployment, FrozenMapping
from infra.stacks.known import known
from tests.deployments import EVERYTHING_DATA, FOUND, deployment
from tests.synthesis import Templates, stack_tags, synthesize

CHANGES: dict[str, Any] = {
    "name": "other",
    "account": None,
    "home_region": "eu-south-2",
    "catch_all": ["soc-slack"],
    "regions": ["eu-central-1", "eu-south-2"],
    "guardduty.features": ["RUNTIME_MONITORING"],
    "guardduty.runtime_monitoring_agents": [],
    "guardduty.ownership": "existing",
    "detective.ownership": "existing",
    "detective.enabled": False,
    "hub": "regional",
    "organization": None,
    "organization.management_account": "777766665555",
    "organization.enroll": "new",
    "organization.member_features": ["S3_DATA_EVENTS"],
    "organization.detective_enroll": "none",
    "organization.enroll_again": date(2026, 12, 2),
    "organization.remove_on_delete": True,
    "egress.0.cidrs": ["203.0.113.0/24"],
    "egress.0.mode": "observe",
    "egress.0.notify": [],
    "egress.1.ipv6_addresses": [],
    "suppression_review.to": [],
    "suppression_review.stale_days": 61,
    "suppression_review.hidden_per_hour": 26,
    "egress.0.finding_types": ["Recon:IAMUser/TorIPCaller"],
    "egress.2.scope.accounts": ["444455556666"],
    "egress.2.scope.functions": ["payments-api"],
    "egress.2.scope.function_tag.key": "owner",
    "egress.2.scope.function_tag.value": "refunds",
    "egress.2.scope.vpc_ids": ["vpc-0a1b2c3d"],
    "trusted_list": [],
    "trusted_list.0.cidrs": ["192.0.2.16"],
    "destinations.1.webhook_secret_key": None,
    "destinations.3.message_format": "text",
    "destinations.4.webhook_secret_key": None,
    "destinations.5.routing_key_secret_key": None,
    "destinations.5.service_region": "us",
    "destinations.6.webhook_secret_key": None,
    "destinations.6.allowed_hosts": [],
    "routes.0.finding_types": [],
    "routes.1.accounts": [],
    "routes.1.minimum_severity": 5,
    "routes.3.below_severity": 8,
    "routes.3.except_accounts": ["555566667777"],
    "routes.1.to": ["soc-slack", "pci-slack"],
    "notify_again_after_hours": 48,
    "flood": {},
    "flood.messages_per_minute": 21,
    "watch": {"enabled": False},
    "watch.enabled": False,
    "watch.to": ["pci-slack"],
    "watch.expected": [],
    "watch.cloudformation_roles": [],
    "heartbeat": {"enabled": False},
    "heartbeat.enabled": False,
    "investigation.enabled": False,
    "investigation.finding_types": [],
    "investigation.history_wait_minutes": 15,
    "investigation.detective_timeout_minutes": 30,
    "investigation.repeat_after_hours": 24,
    "investigation.guardduty_investigation": False,
    "investigation.member_role": None,
    "accounts.777788889999.groups": ["tests"],
    "operations.chat": False,
    "identity_center": None,
    "ci": None,
    "ci.environments": ["live"],
    "ci.management_environment": "management",
    "ci.pull_requests": False,
    "ci.management_oidc_provider_arn": None,
    "archive_days": 30,
    "encryption_key": "create",
    "name_prefix": "other-prefix",
    "permissions_boundary": None,
    "role_path": "/",
    "region_overrides": {},
    "region_overrides.eu-south-2.trusted_entity_set": None,
    "region_overrides.eu-central-1.event_archive": False,
    "region_overrides.eu-south-2.guardduty_ownership": "existing",
    "region_overrides.eu-south-2.features_not_offered": ["RUNTIME_MONITORING"],
    "region_overrides.eu-south-2.detective": True,
    "region_overrides.eu-central-1": {"detective_ownership": "existing"},
}

SHOWN: dict[str, Any] = {
    "egress.0.name": "osaka-dc",
    "egress.0.owner": "someone-else",
    "egress.0.reason": "Another reason",
    "egress.0.expires": date(2027, 4, 1),
    "trusted_list.0.name": "other-scanner",
    "trusted_list.0.owner": "nobody-else",
    "trusted_list.0.expires": date(2027, 4, 2),
    "destinations.0.emails": ["other@example.com"],
    "destinations.1.webhook_secret": "other/slack",
    "destinations.4.webhook_secret": "other/teams",
    "destinations.5.routing_key_secret": "other/pager",
    "destinations.6.webhook_secret": "other/webhook",
    "destinations.4.name": "other-teams",
    "routes.0.name": "other-name",
    "watch.expected.0.role": "other-role",
    "watch.expected.0.session": "other-session",
    "operations.emails": ["others@example.com"],
    "operations.runbook_url": "docs/operations.md",
    "operations.runbooks_url": "docs/runbooks",
    "investigation.member_role.name": "other-reader",
    "investigation.member_role.external_id": "another-external-id",
    "investigation.member_role.organizational_units": ["ou-ab12-cd34ef56"],
    "accounts.777788889999.name": "other account",
    "accounts.777788889999.owner": "other-owner",
    "identity_center.start_url": "https://other.awsapps.com/start",
    "identity_center.role_name": "OtherRole",
    "ci.repository": "example@1234/other@5678",
    "ci.nightly_environment": "nightly",
    "ci.oidc_provider_arn": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
    "guardduty.finding_publishing_frequency": "SIX_HOURS",
}
"""Keys whose value stands as it is in a template or in what functions know, and nowhere else: all are tried at once."""


# Keys that a reader or the loader needs, and no resource: they must leave every template as it is.
WITHOUT_EFFECT: dict[str, Any] = {
    "egress.0.ticket": "NET-1234",
    "trusted_list.0.reason": "Another reason",
    "trusted_list.0.ticket": None,
    "egress_limits": {"minimum_netmask_length": 24, "maximum_filters": 10},
}

ELSEWHERE = {"tags", "destinations.0.kind"}
"""Tags: see below. Another kind of destination has other keys, and is another destination."""

# Keys that cannot change alone: what they name, or what names them, changes with them.
NO_KEYS: dict[str, Any] = {
    "encryption_key": "create",
    "destinations.1.webhook_secret_key": None,
    "destinations.4.webhook_secret_key": None,
    "destinations.5.routing_key_secret_key": None,
    "destinations.6.webhook_secret_key": None,
}

TOGETHER: dict[str, dict[str, Any]] = {
    "hub": NO_KEYS,
    "home_region": NO_KEYS,
    "destinations.3.message_format": {"destinations.3.emails": ["other@example.com"]},
    "destinations.4.name": {"routes.2.to": ["on-call", "soc-chat", "other-teams", "siem"]},
    "catch_all": {"routes.0.to": ["pci-slack"], "routes.1.to": ["everyone"]},
    "regions": {"region_overrides": {}},
    "account": {"organization": None, "ci.management_oidc_provider_arn": None, "investigation.member_role": None},
    "organization": {"ci.management_oidc_provider_arn": None, "investigation.member_role": None},
    "organization.management_account": {
        "ci.management_oidc_provider_arn": "arn:aws:iam::777766665555:oidc-provider/token.actions.githubusercontent.com"
    },
    "guardduty.features": {"organization.member_features": None, "investigation.guardduty_investigation": False},
    "detective.enabled": {"organization.detective_enroll": None},
    # One Region is still ours, so that features keep their effect.
    "guardduty.ownership": {"region_overrides.eu-central-1": {"guardduty_ownership": "create"}},
}


def changed(changes: dict[str, Any]) -> Deployment:
    """The deployment that uses every key, with some of them changed."""
    data = copy.deepcopy(EVERYTHING_DATA)
    for path, value in changes.items():
        *parents, last = path.split(".")
        place: Any = data
        for parent in parents:
            place = place[int(parent)] if isinstance(place, list) else place[parent]
        place[int(last) if isinstance(place, list) else last] = value
    return deployment(data).with_found(FOUND)


def test_a_value_is_shown_in_a_template_or_beside_it(everything: Templates, tmp_path: Path) -> None:
    before = json.dumps(everything) + known(changed({}))
    together = {path: value for one in SHOWN for path, value in TOGETHER.get(one, {}).items()}
    after = json.dumps(synthesize(changed(SHOWN | together), outdir=tmp_path, checked=False))
    after += "".join(file.read_text(encoding="utf-8") for file in tmp_path.glob("asset.*/known.json"))
    values = {path: str(value[0] if isinstance(value, list) else value) for path, value in SHOWN.items()}
    assert len(set(values.values())) == len(values)
    assert [path for path, value in values.items() if value in before or value not in after] == []


@pytest.mark.parametrize("path", sorted(CHANGES))
def test_a_key_changes_a_template(everything: Templates, path: str, tmp_path: Path) -> None:
    other = changed({path: CHANGES[path]} | TOGETHER.get(path, {}))
    assert synthesize(other, outdir=tmp_path, checked=False) != everything


@pytest.mark.parametrize("path", sorted(WITHOUT_EFFECT))
def test_a_key_for_readers_changes_no_template(everything: Templates, path: str, tmp_path: Path) -> None:
    assert synthesize(changed({path: WITHOUT_EFFECT[path]}), outdir=tmp_path, checked=False) == everything


def test_tags_are_on_every_stack(tmp_path: Path) -> None:
    synthesize(changed({}), outdir=tmp_path, checked=False)
    tags = stack_tags(tmp_path)
    assert len(tags) == 8
    assert all(stack == {"team": "security"} for stack in tags.values())


def test_every_key_is_tried() -> None:
    changes = {**CHANGES, **SHOWN, **WITHOUT_EFFECT}
    paths = [*ELSEWHERE, *changes, *(f"{path}.{key}" for path, value in changes.items() for key in keyed(value))]
    assert set(keys_of(Deployment)) - {_ANY.sub(".*", path) for path in paths} == set()


def keyed(value: Any) -> list[str]:
    return list(value) if isinstance(value, dict) else []


_ANY = re.compile(r"[.](\d+|[a-z]{2}-[a-z]+-\d)(?=[.]|$)")
"""A position in a list, an account, or a Region."""


def keys_of(model: type[BaseModel], place: str = "") -> Iterator[str]:
    """The keys of the configuration down to those that hold no others; `*` for any element, account or Region."""
    for name, field in model.model_fields.items():
        inner = list(models_in(field.annotation))
        several = any(get_origin(one) in {tuple, FrozenMapping} for one in parts_of(field.annotation))
        for one in inner:
            yield from keys_of(one, f"{place}{name}.*." if several else f"{place}{name}.")
        if not inner:
            yield f"{place}{name}"


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    return (one for one in parts_of(annotation) if isinstance(one, type) and issubclass(one, BaseModel))


def parts_of(annotation: Any) -> Iterator[Any]:
    """A type and those that it is made of."""
    yield annotation
    for one in get_args(annotation):
        yield from parts_of(one)
