"""A change that could blind the stack is told in words; what a deployment does is not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.brief import Brief
from notifier.briefs import brief_of, plain_brief
from notifier.destinations import chat_notification, pagerduty_event, slack_card, teams_card, webhook_document
from notifier.destinations.pagerduty import PagerDutySender
from notifier.destinations.text import body, subject
from notifier.items.event import read
from notifier.items.expected import Expected
from notifier.items.unrecognised import Unrecognised
from notifier.items.watched_call import WatchedCall
from notifier.items.watched_words import WORDS, words_of
from notifier.ledger.sight import Sight
from notifier.urgency import urgency
from tests.surroundings import AROUND
from tests.unit.notifier.attacks import ATTACKS
from tests.unit.notifier.limits import check, check_plain
from tests.watched import ACCOUNT, CLOUDFORMATION, PERSON, PIPELINE, REGION, call, role_session

EXPECTED = Expected(
    callers=(("cdk-hnb659fds-deploy-role-*", "detection-stack-*"), ("exact-role", "exact-session")),
    cloudformation_roles=("cdk-hnb659fds-cfn-exec-role-*",),
)
FILTER = {"detectorId": "12abc34d567e8fa901bc2d34e56789f0", "filterName": "hide-me", "action": "ARCHIVE"}


def call_in(event: dict[str, Any]) -> WatchedCall:
    (item,) = read(json.dumps(event))
    assert isinstance(item, WatchedCall)
    return item


def brief(event: dict[str, Any]) -> Brief:
    return brief_of(call_in(event), AROUND)


def facts(made: Brief, title: str) -> dict[str, str]:
    (section,) = (one for one in made.sections if one.title.startswith(title))
    return {fact.label: fact.value for fact in section.facts}


def assert_ended(made: Brief, event: dict[str, Any], *, how: str, code: str) -> None:
    assert made.subject == f"{how.capitalize()}: delete the GuardDuty detector"
    assert facts(made, "What")["Result"] == f"{how}: {code}"
    assert made.severity_label == "Critical 9.0"
    assert "put back" not in body(made)
    assert not [one for step in made.steps for one in step.snippets]
    plain = plain_brief(call_in(event), AROUND)
    assert plain.subject == f"{how.capitalize()} call of guardduty:DeleteDetector"


def test_it_says_who_did_what_to_which_resource_and_what_that_means() -> None:
    made = brief(call("guardduty", "UpdateFilter", FILTER))
    assert made.headline == (
        "alice in the role Admin changed a GuardDuty filter (hide-me). Findings that it matches reach nobody: "
        "no event, no Security Hub, no Detective."
    )
    assert subject(made) == f"[High 8.0] Somebody changed a GuardDuty filter (hide-me) - {ACCOUNT} {REGION}"
    assert facts(made, "Who")["Identity"] == PERSON["arn"]
    assert facts(made, "Who")["Address"] == "203.0.113.9"
    assert facts(made, "What")["Call"] == "guardduty:UpdateFilter"
    assert facts(made, "Asked for")["action"] == "ARCHIVE"
    assert not made.notice
    assert made.call


REVERT = (
    "CONFIG=sandbox python app.py && python -m tools verify\n"
    "npx cdk deploy STACK -c config=sandbox --exclusively --revert-drift\n"
    "python -m tools selftest sandbox"
)


def pasted(event: dict[str, Any]) -> list[str]:
    return [one.text for step in brief(event).steps for one in step.snippets]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("UpdateFilter", FILTER),
        ("CreateFilter", {"detectorId": FILTER["detectorId"], "name": "hide-me", "action": "ARCHIVE"}),
    ],
)
def test_a_filter_that_may_hide_everything_stops_hiding_before_anything_is_looked_for(
    name: str, asked: dict[str, str]
) -> None:
    which = f"--region {REGION} --detector-id 12abc34d567e8fa901bc2d34e56789f0 --filter-name hide-me"
    first = f"aws sts get-caller-identity --region {REGION} --output text | grep '^{ACCOUNT}' && "
    last = f" && echo DONE || echo 'NOT DONE: refused, or not in {ACCOUNT}'"
    assert pasted(call("guardduty", name, asked)) == [
        f"{first}aws guardduty update-filter {which} --action NOOP{last}",
        # GuardDuty refuses to count by fields that only a filter that archives may ask for.
        f"{first}aws guardduty get-filter {which} --output json | tee hide-me.json | grep '\"Name\"'"
        f" && grep -q '\"Name\"' hide-me.json && aws guardduty delete-filter {which}{last}",
        REVERT,
    ]


def test_what_was_changed_is_set_back_by_what_looks_at_what_is_live() -> None:
    """CloudFormation leaves alone what the template says as before, whatever somebody made of it."""
    assert pasted(call("events", "DisableRule", {"name": "findings"})) == [REVERT]
    assert "STACK" in brief(call("events", "DisableRule", {"name": "findings"})).steps[-1].snippets[0].label


@pytest.mark.parametrize(
    "attack", ["$(reboot)", "a;reboot", "-rf", "--query", "a b", "x" * 65, "", "a`id`", "\u0430bc"]
)
def test_no_name_of_an_attacker_gets_into_a_command_about_a_filter(attack: str) -> None:
    for asked in (FILTER | {"filterName": attack}, FILTER | {"detectorId": attack}):
        assert pasted(call("guardduty", "UpdateFilter", asked)) == [REVERT]


@pytest.mark.parametrize(
    "code",
    [
        "AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "AuthorizationErrorException",
        "NotAuthorizedException", "UnauthorizedAccess", "Forbidden",
    ],
)  # fmt: skip
def test_a_refused_attempt_says_that_nothing_was_changed(code: str) -> None:
    event = call("guardduty", "DeleteDetector", {}, errorCode=code, errorMessage="is not authorized")
    made = brief(event)
    assert (
        made.headline == f"alice in the role Admin tried to delete the GuardDuty detector, and AWS refused it: {code}."
    )
    assert made.notes == (
        "Nothing was changed. Who tries this without being allowed to may try another way: read what else they did.",
    )
    assert_ended(made, event, how="refused", code=code)


@pytest.mark.parametrize("code", ["ThrottlingException", "ValidationException", "InternalFailure", "NoSuchEntity"])
def test_a_failed_attempt_is_no_refusal_and_may_have_been_repeated(code: str) -> None:
    event = call("guardduty", "DeleteDetector", {}, errorCode=code)
    made = brief(event)
    assert made.headline == f"alice in the role Admin tried to delete the GuardDuty detector, and it failed: {code}."
    assert made.notes == (
        "The call failed, so nothing was changed by it; it may have been repeated with success: look for the same call "
        "after it.",
    )
    assert_ended(made, event, how="failed", code=code)


HIDES = "Findings that it matches reach nobody: no event, no Security Hub, no Detective."
MAY_HIDE = "If it archives, findings that it matches reach nobody: no event, no Security Hub, no Detective."
TRUSTS = "GuardDuty makes no finding of any type for the addresses on it, and leaves no trace."
MAY_TRUST = f"If it is active, {TRUSTS}"
HARMLESS = "It hides nothing as it is."


@pytest.mark.parametrize(
    ("service", "name", "means"),
    [
        ("guardduty", "DeleteFilter", "What it hid, if it hid anything, is sent again."),
        ("s3", "PutObject", "GuardDuty reads it when the list is activated again; from then on"),
    ],
)
def test_nothing_is_told_as_done_that_may_not_be(service: str, name: str, means: str) -> None:
    assert means in body(brief_of(call_in(call(service, name, {"filterName": "x"})), AROUND))


@pytest.mark.parametrize(
    ("name", "asked", "means"),
    [
        ("CreateFilter", {"action": "ARCHIVE"}, HIDES),
        ("CreateFilter", {"action": "NOOP"}, HARMLESS),
        ("CreateFilter", {}, HARMLESS),
        ("CreateFilter", {"action": None}, HARMLESS),
        ("CreateFilter", {"action": "LATER_WORD"}, MAY_HIDE),
        ("UpdateFilter", {"action": "ARCHIVE"}, HIDES),
        ("UpdateFilter", {"action": "NOOP"}, HARMLESS),
        ("UpdateFilter", {}, MAY_HIDE),
        *(
            (f"{verb}{kind}", asked, means)
            for verb in ("Create", "Update")
            for kind in ("IPSet", "TrustedEntitySet")
            for asked, means in (
                ({"activate": True}, TRUSTS),
                ({"activate": "true"}, TRUSTS),
                ({"activate": False}, HARMLESS),
                ({"activate": "false"}, HARMLESS),
                ({}, MAY_TRUST),
            )
        ),
    ],
)
def test_a_filter_and_a_list_mean_what_was_asked_of_them(name: str, asked: dict[str, Any], means: str) -> None:
    made = brief(call("guardduty", name, {"name": "mine", **asked}))
    assert made.headline.partition("(mine). ")[2] == means
    assert made.severity_label == "High 8.0"


@pytest.mark.parametrize("request_", [None, {}, {"omitted": True, "reason": "too long"}])
def test_a_request_that_the_event_leaves_out_is_not_called_harmless(request_: dict[str, Any] | None) -> None:
    assert brief(call("guardduty", "CreateFilter", request_)).headline.endswith(MAY_HIDE)


@pytest.mark.parametrize(
    ("identity", "named"),
    [
        pytest.param({"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root"}, "The root user", id="root"),
        pytest.param({"type": "IAMUser", "userName": "bob"}, "The user bob", id="user"),
        pytest.param(
            {"type": "AWSService", "invokedBy": "guardduty.amazonaws.com"},
            "The AWS service guardduty.amazonaws.com",
            id="service",
        ),
        pytest.param(CLOUDFORMATION, "AWSCloudFormation in the role cdk-hnb659fds-cfn-exec-role", id="cloudformation"),
        pytest.param({}, "Somebody whom the event does not name", id="nobody"),
        pytest.param(
            {**PERSON, "sessionContext": {"sourceIdentity": "alice@example.com"}}, "alice (alice@example.com)", id="idp"
        ),
    ],
)
def test_whoever_did_it_is_named(identity: dict[str, Any], named: str) -> None:
    assert brief(call("events", "DisableRule", {"name": "sandbox-forwarder"}, identity=identity)).headline.startswith(
        named
    )


@pytest.mark.parametrize(
    ("service", "name", "request_", "subject_"),
    [
        (
            "lambda",
            "DeleteFunction20150331",
            {"functionName": "arn:aws:lambda:eu-west-1:1:function:to-slack"},
            "to-slack",
        ),
        ("sqs", "PurgeQueue", {"queueUrl": "https://sqs.eu-west-1.amazonaws.com/1/findings"}, "findings"),
        ("monitoring", "DeleteAlarms", {"alarmNames": ["a", "b"]}, "a, b"),
        ("dynamodb", "DeleteTable", {"tableName": "arn:aws:dynamodb:eu-west-1:1:table/ledger"}, "ledger"),
        (
            "secretsmanager",
            "DeleteSecret",
            {"secretId": "arn:aws:secretsmanager:eu-west-1:1:secret:detection/slack-webhook-AbCdEf"},
            "detection/slack-webhook-AbCdEf",
        ),
        (
            "logs",
            "DeleteLogGroup",
            {"logGroupName": "arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/to-slack:*"},
            "/aws/lambda/to-slack",
        ),
        ("sns", "Subscribe", {"topicArn": "arn:aws:sns:eu-west-1:1:alarms"}, "alarms"),
        ("events", "RemoveTargets", {"rule": "high", "eventBusName": "findings"}, "high"),
    ],
)
def test_the_resource_is_named_by_the_end_of_its_name(
    service: str, name: str, request_: dict[str, Any], subject_: str
) -> None:
    made = brief(call(service, name, request_))
    assert f"({subject_})" in made.subject
    assert "20150331" not in made.headline


def test_a_secret_in_a_request_is_not_shown() -> None:
    request = {"secretId": "detection/slack-webhook", "secretString": "https://hooks.slack.com/services/x", "code": {}}
    made = brief(call("secretsmanager", "PutSecretValue", request))
    assert facts(made, "Asked for") == {
        "secretId": "detection/slack-webhook", "secretString": "(hidden)", "code": "(hidden)",
    }  # fmt: skip
    assert "hooks.slack.com" not in body(made)


@pytest.mark.parametrize(
    ("identity", "covered"),
    [
        pytest.param(PIPELINE, True, id="the-pipeline"),
        pytest.param(role_session("exact-role", "exact-session"), True, id="an-exact-name"),
        pytest.param(CLOUDFORMATION, True, id="cloudformation-with-its-role"),
        pytest.param({**PIPELINE, "invokedBy": "cloudformation.amazonaws.com"}, True, id="cloudformation-in-its-name"),
        pytest.param({"type": "AWSService", "invokedBy": "guardduty.amazonaws.com"}, True, id="a-service"),
        pytest.param(PERSON, False, id="a-person"),
        pytest.param(role_session("exact-role", "exact-session-2"), False, id="another-session"),
        pytest.param(role_session("exact-role-2", "exact-session"), False, id="another-role"),
        pytest.param(
            role_session("cdk-hnb659fds-deploy-role-1-eu-west-1", "aws-cdk-alice"), False, id="the-deploy-role-by-hand"
        ),
        pytest.param(
            role_session("exact-role", "exact-session", account="999988887777"), False, id="a-role-of-another-account"
        ),
        pytest.param(
            role_session("cdk-hnb659fds-cfn-exec-role-1-eu-west-1", "AWSCloudFormation"), False, id="not-cloudformation"
        ),
        pytest.param({**PERSON, "invokedBy": "cloudformation.amazonaws.com"}, False, id="cloudformation-for-a-person"),
        pytest.param({**PIPELINE, "invokedBy": "ssm.amazonaws.com"}, False, id="the-pipeline-through-another-service"),
        pytest.param({"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root"}, False, id="root"),
        pytest.param({}, False, id="nobody"),
    ],
)
def test_who_is_expected(identity: dict[str, Any], *, covered: bool) -> None:
    assert EXPECTED.covers(call_in(call("guardduty", "UpdateFilter", FILTER, identity=identity))) is covered


OWN = EXPECTED._replace(filters="prod-")


@pytest.mark.parametrize(
    ("service", "name", "asked", "covered"),
    [
        pytest.param("guardduty", "CreateFilter", {"name": "prod-tokyo-dc-01"}, True, id="a-filter-of-ours"),
        pytest.param("guardduty", "CreateFilter", {"name": "quiet"}, False, id="a-filter-of-another-stack"),
        pytest.param("guardduty", "UpdateFilter", {"filterName": "prod-tokyo-dc-01"}, True, id="ours-changed"),
        pytest.param("guardduty", "UpdateFilter", {"filterName": "quiet"}, False, id="anothers-changed"),
        pytest.param("guardduty", "UpdateFilter", {}, False, id="nobody-knows-whose"),
        pytest.param("guardduty", "DeleteFilter", {"filterName": "quiet"}, True, id="one-that-hides-no-more"),
        pytest.param("cloudformation", "UpdateStack", {"stackName": "prod-Response"}, True, id="a-stack-changed"),
        pytest.param("cloudformation", "DeleteStack", {"stackName": "prod-Detection-eu-west-1"}, False, id="deleted"),
        pytest.param(
            "guardduty", "UpdateOrganizationConfiguration", {"autoEnableOrganizationMembers": "ALL"}, True, id="enrols"
        ),
        pytest.param(
            "guardduty", "UpdateOrganizationConfiguration", {"autoEnableOrganizationMembers": "NONE"}, False,
            id="enrols-nobody",
        ),
        pytest.param("detective", "UpdateOrganizationConfiguration", {"autoEnable": True}, True, id="to-detective"),
        pytest.param("detective", "UpdateOrganizationConfiguration", {"autoEnable": False}, False, id="to-nothing"),
        pytest.param("detective", "UpdateOrganizationConfiguration", {"autoEnable": "false"}, False, id="in-words"),
    ],
)  # fmt: skip
def test_what_no_deployment_of_this_stack_does_is_news_whoever_deploys(
    service: str, name: str, asked: dict[str, Any], *, covered: bool
) -> None:
    for identity in (PIPELINE, CLOUDFORMATION):
        assert OWN.covers(call_in(call(service, name, asked, identity=identity))) is covered


SERVICE_ROLE = role_session("AWSServiceRoleForAmazonGuardDuty", "guardduty")
SERVICE_ROLE["sessionContext"]["sessionIssuer"]["arn"] = (
    f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty"
)


def test_a_service_may_change_and_not_take_away() -> None:
    assert EXPECTED.covers(call_in(call("guardduty", "UpdateMemberDetectors", {}, identity=SERVICE_ROLE)))
    assert not EXPECTED.covers(call_in(call("guardduty", "DeleteDetector", {}, identity=SERVICE_ROLE)))


def test_what_a_deployment_was_refused_is_no_news_either() -> None:
    assert EXPECTED.covers(call_in(call("events", "PutRule", {}, identity=CLOUDFORMATION, errorCode="Throttling")))


def test_nobody_is_expected_where_nobody_was_named() -> None:
    for identity in (PIPELINE, CLOUDFORMATION, PERSON):
        assert not Expected().covers(call_in(call("guardduty", "UpdateFilter", FILTER, identity=identity)))


def test_an_event_that_aws_did_not_send_is_no_call() -> None:
    (item,) = read(json.dumps({**call("guardduty", "DeleteDetector"), "source": "somebody"}))
    assert isinstance(item, Unrecognised)


def test_a_pager_takes_it_and_its_severity() -> None:
    made = brief(call("guardduty", "DeleteDetector", {}))
    assert PagerDutySender(routing_key_secret="s", service_region="us").takes(made)
    assert json.loads(pagerduty_event.message(made, routing_key="r" * 32))["payload"]["severity"] == "critical"


def test_the_webhook_document_says_what_it_is() -> None:
    document = json.loads(webhook_document.message(brief(call("guardduty", "UpdateFilter", FILTER))))
    assert (document["call"], document["notice"], document["recognised"]) == (True, False, True)


def test_each_call_is_a_case_and_the_same_event_by_two_rules_is_one() -> None:
    event = call("events", "DisableRule", {"name": "sandbox-forwarder"})
    again = call("events", "DisableRule", {"name": "sandbox-forwarder"}, event_id="another")
    first, second, other = (Sight.of(call_in(one)) for one in (event, {**event, "id": "elsewhere"}, again))
    assert first
    assert second
    assert other
    assert first == second
    assert first.case != other.case


def test_the_most_severe_goes_first() -> None:
    deleted, tagged = (json.dumps(call("guardduty", name, {})) for name in ("DeleteDetector", "TagResource"))
    assert urgency(deleted) > urgency(tagged) > 0


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_others_chose_can_do_nothing(attack: str) -> None:
    identity = {**PERSON, "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{attack}/{attack}", "userName": attack}
    event = call(
        "guardduty", "UpdateFilter", {"filterName": attack, attack: attack}, identity=identity, event_id=attack,
        sourceIPAddress=attack, userAgent=attack, errorCode=attack, errorMessage=attack,
    )  # fmt: skip
    made = brief(event)
    check(made)
    check_plain(made)
    for line in (made.subject, made.headline, *made.notes, *(step.text for step in made.steps)):
        assert line.isprintable()
        assert "://" not in line


LONG: Any = st.recursive(
    st.none() | st.booleans() | st.text(max_size=300) | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)


@given(detail=st.dictionaries(
    st.sampled_from([
        "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "requestParameters",
        "responseElements", "eventID", "errorCode", "errorMessage", "recipientAccountId", "resources", "userAgent",
    ]),
    LONG,
))  # fmt: skip
def test_whatever_is_missing_or_odd_it_is_told(detail: dict[str, Any]) -> None:
    item = call_in({**call("guardduty", "UpdateFilter"), "detail": detail or {"x": 1}})
    EXPECTED.covers(item)
    made = brief_of(item, AROUND)
    for message in (slack_card.message, teams_card.message, chat_notification.message, webhook_document.message, body):
        assert message(made)
    assert plain_brief(item, AROUND).recognised


def test_every_call_has_words_that_make_a_sentence() -> None:
    for service, calls in WORDS.items():
        for name, words in calls.items():
            assert words.did, (service, name)
            assert not words.means or words.means.endswith(".")
            assert 4 <= words.number <= 9
    assert words_of("events", "Unheard").does == "change something by events:Unheard"


def test_the_dates_of_lambdas_calls_are_left_out() -> None:
    for name in ("AddPermission20150331v2", "AddPermission20150331", "AddPermission"):
        assert call_in(call("lambda", name, {})).api == "lambda:AddPermission"


def test_variables_of_a_function_are_not_shown() -> None:
    asked = {"functionName": "n", "environment": {"variables": {"PLAIN": "hunter2"}}}
    made = brief(call("lambda", "UpdateFunctionConfiguration20150331v2", asked))
    assert "hunter2" not in body(made)
    assert "hunter2" not in json.dumps([fact.value for section in made.sections for fact in section.facts])


def test_a_caller_of_another_account_is_told_as_one() -> None:
    stranger = {**PERSON, "accountId": "999900001111"}
    made = brief(call("guardduty", "UpdateFilter", FILTER, userIdentity=stranger))
    assert "The caller is of another account, 999900001111." in made.notes
