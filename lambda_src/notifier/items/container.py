"""The containers of an ECS task or a Kubernetes workload, in words."""

from collections.abc import Iterator

from notifier.items.hidden import without_secrets
from notifier.items.hosts import host_apart_in_path
from notifier.items.wire import Block, block, blocks, text, truth

_MOST = 6


def containers_of(value: object) -> Iterator[str]:
    """`web: registry.example/shop:42 (privileged)` for each (botocore guardduty 1.44.5, Container), the first few."""
    found = [words for one in blocks(value) if (words := _container(one))]
    yield from found[:_MOST]
    if len(found) > _MOST:
        yield f"and {len(found) - _MOST} more"


def _container(one: Block) -> str:
    image = host_apart_in_path(text(one.get("image")) or "")
    named = ": ".join(part for part in (text(one.get("name")) or text(one.get("id")), image) if part)
    privileged = " (privileged)" if truth(block(one, "securityContext").get("privileged")) else ""
    # Who starts one names it, and some write a password into where its image is from.
    return without_secrets(named) + privileged if named else privileged.strip(" ()")
