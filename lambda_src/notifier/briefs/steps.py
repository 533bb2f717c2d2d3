"""What to do next, in order, with the links that open the right page and the commands to paste."""

from collections.abc import Sequence

from notifier.briefs import containment, remedy
from notifier.briefs.arguments import Arguments
from notifier.briefs.commands import bucket_now, function_now, history, identity_use, instance_now, task_now
from notifier.briefs.headline import is_leaked_credentials, named_caller
from notifier.briefs.identity import OF_USERS, is_of_a_workload
from notifier.briefs.proposal import HIDDEN_UNASKED, proposal_of
from notifier.inert import inert
from notifier.items.finding import Finding, arn_part
from notifier.links import Console, Link, Portal, present
from notifier.step import Snippet, Step
from shared.egress import EgressRange

_NAME = 100
_KEYS = 5
_SEQUENCE = "AttackSequence:"
_OPENED = (
    "Policy:S3/BucketAnonymousAccessGranted",
    "Policy:S3/BucketBlockPublicAccessDisabled",
    "Policy:S3/BucketPublicAccessGranted",
)
_STOP, _STOP_ALL = "If they were stolen, stop them", "Stop the credentials"


def steps_of(
    finding: Finding,
    *,
    leaked: bool,
    console: Console | None,
    own: Sequence[EgressRange],
    account: str,
    portal: Portal | None = None,
) -> tuple[Step, ...]:
    """The steps for this finding: a decision, what stops the credentials, and only then what takes time.

    Args:
        finding: What was found.
        leaked: It says of a key itself that strangers have it.
        console: Where GuardDuty found it; None if no link can be made.
        own: Our egress ranges that hold the caller's address.
        account: The finding's account in words.
        portal: The way to the console by IAM Identity Center.
    """
    open_finding = _open_finding(finding, console)
    if finding.sample:
        return (Step("Nothing to do: it is a sample. This is where a real one would open.", open_finding),)
    given = Arguments.of(finding)
    attack = (finding.type or "").startswith(_SEQUENCE)
    if not leaked and not (attack and finding.access_key):
        looks = (_history(finding, given, leaked=leaked, account=account, portal=portal), _usual(finding, console))
        return (Step(_first(finding), open_finding, _seen_first(finding, given)), *(step for step in looks if step))
    stop = Step(
        f"{_STOP_ALL if attack else _STOP} now: {remedy.at_once(finding, given)}.{_further(finding)}",
        _function(finding, portal),
        containment.at_once(finding, given),
    )
    rest = remedy.afterwards(finding, given)
    proposal = proposal_of(finding, own=own) if leaked else None
    steps: tuple[Step | None, ...] = (
        Step(_decision(finding, own=own) if leaked else _first(finding), open_finding),
        stop,
        _history(finding, given, leaked=leaked, account=account, portal=portal),
        _role(finding, given, console),
        Step(rest, snippets=containment.of_all_the_role(finding, given)) if rest else None,
        Step(_ours(own), snippets=(proposal,)) if proposal else None,
    )
    return tuple(step for step in steps if step)


def _seen_first(finding: Finding, given: Arguments) -> tuple[Snippet, ...]:
    """The commands of the first step, where the finding is about something that has some."""
    if (finding.type or "").startswith(_OPENED):
        return (*bucket_now(given), *containment.closed_bucket(given))
    return instance_now(given) if finding.instance_id else bucket_now(given)


def _first(finding: Finding) -> str:
    if (finding.type or "").startswith(_OPENED):
        return (
            "Close the bucket first, unless you know that it is meant to be public; then ask who opened it. What could "
            "be read counts as read."
        )
    if (finding.type or "").startswith(_SEQUENCE):
        return (
            "Treat it as an incident, and name one person who leads: several signals, each of which may be harmless, "
            "add up to an attack here. Open the finding in GuardDuty, go through its signals in order, and stop each "
            "actor and resource that it names."
        )
    if any(title == "Malware" for title, _ in finding.observed):
        return (
            "Open the finding in GuardDuty and decide whether the files are expected. Do not download or run them; "
            "keep a snapshot before anything is cleaned."
        )
    return "Open the finding in GuardDuty and decide whether the activity is expected."


