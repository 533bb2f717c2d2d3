"""Permission to publish to an SNS topic."""

from typing import ClassVar

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms


class SnsTopic:
    """A topic whose subscribers read the finding: as text, usually by e-mail, or in a chat program.

    Args:
        topic_arn: The topic.
        key: Its key.
        message_format: `text`, or `custom_notification` for Amazon Q Developer in chat applications.
    """

    kind: ClassVar[str] = "sns"

    def __init__(self, topic_arn: str, *, key: kms.IKey, message_format: str) -> None:
        self._topic_arn = topic_arn
        self._key = key
        self._message_format = message_format

    def bind(self, sender: iam.IRole) -> dict[str, str]:
        """Allow publishing to the topic, and the use of its key for that.

        Stated one by one: the topic's own grant adds `kms:GenerateDataKey*`, more than publishing needs.
        """
        sender.add_to_principal_policy(iam.PolicyStatement(actions=["sns:Publish"], resources=[self._topic_arn]))
        sender.add_to_principal_policy(
            iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[self._key.key_arn])
        )
        return {"SNS_TOPIC_ARN": self._topic_arn, "SNS_MESSAGE_FORMAT": self._message_format}
