"""What a message tells people to paste is exactly what it says, and nobody else's text is in it."""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from infra.config.egress import EgressEntry
from notifier.brief import Brief
from notifier.briefs import brief_of
from notifier.briefs.finding import LEARNED
from notifier.briefs.surroundings import Surroundings
from notifier.destinations import chat_notification, slack_card, teams_card
from notifier.items.case import LEAKED_KEYS
from notifier.items.event import read
from notifier.links import Portal
from notifier.step import Snippet
from shared.known import Account
from tests.findings import (
    INSIDE_AWS,
    Event,
    leaked_instance_credentials,
    leaked_lambda_credentials,
    leaked_task_credentials,
    leaked_user_credentials,
    low_finding,
    public_bucket,
)
from tests.surroundings import AROUND
from tests.unit.notifier.attacks import ATTACKS, attacked
from tests.unit.notifier.briefs import DETECTIVE, EGRESS, brief_in, finding_in
from tests.unit.notifier.forms import FULL
from tests.unit.notifier.limits import texts
from tests.watched import call

READING = re.compile(
    r"aws (?:cloudtrail lookup-events|sts get-caller-identity|"
    r"(?:iam|lambda|ecs|ec2|s3api) (?:get|list|describe)-[a-z-]+) "
)
CHANGING = re.compile(
    r"aws (?:iam (?:put-role-policy|put-user-policy|update-access-key)"
    r"|lambda (?:update-function-configuration|put-function-concurrency)|ecs stop-task|s3api put-public-access-block) "
)
WHOSE = "aws sts get-caller-identity --region eu-west-1 --output text"
GUARD = f"{WHOSE} | grep '^111122223333' && "
"""In quotes: to a shell with extended patterns a bare `^` means every file that is not called so."""

ENDED = " && echo DONE || echo 'NOT DONE: refused, or not in 111122223333'"
GUARDED = re.compile(re.escape(GUARD).replace("eu\\-west\\-1", "[a-z0-9-]+") + "(aws .*)" + re.escape(ENDED))

IN_EACH = re.compile(r"for region in ([a-z0-9 -]+); do (.*); done")
PLACEHOLDER = re.compile(r"(?:ROLE_NAME|USER_NAME|FUNCTION_NAME|CLUSTER|TASK_ID|FAMILY|INSTANCE_ID|BUCKET_NAME)")


def snippets(brief: Brief) -> list[Snippet]:
    """Everything to paste, in order."""
    return [snippet for step in brief.steps for snippet in step.snippets]


def lines_of(snippet: Snippet, *, guarded: bool = True) -> list[str]:
    """The commands of a snippet, without what keeps them to the account: what changes something never lacks that.

    Args:
        snippet: What a message gives to paste.
        guarded: Whether the finding says whose account it is about.
    """
    found: list[str] = []
    for line in snippet.text.splitlines():
        loop = IN_EACH.fullmatch(line)
        if loop:
            found += [loop[2].replace("$region", one) for one in loop[1].split()]
        elif snippet.changes and guarded:
            kept = GUARDED.fullmatch(line)
            assert kept, line
            found.append(kept[1])
        else:
            found.append(line)
    return [line for line in found if line.startswith("aws ")]


def commands(brief: Brief, *, guarded: bool = True) -> list[str]:
    """Every command, in order, but those that only ask whose credentials they are."""
    return [line for snippet in snippets(brief) for line in lines_of(snippet, guarded=guarded) if line != WHOSE]


def proposal(brief: Brief) -> str:
    """What the message proposes for `egress`; empty if nothing."""
    return next((one.text for one in snippets(brief) if "mode:" in one.text), "")