def _decision(finding: Finding, *, own: Sequence[EgressRange]) -> str:
    address = inert(finding.caller.address, limit=_NAME) if finding.caller and finding.caller.address else None
    if own:
        owners, names = (
            " or ".join(dict.fromkeys(words)) for words in zip(*((o.owner, o.name) for o in own), strict=True)
        )
        return f"Ask {owners} whether this workload leaves through {names}. {_expected(finding, own=own[0])}"
    if address is None and (who := named_caller(finding.caller)):
        return (
            f"The finding names {who} as the caller, and no address. Until you know for whom it called, treat the "
            "credentials as stolen."
        )
    if address is None:
        return "The finding names no caller address. Until you know who called, treat the credentials as stolen."
    if is_leaked_credentials(finding.type):
        return f"Decide whether {address} is yours. Nobody hands these credentials out: if it is not, they were stolen."
    return f"Decide whether {address} and what was done from there are its owner's. If not, the key was stolen."


def _expected(finding: Finding, *, own: EgressRange) -> str:
    """What it means that the finding came although its address is ours."""
    if not (finding.type or "").endswith(HIDDEN_UNASKED):
        return (
            "An entry of egress hides this type of finding only where it names it, so that the address alone excuses "
            "nothing."
        )
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
    return (
        "If it does, the finding should have been suppressed, unless the entry is for other types: check the filter in "
        f"{region}."
    )


def _ours(own: Sequence[EgressRange]) -> str:
    """What comes after it turned out that nothing was stolen."""
    if own:
        return "If all such traffic is expected: let the entry of egress hide it from now on."
    return (
        "If the address turns out to be your own network's: add it under egress in the configuration. While it "
        "observes, it counts and hides nothing."
    )


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


def _history(finding: Finding, given: Arguments, *, leaked: bool, account: str, portal: Portal | None) -> Step | None:
    key = finding.access_key.access_key_id if finding.access_key else None
    if key is None:
        return None
    consoles = (
        Console.of(region, partition=finding.partition, account=finding.account, portal=portal)
        for region in given.regions
    )
    where = f" in the account {account}" if finding.account else ""
    known = is_of_a_workload(finding) if leaked else finding.lambda_function
    workload = given.identity in {"role", "service-role"} and known
    rightful = "workload's" if workload else "owner's"
    return Step(
        f"See what the key {inert(key, limit=_NAME)} did{where}. The {rightful} own calls use the same key: tell "
        "them apart by sourceIPAddress. The history shows management events of one Region at a time, and a key can be "
        "used in every Region. After an AssumeRole read the key that it returned as well: it is not stopped with this "
        "one.",
        present(console.cloudtrail_events(key) for console in consoles if console),
        history(given),
    )


def _further(finding: Finding) -> str:
    """The other credentials of an attack, about which no command here is."""
    if not finding.further_keys:
        return ""
    named = ", ".join(inert(key, limit=_NAME) for key in finding.further_keys[:_KEYS])
    more = f" and {len(finding.further_keys) - _KEYS} more" if len(finding.further_keys) > _KEYS else ""
    return f" The attack has other credentials as well, {named}{more}: do this and what follows with each of them."


def _usual(finding: Finding, console: Console | None) -> Step | None:
    links = _detective(finding, console)
    return Step("See whether the role did anything else that is unusual for it.", links) if links else None


def _role(finding: Finding, given: Arguments, console: Console | None) -> Step | None:
    """Who else is hit by what comes next; without an answer nobody should revoke all of a role."""
    looks: tuple[Snippet, ...] = ()
    if finding.lambda_function:
        looks = function_now(given)
    elif finding.ecs_task:
        looks = task_now(given)
    elif finding.instance_id:
        looks = instance_now(given)
    links = _detective(finding, console)
    if console and links:
        links = (*links, *present((console.detective_investigations(),)))
    unusual = " See there whether it did anything else that is unusual for it." if links else ""
    if given.identity in {"root", "federated"} and not links:
        return None
    who = "user" if given.identity in OF_USERS else "role"
    other = ""
    if given.role_changed and given.identity == "role":
        other = " The function has another role by now; the commands are about the role that the key is of."
    hits = ": refusing all of its sessions hits all of them" if given.identity == "role" else ""
    return Step(
        f"Find out what the {who} may do and who else uses it{hits}.{other}{unusual}",
        links,
        (*identity_use(given), *looks),
    )


def _detective(finding: Finding, console: Console | None) -> tuple[Link, ...]:
    principal = finding.access_key.principal_id if finding.access_key else None
    if console is None or principal is None:
        return ()
    last = finding.last_seen or finding.updated
    return present((console.detective_role(principal, last=last), console.detective_role_session(principal, last=last)))


def _function(finding: Finding, portal: Portal | None) -> tuple[Link, ...]:
    function = finding.lambda_function
    if function is None or function.name is None:
        return ()
    region = arn_part(function.arn, 3) or finding.region
    partition = arn_part(function.arn, 1) or finding.partition
    console = Console.of(region, partition=partition, account=finding.account, portal=portal)
    return (console.lambda_function(function.name),) if console else ()
