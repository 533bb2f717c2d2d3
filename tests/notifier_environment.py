"""What a template tells every notifier, as the tests of its functions do."""

from pathlib import Path

from shared.known import FILE, Known

NOTHING_KNOWN = Known(accounts={}, egress=())

NOTIFIER: dict[str, str] = {
    "DEPLOYMENT": "sandbox",
    "DETECTIVE_REGIONS": "eu-west-1",
    "QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/111122223333/findings",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/111122223333/dead-letters",
    "LEDGER_TABLE": "ledger",
    "NOTIFY_AGAIN_AFTER_HOURS": "24",
    "MESSAGES_PER_MINUTE": "20",
    "RUNBOOKS_URL": "docs/runbooks",
}
"""Without its destination."""

MAIL: dict[str, str] = NOTIFIER | {
    "DESTINATION_NAME": "security-mail",
    "DESTINATION_KIND": "sns",
    "SNS_TOPIC_ARN": "arn:aws:sns:eu-west-1:111122223333:security-mail",
    "SNS_MESSAGE_FORMAT": "text",
}
"""With a topic for its mails."""


def write_known(folder: Path, text: str = '{"accounts": {}, "egress": []}') -> None:
    """The file that lies beside a function's code: one that says nothing, if not another."""
    (folder / FILE).write_text(text, encoding="utf-8")
