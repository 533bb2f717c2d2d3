"""The function that tells one destination of each finding."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.python_function import PythonFunction, package_code

PACKAGE = "notifier"
BATCH_SIZE = 5
"""Our choice: messages are sent one after the other, and those for which no time is left go back to the queue."""

NOTIFIER_TIMEOUT = Duration.seconds(60)
"""Enough for one message whose every call times out; a contract test holds the two halves together. The notifier
begins another message only while as much time is left, so that a batch is never cut in the middle."""


_QUEUED = "Invoked by a queue, which has a dead-letter queue; one on the function serves asynchronous invocations only."

_ACCEPTED = {
    "NIST.800.53.R5-LambdaConcurrency": "The event source limits how many run at once; reserved concurrency would take "
    "from the account's pool and cannot be had in accounts with a small one.",
    "NIST.800.53.R5-LambdaDLQ": _QUEUED,
    "Serverless-LambdaDLQ": _QUEUED,
    "Serverless-LambdaEventSourceMappingDestination": "Lambda offers a failure destination for streams only; here the "
    "queue has a dead-letter queue.",
    "Serverless-LambdaTracing": "One hop from queue to destination; the logs name the finding and the time it took, "
    "and tracing would need permissions on every resource.",
}


def notifier_code(known: str) -> lambda_.Code:
    """The notifier's code, made once for all destinations.

    Args:
        known: The file of what is known of the deployment beside a message.
    """
    return package_code(PACKAGE, known=known)


class Notifier(PythonFunction):
    """One function for one destination, all from the same code.

    One each, so that the role reads one queue and one secret, and so that a destination that hangs cannot take the
    others' share of invocations.
    """

    def __init__(
        self, scope: Construct, id_: str, *, environment: Mapping[str, str], code: lambda_.Code, key: kms.IKey
    ) -> None:
        super().__init__(
            scope,
            id_,
            package=PACKAGE,
            description="Tells one destination of each GuardDuty finding",
            environment=environment,
            code=code,
            key=key,
            timeout=NOTIFIER_TIMEOUT,
            accepted=_ACCEPTED,
        )
