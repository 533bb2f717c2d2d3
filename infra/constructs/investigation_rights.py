"""What the function that investigates may do: read, ask Detective to look, and put its report on one bus."""

from collections.abc import Sequence

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.finding_pattern import REPORT
from infra.constructs.findings_bus import FindingsBus
from infra.constructs.investigation_settings import InvestigationSettings
from infra.constructs.own_events import put_own_events

READ_ROLE = ("iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies")
READ_USER = (
    "iam:GetUser",
    "iam:GetUserPolicy",
    "iam:ListAccessKeys",
    "iam:ListAttachedUserPolicies",
    "iam:ListGroupsForUser",
    "iam:ListUserPolicies",
)
READ_GROUP = ("iam:GetGroupPolicy", "iam:ListAttachedGroupPolicies", "iam:ListGroupPolicies")
READ_IDENTITIES = {"role": READ_ROLE, "user": READ_USER, "group": READ_GROUP}
"""What is read of whoever a key can be of, by the kind of resource (service authorization reference, IAM)."""

READ_POLICY = ("iam:GetPolicy", "iam:GetPolicyVersion")
READ_HISTORY = ("cloudtrail:LookupEvents",)
READ_REGIONS = ("account:ListRegions",)
"""What is read in the account of a finding; the role in member accounts may do exactly this. The last is known of one
resource alone, the account itself (service authorization reference, Account Management): which Regions it has enabled
(docs/decisions/0038)."""

AWS_OWNED = "aws"
"""The account of policies that AWS manages (IAM user guide, ARNs); a role has those and its own account's."""


class InvestigationRights(Construct):
    """Adds the permissions to a role; each is tied to the Regions or the resources that it is for."""

    def __init__(
        self, scope: Construct, id_: str, *, role: iam.Role, settings: InvestigationSettings, bus: FindingsBus
    ) -> None:
        super().__init__(scope, id_)
        self._role = role
        self._allow(READ_HISTORY, on="*")
        self._allow(READ_REGIONS, on=f"arn:{Aws.PARTITION}:account::{Aws.ACCOUNT_ID}:account")
        for kind, actions in READ_IDENTITIES.items():
            self._allow(actions, on=f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:{kind}/*")
            acknowledge(
                role,
                rule=f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:{kind}/*]",
                reason="The credentials of any role or user can leak, and a user has what its groups have; the calls "
                "only read.",
            )
        for owner in (Aws.ACCOUNT_ID, AWS_OWNED):
            self._allow(READ_POLICY, on=f"arn:{Aws.PARTITION}:iam::{owner}:policy/*")
        role.add_to_policy(put_own_events(bus.bus.event_bus_arn, detail_type=REPORT))
        reasons = {
            "AwsSolutions-IAM5[Resource::*]": "Reading calls of CloudTrail, Detective and GuardDuty that know no "
            "resources, the latter two in the Regions of the deployment only.",
            "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:policy/*]": "Any policy of the "
            "account can be attached to them; the calls only read it.",
            "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::aws:policy/*]": "So can any policy of AWS's own.",
        }
        for rule, reason in reasons.items():
            acknowledge(role, rule=rule, reason=reason)
        if settings.detective_regions:
            self._allow_detective(settings.detective_regions)
        if settings.guardduty_regions:
            self._allow(
                [
                    "guardduty:CreateInvestigation",
                    "guardduty:GetInvestigation",
                    "guardduty:ListDetectors",
                    "guardduty:ListInvestigations",
                ],
                on="*",
                regions=settings.guardduty_regions,
            )
        if settings.member_role:
            self._allow_members(settings.member_role[0])

    def _allow_detective(self, regions: Sequence[str]) -> None:
        self._allow(["detective:ListGraphs"], on="*", regions=regions)
        self._allow(
            [
                "detective:GetInvestigation",
                "detective:GetMembers",
                "detective:ListIndicators",
                "detective:StartInvestigation",
            ],
            on=f"arn:{Aws.PARTITION}:detective:*:{Aws.ACCOUNT_ID}:graph:*",
            regions=regions,
        )
        acknowledge(
            self._role,
            rule="AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:detective:*:<AWS::AccountId>:graph:*]",
            reason="The one graph of this account in each Region; its id is known after deployment only.",
        )

    def _allow_members(self, role_name: str) -> None:
        self._role.add_to_policy(
            iam.PolicyStatement(
                actions=["sts:AssumeRole"],
                resources=[f"arn:{Aws.PARTITION}:iam::*:role/{role_name}"],
                # Of our organization only: anybody can make a role of that name.
                conditions={"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}},
            )
        )
        acknowledge(
            self._role,
            rule=f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::*:role/{role_name}]",
            reason="One role in every account of the organization, which only reads and asks for an external id.",
        )

    def _allow(self, actions: Sequence[str], *, on: str, regions: Sequence[str] = ()) -> None:
        self._role.add_to_policy(
            iam.PolicyStatement(
                actions=sorted(actions),
                resources=[on],
                conditions={"StringEquals": {"aws:RequestedRegion": list(regions)}} if regions else None,
            )
        )