def test_the_commands_for_a_function_are_exactly_these() -> None:
    found = commands(brief_in(leaked_lambda_credentials()))
    look = (
        "aws cloudtrail lookup-events --region {} --lookup-attributes "
        "AttributeKey=AccessKeyId,AttributeValue=ASIAIOSFODNN7EXAMPLE --start-time 2026-11-22T03:52:10Z "
        "--query 'Events[].CloudTrailEvent' --output json | jq -ac '.[]|fromjson|"
        "[.eventTime,.sourceIPAddress,.eventSource,.eventName,.errorCode,.userAgent,.requestParameters.roleArn,"
        ".responseElements.credentials.accessKeyId]'"
    )
    deny = (
        "aws iam put-role-policy --role-name payments-api-role --policy-name {} --policy-document "
        '\'{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{{}'
        '"DateLessThan":{{"aws:TokenIssueTime":"\'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"\'"}}}}}}]}}\''
    )
    refresh = (
        "aws lambda update-function-configuration --region eu-west-1 --function-name payments-api "
        '--description "Credentials revoked $(date -u +%Y-%m-%dT%H:%M:%SZ)" --query LastUpdateStatus --output text'
    )
    assert found == [
        "aws lambda put-function-concurrency --region eu-west-1 --function-name payments-api "
        "--reserved-concurrent-executions 0",
        deny.format(
            "RevokeLeakedSession-588a5a11", '"StringEquals":{"aws:userId":"AROAI44QH8DHBEXAMPLE:payments-api"},'
        ),
        refresh,
        look.format("eu-west-1"),
        look.format("us-east-1"),
        "aws iam get-role --role-name payments-api-role",
        "aws iam list-attached-role-policies --role-name payments-api-role",
        "aws iam list-role-policies --role-name payments-api-role",
        "aws iam list-instance-profiles-for-role --role-name payments-api-role",
        "aws lambda list-functions --region eu-west-1 --query "
        "\"Functions[?ends_with(Role,'/payments-api-role')].FunctionName\"",
        "aws lambda get-function-configuration --region eu-west-1 --function-name payments-api --query "
        "'{Role:Role,LastModified:LastModified,Handler:Handler,Layers:Layers[].Arn,Vpc:VpcConfig.VpcId,"
        "Variables:Environment.Variables && keys(Environment.Variables)}'",
        deny.format("AWSRevokeOlderSessions", ""),
    ]


def policies(brief: Brief) -> list[Any]:
    """The policy documents, as the shell would hand them over at the moment 2026-11-23T05:00:00Z."""
    return [
        json.loads(shlex.split(line.replace("$(date -u +%Y-%m-%dT%H:%M:%SZ)", "2026-11-23T05:00:00Z"))[-1])
        for line in commands(brief)
        if "put-role-policy" in line
    ]


