"""What a deployment stands on: Regions, bootstrap, and secrets."""

import shlex
from collections.abc import Iterator
from dataclasses import replace

from infra.app import feature_flags
from infra.config.destinations import secret_names
from tools.doctor.check import Check
from tools.doctor.live_region import LiveRegion

BOOTSTRAP_VERSION = 6
"""Lowest version of the bootstrap stack that the templates accept (aws-cdk-lib 2.275.0, DefaultStackSynthesizer)."""

DEFAULT_QUALIFIER = "hnb659fds"
"""What the names of bootstrap's resources have in them if `cdk.json` says nothing (as in DefaultStackSynthesizer)."""


def regions(place: LiveRegion) -> Iterator[Check]:
    """Whether the account has each Region of the deployment; looked up once, in the home Region."""
    listed = place.client("ec2").describe_regions(AllRegions=True)["Regions"]
    status = {one["RegionName"]: one.get("OptInStatus", "") for one in listed}
    for region in place.deployment.regions:
        yield replace(_enabled(place, region, status.get(region)), region=region)


def _enabled(place: LiveRegion, region: str, status: str | None) -> Check:
    if status in {"opt-in-not-required", "opted-in"}:
        return place.ok("region", region, f"enabled ({status})")
    if status is None:
        return place.unknown("region", region, "EC2 does not list it for this account")
    return place.wrong(
        "region",
        region,
        "will fail: the account has not enabled this opt-in Region",
        fix=f"aws account enable-region --region-name {region}",
    )


def bootstrap(place: LiveRegion) -> Iterator[Check]:
    """The bootstrap stack that the deployment uses is there, and new enough."""
    ssm = place.client("ssm")
    qualifier = str(feature_flags().get("@aws-cdk/core:bootstrapQualifier") or DEFAULT_QUALIFIER)
    parameter = f"/cdk-bootstrap/{qualifier}/version"
    fix = f"npx cdk bootstrap aws://{place.account}/{place.region}"
    if qualifier != DEFAULT_QUALIFIER:
        # A stack of its own: under the name CDKToolkit it would take the place of the others' bootstrap.
        named = shlex.quote(qualifier)
        fix += f" --qualifier {named} --toolkit-stack-name CDKToolkit-{named}"
    try:
        found = ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    except ssm.exceptions.ParameterNotFound:
        yield place.wrong("bootstrap", parameter, "will fail: the Region is not bootstrapped", fix=fix)
        return
    if not found.isdigit():
        yield place.unknown("bootstrap", parameter, f"holds {found!r}, which is no version", fix=fix)
    elif int(found) < BOOTSTRAP_VERSION:
        yield place.wrong(
            "bootstrap", parameter, f"will fail: is version {found}, {BOOTSTRAP_VERSION} is needed", fix=fix
        )
    else:
        yield place.ok("bootstrap", parameter, f"version {found}")


def secrets(place: LiveRegion) -> Iterator[Check]:
    """The secrets of the destinations exist where findings come together; what is in them is never read."""
    if place.region not in place.deployment.hubs:
        return
    manager = place.client("secretsmanager")
    for destination in place.deployment.destinations:
        for name in secret_names(destination):
            where = f"--region {place.region}"
            try:
                found = manager.describe_secret(SecretId=name)
            except manager.exceptions.ResourceNotFoundException:
                yield place.wrong(
                    "secret",
                    name,
                    f"does not exist: nothing could be sent to {destination.name} (docs/destinations.md)",
                    fix=f"aws secretsmanager create-secret {where} --name {shlex.quote(name)} --secret-string "
                    "file:///dev/stdin",
                )
                continue
            if found.get("DeletedDate"):
                fix = f"aws secretsmanager restore-secret {where} --secret-id {shlex.quote(name)}"
                yield place.wrong("secret", name, "is being deleted", fix=fix)
            else:
                yield place.ok("secret", name, f"exists, for {destination.name}")
