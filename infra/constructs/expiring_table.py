"""A table that remembers what was told: small items that forget themselves."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.constructs.acknowledge import acknowledge


def expiring_table(scope: Construct, id_: str) -> dynamodb.CfnTable:
    """Items by `Key`, gone after `ExpiresAt`, billed by use; can be restored, and outlives the stack."""
    table = dynamodb.CfnTable(
        scope,
        id_,
        billing_mode="PAY_PER_REQUEST",
        attribute_definitions=[dynamodb.CfnTable.AttributeDefinitionProperty(attribute_name="Key", attribute_type="S")],
        key_schema=[dynamodb.CfnTable.KeySchemaProperty(attribute_name="Key", key_type="HASH")],
        point_in_time_recovery_specification=dynamodb.CfnTable.PointInTimeRecoverySpecificationProperty(
            point_in_time_recovery_enabled=True
        ),
        # Encrypted with a key that DynamoDB owns: it holds ids, names of roles and entries, and addresses, never a
        # finding, and has to work also when the key of the findings does not.
        time_to_live_specification=dynamodb.CfnTable.TimeToLiveSpecificationProperty(
            attribute_name="ExpiresAt", enabled=True
        ),
    )
    table.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    acknowledge(
        table,
        rule="NIST.800.53.R5-DynamoDBInBackupPlan",
        reason="Holds what was told already and has point-in-time recovery; lost, it costs repeated notices.",
    )
    return table