def test_the_policies_deny_what_was_issued_before_the_moment_they_are_made() -> None:
    narrow, wide = policies(brief_in(leaked_lambda_credentials()))
    before = {"DateLessThan": {"aws:TokenIssueTime": "2026-11-23T05:00:00Z"}}
    (statement,) = wide["Statement"]
    assert statement == {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": before}
    assert narrow["Statement"][0]["Condition"] == before | {
        "StringEquals": {"aws:userId": "AROAI44QH8DHBEXAMPLE:payments-api"}
    }


def test_what_only_reads_says_so_and_what_changes_something_says_what_else_it_hits() -> None:
    for event in (leaked_lambda_credentials(), leaked_task_credentials(), leaked_instance_credentials()):
        for snippet in snippets(brief_in(event)):
            lines = lines_of(snippet)
            pattern = CHANGING if snippet.label.startswith("CHANGES") else READING
            assert all(pattern.match(line) for line in lines), snippet
            assert ("reads only" in snippet.label) == (pattern is READING and bool(lines))
    (wide,) = [one for one in snippets(brief_in(leaked_lambda_credentials())) if "AWSRevokeOlderSessions" in one.text]
    assert "its users fail" in wide.label


def changes(event: Event) -> list[list[str]]:
    """What changes something, step by step: what its label says before the first sign."""
    return [
        [re.split("[:,]", one.label)[1].strip() for one in step.snippets if one.label.startswith("CHANGES")]
        for step in brief_in(event).steps
    ]


def test_what_hits_the_stolen_credentials_alone_comes_before_any_look_and_what_hits_others_after_it() -> None:
    """A look at the role takes as long as it takes, and the thief works on meanwhile."""
    narrow = "refuses this workload's credentials issued up to now"
    wide = "refuses all credentials of the role issued up to now; its users fail until they have new ones"
    stop = "stops the function"
    refresh = "after every refusal"
    assert changes(leaked_lambda_credentials()) == [
        [], [stop, narrow, refresh], [], [], [wide], []
    ]  # fmt: skip
    event = leaked_lambda_credentials()
    del event["detail"]["resource"]["accessKeyDetails"]["principalId"]
    assert changes(event) == [[], [stop], [], [], [wide, refresh], []]
    assert "all of the role's are refused below" in brief_in(event).steps[1].text
    assert changes(leaked_task_credentials())[1] == ["stops the task", narrow]
    assert changes(leaked_instance_credentials())[1] == [narrow]


@pytest.mark.parametrize(
    ("account", "allowed", "says"),
    [
        ("111122223333", True, "DONE"),
        ("111122223333", False, "NOT DONE: refused, or not in 111122223333"),
        ("999900001111", True, "NOT DONE: refused, or not in 111122223333"),
    ],
)
def test_every_command_that_changes_something_says_how_it_ended(
    tmp_path: Path, account: str, *, allowed: bool, says: str
) -> None:
    """Most print nothing when they are done, and a guard that does not let them run prints nothing either."""
    aws = tmp_path / "aws"
    aws.write_text(
        "#!/bin/sh\n"
        f'if [ "$1" = sts ]; then printf "{account}\\tarn\\tid\\n"; exit 0; fi\n'
        f'echo ran >> "{tmp_path}/ran"\n'
        f"exit {0 if allowed else 254}\n",
        encoding="utf-8",
    )
    aws.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    lines = [one.text for one in snippets(brief_in(leaked_lambda_credentials())) if one.label.startswith("CHANGES")]
    for line in lines:
        done = subprocess.run(["sh", "-c", line], env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == says
    ran = (tmp_path / "ran").read_text(encoding="utf-8").split() if (tmp_path / "ran").exists() else []
    assert len(ran) == (len(lines) if account == "111122223333" else 0)


OF_AN_ACCOUNT = [
    leaked_lambda_credentials(), leaked_task_credentials(), leaked_instance_credentials(), leaked_user_credentials(),
    public_bucket(),
]  # fmt: skip


def test_what_changes_something_runs_in_the_account_of_the_finding_alone_and_what_reads_says_whose_it_is() -> None:
    """A role or function of the same name in the account that a responder happens to stand in stays as it is."""
    for event in OF_AN_ACCOUNT:
        found = snippets(brief_in(event))
        assert [one for one in found if one.changes]
        for snippet in found:
            assert snippet.changes == snippet.label.startswith("CHANGES")
            if snippet.changes:
                assert snippet.text.startswith(GUARD), snippet.text
                assert snippet.text.endswith(ENDED)
            elif "reads only" in snippet.label:
                first, *others = snippet.text.removeprefix("export AWS_PAGER=\n").splitlines()
                assert first == WHOSE
                assert snippet.text.startswith("export") == (len(others) > 1), "no pager may take the next line"
                assert "the first line shows whether you are in 111122223333" in snippet.label
    unknown = leaked_lambda_credentials()
    unknown["detail"] |= {"accountId": "nobody", "arn": None}
    assert "get-caller-identity" not in "".join(one.text for one in snippets(brief_in(unknown)))


@pytest.mark.parametrize(
    ("event", "line"),
    [
        pytest.param(
            leaked_task_credentials(),
            "aws ecs describe-tasks --region eu-west-1 --cluster shop --tasks 0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            id="task",
        ),
        pytest.param(
            leaked_task_credentials(), "aws ecs list-tasks --region eu-west-1 --cluster shop --family checkout",
            id="siblings",
        ),
        pytest.param(
            leaked_instance_credentials(),
            "aws ec2 describe-instances --region eu-west-1 --instance-ids i-0a1b2c3d4e5f60718 --query "
            "'Reservations[].Instances[].{Profile:IamInstanceProfile.Arn,State:State.Name,"
            "HttpTokens:MetadataOptions.HttpTokens,Launched:LaunchTime}'",
            id="instance",
        ),
    ],
)  # fmt: skip
def test_other_workloads_have_commands_of_their_own(event: Event, line: str) -> None:
    assert line in commands(brief_in(event))


def test_the_family_of_a_task_is_that_of_its_definition_and_never_guessed_from_its_id() -> None:
    event = leaked_task_credentials()
    del event["detail"]["resource"]["ecsClusterDetails"]["taskDetails"]["definitionArn"]
    (looks,) = (one for one in snippets(brief_in(event)) if "list-tasks" in one.text)
    assert "aws ecs list-tasks --region eu-west-1 --cluster shop --family FAMILY" in looks.text
    assert "--tasks 0f1e2d3c4b5a69788796a5b4c3d2e1f0" in looks.text
    assert looks.label.endswith("fill in FAMILY: the finding has no name there that is safe to paste")


def test_a_task_without_an_arn_is_where_its_cluster_is() -> None:
    """A global call is found in another Region than the one where the task runs."""
    event = leaked_task_credentials(region="us-east-1")
    del event["detail"]["resource"]["ecsClusterDetails"]["taskDetails"]["arn"]
    where = {line.split()[4] for line in commands(brief_in(event)) if line.startswith("aws ecs")}
    assert where == {"eu-west-1"}


def _key(event: Event, **members: object) -> Event:
    event["detail"]["resource"]["accessKeyDetails"] |= members
    return event


def test_a_long_term_key_is_deactivated_because_revoking_sessions_does_nothing_to_it() -> None:
    event = _key(
        leaked_lambda_credentials(), accessKeyId="AKIAIOSFODNN7EXAMPLE", userName="deployer", userType="IAMUser"
    )
    brief = brief_in(event)
    assert not any("put-role-policy" in line for line in commands(brief))
    assert commands(brief)[0] == (
        "aws iam update-access-key --access-key-id AKIAIOSFODNN7EXAMPLE --status Inactive --user-name deployer"
    )
    assert "refuse the sessions that were made with it" in brief.steps[1].text


def test_a_users_compromised_key_gets_the_commands_that_stop_it() -> None:
    event = _key(
        leaked_lambda_credentials(type="CredentialAccess:IAMUser/CompromisedCredentials"),
        accessKeyId="AKIAIOSFODNN7EXAMPLE", userName="alice", userType="IAMUser",
    )  # fmt: skip
    event["detail"]["resource"].pop("lambdaDetails")
    brief = brief_in(event)
    first, stop, history, user = (step.text for step in brief.steps)
    assert (
        first == "Decide whether 203.0.113.9 and what was done from there are its owner's. If not, the key was stolen."
    )
    assert "The owner's own calls use the same key" in history
    assert user.startswith("Find out what the user may do and who else uses it")
    assert "refuse the sessions that were made with it" in stop
    assert commands(brief)[0] == (
        "aws iam update-access-key --access-key-id AKIAIOSFODNN7EXAMPLE --status Inactive --user-name alice"
    )
    (read,) = [one for one in snippets(brief) if "lookup-events" in one.text]
    assert "--start-time 2026-11-22T03:52:10Z" in read.text
    assert "without --start-time all 90 days, which takes long" in read.label, "the key may be older than any history"
    assert LEARNED not in brief.notes
    assert any("a long-term access key" in note for note in brief.notes)


def compromised(**members: object) -> Brief:
    """The brief for a key that GuardDuty says is compromised, of whomever these members say."""
    event = _key(leaked_lambda_credentials(type="CredentialAccess:IAMUser/CompromisedCredentials"), **members)
    event["detail"]["resource"].pop("lambdaDetails")
    return brief_in(event)


def test_the_sessions_of_a_user_are_refused_by_the_users_policy() -> None:
    """They go on for up to 36 hours after the key that made them was deactivated."""
    for key in ("AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"):
        brief = compromised(accessKeyId=key, userName="alice", userType="IAMUser")
        assert not any("role" in line.split("jq")[0] for line in commands(brief))
        (line,) = [line for line in commands(brief) if "put-user-policy" in line]
        assert line.startswith("aws iam put-user-policy --user-name alice --policy-name RevokeOlderSessions ")
        now = shlex.split(line.replace("$(date -u +%Y-%m-%dT%H:%M:%SZ)", "2026-11-23T05:00:00Z"))[-1]
        assert json.loads(now)["Statement"] == [
            {
                "Effect": "Deny", "Action": "*", "Resource": "*",
                "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-11-23T05:00:00Z"}},
            }
        ]  # fmt: skip
        assert any("update-access-key" in line for line in commands(brief)) == key.startswith("AKIA")


