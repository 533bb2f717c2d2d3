"""One HTTPS POST to a public host: verified, straight there, with one deadline for all of it."""

from notifier.https.address import Address
from notifier.https.answer import Answer, raise_unless
from notifier.https.poster import Https

__all__ = ["Address", "Answer", "Https", "raise_unless"]
