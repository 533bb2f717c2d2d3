"""What GuardDuty says of a finding beyond its model: `service.additionalInfo`, in either of its forms."""

from notifier.items.wire import Block, block, decode, text

_FORM = ("value", "type")


def additional_of(service: Block) -> Block:
    """Its members: as they are (older events), or in a JSON document as text under `value` (the API's model)."""
    members = block(service, "additionalInfo")
    value = members.get("value")
    if isinstance(value, str):
        try:
            value = decode(value)
        except ValueError:
            value = None
    return {name: one for name, one in {**block(value), **members}.items() if name not in _FORM}


def agent_of(additional: Block) -> str | None:
    """The caller's user agent, which older findings have here and not in the action."""
    return text(block(additional, "userAgent").get("fullUserAgent"))