@pytest.mark.parametrize(
    ("members", "says", "leak"),
    [
        pytest.param(
            {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "userName": "Root", "userType": "Root"},
            "it is the root user's", "credentials of the root user", id="root",
        ),
        pytest.param(
            {"userName": "AWSReservedSSO_Admin_0123456789abcdef", "userType": "AssumedRole"},
            "permission set of IAM Identity Center", "signed in by IAM Identity Center", id="identity-center",
        ),
        pytest.param(
            {"userName": "AWSServiceRoleForECS", "userType": "AssumedRole"},
            "linked to an AWS service", "temporary credentials", id="service-role",
        ),
        pytest.param(
            {"userName": "eve", "userType": "FederatedUser"}, "GetFederationToken", "made for somebody", id="federated",
        ),
    ],
)  # fmt: skip
def test_what_no_command_can_stop_is_stopped_in_words(members: dict[str, str], says: str, leak: str) -> None:
    brief = compromised(**members)
    assert not [line for line in commands(brief) if CHANGING.match(line)]
    assert says in brief.steps[1].text
    assert any(leak in note for note in brief.notes)
    if members["userType"] in {"Root", "FederatedUser"}:
        assert not [line for line in commands(brief) if line.startswith("aws iam ")]


ALICE: dict[str, Any] = {
    "userName": "Developer",
    "principalId": "AROAI44QH8DHBEXAMPLE:alice@example.com",
    "userType": "AssumedRole",
}


