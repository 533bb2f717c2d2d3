"""E-mail by SNS."""

from html import escape

from notifier.brief import Brief
from notifier.destinations import sns
from tools.messages.kinds.base import Kind


def _payload(brief: Brief) -> object:
    mail = sns.mail_of(brief)
    return {"Subject": mail.subject, "Message": mail.body}


def _page(brief: Brief) -> str:
    mail = sns.mail_of(brief)
    return (
        '<div class="mail"><dl><dt>From</dt><dd>AWS Notifications &lt;no-reply@sns.amazonaws.com&gt;</dd>'
        f"<dt>Subject</dt><dd><b>{escape(mail.subject)}</b></dd></dl><pre>{escape(mail.body)}</pre></div>"
    )


def _words(brief: Brief) -> str:
    mail = sns.mail_of(brief)
    return f"Subject: {mail.subject}\n\n{mail.body}"


MAIL = Kind(title="E-mail", about="by SNS", payload=_payload, page=_page, words=_words)
