"""Who is told when somebody changes what the stack sees with, and by whom it may be changed in silence."""

from typing import Annotated

from pydantic import Field

from infra.config.fields.distinct import Distinct
from infra.config.fields.shape import Shape
from infra.config.model import Model
from infra.config.suppression_review import Notified

EXPECTED = 5
"""Most expected callers, and most roles of CloudFormation: the notifier's environment is small."""

# IAM API reference, CreateRole, and STS API reference, AssumeRole. Four characters before a star, so that no entry
# means everybody.
_ROLE = r"[A-Za-z0-9_+=,.@-]{4,63}[A-Za-z0-9_+=,.@*-]"
_SESSION = r"[A-Za-z0-9_+=,.@-]{4,63}[A-Za-z0-9_+=,.@*-]"
_FORM = "5 to 64 letters, digits and _+=,.@-, the last one may be a * for any text"

RoleName = Annotated[str, Shape(_ROLE, f"must be the name of a role, without its path: {_FORM}")]
SessionName = Annotated[str, Shape(_SESSION, f"must be the name of a role session: {_FORM}")]


class ExpectedCaller(Model):
    """A role session whose changes are a deployment and nobody's news."""

    role: RoleName
    """Name of the role, without its path; a `*` at the end stands for any text."""

    session: SessionName
    """Name of the session, such as the pipeline's `CDK_ROLE_SESSION_NAME`; a `*` at the end stands for any text.
    Whoever may assume the role may choose it: let the role's trust policy allow this name to the pipeline alone."""


DEPLOYMENT = (
    ExpectedCaller(role="cdk-hnb659fds-deploy-role-*", session="detection-stack-*"),
    ExpectedCaller(role="cdk-hnb659fds-file-publishing-role-*", session="detection-stack-*"),
)
"""The roles of `cdk bootstrap`, as the workflows of this project assume them."""


class Watch(Model):
    """Who hears of changes to GuardDuty, Detective and this stack that a deployment did not make."""

    enabled: Annotated[bool, Field(strict=True)] = True
    """Whether there are rules for it. They see what CloudTrail sees: a trail that logs management events is needed in
    every Region."""

    to: Notified = ()
    """Names of destinations, at most 5, that are told at once; [] means those in catch_all."""

    expected: Annotated[tuple[ExpectedCaller, ...], Field(max_length=EXPECTED), Distinct()] = DEPLOYMENT
    """Whose changes are not told; everybody else's are, and refused attempts as well. Left out: the roles of `cdk
    bootstrap`, in a session whose name begins with `detection-stack-`, as in the workflows of this project. [] tells of
    every deployment."""

    cloudformation_roles: Annotated[tuple[RoleName, ...], Field(max_length=EXPECTED), Distinct()] = (
        "cdk-hnb659fds-cfn-exec-role-*",
    )
    """Roles with which CloudFormation deploys; what it does with them is not told, who set it to work on these stacks
    is. [] tells of both."""