def test_where_no_workload_is_known_the_session_is_named_and_nothing_is_said_to_run() -> None:
    brief = compromised(**ALICE)
    (leak,) = (note for note in brief.notes if note.startswith("Probably leaked"))
    assert leak == (
        "Probably leaked: temporary credentials of the role Developer, session alice@example.com. The finding does not "
        "say who or what holds the session. GuardDuty sees that the credentials were used elsewhere, not how they got "
        "there."
    )
    _, stop, history, role, rest = brief.steps
    assert stop.text == (
        "If they were stolen, stop them now: keep whoever or whatever holds the session from assuming the role again, "
        "and refuse this session's credentials."
    )
    assert [one.label for one in stop.snippets] == [
        "CHANGES: refuses this session's credentials issued up to now, not those of other users of the role"
    ]
    assert "The owner's own calls use the same key" in history.text
    assert role.text.startswith("Find out what the role may do")
    assert rest.text == (
        "Where more than this session's credentials may have leaked, refuse all sessions of the role. Find how the "
        "credentials got away from whoever or whatever holds the session and close that before it has new ones."
    )


@pytest.mark.parametrize(
    ("members", "named"),
    [
        pytest.param(
            {"principalId": "AROAI44QH8DHBEXAMPLE"}, "temporary credentials of the role Developer.", id="role"
        ),
        pytest.param({"userName": None}, "temporary credentials of a role, session alice@example.com.", id="session"),
        pytest.param(
            {"userName": None, "principalId": None},
            "temporary credentials; the finding does not name whose.",
            id="none",
        ),
    ],
)
def test_of_a_session_what_is_known_is_named(members: dict[str, Any], named: str) -> None:
    brief = compromised(**ALICE | members)
    assert [note for note in brief.notes if note.startswith(f"Probably leaked: {named} ")]
    assert ("this session's" in brief.steps[1].text) == ("session" in named)


def test_a_workload_that_has_no_block_is_one_all_the_same() -> None:
    event = _key(leaked_task_credentials(), userName="checkout-role", principalId="AROAI44QH8DHBEXAMPLE:0f1e2d3c")
    del event["detail"]["resource"]["ecsClusterDetails"]
    brief = brief_in(event)
    (leak,) = (note for note in brief.notes if note.startswith("Probably leaked"))
    assert leak.startswith(
        "Probably leaked: temporary credentials of the role checkout-role, session 0f1e2d3c. They are a workload's, "
        "and the finding does not say which. GuardDuty sees"
    )
    assert "isolate the workload after saving what you need of it, and refuse its sessions" in brief.steps[1].text
    assert "refuses this workload's credentials" in brief.steps[1].snippets[0].label
    assert "The workload's own calls use the same key" in brief.steps[2].text
    assert "Where more than this workload's credentials may have leaked" in brief.steps[4].text
    assert brief.steps[4].text.endswith("close that, then start a clean one.")


@pytest.mark.parametrize("prefix", LEAKED_KEYS)
def test_every_type_that_says_of_a_key_that_strangers_have_it_gets_commands_that_stop_it(prefix: str) -> None:
    brief = brief_in(leaked_lambda_credentials(type=prefix))
    assert brief.steps[1].text.startswith("If they were stolen, stop them now: ")
    assert any("CHANGES" in snippet.label for snippet in brief.steps[1].snippets)


def test_a_role_of_an_aws_service_cannot_be_revoked_and_says_so() -> None:
    event = leaked_lambda_credentials()
    event["detail"]["resource"]["lambdaDetails"]["role"] = "arn:aws:iam::111122223333:role/aws-service-role/x/SLR"
    _key(event, userName="SLR")
    brief = brief_in(event)
    assert not any(CHANGING.match(line) for line in commands(brief))
    assert "linked to an AWS service" in brief.steps[1].text


@pytest.mark.parametrize("name", ["AWSServiceRoleForBackupSync", "AWSReservedSSO_Sync_0123456789abcdef"])
def test_a_role_that_only_has_the_name_of_one_of_awss_is_stopped_like_any_other(name: str) -> None:
    """Where its ARN is known its path says whose it is, which AWS alone gives."""
    event = leaked_lambda_credentials()
    event["detail"]["resource"]["lambdaDetails"]["role"] = f"arn:aws:iam::111122223333:role/{name}"
    _key(event, userName=name)
    made = commands(brief_in(event))
    assert [line for line in made if f"put-role-policy --role-name {name} " in line]


def test_two_sessions_of_a_role_are_refused_by_two_policies() -> None:
    """A policy of the same name would be replaced, and what the first one refused let in again."""
    event = leaked_lambda_credentials()
    _key(event, principalId="AROAI44QH8DHBEXAMPLE:refunds-api")
    names = [
        re.findall(r"--policy-name (RevokeLeakedSession-[0-9a-f]{8}) ", "\n".join(commands(brief_in(one))))
        for one in (leaked_lambda_credentials(), event)
    ]
    assert [len(one) for one in names] == [1, 1]
    assert names[0] != names[1]


