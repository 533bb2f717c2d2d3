"""What each destination was told already, for all of them in one table."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.expiring_table import expiring_table


class Ledger(Construct):
    """The table of what was told, and who may write which part of it.

    Attributes:
        table: One item for each case and destination; outlives the stack, or the next one would tell it all again.
        environment: What a notifier has to know of it.
    """

    def __init__(self, scope: Construct, id_: str, *, quiet_hours: int, messages_per_minute: int) -> None:
        super().__init__(scope, id_)
        self.table = expiring_table(self, "Table")
        self.environment = {
            "LEDGER_TABLE": self.table.ref,
            "NOTIFY_AGAIN_AFTER_HOURS": str(quiet_hours),
            "MESSAGES_PER_MINUTE": str(messages_per_minute),
        }

    def permit(self, role: iam.Role, *, destination: str) -> None:
        """Let a notifier read and write the items of its own destination: their keys begin with its name and a slash.

        No name holds a slash, so `mail` does not open what is `mail-archive`'s. Of a call without a key `ForAllValues`
        is true, which is why a key is asked for as well (IAM user guide, multivalued context keys).
        """
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["dynamodb:GetItem", "dynamodb:PutItem"],
                resources=[self.table.attr_arn],
                conditions={
                    "ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{destination}/*"]},
                    "Null": {"dynamodb:LeadingKeys": "false"},
                },
            )
        )
