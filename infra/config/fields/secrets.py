"""Names of secrets, and never what is in them: whoever has that can post."""

import re
from typing import Annotated

from pydantic import BeforeValidator

from infra.config.fields.shape import Shape
from infra.config.known_secrets import holds_token, mentions_webhook_host
from infra.config.refusals import refused

# The beginning of any address, and the paths of webhooks whose host was left out.
_ADDRESS = re.compile(r"://|/services/|/workflows/", re.IGNORECASE)
_ROUTING_KEY = re.compile(r"[A-Za-z0-9]{32}")
_SIGNING_KEY = re.compile(r"[A-Fa-f0-9]{64}")


def _not_the_address_itself(text: object) -> object:
    """Refuse a webhook address before any other check could repeat it."""
    if isinstance(text, str) and (_ADDRESS.search(text) or mentions_webhook_host(text)):
        raise refused(
            "is the webhook address itself; keep it out of the configuration: store it in Secrets Manager and give the"
            " secret's name"
        )
    if isinstance(text, str) and (holds_token(text) or _SIGNING_KEY.fullmatch(text)):
        raise refused(
            "looks like the secret itself and not like its name; keep it out of the configuration: store it in Secrets"
            " Manager and give the secret's name, and consider this one known: make a new one"
        )
    return text


def _not_the_key_itself(text: object) -> object:
    """Refuse an integration key before any other check could repeat it."""
    if isinstance(text, str) and _ROUTING_KEY.fullmatch(text):
        raise refused(
            "looks like the integration key itself, 32 letters and digits; keep it out of the configuration: store it"
            " in Secrets Manager and give the secret's name"
        )
    return text


def _shape(example: str) -> Shape:
    return Shape(
        r"[A-Za-z0-9/_+=.@-]{1,512}",
        f"must be the name of a secret in Secrets Manager such as {example}, at most 512 letters, digits and /_+=.@-",
    )


SecretName = Annotated[str, _shape("detection/slack-webhook"), BeforeValidator(_not_the_address_itself)]
RoutingKeySecretName = Annotated[
    str,
    _shape("detection/pagerduty-routing-key"),
    BeforeValidator(_not_the_address_itself),
    BeforeValidator(_not_the_key_itself),
]