def test_every_command_is_about_the_role_of_the_key_and_not_about_one_that_the_function_has_got_since() -> None:
    """Revoking the sessions of the wrong role leaves the stolen ones valid, and looks as if it were done."""
    brief = brief_in(_key(leaked_lambda_credentials(), userName="stolen-role"))
    made = "\n".join(commands(brief))
    assert "aws iam get-role --role-name stolen-role" in made
    assert "put-role-policy --role-name stolen-role " in made
    assert "payments-api-role" not in made
    assert any("The function has another role by now" in step.text for step in brief.steps)
    assert not any("another role" in step.text for step in brief_in(leaked_lambda_credentials()).steps)


def test_where_the_key_names_no_role_the_functions_own_is_taken() -> None:
    event = _key(leaked_lambda_credentials(), userName=None)
    assert "aws iam get-role --role-name payments-api-role" in commands(brief_in(event))


def test_a_published_version_says_that_its_alias_has_to_move() -> None:
    def refreshing(event: Event) -> list[str]:
        return [one.label for one in snippets(brief_in(event)) if "update-function-configuration" in one.text]

    event = leaked_lambda_credentials()
    event["detail"]["resource"]["lambdaDetails"]["functionVersion"] = "7"
    assert ["move the alias" in label for label in refreshing(event)] == [True]
    assert ["move the alias" in label for label in refreshing(leaked_lambda_credentials())] == [False]


HOSTILE = [
    *ATTACKS, "$(reboot)", "`reboot`", "a;reboot", "a b", "a'b", 'a"b', "-rf", "--query=x", "a|b", "a\nreboot", "a&b",
    "a>b", "*", "~", "a\\b", "!1", "#x", "${IFS}", "a@b", "\uff04(reboot)", "x" * 300,
]  # fmt: skip


@pytest.mark.parametrize("attack", HOSTILE)
def test_no_name_of_an_attacker_gets_into_a_command_and_the_word_to_fill_in_is_named(attack: str) -> None:
    event = attacked(attack)
    event["detail"]["type"] = "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS"
    resource = event["detail"]["resource"]
    resource["accessKeyDetails"] |= {"principalId": attack, "accessKeyId": attack}
    resource["lambdaDetails"] |= {"functionArn": f"arn:aws:lambda:eu-west-1:111122223333:function:{attack}"}
    resource["lambdaDetails"] |= {"role": f"arn:aws:iam::111122223333:role/{attack}"}
    event["detail"] |= {"id": attack, "region": attack, "accountId": attack}
    brief = brief_in(event)
    clean = brief_in(leaked_lambda_credentials())
    allowed = (
        " ".join(commands(clean)).replace("payments-api-role", "ROLE_NAME").replace("payments-api", "FUNCTION_NAME")
    )
    made = commands(brief, guarded=False)
    assert made
    for line in made:
        assert set(line) <= set(allowed) | set("ROLE_NAME FUNCTION_NAME"), line
        assert line in allowed
        assert shlex.split(line)
    for snippet in snippets(brief):
        assert set(PLACEHOLDER.findall(snippet.text)) == set(PLACEHOLDER.findall(snippet.label))


@pytest.mark.parametrize("attack", HOSTILE)
def test_no_name_of_an_attacker_gets_into_the_proposed_entry(attack: str) -> None:
    event = attacked(attack)
    remote = event["detail"]["service"]["action"]["awsApiCallAction"]["remoteIpDetails"]
    event["detail"] |= {"type": "UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS", "id": attack}
    (entry,) = yaml.safe_load(proposal(brief_in(event)))
    assert entry == {
        "name": "egress-203-0-113-9", "cidrs": ["203.0.113.9"], "owner": "FILL-IN-THE-TEAM", "mode": "observe",
        "reason": "Caller in GuardDuty finding (fill in)" if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", attack)
        else f"Caller in GuardDuty finding {attack}",
        "expires": date(2027, 2, 21),
    }  # fmt: skip
    remote["ipAddressV4"] = f"fe80::1%{attack}"
    assert proposal(brief_in(event)) == ""


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:9"])
def test_the_proposed_entry_is_accepted_with_an_owner_and_hides_nothing(address: str) -> None:
    (entry,) = yaml.safe_load(proposal(brief_in(leaked_lambda_credentials(address=address))))
    with pytest.raises(ValidationError, match="must name a team or person"):
        EgressEntry.model_validate(entry, context={"today": date(2026, 11, 23)})
    accepted = EgressEntry.model_validate(entry | {"owner": "network-ops"}, context={"today": date(2026, 11, 23)})
    assert accepted.mode == "observe"
    assert accepted.expires == date(2027, 2, 21)
    assert [str(one).removesuffix("/32") for one in (*accepted.cidrs, *accepted.ipv6_addresses)] == [address]


