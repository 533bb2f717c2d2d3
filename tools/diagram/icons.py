"""The icon of each kind of node: AWS's own, out of the npm package that carries AWS's Architecture Icons."""

import re
from collections.abc import Mapping
from pathlib import Path

PACKAGE = Path("node_modules") / "aws-icons" / "icons"

_SERVICE, _RESOURCE, _GROUP = "architecture-service", "resource", "architecture-group"
ICONS: Mapping[str, str] = {
    "account": f"{_GROUP}/AWSAccount",
    "alarms": f"{_SERVICE}/AmazonCloudWatch",
    "archive": f"{_RESOURCE}/AmazonEventBridgeEvent",
    "bus": f"{_SERVICE}/AmazonEventBridge",
    "chat": f"{_SERVICE}/AWSChatbot",
    "cloudtrail": f"{_SERVICE}/AWSCloudTrail",
    "dead letters": f"{_RESOURCE}/AmazonSimpleQueueServiceQueue",
    "default bus": f"{_RESOURCE}/AmazonEventBridgeDefaultEventBus",
    "detective": f"{_SERVICE}/AmazonDetective",
    "filter": f"{_RESOURCE}/AWSSecurityHubFinding",
    "function": f"{_SERVICE}/AWSLambda",
    "guardduty": f"{_SERVICE}/AmazonGuardDuty",
    "identity provider": f"{_RESOURCE}/SAMLtoken",
    "key": f"{_SERVICE}/AWSKeyManagementService",
    "machine": f"{_SERVICE}/AWSStepFunctions",
    "mail": f"{_RESOURCE}/Email",
    "member role": f"{_RESOURCE}/AWSIdentityAccessManagementRole",
    "members": f"{_RESOURCE}/AWSOrganizationsAccount",
    "pagerduty": f"{_RESOURCE}/Mobileclient",
    "pipeline": f"{_RESOURCE}/Toolkit",
    "region": f"{_GROUP}/Region",
    "role": f"{_RESOURCE}/AWSIdentityAccessManagementRole",
    "rule": f"{_RESOURCE}/AmazonEventBridgeRule",
    "schedule": f"{_RESOURCE}/AmazonEventBridgeScheduler",
    "secret": f"{_SERVICE}/AWSSecretsManager",
    "slack": f"{_RESOURCE}/Chat",
    "stack set": f"{_SERVICE}/AWSCloudFormation",
    "table": f"{_SERVICE}/AmazonDynamoDB",
    "teams": f"{_RESOURCE}/Chat",
    "topic": f"{_SERVICE}/AmazonSimpleNotificationService",
    "trusted list": f"{_RESOURCE}/Document",
    "queue": f"{_SERVICE}/AmazonSimpleQueueService",
    "webhook": f"{_RESOURCE}/Internet",
}
"""By kind of node or frame, the file in the package."""

_WHOLE = re.compile(r'<svg [^>]*viewBox="(?P<box>[^"]+)"[^>]*>(?:<title>[^<]*</title>)?(?P<inside>.*)</svg>', re.DOTALL)


class NoIconsError(Exception):
    """The package is not installed, or not the one that we know; the text says what to do."""


def symbol(kind: str, *, project: Path) -> str:
    """The icon as a `<symbol>` with the id `icon-KIND`.

    Raises:
        NoIconsError: The file is not there, or is no SVG that can stand inside another.
    """
    file = project / PACKAGE / f"{ICONS[kind]}.svg"
    try:
        found = _WHOLE.fullmatch(file.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise NoIconsError(f"{file}: cannot be read: {error.strerror}; run npm ci") from error
    if found is None or "id=" in found["inside"] or "<script" in found["inside"]:
        raise NoIconsError(f"{file}: is no plain SVG that can stand inside another; choose another icon")
    return f'<symbol id="icon-{kind.replace(" ", "-")}" viewBox="{found["box"]}">{found["inside"]}</symbol>'
