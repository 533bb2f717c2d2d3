"""A cloud assembly for the import alone: each stack holds what is imported into it, as it is now, and nothing else."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aws_cdk import aws_guardduty as guardduty
from constructs import Construct

from infra.app import App
from infra.config import Deployment
from infra.constructs.behavior_graph import BehaviorGraph
from infra.constructs.detector import GuardDutyDetector
from infra.stacks.deployment_stack import DeploymentStack
from tools.adopt.plan import Import
from tools.doctor.detectors import FREQUENCY, stated
from tools.templates.assembly import read_assembly

IDENTIFIER = {"AWS::GuardDuty::Detector": "Id", "AWS::Detective::Graph": "Arn"}
"""The property that identifies a resource to import (CloudFormation schemas, primaryIdentifier)."""


class ImportStack(DeploymentStack):
    """The Detection stack of a Region as it is between import and first deployment.

    The constructs have the names that they have in the Detection stack, so that logical ids are the same. The detector
    is stated as it is: an import changes nothing, and only what differs from this template is set by the deployment
    that follows. A template with the configured features would make CloudFormation believe that they are set.
    """

    def __init__(self, scope: Construct, *, deployment: Deployment, planned: Import) -> None:
        super().__init__(
            scope,
            planned.stack,
            deployment=deployment,
            region=planned.region,
            description=f"Imported into {planned.region}, to be deployed over ({deployment.name})",
        )
        if planned.detector_id is not None:
            live = stated(planned.detector)
            on = [name for name, status in live.items() if status == "ENABLED"]
            made = GuardDutyDetector(
                self,
                "GuardDuty",
                offered_features=[one for one in deployment.region(planned.region).features if one in live],
                enabled_features=on,
                runtime_monitoring_agents=on,
                finding_publishing_frequency=live[FREQUENCY],
            )
            (detector,) = (one for one in made.node.find_all() if isinstance(one, guardduty.CfnDetector))
            detector.enable = planned.detector["Status"] == "ENABLED"
        if planned.graph_arn is not None:
            BehaviorGraph(self, "Detective")


def write_import(folder: Path, *, deployment: Deployment, imports: Iterable[Import]) -> dict[str, Path]:
    """Write the assembly, and for each stack the file for `cdk import --resource-mapping`.

    Returns:
        The mapping file of each stack.
    """
    planned = {one.stack: one for one in imports}
    outdir = folder / "assembly"
    # Unchecked: nothing of this is made new, and what it becomes is judged with the deployment.
    app = App(outdir=str(outdir), checked=False)
    for one in planned.values():
        ImportStack(app, deployment=deployment, planned=one)
    app.write()
    files = {}
    for name, stack in read_assembly(outdir).stacks.items():
        identifiers = {
            "AWS::GuardDuty::Detector": planned[name].detector_id,
            "AWS::Detective::Graph": planned[name].graph_arn,
        }
        mapping: dict[str, Any] = {
            logical_id: {IDENTIFIER[resource.type]: identifiers[resource.type]}
            for logical_id, resource in sorted(stack.resources.items())
        }
        files[name] = folder / f"{name}.json"
        files[name].write_text(json.dumps(mapping, indent=2) + "\n", encoding="utf-8")
    return files
