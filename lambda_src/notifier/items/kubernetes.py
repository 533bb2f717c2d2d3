"""What a finding says of Kubernetes: a workload and what of its host it has, who called, which role was bound."""

from collections.abc import Iterator

from notifier.items.container import containers_of
from notifier.items.wire import Block, block, blocks, listed, text, truth

_MOST = 6
_SHARED = (("hostNetwork", "network"), ("hostPID", "PID"), ("hostIPC", "IPC"))

Pairs = Iterator[tuple[str, str]]


def workload_of(details: Block) -> Pairs:
    """`kubernetesWorkloadDetails` (botocore guardduty 1.44.5); what breaks out of a container comes first."""
    named = "/".join(part for part in (text(details.get("namespace")), text(details.get("name"))) if part)
    kind = text(details.get("type"))
    if named or kind:
        yield "Workload", f"{named} ({kind})" if named and kind else named or kind or ""
    if shared := ", ".join(word for member, word in _SHARED if truth(details.get(member))):
        yield "Shares with its host", shared
    volumes = blocks(details.get("volumes"))
    if paths := listed([block(one, "hostPath").get("path") for one in volumes], most=_MOST):
        yield "Host paths", paths
    for container in containers_of(details.get("containers")):
        yield "Container", container
    if account := text(details.get("serviceAccountName")):
        yield "Service account", account


def user_of(details: Block) -> Pairs:
    """`kubernetesUserDetails`: who called, and as whom."""
    other = block(details, "impersonatedUser")
    for label, value in (
        ("User", text(details.get("username"))),
        ("Groups", listed(details.get("groups"), most=_MOST)),
        ("Impersonates", text(other.get("username"))),
        ("With the groups", listed(other.get("groups"), most=_MOST)),
        ("Session", listed(details.get("sessionName"), most=_MOST)),
        ("User id", text(details.get("uid"))),
    ):
        if value:
            yield label, value


def binding_of(details: Block) -> Pairs:
    """`kubernetesRoleBindingDetails`, which has the role, and not to whom it is bound."""
    for label, members in (("Role", ("roleRefKind", "roleRefName")), ("Binding", ("kind", "name"))):
        if value := " ".join(part for member in members if (part := text(details.get(member)))):
            yield label, value
    yield "Bound to", "the subjects of the binding, which the finding does not name"
