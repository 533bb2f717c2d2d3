"""Policies as plain data, for resources of the lowest level: what a Region's stack is made of."""

from collections.abc import Mapping

Statement = Mapping[str, object]
"""A statement as IAM writes it."""


def policy_document(*statements: Statement) -> dict[str, object]:
    """The policy of these statements."""
    return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]}


def deny_without_tls(*, action: str, resource: str, everyone: object) -> Statement:
    """Refuse plain HTTP, whoever asks.

    Args:
        action: What is refused.
        resource: On what.
        everyone: `*`, or `{"AWS": "*"}`, which means the same: as it has been deployed.
    """
    return {
        "Effect": "Deny",
        "Principal": everyone,
        "Action": action,
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