def test_an_entry_that_observes_is_proposed_to_enforce_and_one_that_enforces_nothing() -> None:
    assert proposal(brief_in(leaked_lambda_credentials(address="198.51.100.65"))) == "mode: enforce"
    assert proposal(brief_in(leaked_lambda_credentials(address="198.51.100.7"))) == ""


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(leaked_task_credentials(finding_type=INSIDE_AWS), id="an-address-of-aws"),
        pytest.param(low_finding(), id="another-finding"),
        pytest.param(leaked_lambda_credentials(sample=True), id="a-sample"),
        pytest.param(leaked_lambda_credentials(address="(unknown)"), id="no-address"),
    ],
)
def test_no_entry_is_proposed_where_it_cannot_be_our_egress(event: Event) -> None:
    assert proposal(brief_in(event)) == ""


def test_no_entry_is_proposed_for_an_address_whose_network_nobody_knows() -> None:
    event = leaked_lambda_credentials()
    del event["detail"]["service"]["action"]["awsApiCallAction"]["remoteIpDetails"]["organization"]
    assert proposal(brief_in(event)) == ""


WITH_COMMANDS: dict[str, Event] = {
    "function": leaked_lambda_credentials(),
    "task": leaked_task_credentials(),
    "instance": leaked_instance_credentials(),
    "bucket": public_bucket(),
    "filter": call(
        "guardduty", "UpdateFilter", {"detectorId": "12abc34d567e8fa901bc2d34e56789f0", "filterName": "hide"}
    ),
}


@pytest.mark.parametrize("event", WITH_COMMANDS.values(), ids=WITH_COMMANDS)
@pytest.mark.parametrize("kind", sorted(FULL))
def test_every_destination_shows_each_command_as_it_has_to_be_pasted(kind: str, event: Event) -> None:
    (item,) = read(json.dumps(event))
    brief = brief_of(item, AROUND)
    assert snippets(brief)
    message = FULL[kind](brief)
    shown = message if kind == "sns" else "\n".join(texts(json.loads(message)))
    for snippet in snippets(brief):
        assert snippet.label.split(";")[0][:60] in shown
        assert snippet.text in shown


LONG = {"payments-api": "f" * 60, "payments-api-role": "r" * 64, "shop": "c" * 60}
PORTALS = [
    None, Portal("https://example.awsapps.com/start", "SecurityAudit"),
    Portal(f"https://{'a' * 80}.awsapps.com/start", "R" * 32),
]  # fmt: skip


WORKLOADS: list[Callable[[], Event]] = [
    leaked_lambda_credentials, leaked_task_credentials, leaked_instance_credentials
]  # fmt: skip
WITH_A_LIMIT: dict[str, tuple[Callable[[Brief], str], int]] = {
    "slack": (slack_card.message, slack_card.TOTAL_LIMIT),
    "chat": (chat_notification.message, 1_000 + chat_notification.DESCRIPTION_LIMIT),
    "teams": (teams_card.message, 28_000),
}


@pytest.mark.parametrize("portal", PORTALS)
@pytest.mark.parametrize("kind", WITH_A_LIMIT)
@pytest.mark.parametrize("named", [{}, LONG], ids=["short", "long"])
@pytest.mark.parametrize("made", WORKLOADS)
def test_whatever_has_no_room_the_commands_that_stop_a_thief_have(
    made: Callable[[], Event], kind: str, portal: Portal | None, named: dict[str, str]
) -> None:
    """Links through an access portal take most of a message, and names may be as long as AWS lets them be."""
    text = json.dumps(made())
    for name in sorted(named, key=len, reverse=True):
        text = text.replace(f'"{name}"', f'"{named[name]}"').replace(f"/{name}", f"/{named[name]}")
    account = {"111122223333": Account("n" * 60, "o" * 60)}
    brief = brief_of(
        finding_in(json.loads(text)),
        Surroundings(deployment="sandbox", egress=EGRESS, detective=DETECTIVE, portal=portal, accounts=account),
    )
    write, limit = WITH_A_LIMIT[kind]
    message = write(brief)
    assert len(json.dumps(json.loads(message), ensure_ascii=False)) <= limit + 300
    shown = "\n".join(texts(json.loads(message)))
    changing = [one for one in snippets(brief) if one.changes]
    assert len(changing) >= 2
    assert [one.label for one in changing if one.text not in shown] == []
    left_out = [one for one in snippets(brief) if one.text not in shown]
    assert ("Commands that are not here are in the runbook." in shown) == bool(left_out)


