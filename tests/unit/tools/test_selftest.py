"""The selftest says of each leg whether it was taken, and never calls fine what it could not look at."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.deployments import EVERYTHING, SANDBOX, SANDBOX_DATA, deployment
from tools.selftest.__main__ import main
from tools.selftest.sample import HEADLINE
from tools.selftest.way import every_way, way_of

NAMES = ("security-mail", "security-slack")


def refused(operation: str, code: str = "AccessDeniedException") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "not allowed"}}, operation)


@dataclass
class Account:
    """EventBridge, Lambda, Logs, SQS and GuardDuty of an account in which the sandbox is deployed, in memory.

    Attributes:
        deaf: Regions and destinations whose messages do not arrive.
        denied: Operations that the caller may not use.
        rules: State and targets of rules that are not as deployed; None for one that is gone.
        dead: Messages in dead-letter queues.
        outcome: What becomes of a sample finding.
        denied_at_first: Operations that the caller may not use until a sample has been asked for.
        lines: The lines of each destination's log, and when each was written.
    """

    deaf: set[tuple[str, str]] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    rules: dict[str, tuple[str, int] | None] = field(default_factory=dict)
    dead: int = 0
    outcome: str = "delivered"
    denied_at_first: set[str] = field(default_factory=set)
    lines: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def client_of(self, service: str, region: str) -> "Client":
        return Client(self, service, region)

    def log(self, destination: str, **line: object) -> None:
        number = sum(map(len, self.lines.values()))
        written = (1_800_000_000_000 + number, json.dumps({"message_id": f"m{number}", **line}))
        self.lines.setdefault(destination, []).append(written)

    def sample(self, region: str, destination: str) -> None:
        """What a notifier logs of a sample finding."""
        self.log(destination, outcome=self.outcome, finding_type=HEADLINE, finding_region=region)

    def beat(self, region: str, detail: dict[str, Any]) -> None:
        for name in NAMES:
            if (region, name) not in self.deaf:
                self.log(name, outcome="heartbeat", heartbeat=detail["id"], heartbeat_region=region)


@dataclass(frozen=True)
class Client:
    """One client; an operation that a test does not know fails."""

    account: Account
    service: str
    region: str

    def _may(self, operation: str) -> None:
        if operation in self.account.denied | self.account.denied_at_first:
            raise refused(operation)

    def put_events(self, *, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        self._may("PutEvents")
        (entry,) = Entries
        assert (entry["Source"], entry["DetailType"]) == ("detection-stack", "Detection Stack Heartbeat")
        self.account.beat(self.region, json.loads(entry["Detail"]))
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "e"}]}

    def describe_rule(self, *, Name: str, EventBusName: str = "default") -> dict[str, str]:  # noqa: N803
        self._may("DescribeRule")
        rule = self.account.rules.get(Name, ("ENABLED", 1))
        if rule is None:
            raise refused("DescribeRule", "ResourceNotFoundException")
        return {"State": rule[0], "EventBusName": EventBusName}

    def list_targets_by_rule(self, *, Rule: str, NextToken: str = "", **_: str) -> dict[str, Any]:  # noqa: N803
        """On the second page: the first may be empty, and only its token says whether there is more."""
        if not NextToken:
            return {"Targets": [], "NextToken": "more"}
        rule = self.account.rules.get(Rule, ("ENABLED", 1))
        target = {"Id": "t", "DeadLetterConfig": {"Arn": "arn:aws:sqs:eu-west-1:1:dead"}}
        return {"Targets": [target] * (rule[1] if rule else 0)}

    def get_queue_url(self, *, QueueName: str) -> dict[str, str]:  # noqa: N803
        return {"QueueUrl": f"https://sqs/{QueueName}"}

    def get_queue_attributes(self, **_: object) -> dict[str, Any]:
        return {"Attributes": {"ApproximateNumberOfMessages": str(self.account.dead)}}

    def get_caller_identity(self) -> dict[str, str]:
        # Nobody needs a permission for it; who is not known is refused all the same.
        if "GetCallerIdentity" in self.account.denied:
            raise refused("GetCallerIdentity", "ExpiredToken")
        return {"Account": "111122223333"}

    def list_detectors(self, *, NextToken: str = "") -> dict[str, Any]:  # noqa: N803
        """As above."""
        return {"DetectorIds": ["d"]} if NextToken else {"DetectorIds": [], "NextToken": "more"}

    def create_sample_findings(self, *, DetectorId: str, FindingTypes: list[str]) -> dict[str, Any]:  # noqa: N803
        self._may("CreateSampleFindings")
        assert (DetectorId, FindingTypes) == ("d", [HEADLINE])
        self.account.denied_at_first.clear()
        for name in NAMES:
            if (self.region, name) not in self.account.deaf:
                self.account.sample(self.region, name)
        return {}

    def get_paginator(self, operation: str) -> "Pages":
        return Pages(self, operation)


@dataclass(frozen=True)
class Pages:
    """The pages of an operation; one, and an empty one before it, as CloudWatch Logs likes to give."""

    client: Client
    operation: str

    def paginate(self, **arguments: Any) -> Iterator[dict[str, Any]]:
        account = self.client.account
        if self.operation == "list_functions":
            self.client._may("ListFunctions")
            yield {
                "Functions": [
                    {
                        "FunctionName": f"to-{name}",
                        "Environment": {"Variables": {"DESTINATION_NAME": name, "DEPLOYMENT": deployment}},
                        "LoggingConfig": {"LogGroup": f"/{deployment}/{name}"},
                    }
                    for deployment in ("other", "sandbox")
                    for name in NAMES
                ]
            }
            return
        self.client._may("FilterLogEvents")
        assert self.operation == "filter_log_events"
        _, deployment, name = arguments["logGroupName"].split("/")
        assert deployment == "sandbox", "a log of another deployment"
        word = arguments["filterPattern"].strip('"')
        yield {"events": []}
        found = [one for one in account.lines.get(name, []) if word in one[1]]
        yield {"events": [{"timestamp": written, "message": f"START\n{line}\n"} for written, line in found]}


@dataclass
class Clock:
    """Seconds of the epoch."""

    now: float = 1_800_000_000.0

    def wait(self, seconds: float) -> None:
        self.now += seconds


Found = dict[tuple[str, str, str], tuple[str, str]]


def run(account: Account, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, Found]:
    """Exit code, and state and detail of every leg."""
    code = patient(["sandbox", "--json", "--within", "60", *more], account)
    hops = json.loads(capsys.readouterr().out)
    return code, {(one["region"], one["leg"], one["subject"]): (one["state"], one["detail"]) for one in hops}


def patient(arguments: list[str], account: Account, clock: Clock | None = None) -> int:
    """Run the command with a clock that only its own waiting moves."""
    clock = clock or Clock()
    return main(arguments, client_of=account.client_of, deployment=SANDBOX, pause=clock.wait, clock=lambda: clock.now)


def states(found: Found) -> set[str]:
    return {state for state, _ in found.values()}


def test_everything_arrives(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run(Account(), capsys)
    assert (code, states(found)) == (0, {"ok"})
    assert len(found) == 2 * (1 + 1 + 2 + 2)


def test_a_region_that_is_asked_for_alone(capsys: pytest.CaptureFixture[str]) -> None:
    _, found = run(Account(), capsys, "--region", "us-east-1")
    assert {region for region, _, _ in found} == {"us-east-1"}


ALL_OF_US = {("us-east-1", name) for name in NAMES}


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (("DISABLED", 1), "the rule sandbox-forwarder is disabled; enable it"),
        (("ENABLED", 0), "the rule sandbox-forwarder has no target; deploy"),
        (None, "there is no rule sandbox-forwarder; deploy"),
    ],
)
def test_a_forwarder_that_is_not_as_deployed_is_named(
    capsys: pytest.CaptureFixture[str], rule: tuple[str, int] | None, says: str
) -> None:
    code, found = run(Account(deaf=ALL_OF_US, rules={"sandbox-forwarder": rule}), capsys)
    assert code == 1
    assert found["us-east-1", "forwarded", "sandbox-forwarder"] == ("wrong", says)
    assert found["eu-west-1", "forwarded", "sandbox-forwarder"][0] == "ok"


@pytest.mark.parametrize("rule", [("DISABLED", 1), ("ENABLED", 0), None])
def test_what_a_rule_is_sure_to_keep_is_not_waited_for(
    capsys: pytest.CaptureFixture[str], rule: tuple[str, int] | None
) -> None:
    account = Account(deaf={(region, "security-slack") for region in SANDBOX.regions}, rules={"high": rule})
    clock = Clock()
    began = clock.now
    assert patient(["sandbox"], account, clock) == 1
    assert clock.now == began
    out, err = capsys.readouterr()
    assert "came 0 times, but 1 rule leads there; the leg above that is wrong says why" in out
    assert "2 of 4 arrived" in err


def test_what_a_rule_that_cannot_be_looked_at_may_pass_on_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account(deaf={("us-east-1", "security-slack")}, denied={"DescribeRule"}, rules={"high": None})
    clock = Clock()
    began = clock.now
    assert patient(["sandbox", "--within", "60"], account, clock) == 1
    assert clock.now - began == 60
    assert "cannot be looked at" in capsys.readouterr().out


def test_dead_letters_of_a_rule_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run(Account(deaf={("us-east-1", "security-slack")}, dead=3), capsys)
    assert code == 1
    state, detail = found["us-east-1", "routed", "high"]
    assert state == "wrong"
    assert "dead letters wait (3 in dead)" in detail


def test_a_rule_that_looks_well_is_unknown_and_the_notifier_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run(Account(deaf={("us-east-1", "security-slack")}), capsys)
    assert code == 1
    assert found["us-east-1", "routed", "high"][0] == "unknown"
    state, detail = found["us-east-1", "delivered to the notifier", "security-slack"]
    assert state == "wrong"
    assert detail.startswith("came 0 times within 60 s, but 1 rule leads there")


@pytest.mark.parametrize("operation", ["ListFunctions", "FilterLogEvents"])
def test_what_cannot_be_read_is_unknown(capsys: pytest.CaptureFixture[str], operation: str) -> None:
    code, found = run(Account(denied={operation}), capsys)
    assert code == 1
    for region in SANDBOX.regions:
        for name in NAMES:
            assert found[region, "delivered to the notifier", name][0] == "unknown"


def test_a_heartbeat_that_may_not_be_sent_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run(Account(denied={"PutEvents"}), capsys)
    assert (code, states(found)) == (1, {"unknown"})
    assert {leg for _, leg, _ in found} == {"sent"}


def test_in_another_account_nothing_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account()
    elsewhere = deployment({**SANDBOX_DATA, "account": "444455556666"})
    assert main(["sandbox"], client_of=account.client_of, deployment=elsewhere) == 2
    assert (capsys.readouterr().err, account.lines) == (
        "selftest: sandbox is in account 444455556666, the credentials are of 111122223333; set AWS_PROFILE, or give "
        "--profile\n",
        {},
    )


def test_without_credentials_nothing_is_sent_and_the_way_to_give_them_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    account = Account(denied={"GetCallerIdentity"})
    assert main(["sandbox"], client_of=account.client_of, deployment=SANDBOX) == 2
    out, err = capsys.readouterr()
    assert (out, account.lines) == ("", {})
    assert err.startswith("selftest: no usable credentials: ")
    assert err.endswith("; set AWS_PROFILE, or give --profile\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("account", "says"),
    [
        (Account(denied={"PutEvents"}), "us-east-1: 0 of 2 sent"),
        (Account(deaf={("us-east-1", "security-slack")}), "3 of 4 arrived"),
    ],
)
def test_a_step_that_did_not_go_well_gets_no_tick(
    capsys: pytest.CaptureFixture[str], account: Account, says: str
) -> None:
    assert patient(["sandbox", "--within", "60"], account) == 1
    err = capsys.readouterr().err
    assert [line[0] for line in err.splitlines() if says in line] == ["✗"]
    assert "0 of 0" not in err


@pytest.mark.parametrize(
    ("outcome", "state", "code"),
    [("delivered", "ok", 0), ("test lane", "ok", 0), ("deduplicated", "ok", 0), ("retried", "wrong", 1)],
)
def test_a_sample_is_followed_to_what_became_of_it(
    capsys: pytest.CaptureFixture[str], outcome: str, state: str, code: int
) -> None:
    found_code, found = run(Account(outcome=outcome), capsys, "--sample", "--region", "us-east-1")
    assert found_code == code
    assert found["us-east-1", "sent", "GuardDuty"][0] == "ok"
    assert {found["us-east-1", "delivered to the notifier", name][0] for name in NAMES} == {state}


def test_a_sample_of_the_run_before_is_none_of_this_one(capsys: pytest.CaptureFixture[str]) -> None:
    """It came less than the minute ago by which clocks may differ; since then the way is broken."""
    account = Account(deaf={("us-east-1", "security-slack")})
    for region in SANDBOX.regions:
        for name in NAMES:
            account.sample(region, name)
    code, found = run(account, capsys, "--sample")
    assert code == 1
    said = {
        (region, name): found[region, "delivered to the notifier", name] for region in SANDBOX.regions for name in NAMES
    }
    assert said == dict.fromkeys(said, ("ok", "the destination accepted it, marked as a sample")) | {
        ("us-east-1", "security-slack"): (
            "wrong",
            "nothing came within 600 s; GuardDuty sends a sample within minutes, so try again with --within, then read"
            " the log",
        )
    }


def test_a_sample_after_another_one_is_told_by_what_became_of_it_alone(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account(outcome="delivered")
    for name in NAMES:
        account.sample("us-east-1", name)
    account.outcome = "retried"
    code, found = run(account, capsys, "--sample", "--region", "us-east-1")
    assert code == 1
    assert found["us-east-1", "delivered to the notifier", "security-slack"] == (
        "wrong",
        "its log says retried; GuardDuty sends a sample within minutes, so try again with --within, then read the log",
    )


@pytest.mark.parametrize("operation", ["ListFunctions", "FilterLogEvents"])
def test_where_nobody_looked_before_nobody_can_tell_which_sample_it_is(
    capsys: pytest.CaptureFixture[str], operation: str
) -> None:
    account = Account(denied_at_first={operation}, deaf={("us-east-1", name) for name in NAMES})
    for name in NAMES:
        account.sample("us-east-1", name)
    code, found = run(account, capsys, "--sample", "--region", "us-east-1")
    assert code == 1
    assert {found["us-east-1", "delivered to the notifier", name] for name in NAMES} == {
        (
            "unknown",
            "its log could not be read before the sample was asked for, so nobody can tell which lines are about it",
        )
    }


def test_a_sample_that_may_not_be_asked_for_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run(Account(denied={"CreateSampleFindings"}), capsys, "--sample")
    assert code == 1
    assert found["us-east-1", "sent", "GuardDuty"][0] == "unknown"


def test_a_person_sees_a_line_for_each_leg_and_what_was_not_tested(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbox"], client_of=Account().client_of, deployment=SANDBOX) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1 + 12 + 1
    assert "Not tested by a heartbeat: GuardDuty's own detection" in out
    assert "4 of 4 arrived" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["sandbx"], "no configuration 'sandbx'; did you mean 'sandbox'?"),
        (["sandbox", "--region", "moon-1"], "--region: 'moon-1' is not a Region of sandbox"),
    ],
)
def test_fails_for_what_is_not_there(capsys: pytest.CaptureFixture[str], arguments: list[str], says: str) -> None:
    assert main(arguments, client_of=Account().client_of) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "0.9", "3601", "nan", "soon"])
def test_fails_for_a_time_in_which_nothing_could_come_or_nobody_would_wait(
    capsys: pytest.CaptureFixture[str], seconds: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["sandbox", "--within", seconds], client_of=Account().client_of)
    assert left.value.code == 2
    assert f"argument --within: must be 1 to 3600 seconds, got '{seconds}'" in capsys.readouterr().err


def test_the_way_of_a_heartbeat_is_every_rule() -> None:
    way = every_way(EVERYTHING)
    assert set(way.rules) == {"leaked-credentials", "pci", "critical", "tickets", "catch-all"}
    assert way.times == {name: 1 for one in way.rules.values() for name in one} | {"siem": 2}


def test_the_way_of_the_headline_finding_is_by_type_account_and_a_severity_that_is_certain() -> None:
    assert set(way_of(EVERYTHING, finding_type=HEADLINE, account="111122223333").rules) == {
        "leaked-credentials", "catch-all",
    }  # fmt: skip
    assert "pci" in way_of(EVERYTHING, finding_type=HEADLINE, account="444455556666").rules
    assert "leaked-credentials" not in way_of(EVERYTHING, finding_type="Recon:EC2/X", account="1").rules
    # Which number a High finding has is not documented, but none is as much as 9.
    (tickets,) = (one for one in EVERYTHING.routes if one.name == "tickets")
    for below, account, takes in ((7.0, "1", False), (8.9, "1", False), (9.0, "1", True), (9.0, "555566667777", False)):
        changed = tickets.model_copy(update={"below_severity": below})
        some = EVERYTHING.model_copy(update={"routes": (changed,)})
        assert ("tickets" in way_of(some, finding_type=HEADLINE, account=account).rules) == takes
    assert "leaked-credentials" in way_of(EVERYTHING, finding_type="Policy:S3/Public", account="1").rules
