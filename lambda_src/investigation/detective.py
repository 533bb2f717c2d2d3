"""What Detective knows of the role or user: start an investigation, ask whether it is over, read what it found."""

from investigation.aws import Service
from investigation.documents import Fact, Plan, Probe, Subject
from investigation.indicators import facts_of
from investigation.pages import pages
from investigation.probe import Answer, after, probe
from investigation.refused import Refusal
from investigation.wire import blocks, moment, text

_PAGES = 5
_PAGE = 100
"""Indicators of one page (botocore detective 1.44.5, ListIndicators)."""

_MOST = 40
"""Lines kept; the rest is in Detective."""


def start(subject: Subject, plan: Plan, *, client: Service, account: str, has_graph: bool) -> Probe:
    """Start an investigation of the role or the user in the graph of the Region in which GuardDuty made the finding.

    Args:
        subject: The finding.
        plan: What was found out about it.
        client: Detective, in that Region.
        account: Our own account.
        has_graph: Whether the deployment keeps a graph there.

    Raises:
        Throttled: Another attempt may succeed.
    """
    region, entity = subject["region"] or "an unknown Region", plan["entity"]
    if not has_graph:
        return probe("no-graph", f"this deployment keeps no Detective graph in {region}")
    if not entity["arn"]:
        return probe("no-entity", entity["reason"])
    try:
        graph = _graph(client)
        if not graph:
            return probe("no-graph", f"this account administers no Detective graph in {region}")
        if subject["account"] != account and (reason := _not_a_member(client, graph, subject["account"])):
            return probe("not-a-member", reason, about=graph)
        answer = client.call(
            "start_investigation",
            GraphArn=graph,
            EntityArn=entity["arn"],
            ScopeStartTime=moment(plan["scope_start"]),
            ScopeEndTime=moment(plan["scope_end"]),
        )
    except Refusal as error:
        return probe("refused", str(error))
    return probe("running", about=graph, id_=text(answer.get("InvestigationId")))


def check(state: Probe, *, client: Service, most_checks: int) -> Probe:
    """Ask once whether the investigation is over; if it is, read what it found.

    Raises:
        Throttled: Another attempt may succeed.
    """
    about = {"GraphArn": state["about"], "InvestigationId": state["id"]}
    try:
        said = client.call("get_investigation", **about)
        status = text(said.get("Status"))
    except Refusal as error:
        return probe("refused", str(error), about=state["about"], id_=state["id"])
    facts, complete = _readable_indicators(client, about) if status == "SUCCESSFUL" else ([], True)
    answer = Answer(status=status, severity=text(said.get("Severity")), facts=facts, complete=complete)
    return after(state, answer, service="Detective", over="SUCCESSFUL", most_checks=most_checks)


def _graph(client: Service) -> str:
    """The graph that this account administers here; there is one at most (Detective administration guide)."""
    for page in pages(client, "list_graphs", most=_PAGES):
        for graph in blocks(page.get("GraphList")):
            if arn := text(graph.get("Arn")):
                return arn
    return ""


def _not_a_member(client: Service, graph: str, account: str) -> str:
    """Why Detective knows nothing of the account; empty if it does."""
    members = blocks(client.call("get_members", GraphArn=graph, AccountIds=[account]).get("MemberDetails"))
    if not members:
        return f"{account} is not a member of the Detective graph"
    status = text(members[0].get("Status")) or "unknown"
    if status == "ENABLED":
        return ""
    because = text(members[0].get("DisabledReason"))
    return f"{account} is in the Detective graph as {status}{f' ({because})' if because else ''}: it sends no history"


def _readable_indicators(client: Service, about: dict[str, str]) -> tuple[list[Fact], bool]:
    """What speaks for a compromise, or why nobody could read it: how bad Detective says it is stands all the same."""
    try:
        return _indicators(client, about)
    except Refusal as error:
        return [Fact(label="Indicators", value=f"could not be read: {error}; see them in Detective")], False


def _indicators(client: Service, about: dict[str, str]) -> tuple[list[Fact], bool]:
    """What speaks for a compromise, and whether all of it was read."""
    read = list(pages(client, "list_indicators", most=_PAGES, **about, MaxResults=_PAGE))
    found = [fact for page in read for indicator in blocks(page.get("Indicators")) for fact in facts_of(indicator)]
    return found[:_MOST], len(found) <= _MOST and not read[-1].get("NextToken")