@pytest.mark.parametrize("kind", sorted(FULL))
def test_a_message_that_is_too_long_has_a_snippet_whole_or_not_at_all(kind: str) -> None:
    event = leaked_lambda_credentials(description="日" * 2000)
    event["detail"]["resource"] |= {f"thing{n}Details": {f"member{m}": "日" * 190 for m in range(8)} for n in range(12)}
    brief = brief_in(event)
    message = FULL[kind](brief)
    shown = message if kind == "sns" else "\n".join(texts(json.loads(message)))
    for snippet in snippets(brief):
        assert snippet.text in shown or snippet.text[:80] not in shown


@pytest.mark.parametrize(
    ("event", "words"),
    [
        pytest.param(leaked_lambda_credentials(), "environment variables AWS_ACCESS_KEY_ID", id="function"),
        pytest.param(leaked_task_credentials(), "metadata address 169.254.170.2", id="task"),
        pytest.param(leaked_instance_credentials(), "metadata service at 169.254.169.254", id="instance"),
    ],
)
def test_the_message_says_what_was_probably_leaked_and_how(event: Event, words: str) -> None:
    (note,) = [note for note in brief_in(event).notes if note.startswith("Probably leaked")]
    assert words in note


def test_the_history_is_read_where_the_call_was_where_it_was_seen_and_where_global_calls_are_kept() -> None:
    event = leaked_lambda_credentials(region="eu-west-1")
    event["region"] = "ap-south-1"
    lines = [
        line for line in commands(brief_of(finding_in(event), Surroundings(deployment="s"))) if "lookup-events" in line
    ]
    assert [line.split()[4] for line in lines] == ["eu-west-1", "ap-south-1", "us-east-1"]
    gov = leaked_lambda_credentials(region="us-gov-west-1", partition="aws-us-gov")
    lines = [
        line for line in commands(brief_of(finding_in(gov), Surroundings(deployment="s"))) if "lookup-events" in line
    ]
    assert [line.split()[4] for line in lines] == ["us-gov-west-1"]


@pytest.mark.parametrize(
    "finding_type",
    ["BucketAnonymousAccessGranted", "BucketBlockPublicAccessDisabled", "BucketPublicAccessGranted"],
)
def test_a_bucket_that_was_opened_is_closed_before_anybody_asks_why(finding_type: str) -> None:
    brief = brief_in(public_bucket(finding_type=finding_type))
    assert brief.steps[0].text.startswith("Close the bucket first, unless you know that it is meant to be public")
    where = "--region eu-west-1 --bucket payments-exports"
    assert commands(brief) == [
        f"aws s3api get-bucket-policy-status {where}",
        f"aws s3api get-public-access-block {where}",
        f"aws s3api get-bucket-acl {where}",
        f"aws s3api put-public-access-block {where} --public-access-block-configuration "
        "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
    ]


def test_another_finding_about_a_bucket_only_looks_at_it() -> None:
    event = public_bucket()
    event["detail"]["type"] = "Discovery:S3/MaliciousIPCaller"
    found = commands(brief_in(event))
    assert len(found) == 3
    assert all(READING.match(line) for line in found)


@pytest.mark.parametrize(
    "attack", [*HOSTILE, "www.evil.example", "www.example.com", "a..b;c", "UPPER", "-bucket", None, 7]
)
def test_no_name_of_an_attacker_gets_into_a_command_about_a_bucket_and_the_word_to_fill_in_is_named(
    attack: object,
) -> None:
    """A chat program makes a link of `www.`, which a website's bucket is often called."""
    brief = brief_in(public_bucket(attack))
    assert commands(brief) == [
        line.replace("payments-exports", "BUCKET_NAME") for line in commands(brief_in(public_bucket()))
    ]
    assert len(snippets(brief)) == 2
    for snippet in snippets(brief):
        assert snippet.label.endswith("fill in BUCKET_NAME: the finding has no name there that is safe to paste")


def test_a_finding_about_no_bucket_has_no_command_about_one() -> None:
    event = public_bucket()
    del event["detail"]["resource"]["s3BucketDetails"]
    assert commands(brief_in(event)) == []


def test_a_finding_about_an_instance_says_how_to_see_it() -> None:
    assert [line.split(" --query")[0] for line in commands(brief_in(low_finding()))] == [
        "aws ec2 describe-instances --region eu-west-1 --instance-ids i-0f1e2d3c4b5a69788"
    ]
    event = low_finding(resource={"resourceType": "Instance", "instanceDetails": {"instanceId": "i-0; reboot"}})
    assert "reboot" not in " ".join(commands(brief_in(event)))
