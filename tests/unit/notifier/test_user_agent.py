"""Nothing that a caller calls its program becomes a link."""

import pytest

from notifier.destinations.text import body
from notifier.items.container import containers_of
from notifier.items.malware import object_scan
from notifier.items.observed import observed_of
from notifier.items.user_agent import shown_agent
from tests.findings import leaked_lambda_credentials
from tests.unit.notifier.briefs import brief_in
from tests.unit.notifier.test_watched_call import brief as brief_of_call
from tests.watched import call


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Mozilla/5.0 (compatible; evil.example)", "Mozilla/5.0 (compatible; evil[.]example)"),
        ("login.evil.co.uk/aws", "login[.]evil[.]co[.]uk/aws"),
        ("EVIL.COM.", "EVIL[.]COM[.]"),
        ("evil.com:8080", "evil[.]com:8080"),
        ("cloudformation.amazonaws.com.evil.com", "cloudformation[.]amazonaws[.]com[.]evil[.]com"),
        ("evilamazonaws.com", "evilamazonaws[.]com"),
        ("b\u00fccher.example", "b\u00fccher[.]example"),
        ("password=correct-horse evil.com", "password=(hidden) evil[.]com"),
        (".login.evil.example/a", "[.]login[.]evil[.]example/a"),
        ("login.evil.xn--p1ai/x", "login[.]evil[.]xn--p1ai/x"),
        ("evil.\u0440\u0444", "evil[.]\u0440\u0444"),
        (f"{'a.' * 30}evil.example", f"{'a[.]' * 30}evil[.]example"),
        (f"{'a' * 80}.example", f"{'a' * 80}[.]example"),
        ("evil.com.2", "evil[.]com[.]2"),
        ("phish.s3.amazonaws.com/login", "phish[.]s3[.]amazonaws[.]com/login"),
        ("x1.execute-api.us-east-1.amazonaws.com", "x1[.]execute-api[.]us-east-1[.]amazonaws[.]com"),
        ("ec2-1-2-3-4.compute-1.amazonaws.com", "ec2-1-2-3-4[.]compute-1[.]amazonaws[.]com"),
    ],
)
def test_a_host_in_a_user_agent_is_taken_apart(given: str, shown: str) -> None:
    assert shown_agent(given) == shown


@pytest.mark.parametrize(
    "agent",
    [
        "aws-cli/2.15.0 Python/3.11.6 Linux/5.10.205-195.807.amzn2.x86_64 exe/x86_64 prompt/off",
        "Boto3/1.34.1 md/Botocore#1.34.1 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.13.2 cfg/retry-mode#standard",
        "cloudformation.amazonaws.com", "lambda.cn-north-1.amazonaws.com.cn", "10.0.0.1 [2001:db8::1]",
        "AWS Internal", "curl/8.5.0", "",
    ],
)  # fmt: skip
def test_what_programs_call_themselves_is_shown_as_it_is(agent: str) -> None:
    assert shown_agent(agent) == agent


def test_it_is_so_in_messages_about_findings_and_about_calls() -> None:
    event = leaked_lambda_credentials()
    event["detail"]["service"]["action"]["awsApiCallAction"]["userAgent"] = "evil.example"
    assert "evil[.]example" in body(brief_in(event))
    made = body(brief_of_call(call("guardduty", "DeleteDetector", {}, userAgent="evil.example")))
    assert "evil[.]example" in made
    assert "evil.example" not in made


def test_whatever_else_others_named_is_no_link_either() -> None:
    """An image, the key of an object, an indicator, an endpoint, a user agent among what is unusual."""
    assert list(containers_of([{"name": "web", "image": "docker.evil.example/login.page:1"}])) == [
        "web: docker[.]evil[.]example/login.page:1"
    ]
    assert dict(object_scan({"s3ObjectDetails": [{"key": "login.evil.example/in/cv.pdf"}]})) == {
        "Object": "login[.]evil[.]example/in/cv.pdf"
    }
    sequence = {
        "endpoints": [{"domain": "login.evil.example", "connection": {"direction": "OUTBOUND"}}],
        "sequenceIndicators": [{"title": "Suspicious user agent", "values": ["kali login.evil.example/aws"]}],
    }
    seen = {
        "unusual": {"behavior": {"ENTITY": {"userAgent": {"observations": {"text": ["Mozilla login.evil.example"]}}}}}
    }
    service = {"detection": {"sequence": sequence, "anomaly": seen}}
    lines = [line for _, some in observed_of(service, {}, {}) for _, line in some]
    assert sorted(line for line in lines if "evil" in line) == [
        "Suspicious user agent (kali login[.]evil[.]example/aws)",
        "login[.]evil[.]example (outbound)",
        "user agent: Mozilla login[.]evil[.]example",
    ]
