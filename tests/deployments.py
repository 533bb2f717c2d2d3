"""Sample deployments that tests synthesize; fixed here, so that editing `config/` changes no snapshot."""

from datetime import date
from typing import Any

from infra.config import Deployment, FoundAccount

SANDBOX_DATA: dict[str, Any] = {
    "name": "sandbox",
    "home_region": "eu-west-1",
    "regions": ["eu-west-1", "us-east-1"],
    "egress": [
        {
            "name": "frankfurt-dc",
            "cidrs": ["198.51.100.0/28"],
            "owner": "network-ops",
            "reason": "Frankfurt data centre, NAT pool A",
            "expires": date(2027, 6, 30),
        }
    ],
    "destinations": [
        {"name": "security-mail", "kind": "sns", "emails": ["security@example.com"]},
        {"name": "security-slack", "kind": "slack", "webhook_secret": "detection/slack-webhook"},
    ],
    "routes": [{"name": "high", "minimum_severity": 7, "to": ["security-slack"]}],
    "catch_all": ["security-mail"],
    "operations": {"emails": ["platform@example.com"]},
}
"""One account, two Regions."""

EVERYTHING_DATA: dict[str, Any] = {
    "name": "prod",
    "account": "111122223333",
    "home_region": "eu-central-1",
    # A Region without Detective, and one without a plan for databases.
    "regions": ["eu-central-1", "eu-south-2", "ap-east-2"],
    "guardduty": {
        "finding_publishing_frequency": "ONE_HOUR",
        "features": ["S3_DATA_EVENTS", "RUNTIME_MONITORING", "AI_PROTECTION", "AI_ANALYST"],
        "runtime_monitoring_agents": ["EC2_AGENT_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT"],
    },
    "detective": {"enabled": True},
    "organization": {
        "management_account": "999988887777",
        "enroll": "all",
        "member_features": ["S3_DATA_EVENTS", "RUNTIME_MONITORING"],
        "detective_enroll": "new",
        "enroll_again": date(2026, 12, 1),
        "remove_on_delete": False,
    },
    "egress": [
        {
            "name": "tokyo-dc",
            "cidrs": ["203.0.113.0/24", "198.51.100.7"],
            "owner": "network-ops",
            "notify": ["pci-slack", "everyone"],
            "reason": "Tokyo: firewall pair & spare",
            "expires": date(2027, 3, 31),
        },
        {
            "name": "partner-gateway",
            "cidrs": ["192.0.2.128/25"],
            "ipv6_addresses": ["2001:db8::7"],
            "owner": "partner-it@example.com",
            "mode": "observe",
            "reason": "Gateway run by a partner",
            "expires": date(2027, 1, 31),
        },
        {
            "name": "payments-gateway",
            "cidrs": ["192.0.2.7"],
            "owner": "payments",
            "reason": "Card network, reached through the firewall of the data centre",
            "finding_types": ["UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS"],
            "scope": {
                "accounts": ["444455556666", "111122223333"],
                "functions": ["payments-refunds", "payments-api"],
                "function_tag": {"key": "team", "value": "payments"},
                "vpc_ids": ["vpc-0a1b2c3d4e5f60718"],
            },
            "expires": date(2027, 4, 30),
        },
    ],
    "suppression_review": {"to": ["soc-slack"], "stale_days": 60, "hidden_per_hour": 25},
    "trusted_list": [
        {
            "name": "pentest-scanner",
            "cidrs": ["192.0.2.16/31", "192.0.2.18"],
            "owner": "red-team@example.com",
            "reason": "Scans us from outside all day",
            "ticket": "SEC-77",
            "expires": date(2027, 2, 28),
        },
        {
            "name": "branch-office",
            "cidrs": ["192.0.2.19"],
            "owner": "network-ops",
            "reason": "Branch office behind one address",
            "expires": date(2027, 1, 15),
        },
    ],
    "destinations": [
        {"name": "everyone", "kind": "sns", "emails": ["security@example.com", "archive@example.com"]},
        {
            "name": "soc-slack",
            "kind": "slack",
            "webhook_secret": "soc/slack",
            "webhook_secret_key": "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555",
        },
        {"name": "pci-slack", "kind": "slack", "webhook_secret": "pci/slack"},
        {"name": "soc-chat", "kind": "sns", "message_format": "custom_notification"},
        {
            "name": "soc-teams",
            "kind": "teams",
            "webhook_secret": "soc/teams",
            "webhook_secret_key": "arn:aws:kms:eu-central-1:111122223333:key/22222222-3333-4444-5555-666666666666",
        },
        {
            "name": "on-call",
            "kind": "pagerduty",
            "routing_key_secret": "soc/pagerduty",
            "routing_key_secret_key": "arn:aws:kms:eu-central-1:111122223333:key/33333333-4444-5555-6666-777777777777",
            "service_region": "eu",
        },
        {
            "name": "siem",
            "kind": "webhook",
            "webhook_secret": "soc/siem",
            "webhook_secret_key": "arn:aws:kms:eu-central-1:111122223333:key/44444444-5555-6666-7777-888888888888",
            "allowed_hosts": ["siem.example.com", "siem.example.net"],
        },
    ],
    "routes": [
        {
            "name": "leaked-credentials",
            "finding_types": [
                "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration*",
                "CredentialAccess:IAMUser/CompromisedCredentials",
                "*:S3/*",
            ],
            "to": ["soc-slack"],
        },
        {"name": "pci", "accounts": ["owner:payments"], "minimum_severity": 4, "to": ["pci-slack"]},
        {"name": "critical", "minimum_severity": 9, "to": ["on-call", "soc-chat", "soc-teams", "siem"]},
        {
            "name": "tickets",
            "minimum_severity": 4,
            "below_severity": 7,
            "except_accounts": ["group:tests", "666677778888"],
            "to": ["siem"],
        },
    ],
    "catch_all": ["everyone"],
    "notify_again_after_hours": 72,
    "flood": {"messages_per_minute": 12},
    "investigation": {
        "finding_types": ["Recon:IAMUser/TorIPCaller", "Exfiltration:IAMUser/*"],
        "history_wait_minutes": 20,
        "detective_timeout_minutes": 45,
        "repeat_after_hours": 12,
        "guardduty_investigation": True,
        "member_role": {
            "name": "detection-reader",
            "external_id": "3f1c2b7e-8f5d-4a53-9f43-0a1b2c3d4e5f",
            "organizational_units": ["r-ab12"],
        },
    },
    "watch": {
        "enabled": True,
        "to": ["soc-slack", "on-call"],
        "expected": [{"role": "detection-deploy", "session": "detection-pipeline"}],
        "cloudformation_roles": ["detection-cloudformation"],
    },
    "heartbeat": {"enabled": True},
    "operations": {
        "emails": ["platform@example.com"],
        "chat": True,
        "runbook_url": "https://wiki.example.com/detection/operations.md",
        "runbooks_url": "https://wiki.example.com/detection/runbooks",
    },
    "accounts": {
        "444455556666": {"name": "payments-prod", "owner": "payments"},
        "555566667777": {"name": "load-tests", "owner": "platform", "groups": ["tests"]},
        "777788889999": {"name": "pipeline-tests", "owner": "platform", "groups": []},
    },
    "identity_center": {"start_url": "https://example.awsapps.com/start", "role_name": "SecurityAudit"},
    "ci": {
        "repository": "example@1234/detection@5678",
        "environments": ["live", "live-destructive"],
        "management_environment": "root",
        "nightly_environment": "watch",
        "pull_requests": True,
        # There already in the management account, and not in the other.
        "management_oidc_provider_arn": "arn:aws:iam::999988887777:oidc-provider/token.actions.githubusercontent.com",
    },
    "archive_days": 365,
    "encryption_key": "arn:aws:kms:eu-central-1:111122223333:key/99999999-8888-7777-6666-555555555555",
    "name_prefix": "acme-detection",
    "permissions_boundary": "developer-boundary",
    "role_path": "/detection/",
    "tags": {"team": "security"},
    "region_overrides": {
        "eu-south-2": {"features_not_offered": ["AI_PROTECTION", "AI_ANALYST"], "trusted_entity_set": False},
        "eu-central-1": {"event_archive": True},
    },
}
"""An account that uses every key of the configuration."""


