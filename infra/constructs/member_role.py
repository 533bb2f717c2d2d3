"""The role in member accounts through which their event history, roles and users are read."""

import json
from collections.abc import Sequence

from aws_cdk import CfnStackSet, CfnTag
from constructs import Construct

from infra.constructs.fixed_names import stack_set_name
from infra.constructs.investigation_rights import (
    AWS_OWNED,
    READ_HISTORY,
    READ_IDENTITIES,
    READ_POLICY,
    READ_REGIONS,
)

_HOUR = 3600


def member_template(*, name: str, external_id: str, readers: Sequence[str], account: str) -> dict[str, object]:
    """The template that every member account gets: one role and the boundary of it, and nothing to upload.

    The trust names the security account and then, by a condition, the very roles that may come: a role named as the
    principal would have to exist first, and would be another one after it was made anew (IAM user guide, principals).

    Args:
        name: Name of the role.
        external_id: What it asks for.
        readers: Names of the roles of our functions, with their path.
        account: The security account.
    """
    own = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/*"}
    of_aws = {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{AWS_OWNED}:policy/*"}
    reading = {
        "Version": "2012-10-17",
        "Statement": [
            # It knows no resources (service authorization reference).
            {"Effect": "Allow", "Action": sorted(READ_HISTORY), "Resource": "*"},
            {
                "Effect": "Allow",
                "Action": sorted(READ_REGIONS),
                "Resource": {"Fn::Sub": "arn:${AWS::Partition}:account::${AWS::AccountId}:account"},
            },
            *(
                {
                    "Effect": "Allow",
                    "Action": sorted(actions),
                    "Resource": {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:{kind}/*"},
                }
                for kind, actions in READ_IDENTITIES.items()
            ),
            {"Effect": "Allow", "Action": sorted(READ_POLICY), "Resource": [own, of_aws]},
        ],
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Lets the detection stack of the security account read what a leaked key did",
        "Resources": {
            "Boundary": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {
                    "Description": "The most that the role of the detection stack can ever do",
                    "PolicyDocument": reading,
                },
            },
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": name,
                    "Description": "Reads event history, roles and users for the detection stack; changes nothing",
                    "MaxSessionDuration": _HOUR,
                    "PermissionsBoundary": {"Ref": "Boundary"},
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {"AWS": {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{account}:root"}},
                                "Action": "sts:AssumeRole",
                                "Condition": {
                                    "StringEquals": {"sts:ExternalId": external_id},
                                    "ArnEquals": {
                                        "aws:PrincipalArn": [
                                            {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{account}:role{reader}"}
                                            for reader in readers
                                        ]
                                    },
                                },
                            }
                        ],
                    },
                    "Policies": [{"PolicyName": "Read", "PolicyDocument": reading}],
                },
            },
        },
    }


class MemberRole(Construct):
    """A StackSet that makes the role in every account of some organizational units, also in those that join.

    Service-managed, from the management account: it needs no role in the members beforehand, and never reaches the
    management account itself (CloudFormation user guide, StackSets and Organizations).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        external_id: str,
        organizational_units: Sequence[str],
        account: str,
        readers: Sequence[str],
        region: str,
        tags: dict[str, str],
        deployment: str,
    ) -> None:
        super().__init__(scope, id_)
        template = member_template(name=name, external_id=external_id, readers=readers, account=account)
        CfnStackSet(
            self,
            "Resource",
            stack_set_name=stack_set_name(deployment),
            description="The role through which the detection stack reads in member accounts",
            permission_model="SERVICE_MANAGED",
            call_as="SELF",
            capabilities=["CAPABILITY_NAMED_IAM"],
            auto_deployment=CfnStackSet.AutoDeploymentProperty(enabled=True, retain_stacks_on_account_removal=False),
            managed_execution={"Active": True},
            operation_preferences=CfnStackSet.OperationPreferencesProperty(
                failure_tolerance_percentage=100, max_concurrent_percentage=25, region_concurrency_type="PARALLEL"
            ),
            stack_instances_group=[
                CfnStackSet.StackInstancesProperty(
                    deployment_targets=CfnStackSet.DeploymentTargetsProperty(
                        organizational_unit_ids=list(organizational_units)
                    ),
                    # IAM is global: one Region is enough.
                    regions=[region],
                )
            ],
            template_body=json.dumps(template, indent=1, sort_keys=True),
            tags=[CfnTag(key=key, value=value) for key, value in tags.items()],
        )
