"""What to do next, in order, with the links that open the right page."""

from collections.abc import Sequence
from dataclasses import dataclass

from notifier.egress import EgressRange
from notifier.finding import Finding, arn_part
from notifier.inert import inert
from notifier.links import Console, Link, present

_NAME = 100
_ROLE_SESSIONS = "revoke the sessions of the role (this stops everything that uses the role)"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and where."""

    text: str
    links: tuple[Link, ...] = ()


def steps_of(
    finding: Finding, *, leaked: bool, console: Console | None, own: Sequence[EgressRange]
) -> tuple[Step, ...]:
    """The steps for this finding; the first is a decision, the last may change something."""
    open_finding = _open_finding(finding, console)
    if finding.sample:
        return (Step("Nothing to do: it is a sample. This is where a real one would open.", open_finding),)
    if not leaked:
        first = Step("Open the finding in GuardDuty and decide whether the activity is expected.", open_finding)
        return (first, *(step for step in (_history(finding), _usual(finding, console)) if step and step.links))
    steps: tuple[Step | None, ...] = (
        Step(_decision(finding, own=own), open_finding),
        _history(finding),
        _usual(finding, console),
        Step(f"If they were stolen: {_remedy(finding)}.", _function(finding)),
    )
    return tuple(step for step in steps if step)


def _decision(finding: Finding, *, own: Sequence[EgressRange]) -> str:
    address = inert(finding.caller.address, limit=_NAME) if finding.caller and finding.caller.address else None
    if own:
        owners, names = (
            " or ".join(dict.fromkeys(words)) for words in zip(*((o.owner, o.name) for o in own), strict=True)
        )
        return f"Ask {owners} whether this workload leaves through {names}. {_expected(finding, own=own[0])}"
    if address is None:
        return "The finding names no caller address. Until you know who called, treat the credentials as stolen."
    return f"Decide whether {address} is yours. Nobody hands these credentials out: if it is not, they were stolen."


def _expected(finding: Finding, *, own: EgressRange) -> str:
    """What it means that the finding came although its address is ours."""
    region = inert(finding.envelope.region or "this Region", limit=_NAME)
    # The stolen key of a workload that is not in the scope, used behind our own gateway, is what a scope is for.
    others = "Only some workloads are expected there: if this is none of them, treat the credentials as stolen. "
    if own.observing:
        observes = (
            "The range only observes so far, so its findings are sent; if this is expected, set its mode to enforce."
        )
        return f"{others if own.scoped else ''}{observes}"
    if own.scoped:
        return f"{others}If it is one of them, the finding may lack what the filter in {region} asks for."
    return f"If it does, the finding should have been suppressed: check the filter in {region}."


def _open_finding(finding: Finding, console: Console | None) -> tuple[Link, ...]:
    if console is None or finding.finding_id is None:
        return ()
    # A Detective link fails for an archived finding (Detective user guide, navigating to a profile).
    detective = (
        None
        if finding.archived
        else console.detective_finding(finding.finding_id, first=finding.first_seen, last=finding.last_seen)
    )
    return present((console.guardduty_finding(finding.finding_id), detective))


def _history(finding: Finding) -> Step | None:
    key = finding.access_key.access_key_id if finding.access_key else None
    if key is None:
        return None
    # The call's own Region, not where GuardDuty saw it; IAM, STS and other global calls are kept in us-east-1.
    own = Console.of(finding.region, partition=finding.partition)
    commercial = own is None or own.domain == "console.aws.amazon.com"
    world = Console.of("us-east-1", partition=finding.partition) if commercial else None
    consoles = (own, world) if own != world else (own,)
    account = f" in the account {inert(finding.account, limit=_NAME)}" if finding.account else ""
    return Step(
        f"See what the key {inert(key, limit=_NAME)} did{account}. The workload's own calls use the same key: tell "
        "them apart by sourceIPAddress. The history shows management events of one Region at a time.",
        present(console.cloudtrail_events(key) for console in consoles if console),
    )


def _usual(finding: Finding, console: Console | None) -> Step | None:
    principal = finding.access_key.principal_id if finding.access_key else None
    if console is None or principal is None:
        return None
    last = finding.last_seen or finding.updated
    links = present(
        (console.detective_role(principal, last=last), console.detective_role_session(principal, last=last))
    )
    return Step("See whether the role did anything else that is unusual for it.", links) if links else None


def _remedy(finding: Finding) -> str:
    if finding.lambda_function:
        return (
            "find how the credentials left the function (environment variables, logs, dependencies), close that, "
            f"then {_ROLE_SESSIONS} and change the function's configuration, so that running copies get new credentials"
        )
    if finding.ecs_task:
        return f"stop the task after saving what you need of it, then {_ROLE_SESSIONS} and start a clean one"
    return f"isolate the workload after saving what you need of it, then {_ROLE_SESSIONS}"


def _function(finding: Finding) -> tuple[Link, ...]:
    function = finding.lambda_function
    if function is None or function.name is None:
        return ()
    region = arn_part(function.arn, 3) or finding.region
    console = Console.of(region, partition=arn_part(function.arn, 1) or finding.partition)
    return (console.lambda_function(function.name),) if console else ()
