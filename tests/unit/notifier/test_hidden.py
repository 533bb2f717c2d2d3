"""What looks like a secret is hidden, and what only speaks of secrets is not."""

import pytest

from notifier.items.hidden import without_secrets

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjEXAMPLE", "AWS_SESSION_TOKEN=(hidden)"),
        ("aws_secret_access_key = correct-horse", "aws_secret_access_key = (hidden)"),
        ("x-amz-security-token: correct-horse", "x-amz-security-token: (hidden)"),
        ('{"password":"correct-horse"}', '{"password":"(hidden)"}'),
        ("Authorization: Basic dXNlcjpwYXNzd29yZA", "Authorization: Basic (hidden)"),
        ("Bearer abcdefgh12345678", "Bearer (hidden)"),
        ("mysql --password correct-horse", "mysql --password (hidden)"),
        ("curl -token correct-horse", "curl -token (hidden)"),
        ("password hunter2hunter2", "password (hidden)"),
        ("password:  correct-horse", "password:  (hidden)"),
        ("mysql --password  correct-horse", "mysql --password  (hidden)"),
        ("Authorization: token correcthorsebattery", "Authorization: token (hidden)"),
        ("Authorization: ApiKey correcthorsebattery", "Authorization: ApiKey (hidden)"),
        ("bearer=correcthorse1", "bearer=(hidden)"),
        (
            "aws secretsmanager put-secret-value --secret-string correct-horse-battery",
            "aws secretsmanager put-secret-value --secret-string (hidden)",
        ),
        # Like a secret access key, with the slashes that one may have.
        ("key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY.", "key (hidden)."),
        ("/JalrXUtnFEMIwK7MDENG/bPxRfiCYEXAMPLEKEY", "(hidden)"),
        ("/JalrXUtnF3MI/K7MDENG/bPxRfiCYEXAMPL3KEY", "(hidden)"),
        ("client_secret 8fj2kd93lsk20dk3", "client_secret (hidden)"),
        ("the secret hunter2abc9", "the secret (hidden)"),
        ("SECRET wJalrXUtnFEMI/K7MDENG-bPxRfiCYEXAMPL3K", "SECRET (hidden)"),
        ("secret my-dog/8fj2kd93lsk2", "secret (hidden)"),
        ("https://bob:hunter2pass@reg.example/x", "https://bob:(hidden)@reg.example/x"),
        ("git+ssh://:hunter2pass@reg.example", "git+ssh://:(hidden)@reg.example"),
        ("github_pat_11ABCDEFG0123456789abcdef", "(hidden)"),
        ("https://hooks.slack-gov.com/services/T00/B00/pLaNtEd", "https://hooks.slack-gov.com/services/(hidden)"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "(hidden)"),
        ("https://hooks.slack.com/services/T00/B00/pLaNtEd", "https://hooks.slack.com/services/(hidden)"),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0B\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----(hidden)-----END PRIVATE KEY-----",
        ),
    ],
)
def test_a_secret_is_hidden(given: str, shown: str) -> None:
    assert without_secrets(given) == shown


@pytest.mark.parametrize(
    "text",
    [
        f"User is not authorized to perform: secretsmanager:GetSecretValue on resource: {ARN}",
        f"The secret {ARN} was read",
        "secretsmanager.amazonaws.com:GetSecretValue",
        "API GetSecretValue was invoked with a token different from usual",
        "The access key temporarily issued to the role was used",
        "Unusual secret retrieval activities; basic scanning",
        "access_key=ASIAIOSFODNN7EXAMPLE",
        "arn:aws:iam::111122223333:role/aws-reserved/sso/eu/west/one/AAAA",
        # Forty characters each.
        "/opt/app/current/releases/bin/workerproc",
        "/Users/build/Downloads1/release/miner/xm",
        "arn:aws:ecs:eu-west-1:111122223333:task/qa/0123456789abcdef0123456789abcdef",
        "The Kubernetes secret db-creds-1 was read",
        "The secret default-token-x7k2p was read",
        "https://reg.example:8443/team/image@sha256:0",
    ],
)
def test_what_only_speaks_of_secrets_is_shown(text: str) -> None:
    assert without_secrets(text) == text