GOVCLOUD_DATA: dict[str, Any] = {
    **{key: EVERYTHING_DATA[key] for key in ("trusted_list", "catch_all", "operations")},
    "name": "gov",
    "home_region": "us-gov-west-1",
    "regions": ["us-gov-west-1"],
    "destinations": EVERYTHING_DATA["destinations"][:1],
}
"""A Region that knows the older form of a trusted list only."""


TODAY = date(2026, 11, 23)
"""The day on which the sample deployments are loaded."""


FOUND = FoundAccount.model_validate(
    {
        "account": EVERYTHING_DATA["account"],
        "taken": "2026-11-23",
        "regions": {
            "eu-central-1": {
                "detector_id": "12abc34d567e8fa901bc2d34e56789f0",
                "graph_arn": "arn:aws:detective:eu-central-1:111122223333:graph:0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            },
            "eu-south-2": {"detector_id": "0f98765e43d2cb109af8e765d43cba21"},
            "ap-east-2": {"detector_id": "56789f012abc34d567e8fa901bc2d34e"},
        },
    }
)
"""What somebody else has switched on in the Regions of `EVERYTHING`."""


def deployment(data: dict[str, Any]) -> Deployment:
    """A deployment as the loader makes it from a file."""
    return Deployment.model_validate(data, context={"today": TODAY})


SANDBOX = deployment(SANDBOX_DATA)
EVERYTHING = deployment(EVERYTHING_DATA)
GOVCLOUD = deployment(GOVCLOUD_DATA)
