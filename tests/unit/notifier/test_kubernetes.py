"""Of a cluster it is told what was started with which rights, by whom, and which role was bound."""

import json

import pytest

from notifier.items.event import read
from notifier.items.finding import Finding
from notifier.items.observed import MORE
from tests.findings import Event, event, privileged_pod
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.test_observed import lines

CALL = (
    "verb create; resource pods; namespace default; resource name debug; source IPs 203.0.113.9; status code 201; "
    "request URI /api/v1/namespaces/default/pods"
)


def workload(event: Event) -> Event:
    found: Event = event["detail"]["resource"]["kubernetesDetails"]["kubernetesWorkloadDetails"]
    return found


def action(event: Event) -> Event:
    found: Event = event["detail"]["service"]["action"]
    return found


def test_a_workload_is_told_by_its_images_and_by_what_of_its_host_it_has() -> None:
    brief = brief_in(privileged_pod())
    assert [section.title for section in brief.sections] == [
        "Kubernetes workload", "Kubernetes user", "Caller", "Call", "When", "Finding", "Other resources"
    ]  # fmt: skip
    assert lines(brief, "Kubernetes workload") == [
        ("Workload", "default/debug (pods)"),
        ("Shares with its host", "network, PID"),
        ("Host paths", "/"),
        ("Container", "shell: registry[.]example/tools:1 (privileged)"),
        ("Container", "proxy: registry[.]example/proxy:2"),
        ("Service account", "builder"),
    ]
    assert lines(brief, "Kubernetes user") == [
        ("User", "system:serviceaccount:default:builder"),
        ("Groups", "system:serviceaccounts, system:masters"),
        ("Impersonates", "admin"),
        ("With the groups", "ops"),
        ("Session", "ci"),
        ("User id", "0f1e2d3c"),
    ]
    assert lines(brief, "Call") == [("Kubernetes API call action", CALL)]
    assert lines(brief, "Other resources") == [
        (
            "EKS cluster",
            "shop; ARN arn:aws:eks:eu-west-1:111122223333:cluster/shop; vpc ID vpc-0a1b2c3d; status ACTIVE; created at "
            "2025-10-22 08:00:00 UTC",
        )
    ]


@pytest.mark.parametrize(
    ("member", "told"), [("hostIPC", "IPC"), ("hostPID", "PID"), ("hostNetwork", "network"), ("hostX", None)]
)
def test_each_of_what_is_shared_with_the_host_is_told(member: str, told: str | None) -> None:
    event = privileged_pod()
    event["detail"]["resource"]["kubernetesDetails"] = {"kubernetesWorkloadDetails": {"type": "pods", member: "true"}}
    shared = [("Shares with its host", told)] if told else []
    assert lines(brief_in(event), "Kubernetes workload") == [("Workload", "pods"), *shared]


def test_of_many_the_first_are_told_and_the_others_counted() -> None:
    event = privileged_pod()
    workload(event)["containers"] = [
        *({"id": f"c{number}"} for number in range(4)),
        {"securityContext": {"privileged": True}},
        {},
        *({"image": f"i{number}"} for number in range(3)),
    ]
    workload(event)["volumes"] = [{"hostPath": {"path": f"/{number}"}} for number in range(8)]
    told = lines(brief_in(event), "Kubernetes workload")
    assert ("Host paths", "/0, /1, /2, /3, /4, /5 and 2 more") in told
    assert [value for label, value in told if label == "Container"] == [
        "c0", "c1", "c2", "c3", "privileged", "i0", "and 2 more"
    ]  # fmt: skip
    assert MORE not in told


def test_what_others_wrote_is_harmless_and_no_secret() -> None:
    event = privileged_pod()
    workload(event)["name"] = "\u202e"
    workload(event)["containers"] = [{"name": "x", "image": "https://build:token=hunter2hunter2@evil.example/x"}]
    action(event)["kubernetesApiCallAction"] |= {"requestUri": "/x?access_token=hunter2hunter2"}
    brief = brief_in(event)
    told = lines(brief, "Kubernetes workload")
    assert told[0] == ("Workload", "default/\\u202e (pods)")
    assert ("Container", "x: https[:]//build:token=(hidden)") in told
    ((_, called),) = lines(brief, "Call")
    assert called.endswith("; request URI /x?access_token=(hidden)")


