"""What is deployed: YAML in, frozen models out, every mistake with its place. Knows no CDK and asks no service."""

from infra.config.agreement.investigation import ANALYST
from infra.config.bus_rules import rules_to
from infra.config.ci import Ci
from infra.config.deployment import VOLUME_SCANS, Deployment
from infra.config.destinations import (
    AnyDestination,
    Destination,
    PagerDutyDestination,
    SlackDestination,
    SnsDestination,
    TeamsDestination,
    WebhookDestination,
)
from infra.config.detective import Detective
from infra.config.egress import EgressEntry, EgressLimits
from infra.config.errors import ConfigurationError, Problem
from infra.config.fields.ownership import Ownership
from infra.config.found import FoundAccount, FoundRegion, found_file, read_found
from infra.config.guardduty import GuardDuty
from infra.config.investigation import Investigation, MemberRole
from infra.config.loader import LoadedDeployment, config_file, load
from infra.config.model import FrozenMapping
from infra.config.operations import Operations
from infra.config.organization import MEMBER_FEATURES, Enroll, Organization
from infra.config.region_override import RegionOverride
from infra.config.regions import FEATURES, GUARDDUTY_REGIONS, RegionFacts, region_facts
from infra.config.routes import CATCH_ALL_RULE, INVESTIGATION_RULE, NOTICE_RULES, WATCH_RULE, Route
from infra.config.scope import FunctionTag, Scope
from infra.config.suppression_review import SuppressionReview
from infra.config.trusted_list import TrustedEntry
from infra.config.watch import Watch

__all__ = [
    "ANALYST",
    "CATCH_ALL_RULE",
    "FEATURES",
    "GUARDDUTY_REGIONS",
    "INVESTIGATION_RULE",
    "MEMBER_FEATURES",
    "NOTICE_RULES",
    "VOLUME_SCANS",
    "WATCH_RULE",
    "AnyDestination",
    "Ci",
    "ConfigurationError",
    "Deployment",
    "Destination",
    "Detective",
    "EgressEntry",
    "EgressLimits",
    "Enroll",
    "FoundAccount",
    "FoundRegion",
    "FrozenMapping",
    "FunctionTag",
    "GuardDuty",
    "Investigation",
    "LoadedDeployment",
    "MemberRole",
    "Operations",
    "Organization",
    "Ownership",
    "PagerDutyDestination",
    "Problem",
    "RegionFacts",
    "RegionOverride",
    "Route",
    "Scope",
    "SlackDestination",
    "SnsDestination",
    "SuppressionReview",
    "TeamsDestination",
    "TrustedEntry",
    "Watch",
    "WebhookDestination",
    "config_file",
    "found_file",
    "load",
    "read_found",
    "region_facts",
    "rules_to",
]
