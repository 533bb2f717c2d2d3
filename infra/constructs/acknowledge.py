"""Exceptions to cdk-nag rules and to CDK's own checks, each beside its resource and with its reason."""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, *, rule: str, reason: str) -> None:
    """Accept one finding of one rule for this construct and what is inside it.

    Args:
        construct: The resource, or the construct around it.
        rule: As the report prints it after the pack's name, with its detail in brackets where it has one, for
            example `AwsSolutions-IAM5[Resource::*]`. The bare rule does not cover a finding with a detail.
        reason: Why the rule is wrong here; true, and for a reader who does not know this project.
    """
    acknowledge_all(construct, {rule: reason})


def acknowledge_all(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Accept findings of several rules at once, each rule with its reason: what every Region has is made with care."""
    Validations.of(construct).acknowledge(
        *(Acknowledgment(id=f"{rule.partition('-')[0]}::{rule}", reason=reason) for rule, reason in reasons.items())
    )


def acknowledge_unlisted(construct: IConstruct) -> None:
    """Let a resource pass of whose type CDK's table does not know that the Region has it."""
    Validations.of(construct).acknowledge(
        Acknowledgment(
            id="CloudFormation-Validate::F3006",
            reason="The configuration says that the Region has this type, in region_overrides: it knows the Region "
            "better than a table that is as old as the library.",
        )
    )
