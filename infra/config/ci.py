"""The pipeline that deploys: which repository's workflows get credentials, and for what."""

from typing import Annotated

from pydantic import Field

from infra.config.fields.distinct import Distinct
from infra.config.fields.shape import Shape
from infra.config.model import Model

_OWNER, _NAME = r"[A-Za-z0-9][A-Za-z0-9-]{0,38}", r"[A-Za-z0-9._-]{1,100}"

Repository = Annotated[
    str,
    Shape(
        rf"{_OWNER}/{_NAME}|{_OWNER}@[0-9]{{1,20}}/{_NAME}@[0-9]{{1,20}}",
        "must be a repository on GitHub as its tokens name it: owner/name, or owner@id/name@id if it was created or"
        " renamed since July 2026, such as example@1234/detection@5678",
    ),
]
"""GitHub puts numeric ids into the subject of a token for repositories created or renamed since 15 July 2026, and for
those that opted in (aws-actions/configure-aws-credentials#1889)."""

GitHubEnvironment = Annotated[
    str,
    # A colon would be written otherwise in the token, and a star means nothing here.
    Shape(
        r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}",
        "must be the name of a GitHub environment: at most 64 letters, digits and _.-, the first a letter or digit",
    ),
]

OidcProviderArn = Annotated[
    str,
    Shape(
        r"arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/[a-z0-9.-]{1,200}(/[A-Za-z0-9._/-]{1,100})?",
        "must be the ARN of an OIDC provider such as"
        " arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
    ),
]


class Ci(Model):
    """A pipeline on GitHub Actions, and the roles that its workflows take without a stored key.

    A person deploys them, in stacks of their own; the pipeline cannot change them.
    """

    repository: Repository
    """Repository whose workflows are trusted, `owner/name` with capitals as GitHub shows them; `owner@id/name@id` if
    it was created or renamed since July 2026 (`gh api repos/OWNER/NAME --jq '.owner.id, .id'`). No other is."""

    environments: Annotated[tuple[GitHubEnvironment, ...], Field(min_length=1, max_length=10), Distinct()] = (
        "production",
        "production-destructive",
    )
    """GitHub environments whose jobs may deploy to the security account: their rules on branches and reviewers decide
    who deploys. The workflows of this project use these two."""

    management_environment: GitHubEnvironment = "management"
    """GitHub environment whose jobs may deploy to the management account, if there is an organization."""

    nightly_environment: GitHubEnvironment = "nightly"
    """GitHub environment whose jobs may look at what is live, at night, and change nothing."""

    pull_requests: Annotated[bool, Field(strict=True)] = False
    """true: jobs of pull requests may compare with what is live. What they run is the pull request's own code, and the
    role that they take reads all of the account that needs no key: leave it false unless everybody who can push a
    branch may read that."""

    oidc_provider_arn: OidcProviderArn | None = None
    """Provider for GitHub that is there already: an account has only one for each issuer. Left out: one is made, and
    kept when its stack is deleted."""

    management_oidc_provider_arn: OidcProviderArn | None = None
    """The same in the management account."""
