"""The way people sign in to accounts, for the links of messages."""

from typing import Annotated

from infra.config.fields.shape import Shape
from infra.config.model import Model

StartUrl = Annotated[
    str,
    Shape(
        r"https://[a-z0-9.-]{1,128}\.(awsapps\.(com|cn)/(start|directory/[a-z0-9-]{1,63})|portal\.[a-z0-9-]{1,32}\.app\.aws)",
        "must be the start URL of an access portal without a slash at the end, such as"
        " https://example.awsapps.com/start",
    ),
]

PermissionSetName = Annotated[
    str,
    # IAM Identity Center API reference, CreatePermissionSet.
    Shape(r"[A-Za-z0-9_+=,.@-]{1,32}", "must be the name of a permission set, such as SecurityAudit"),
]


class IdentityCenter(Model):
    """The access portal of IAM Identity Center, through which links in messages open the console."""

    start_url: StartUrl
    """Start URL of the portal, such as `https://example.awsapps.com/start`."""

    role_name: PermissionSetName
    """Permission set with which a link opens; whoever reads messages needs it in every account."""
