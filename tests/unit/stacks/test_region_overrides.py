"""What the configuration knows better of a Region than any table can be deployed, and nothing else is let pass."""

import copy
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Environment, Stack

from infra.app import App, RulesBrokenError
from infra.constructs.behavior_graph import BehaviorGraph
from tests.deployments import EVERYTHING_DATA, SANDBOX_DATA, deployment
from tests.synthesis import resources, synthesize

TRUSTED = copy.deepcopy(EVERYTHING_DATA["trusted_list"][:1])


@pytest.mark.parametrize(
    ("region", "override", "data", "type_"),
    [
        pytest.param("ap-east-2", {"detective": True}, {}, "AWS::Detective::Graph", id="detective"),
        pytest.param(
            "us-gov-west-1",
            {"trusted_entity_set": True},
            {"trusted_list": TRUSTED},
            "AWS::GuardDuty::TrustedEntitySet",
            id="trusted-entity-set",
        ),
        pytest.param("ca-west-1", {"event_archive": True}, {}, "AWS::Events::Archive", id="archive"),
    ],
)
def test_a_type_of_which_the_table_does_not_know_yet_can_be_deployed(
    tmp_path: Path, region: str, override: dict[str, Any], data: dict[str, Any], type_: str
) -> None:
    here = {"home_region": region, "regions": [region], "guardduty": {"features": ["S3_DATA_EVENTS"]}, **data}
    without = synthesize(deployment({**SANDBOX_DATA, **here}), outdir=tmp_path / "without")
    assert not any(resources(template, type_) for template in without.values())
    made = deployment({**SANDBOX_DATA, **here, "region_overrides": {region: override}})
    templates = synthesize(made, outdir=tmp_path / "with").values()
    assert [len(found) for template in templates if (found := resources(template, type_))] == [1]


def test_fails_where_nobody_said_that_the_region_has_the_type(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    stack = Stack(app, "Detection", env=Environment(region="ap-east-2"))
    BehaviorGraph(stack, "Detective")
    with pytest.raises(RulesBrokenError):
        app.write()
