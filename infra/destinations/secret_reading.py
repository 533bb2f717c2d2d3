"""Permission to read one secret, which lives in Secrets Manager and never passes through a template."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager


def allow_reading(secret: secretsmanager.ISecret, *, reader: iam.IRole, key_arn: str | None) -> None:
    """Allow reading the one secret, and decrypting it where it has a key of its own.

    Args:
        secret: The secret, by name.
        reader: The role of the function that sends.
        key_arn: The customer managed key the secret is encrypted with; None for the key that AWS manages.
    """
    reader.add_to_principal_policy(
        iam.PolicyStatement(
            actions=["secretsmanager:GetSecretValue"],
            # Secrets Manager ends each ARN in six random characters; a longer name does not match them.
            resources=[f"{secret.secret_arn}-??????"],
        )
    )
    if key_arn is not None:
        reader.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt"],
                resources=[key_arn],
                conditions={"StringEquals": {"kms:ViaService": _secrets_manager(Stack.of(secret).region)}},
            )
        )


def _secrets_manager(region: str) -> list[str]:
    """How KMS may call Secrets Manager; in China both endings are found and none is documented for this."""
    name = f"secretsmanager.{region}.amazonaws.com"
    return [name, f"{name}.cn"] if region.startswith("cn-") else [name]
