"""The pipeline: whose jobs are trusted, and that no environment may more than it says."""

import pytest

from tests.unit.config.examples import ConfigFile, spoiled

ACCOUNTS = 'account: "444455556666"\norganization: {management_account: "111122223333"}\n'
PROVIDER = "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com"

REPOSITORY = (
    "must be a repository on GitHub as its tokens name it: owner/name, or owner@id/name@id if it was created or "
    "renamed since July 2026, such as example@1234/detection@5678"
)
ENVIRONMENT = (
    "must be the name of a GitHub environment: at most 64 letters, digits and _.-, the first a letter or digit"
)


@pytest.mark.parametrize("repository", ["example/detection-stack", "Example-1@12/stack.v2@345", "a/b"])
def test_a_repository_is_named_as_its_tokens_name_it(config_file: ConfigFile, repository: str) -> None:
    ci = config_file.deployment(more=f'ci: {{repository: "{repository}"}}\n').ci
    assert ci is not None
    assert ci.repository == repository
    assert (*ci.environments, ci.management_environment, ci.nightly_environment) == (
        "production",
        "production-destructive",
        "management",
        "nightly",
    )
    assert not ci.pull_requests


def test_without_a_pipeline_there_is_none(config_file: ConfigFile) -> None:
    assert config_file.deployment().ci is None


REFUSED = [
    spoiled(
        "no-repository",
        more="ci: {}\n",
        says=(
            "24: ci: missing key 'repository' (Repository whose workflows are trusted, `owner/name` with capitals as "
            "GitHub shows them; `owner@id/name@id` if it was created or renamed since July 2026 (`gh api "
            "repos/OWNER/NAME --jq '.owner.id, .id'`))"
        ),
    ),
    *(
        spoiled(name, more=f'ci: {{repository: "{given}"}}\n', says=f"24: ci.repository: {REPOSITORY}, got {given!r}")
        for name, given in (
            ("every-repository", "example/*"),
            ("no-owner", "detection-stack"),
            ("one-id-of-two", "example@1234/detection"),
            ("with-a-branch", "example/detection:ref:refs/heads/main"),
            ("an-address", "https://github.com/example/detection"),
        )
    ),
    spoiled(
        "every-environment",
        more='ci: {repository: a/b, environments: ["*"]}\n',
        says=f"24: ci.environments[0]: {ENVIRONMENT}, got '*'",
    ),
    spoiled(
        "no-environment",
        more="ci: {repository: a/b, environments: []}\n",
        says="24: ci.environments: must hold at least 1 item, got none",
    ),
    spoiled(
        "who-deploys-here-may-deploy-there",
        more="ci: {repository: a/b, management_environment: production}\n",
        says=(
            "24: ci.management_environment: must not be one of ci.environments, got 'production'; its jobs could "
            "deploy to the security account: give it an environment of its own"
        ),
    ),
    spoiled(
        "who-looks-may-deploy",
        more="ci: {repository: a/b, nightly_environment: production}\n",
        says=(
            "24: ci.nightly_environment: must not be one of ci.environments, got 'production'; its jobs could "
            "deploy to the security account: give it an environment of its own"
        ),
    ),
    spoiled(
        "who-looks-may-deploy-to-management",
        more="ci: {repository: a/b, nightly_environment: management}\n",
        says=(
            "24: ci.nightly_environment: must be another one than ci.management_environment, got 'management' for "
            "both; jobs that only look could deploy to the management account"
        ),
    ),
    spoiled(
        "provider-of-another-account",
        more=f'{ACCOUNTS}ci: {{repository: a/b, management_oidc_provider_arn: "{PROVIDER}"}}\n',
        says=(
            "26: ci.management_oidc_provider_arn: must be a provider of account 111122223333, got one of 444455556666"
        ),
    ),
    spoiled(
        "provider-of-another-partition",
        more=f'{ACCOUNTS}ci: {{repository: a/b, oidc_provider_arn: "{PROVIDER.replace("aws", "aws-cn", 1)}"}}\n',
        says="26: ci.oidc_provider_arn: must be an ARN of partition aws, got one of 'aws-cn'",
    ),
    spoiled(
        "not-a-provider",
        more='ci: {repository: a/b, oidc_provider_arn: "token.actions.githubusercontent.com"}\n',
        says=(
            "24: ci.oidc_provider_arn: must be the ARN of an OIDC provider such as "
            "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com, got "
            "'token.actions.githubusercontent.com'"
        ),
    ),
    spoiled(
        "management-without-organization",
        more=f'ci: {{repository: a/b, management_oidc_provider_arn: "{PROVIDER}"}}\n',
        says=(
            "24: ci.management_oidc_provider_arn: must be left out without organization; there is no management "
            "account to deploy to"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "more", "says"), REFUSED)
def test_fails_saying_where_what_and_what_to_do(
    config_file: ConfigFile, changes: tuple[tuple[str, str], ...], more: str, says: str
) -> None:
    assert config_file.refusal(*changes, more=more) == says
