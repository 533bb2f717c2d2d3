"""One deployment: its configuration in, its stacks out."""

import gc
import os
import sys
from pathlib import Path

from infra.interrupt import end_when_interrupted
from infra.missing_package import missing_package, too_old

if __name__ == "__main__":
    if advice := too_old():
        sys.exit(f"app.py: {advice}")
    if len(sys.argv) > 1:
        # Silence would write the templates of another deployment than was asked for.
        sys.stderr.write(
            f"app.py: takes no arguments, got {sys.argv[1]!r}; say which deployment with CONFIG=prod python app.py, or "
            "npx cdk synth -c config=prod\n"
        )
        sys.exit(2)
    # From here on: the imports alone take a second.
    end_when_interrupted()
    # They make a million objects that stay; looking through them for garbage takes a twentieth of a synthesis.
    gc.disable()

try:
    from datetime import UTC, date, datetime

    from infra.app import App, RulesBrokenError
    from infra.config import ConfigurationError, Deployment, config_file, load
    from infra.config.stack_names import (
        access_stack,
        delegation_stack,
        detection_stack,
        organization_stack,
        response_stack,
    )
    from infra.project import PROJECT
    from infra.stacks.ci_access import CiAccessStack, ManagementCiAccessStack
    from infra.stacks.delegation import DelegationStack
    from infra.stacks.detection import DetectionStack
    from infra.stacks.order import home_first
    from infra.stacks.organization import OrganizationStack
    from infra.stacks.region_notes import region_notes
    from infra.stacks.response import ResponseStack
    from infra.suppression import compile_list, plan_filters
except ModuleNotFoundError as error:
    if __name__ != "__main__" or (advice := missing_package(error)) is None:
        raise
    sys.stderr.write(f"app.py: {advice}")
    sys.exit(2)


def main() -> None:
    """Read the configuration and the clock, here and nowhere below, and write the templates."""
    app = App()
    name = app.setting("config", read=str, default="sandbox")
    today = app.setting("today", read=_date, default=datetime.now(UTC).date())
    # Relative, so that messages, and the metadata they end up in, are the same in every checkout.
    folder = Path(os.path.relpath(PROJECT / "config"))
    loaded = load(config_file(name, folder=folder), today=today)
    build(app, loaded.deployment)
    # In the templates' metadata nobody would read them, and CDK would say how to silence each.
    sys.stderr.writelines(f"warning: {warning}\n" for warning in loaded.warnings)
    sys.stderr.writelines(f"note: {note}\n" for note in region_notes(loaded.deployment))
    app.write()


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"must be a date such as 2027-06-30, got {text!r}") from None


def build(app: App, deployment: Deployment) -> None:
    """Make every stack of the deployment."""
    # Once for all Regions: filters and trusted list are the same everywhere.
    filters = plan_filters(
        deployment.egress, name_prefix=deployment.name_prefix, budget=deployment.egress_limits.maximum_filters
    )
    trusted = compile_list(deployment.trusted_list)
    responses = {
        hub: ResponseStack(
            app,
            response_stack(deployment, hub),
            deployment=deployment,
            region=hub,
        )
        # The home Region's first, which is how `python -m tools waves` knows it.
        for hub in home_first(deployment, deployment.hubs)
    }
    detections = [
        DetectionStack(
            app,
            detection_stack(deployment, region),
            deployment=deployment,
            region=region,
            filters=filters,
            trusted=trusted,
        )
        for region in deployment.regions
    ]
    for region, detection in zip(deployment.regions, detections, strict=True):
        # A finding forwarded to a bus that does not exist yet goes to the dead-letter queue at once.
        detection.add_stack_dependency(responses[deployment.hub_of(region)])
    if (organization := deployment.organization) is not None:
        delegation = DelegationStack(
            app, delegation_stack(deployment), deployment=deployment, organization=organization
        )
        for detection in detections:
            # Delegation makes a detector where there is none, and CloudFormation would then fail to make its own.
            delegation.add_stack_dependency(detection)
        OrganizationStack(
            app, organization_stack(deployment), deployment=deployment, organization=organization
        ).add_stack_dependency(delegation)
    if (ci := deployment.ci) is not None:
        CiAccessStack(app, access_stack(deployment), deployment=deployment, ci=ci)
        if organization is not None:
            ManagementCiAccessStack(
                app, access_stack(deployment, management=True), deployment=deployment, ci=ci, organization=organization
            )


if __name__ == "__main__":
    try:
        main()
    except (ConfigurationError, RulesBrokenError) as error:
        sys.exit(str(error))
