"""Permissions that grow are told one by one, those that shrink in one line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tools.changes.assemblies import compared, home, resource, said
from tools.changes.change import Kind, Topic
from tools.changes.permissions import Permission

Content = dict[str, Any]


def allow(*actions: str, on: object = "*", **more: Any) -> Content:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def role(*statements: Content, service: str = "lambda.amazonaws.com", **more: Any) -> Content:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    policies = [{"PolicyName": "P", "PolicyDocument": {"Statement": list(statements)}}] if statements else []
    properties = {"AssumeRolePolicyDocument": {"Statement": [trust]}, "Policies": policies, **more}
    return resource("AWS::IAM::Role", **properties)


def queue_policy(*statements: Content) -> Content:
    return resource("AWS::SQS::QueuePolicy", PolicyDocument={"Statement": list(statements)}, Queues=[{"Ref": "Queue"}])


def sender(*rules: object) -> Content:
    arn = {"Fn::GetAtt": ["Queue", "Arn"]}
    condition = {"ArnEquals": {"aws:SourceArn": list(rules)}}
    return allow("sqs:SendMessage", on=arn, Principal={"Service": "events.amazonaws.com"}, Condition=condition)


PLAIN_HTTP = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "sqs:*",
    "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
QUEUE = resource("AWS::SQS::Queue")


def of(tmp_path: Path, base: Content, new: Content) -> list[str]:
    return said(tmp_path, home({"Queue": QUEUE, **base}), home({"Queue": QUEUE, **new}), topic=Topic.PERMISSIONS)


@pytest.mark.parametrize(
    ("base", "new", "says"),
    [
        pytest.param(
            {"Role": role()},
            {"Role": role(allow("s3:GetObject", "s3:PutObject", on="arn:aws:s3:::bucket/*"))},
            "permission: <Role> may s3:GetObject, s3:PutObject on arn:aws:s3:::bucket/* in eu-west-1",
            id="inline",
        ),
        pytest.param(
            {"Role": role()},
            {
                "Role": role(),
                "Policy": resource(
                    "AWS::IAM::Policy",
                    Roles=[{"Ref": "Role"}],
                    PolicyDocument={"Statement": allow("sqs:ReceiveMessage", on={"Fn::GetAtt": ["Queue", "Arn"]})},
                ),
            },
            "permission: <Role> may sqs:ReceiveMessage on <Queue> in eu-west-1",
            id="policy",
        ),
        pytest.param(
            {"Role": role()},
            {"Role": role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"])},
            "permission: <Role> may everything in the managed policy arn:aws:iam::aws:policy/AdministratorAccess on * "
            "in eu-west-1",
            id="managed",
        ),
        pytest.param(
            {"Policy": queue_policy(sender("rule/a"))},
            {"Policy": queue_policy(sender("rule/a", "rule/b"))},
            "permission: events.amazonaws.com may sqs:SendMessage on <Queue> in eu-west-1, only if aws:SourceArn "
            "ArnEquals rule/b",
            id="one-more-source",
        ),
        pytest.param(
            {"Policy": queue_policy()},
            {"Policy": queue_policy(allow("sqs:SendMessage", Principal={"Service": "events.amazonaws.com"}))},
            "permission: events.amazonaws.com may sqs:SendMessage on <Queue> in eu-west-1",
            id="on-all-of-its-queue",
        ),
        pytest.param(
            {"Policy": queue_policy(PLAIN_HTTP)},
            {"Policy": queue_policy()},
            "permission: * is no longer denied sqs:* on <Queue> in eu-west-1, only if aws:SecureTransport Bool false",
            id="denial-falls-away",
        ),
        pytest.param(
            {"Key": resource("AWS::KMS::Key", KeyPolicy={"Statement": []})},
            {
                "Key": resource(
                    "AWS::KMS::Key", KeyPolicy={"Statement": [allow("kms:Decrypt", Principal={"AWS": "arn:other"})]}
                )
            },
            "permission: arn:other may kms:Decrypt on <Key> in eu-west-1",
            id="key",
        ),
        pytest.param(
            {},
            {
                "P": resource(
                    "AWS::Lambda::Permission",
                    Action="lambda:InvokeFunction",
                    Principal="sns.amazonaws.com",
                    FunctionName="notifier",
                )
            },
            "permission: sns.amazonaws.com may lambda:InvokeFunction on notifier in eu-west-1",
            id="function",
        ),
        pytest.param(
            {},
            {
                "P": resource(
                    "AWS::Events::EventBusPolicy",
                    Action="events:PutEvents",
                    Principal="444455556666",
                    StatementId="other",
                    EventBusName="findings",
                )
            },
            "permission: 444455556666 may events:PutEvents on findings in eu-west-1",
            id="bus",
        ),
        pytest.param(
            {},
            {
                "P": resource(
                    "AWS::Events::EventBusPolicy",
                    StatementId="other",
                    EventBusName="findings",
                    Statement={"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents"},
                )
            },
            "permission: * may events:PutEvents on findings in eu-west-1",
            id="bus, by a statement",
        ),
        pytest.param(
            {},
            {"P": resource("AWS::Events::EventBusPolicy", StatementId="other", Statement={"Ref": "Parameter"})},
            'permission: somebody may whatever this means: {"Ref": "Parameter"} on the default bus in eu-west-1',
            id="bus, by a statement that nobody can read",
        ),
        pytest.param(
            {},
            {
                "P": resource(
                    "AWS::Logs::ResourcePolicy",
                    PolicyDocument='{"Statement": {"Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"},'
                    ' "Action": "logs:PutLogEvents", "Resource": "arn:logs"}}',
                )
            },
            "permission: es.amazonaws.com may logs:PutLogEvents on arn:logs in eu-west-1",
            id="document-as-text",
        ),
        pytest.param(
            {"Role": role()},
            {"Role": role({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})},
            "permission: <Role> may everything but iam:* on * in eu-west-1",
            id="everything-but",
        ),
        pytest.param(
            {"Role": role(PermissionsBoundary="arn:boundary")},
            {"Role": role()},
            "permission: Role is no longer held by the permissions boundary arn:boundary in eu-west-1",
            id="boundary",
        ),
        pytest.param(
            {"Role": role(PermissionsBoundary="arn:boundary")},
            {"Role": role(PermissionsBoundary="arn:another")},
            "blind?, permission?: Role is held by another permissions boundary, arn:another in eu-west-1",
            id="another-boundary",
        ),
        pytest.param(
            {"Role": role()},
            {"Role": role(PermissionsBoundary="arn:boundary")},
            "blind?: Role is held by a permissions boundary, arn:boundary in eu-west-1",
            id="newly-bounded",
        ),
    ],
)
def test_what_grows_is_one_sentence_each(tmp_path: Path, base: Content, new: Content, says: str) -> None:
    assert of(tmp_path, base, new) == [says]


def test_another_service_that_may_assume_a_role_is_told(tmp_path: Path) -> None:
    grown, shrunk = of(tmp_path, {"Role": role()}, {"Role": role(service="ec2.amazonaws.com")})
    assert grown == "permission: ec2.amazonaws.com may sts:AssumeRole on <Role> in eu-west-1"
    assert shrunk.startswith("blind?: one permission falls away in eu-west-1: sts:AssumeRole on <Role> for lambda")


def test_the_same_permission_on_another_resource_of_the_type_is_told(tmp_path: Path) -> None:
    here, there = ({"Fn::GetAtt": [name, "Arn"]} for name in ("Queue", "Other"))
    base, new = ({"Role": role(allow("sqs:SendMessage", on=on)), "Other": QUEUE} for on in (here, there))
    assert of(tmp_path, base, new)[0] == "permission: <Role> may sqs:SendMessage on <Other> in eu-west-1"


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        pytest.param(allow("sqs:*"), allow("sqs:SendMessage"), id="action"),
        pytest.param(allow("s3:GetObject", on="arn:a/*"), allow("s3:GetObject", on="arn:a/b/*"), id="resource"),
        pytest.param(
            allow("s3:GetObject"), allow("s3:GetObject", Condition={"Bool": {"aws:SecureTransport": "true"}}), id="when"
        ),
        pytest.param(allow("SQS:sendmessage"), allow("sqs:SendMessage"), id="case"),
    ],
)
def test_what_was_allowed_already_does_not_grow(tmp_path: Path, wide: Content, narrow: Content) -> None:
    found = compared(tmp_path / "narrower", home({"R": role(wide)}), home({"R": role(narrow)}))
    assert found.failing([Kind.PERMISSION]) == ()
    back = compared(tmp_path / "wider", home({"R": role(narrow)}), home({"R": role(wide)}))
    same = wide["Action"][0].lower() == narrow["Action"][0].lower() and wide["Resource"] == narrow["Resource"]
    assert bool(back.failing([Kind.PERMISSION])) == (not same or "Condition" in narrow)


def test_a_denial_that_goes_with_its_resource_frees_nothing(tmp_path: Path) -> None:
    found = compared(tmp_path, home({"Queue": QUEUE, "P": queue_policy(PLAIN_HTTP)}), home({}))
    assert found.failing([Kind.PERMISSION]) == ()


def test_a_denial_frees_what_it_was_about_although_it_goes_with_a_policy_of_its_own(tmp_path: Path) -> None:
    policy = resource(
        "AWS::IAM::Policy",
        Roles=[{"Ref": "Role"}],
        PolicyDocument={"Statement": [{"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}]},
    )
    allowing = {"Role": role(allow("s3:*"))}
    assert of(tmp_path, {**allowing, "Deny": policy}, allowing) == [
        "permission: <Role> is no longer denied s3:Delete* on * in eu-west-1"
    ]
    queue = {"Queue": QUEUE}
    assert of(tmp_path / "queue", {**queue, "P": queue_policy(PLAIN_HTTP)}, queue) == [
        "permission: * is no longer denied sqs:* on <Queue> in eu-west-1, only if aws:SecureTransport Bool false"
    ]
    assert of(tmp_path / "role", {**allowing, "Deny": policy}, {}) != []
    assert compared(tmp_path / "with", home({**allowing, "Deny": policy}), home({})).failing([Kind.PERMISSION]) == ()


COMPUTED: Content = {"Fn::If": ["C", {"Statement": [allow("*")]}, {"Ref": "AWS::NoValue"}]}


@pytest.mark.parametrize(
    ("base", "new"),
    [
        pytest.param(
            {"Role": role()}, {"Role": role(Policies=[{"PolicyName": "P", "PolicyDocument": COMPUTED}])}, id="inline"
        ),
        pytest.param(
            {"Role": role()}, {"Role": role(Policies=[{"Fn::If": ["C", COMPUTED, COMPUTED]}])}, id="inline-as-a-whole"
        ),
        pytest.param(
            {"Role": role({"Fn::If": ["C", allow("s3:GetObject"), allow("s3:List*")]})},
            {"Role": role({"Fn::If": ["C", allow("*"), allow("s3:List*")]})},
            id="a-statement",
        ),
        pytest.param(
            {}, {"P": resource("AWS::SQS::QueuePolicy", PolicyDocument=COMPUTED, Queues=["q"])}, id="of-a-queue"
        ),
        pytest.param(
            {"Role": role()},
            {"Role": role() | resource("AWS::IAM::Role", AssumeRolePolicyDocument=COMPUTED)},
            id="trust",
        ),
        pytest.param(
            {"Role": role()},
            {"Role": role(), "P": resource("AWS::IAM::Policy", Roles=[{"Ref": "Role"}], PolicyDocument=COMPUTED)},
            id="attached",
        ),
        pytest.param({}, {"Key": resource("AWS::KMS::Key", KeyPolicy=COMPUTED)}, id="of-a-key"),
    ],
)
def test_a_policy_that_cloudformation_computes_is_not_taken_for_none(
    tmp_path: Path, base: Content, new: Content
) -> None:
    found = compared(tmp_path, home(base), home(new)).failing([Kind.PERMISSION])
    assert any("whatever this means" in one.sentence for one in found), found


@pytest.mark.parametrize(
    ("added", "says"),
    [
        pytest.param(
            resource(
                "AWS::SNS::Subscription", Protocol="https", Endpoint="https://x.example", TopicArn={"Ref": "Topic"}
            ),
            "permission: https[:]//x.example may read what is published on <Topic> in eu-west-1",
            id="a-web-address",
        ),
        pytest.param(
            resource(
                "AWS::SNS::Subscription",
                Protocol={"Fn::Select": [1, ["email", "https"]]},
                Endpoint="x@example.com",
                TopicArn={"Ref": "Topic"},
            ),
            "permission: x@example.com may read what is published on <Topic> in eu-west-1",
            id="a-computed-protocol",
        ),
        pytest.param(
            resource("AWS::SNS::Topic", Subscription=[{"Protocol": "sqs", "Endpoint": "arn:q"}]),
            "permission: arn:q may read what is published on <New> in eu-west-1",
            id="inline",
        ),
    ],
)
def test_whoever_subscribes_without_a_mailbox_may_read(tmp_path: Path, added: Content, says: str) -> None:
    topic = {"Topic": resource("AWS::SNS::Topic")}
    assert of(tmp_path, topic, {**topic, "New": added}) == [says]


def test_a_mailbox_is_a_subscriber_that_can_be_asked(tmp_path: Path) -> None:
    mail = resource("AWS::SNS::Subscription", Protocol="email", Endpoint="x@example.com", TopicArn={"Ref": "Topic"})
    topic = {"Topic": resource("AWS::SNS::Topic")}
    assert of(tmp_path, topic, {**topic, "New": mail}) == []


def test_what_is_denied_is_not_allowed_already(tmp_path: Path) -> None:
    denied = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    assert of(tmp_path, {"Role": role(denied)}, {"Role": role(denied, allow("s3:GetObject"))}) == [
        "permission: <Role> may s3:GetObject on * in eu-west-1"
    ]


def test_what_shrinks_is_one_line_and_may_blind(tmp_path: Path) -> None:
    actions = [f"sqs:Action{number}" for number in range(5)]
    (found,) = of(tmp_path, {"Role": role(allow(*actions))}, {"Role": role()})
    assert found == (
        "blind?: 5 permissions fall away in eu-west-1: sqs:Action0 on * for <Role>; sqs:Action1 on * for <Role>; "
        "sqs:Action2 on * for <Role>, and 2 more; whether anything needed it cannot be told"
    )


def test_what_goes_with_its_holder_blinds_nobody(tmp_path: Path) -> None:
    (found,) = of(tmp_path, {"Role": role(allow("sqs:SendMessage"))}, {})
    assert found.startswith("2 permissions fall away")


def test_a_new_denial_may_blind(tmp_path: Path) -> None:
    (found,) = of(tmp_path, {"Policy": queue_policy()}, {"Policy": queue_policy(PLAIN_HTTP)})
    assert found.startswith("blind?: one permission is newly denied in eu-west-1: sqs:* on <Queue> for *")


def test_a_new_region_with_the_permissions_of_the_others_is_one_line(tmp_path: Path) -> None:
    content = {"Role": role(allow("sqs:SendMessage", on="arn:aws:sqs:eu-west-1:1:queue"))}
    other = {"Role": role(allow("sqs:SendMessage", on="arn:aws:sqs:eu-west-2:1:queue"))}
    base = {"eu-west-1": content}
    assert said(tmp_path, base, {**base, "eu-west-2": other}, topic=Topic.PERMISSIONS) == [
        "permission: 2 permissions that other Regions have already in eu-west-2, for the new Region"
    ]


def test_a_new_region_with_more_than_the_others_is_told(tmp_path: Path) -> None:
    base = {"eu-west-1": {"Role": role()}}
    found = said(tmp_path, base, {**base, "eu-west-2": {"Role": role(allow("iam:*"))}}, topic=Topic.PERMISSIONS)
    assert "permission: <Role> may iam:* on * in eu-west-2" in found


texts = st.sampled_from(["*", "a*", "ab", "a?", "<Queue>"])
permissions = st.builds(
    Permission,
    who=st.sampled_from(["*", "x", "y"]),
    action=texts,
    on=texts,
    denies=st.booleans(),
    when=st.frozensets(st.sampled_from([("Bool", "k", "true"), ("Bool", "l", "true")])),
)


@given(one=permissions, two=permissions, three=permissions)
def test_including_is_an_order(one: Permission, two: Permission, three: Permission) -> None:
    assert one.includes(one)
    if one.includes(two) and two.includes(three):
        assert one.includes(three)


ROLE: Content = resource("AWS::IAM::Role", AssumeRolePolicyDocument={})


def runs(type_: str, member: str, role: object, **more: object) -> Content:
    return {"It": resource(type_, **{member: role}, **more), "Own": ROLE, "Other": ROLE}


@pytest.mark.parametrize(
    ("type_", "member"), [("AWS::Lambda::Function", "Role"), ("AWS::StepFunctions::StateMachine", "RoleArn")]
)
@pytest.mark.parametrize(
    ("role", "named"),
    [
        ({"Fn::GetAtt": ["Other", "Arn"]}, "<Other>"),
        ("arn:aws:iam::111122223333:role/admin", "arn:aws:iam::111122223333:role/admin"),
    ],
)
def test_another_role_gives_all_that_it_may(tmp_path: Path, type_: str, member: str, role: object, named: str) -> None:
    base, new = (home(runs(type_, member, one)) for one in ({"Fn::GetAtt": ["Own", "Arn"]}, role))
    assert said(tmp_path, base, new, topic=Topic.PERMISSIONS) == [
        f"permission: <It> may sts:AssumeRole as its own role on {named} in eu-west-1"
    ]


def test_a_target_that_is_called_with_another_role_is_told(tmp_path: Path) -> None:
    base, new = (
        home(runs("AWS::Events::Rule", "Targets", [{"Id": "a", "Arn": "b", "RoleArn": {"Fn::GetAtt": [one, "Arn"]}}]))
        for one in ("Own", "Other")
    )
    assert said(tmp_path, base, new, topic=Topic.PERMISSIONS) == [
        "permission: <It> may sts:AssumeRole as its own role on <Other> in eu-west-1"
    ]


def test_a_function_that_comes_with_its_role_says_it_by_the_statements_of_the_role_alone(tmp_path: Path) -> None:
    new = home(runs("AWS::Lambda::Function", "Role", {"Fn::GetAtt": ["Own", "Arn"]}))
    assert said(tmp_path, home({"Other": ROLE}), new, topic=Topic.PERMISSIONS) == []
    taken = home(runs("AWS::Lambda::Function", "Role", {"Fn::GetAtt": ["Other", "Arn"]}))
    assert said(tmp_path / "taken", home({"Other": ROLE}), taken, topic=Topic.PERMISSIONS) == [
        "permission: <It> may sts:AssumeRole as its own role on <Other> in eu-west-1"
    ]
    foreign = home({"It": resource("AWS::Lambda::Function", Role="arn:aws:iam::111122223333:role/admin")})
    assert len(said(tmp_path / "foreign", home({"Other": ROLE}), foreign, topic=Topic.PERMISSIONS)) == 1


@pytest.mark.parametrize(
    ("added", "says"),
    [
        pytest.param(
            resource("AWS::IAM::AccessKey", UserName="alice"),
            "permission: alice may sign in with an access key on * in eu-west-1",
            id="access-key",
        ),
        pytest.param(
            resource("AWS::Lambda::Url", AuthType="NONE", TargetFunctionArn="f"),
            "permission: * may lambda:InvokeFunctionUrl on f in eu-west-1",
            id="url-for-everybody",
        ),
        pytest.param(
            resource("AWS::Lambda::Url", AuthType="AWS_IAM", TargetFunctionArn="f"),
            "permission: whoever IAM lets may lambda:InvokeFunctionUrl on f in eu-west-1",
            id="url",
        ),
        pytest.param(
            resource("AWS::IAM::UserToGroupAddition", GroupName="admins", Users=["alice"]),
            "permission: alice may act as a member on admins in eu-west-1",
            id="member-of-a-group",
        ),
        pytest.param(
            resource("AWS::Lambda::Function", Layers=["arn:aws:lambda:eu-west-1:999900001111:layer:x:1"]),
            "permission: arn:aws:lambda:eu-west-1:999900001111:layer:x:1 may run its code in on <New> in eu-west-1",
            id="layer",
        ),
    ],
)
def test_what_gives_something_without_a_policy_is_told(tmp_path: Path, added: Content, says: str) -> None:
    assert said(tmp_path, home({"Role": ROLE}), home({"Role": ROLE, "New": added}), topic=Topic.PERMISSIONS) == [says]


def test_what_falls_away_more_than_once_is_named_once(tmp_path: Path) -> None:
    queue = {"Queue": QUEUE}
    found = of(tmp_path, {**queue, "P": queue_policy(sender("a", "b", "c"), allow("sqs:Purge", Principal="*"))}, queue)
    (one,) = [text for text in found if "fall away" in text]
    assert "4 permissions fall away in eu-west-1: " in one
    assert one.count("sqs:SendMessage on <Queue> for events.amazonaws.com (3 times)") == 1


def rule(**properties: Any) -> Content:
    return resource("AWS::Events::Rule", **{"Name": "high", "EventBusName": {"Ref": "Bus"}, **properties})


BUS = {"Bus": resource("AWS::Events::EventBus", Name="findings")}
HIGH = "arn:aws:events:eu-west-1:111122223333:rule/findings/high"
HIGH_HERE = {
    "Fn::Join": [
        "",
        ["arn:aws:events:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":rule/findings/high"],
    ]
}
CALLED_BY_RULE = resource(
    "AWS::Lambda::Permission",
    Action="lambda:InvokeFunction",
    Principal="events.amazonaws.com",
    FunctionName="starter",
    SourceArn={"Fn::GetAtt": ["Rule", "Arn"]},
)


@pytest.mark.parametrize(
    ("policy", "rule_after"),
    [
        pytest.param(queue_policy(sender(HIGH)), rule(), id="of-a-rule-that-stays"),
        pytest.param(queue_policy(sender(HIGH)), rule(Name="higher"), id="of-a-rule-that-is-renamed"),
        pytest.param(queue_policy(sender(HIGH.replace("eu-west-1", "us-east-1"))), None, id="in-another-region"),
        pytest.param(queue_policy(sender(HIGH.replace("1111", "4444"))), None, id="in-another-account"),
        pytest.param(queue_policy(sender(HIGH.replace("findings", "other"))), None, id="on-another-bus"),
        pytest.param(queue_policy(sender(HIGH.replace("findings/", ""))), None, id="on-the-default-bus"),
        pytest.param(queue_policy(sender("arn:aws:sns:eu-west-1:111122223333:high")), None, id="no-rule"),
        pytest.param(queue_policy(allow("sqs:SendMessage", Principal="*")), None, id="of-anybody"),
        pytest.param(
            queue_policy(
                allow("sqs:SendMessage", Principal="*", Condition={"ArnNotEquals": {"aws:SourceArn": [HIGH]}})
            ),
            None,
            id="of-all-but-the-rule",
        ),
        pytest.param(CALLED_BY_RULE, rule(), id="to-call-a-function"),
    ],
)
def test_a_policy_that_goes_while_what_it_is_about_stays_may_blind(
    tmp_path: Path, policy: Content, rule_after: Content | None
) -> None:
    base = {**BUS, "Rule": rule(), "Policy": policy}
    (found,) = of(tmp_path, base, {**BUS, **({"Rule": rule_after} if rule_after else {})})
    assert found.startswith("blind?: one permission falls away in eu-west-1: ")


@pytest.mark.parametrize(
    ("before", "policy"),
    [
        pytest.param(rule(), queue_policy(sender(HIGH)), id="by-its-arn"),
        pytest.param(rule(), queue_policy(sender(HIGH_HERE)), id="in-pseudo-parameters"),
        pytest.param(
            rule(EventBusName="default"), queue_policy(sender(HIGH.replace("findings/", ""))), id="on-the-default-bus"
        ),
        pytest.param(rule(), CALLED_BY_RULE, id="by-reference"),
    ],
)
@pytest.mark.parametrize("policy_stays", [True, False])
def test_what_a_rule_needed_blinds_nobody_when_it_goes_with_the_rule(
    tmp_path: Path, before: Content, policy: Content, *, policy_stays: bool
) -> None:
    after = {"Policy": queue_policy()} if policy_stays else {}
    (found,) = of(tmp_path, {**BUS, "Rule": before, "Policy": policy}, {**BUS, **after})
    assert found.startswith("one permission falls away in eu-west-1: ")


def test_a_rule_whose_name_or_bus_cannot_be_read_is_not_taken_for_the_one_that_a_permission_names(
    tmp_path: Path,
) -> None:
    for number, one in enumerate((rule(Name={"Ref": "X"}), rule(EventBusName={"Fn::ImportValue": "bus"}))):
        base = {"Rule": one, "Policy": queue_policy(sender(HIGH))}
        (found,) = of(tmp_path / str(number), base, {})
        assert found.startswith("blind?: one permission falls away in eu-west-1: ")


PART = {"Fn::Join": ["", [{"Fn::GetAtt": ["Queue", "Arn"]}, "/*"]]}


def test_a_part_of_a_resource_is_there_with_the_resource(tmp_path: Path) -> None:
    """Objects of a bucket, versions of a function."""
    (lost,) = of(tmp_path / "lost", {"Role": role(allow("s3:GetObject", on=PART))}, {"Role": role()})
    assert lost.startswith("blind?: one permission falls away in eu-west-1: s3:GetObject on <Queue>/* for <Role>")
    denied = {"Effect": "Deny", "Action": "s3:*", "Resource": PART}
    assert of(tmp_path / "freed", {"Role": role(denied)}, {"Role": role()}) == [
        "permission: <Role> is no longer denied s3:* on <Queue>/* in eu-west-1"
    ]
    gone = home({"Queue": QUEUE, "Role": role(allow("s3:GetObject", on=PART))}), home({"Role": role()})
    assert compared(tmp_path / "gone", *gone).failing([Kind.BLIND]) == ()


def test_the_account_itself_is_always_there(tmp_path: Path) -> None:
    own = allow("sqs:SendMessage", Principal={"AWS": {"Ref": "AWS::AccountId"}})
    (found,) = of(tmp_path, {"Policy": queue_policy(own)}, {"Policy": queue_policy()})
    assert found == (
        "blind?: one permission falls away in eu-west-1: sqs:SendMessage on <Queue> for <account>; whether anything "
        "needed it cannot be told"
    )