def test_a_long_address_of_a_request_pushes_nothing_out() -> None:
    event = privileged_pod()
    action(event)["kubernetesApiCallAction"]["requestUri"] = "/" + "x" * 500
    ((_, called), (_, asked_for)) = lines(brief_in(event), "Call")
    assert called == CALL.partition("; request URI")[0]
    assert asked_for.startswith("request URI /xxx")
    assert asked_for.endswith("x…")


def test_of_a_role_that_was_bound_it_is_told_which_one() -> None:
    event = privileged_pod(type="PrivilegeEscalation:Kubernetes/AnomalousBehavior.RoleBindingCreated")
    binding = {
        "kind": "ClusterRoleBinding", "name": "helper", "uid": "2d3c4b5a", "roleRefName": "cluster-admin",
        "roleRefKind": "ClusterRole",
    }  # fmt: skip
    event["detail"]["service"]["action"] = {"kubernetesRoleBindingDetails": binding, **action(event)}
    brief = brief_in(event)
    assert lines(brief, "Kubernetes role binding") == [
        ("Role", "ClusterRole cluster-admin"),
        ("Binding", "ClusterRoleBinding helper"),
        ("Bound to", "the subjects of the binding, which the finding does not name"),
    ]
    assert lines(brief, "Call") == [("Kubernetes API call action", CALL)]
    assert ("Address", "203.0.113.9") in lines(brief, "Caller")


@pytest.mark.parametrize(
    ("member", "content", "title", "told"),
    [
        pytest.param(
            "kubernetesRoleDetails",
            {"kind": "ClusterRole", "name": "all\u202e", "uid": "2d3c4b5a"},
            "Kubernetes role",
            [("Kind", "ClusterRole"), ("Name", "all\\u202e"), ("Uid", "2d3c4b5a")],
            id="role",
        ),
        pytest.param(
            "kubernetesPermissionCheckedDetails",
            {"verb": "get", "resource": "secrets", "namespace": "x", "allowed": True},
            "Kubernetes permission checked",
            [("Verb", "get"), ("Resource", "secrets"), ("Namespace", "x"), ("Allowed", "yes")],
            id="permission",
        ),
        pytest.param(
            "newThing", [{"startedAt": 1700000000}], "New thing", [("Started at", "2023-11-14 22:13:20 UTC")], id="new"
        ),
    ],
)
def test_what_stands_beside_the_call_is_told_as_well(
    member: str, content: object, title: str, told: list[tuple[str, str]]
) -> None:
    for last in (True, False):
        event = privileged_pod()
        found = action(event)
        event["detail"]["service"]["action"] = found | {member: content} if last else {member: content, **found}
        brief = brief_in(event)
        assert lines(brief, title) == told
        assert lines(brief, "Call") == [("Kubernetes API call action", CALL)]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        pytest.param({"actionType": "DNS_REQUEST"}, "dnsRequestAction", id="by-its-type"),
        pytest.param({"actionType": "dns_request"}, "dnsRequestAction", id="in-either-case"),
        pytest.param({"actionType": "NETWORK_CONNECTION"}, "portProbeAction", id="type-of-none"),
        pytest.param({"actionType": None}, "portProbeAction", id="no-type"),
        pytest.param({"portProbeAction": {}}, "dnsRequestAction", id="the-first-is-empty"),
        pytest.param({"portProbeAction": None, "dnsRequestAction": "x"}, "otherDetails", id="no-action"),
    ],
)
def test_the_action_is_what_its_type_says_or_what_is_called_one(given: Event, kind: str) -> None:
    members = {"otherDetails": {"a": 1}, "portProbeAction": {"blocked": True}, "dnsRequestAction": {"domain": "x"}}
    detail = {"type": "x", "severity": 1, "service": {"action": members | given}}
    (found,) = read(json.dumps(event(detail)))
    assert isinstance(found, Finding)
    assert found.action
    assert found.action.kind == kind
