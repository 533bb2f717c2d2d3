"""The stack itself: deployed, complete, and of this template."""

from collections.abc import Iterator

from infra.config.stack_names import DETECTIVE_OWNERSHIP
from tools.live.pages import pages
from tools.verify.check import Check
from tools.verify.live_stack import LiveStack


def stack(live: LiveStack) -> Iterator[Check]:
    """The stack is there and its last operation succeeded."""
    if not live.described:
        return
    status, reason = live.described["StackStatus"], live.described.get("StackStatusReason") or ""
    good = status.endswith("_COMPLETE") and "ROLLBACK" not in status and not status.startswith("DELETE")
    problems = [] if good else [f"is {status}; see its events, then deploy again"]
    # What an update leaves over is deleted after it; what cannot be is let go, and the update has succeeded all the
    # same.
    if good and "delete" in reason.lower():
        problems.append(
            f"is {status}, and says {reason!r}: what was to go is still there, in no stack; its events name it"
            " (docs/operations.md#take-a-region-out)"
        )
    yield live.check("stack", live.stack.name, problems, fine=status)


def resources(live: LiveStack) -> Iterator[Check]:
    """Every resource of the template is deployed, and no other."""
    deployed = set(live.names)
    declared = set(live.stack.resources) - {"CDKMetadata"}
    problems = []
    if missing := sorted(declared - deployed):
        problems.append(f"{len(missing)} not deployed ({', '.join(missing[:3])}…); deploy")
    if extra := sorted(deployed - declared - {"CDKMetadata"}):
        problems.append(f"{len(extra)} deployed that the template does not declare ({', '.join(extra[:3])}…); deploy")
    yield live.check("stack", "resources", problems, fine=f"all {len(declared)} deployed")


def graphs(live: LiveStack) -> Iterator[Check]:
    """The behavior graph exists; also where it is somebody else's."""
    for resource in live.declared("AWS::Detective::Graph"):
        arn = live.physical(resource.logical_id)
        yield live.check("detective", arn, [] if arn in _graphs(live) else ["is gone; deploy"], fine="exists")
    if DETECTIVE_OWNERSHIP in live.stack.outputs:
        arn = next(iter(_graphs(live)), "none")
        off = "Detective is off: there is no graph, so no history is kept; ask whoever owns it"
        yield live.check("detective", arn, [off] if arn == "none" else [], fine="exists; it is somebody else's")


def _graphs(live: LiveStack) -> list[str]:
    return [graph["Arn"] for graph in pages(live.client("detective").list_graphs, "GraphList")]
